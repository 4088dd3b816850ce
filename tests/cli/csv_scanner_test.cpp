#include <boost/test/unit_test.hpp>

#include "csv_scanner.hpp"
#include "errors.hpp"

using namespace interplay::cli;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows scan(std::string_view text, const CsvDialect& dialect = {},
          std::size_t max_field = CsvScanner::max_field) {
  CsvScanner scanner(text, dialect, "t.csv", max_field);
  CsvRecord record;
  Rows rows;
  while (scanner.next(record)) rows.emplace_back(record.fields.begin(), record.fields.end());
  return rows;
}

std::vector<int64_t> lines(std::string_view text) {
  CsvScanner scanner(text, {}, "t.csv");
  CsvRecord record;
  std::vector<int64_t> out;
  while (scanner.next(record)) out.push_back(record.line);
  return out;
}

std::string failure(std::string_view text, std::size_t max_field = CsvScanner::max_field) {
  try {
    scan(text, {}, max_field);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no failure";
}

void check(const Rows& found, const Rows& expected) { BOOST_TEST((found == expected)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_csv_scanner)

BOOST_AUTO_TEST_CASE(fields_end_at_delimiters_and_records_at_line_ends) {
  check(scan("a,b\nc,d\n"), {{"a", "b"}, {"c", "d"}});
}

BOOST_AUTO_TEST_CASE(the_last_line_needs_no_line_end) { check(scan("a,b\nc,"), {{"a", "b"}, {"c", ""}}); }

BOOST_AUTO_TEST_CASE(windows_line_ends_are_line_ends) {
  check(scan("a,b\r\nc,d\r\n\r\n\"e\",f\r"), {{"a", "b"}, {"c", "d"}, {"e", "f"}});
}

BOOST_AUTO_TEST_CASE(a_lone_carriage_return_is_refused_by_line) {
  BOOST_TEST(failure("a,b\nc\rd,e\n").find("t.csv, line 2: a carriage return") == 0U);
}

BOOST_AUTO_TEST_CASE(empty_lines_are_no_records) { check(scan("\n\na\n\nb\n\n"), {{"a"}, {"b"}}); }

BOOST_AUTO_TEST_CASE(a_quoted_empty_field_is_a_record) { check(scan("\"\"\n"), {{""}}); }

BOOST_AUTO_TEST_CASE(quotes_hold_delimiters_quotes_and_line_breaks) {
  check(scan("\"a,b\",\"say \"\"hi\"\"\",\"x\ny\"\n1,\"\"\"\",2\n"),
        {{"a,b", "say \"hi\"", "x\ny"}, {"1", "\"", "2"}});
}

BOOST_AUTO_TEST_CASE(several_escaped_fields_of_one_record_do_not_disturb_each_other) {
  check(scan("\"a\"\"\",\"b\"\"\",\"c\"\"\"\n"), {{"a\"", "b\"", "c\""}});
}

BOOST_AUTO_TEST_CASE(a_quote_inside_a_plain_field_is_refused_by_line) {
  BOOST_TEST(
      failure("a,b\nx,5\" disk\n")
          .find("t.csv, line 2: expected a field with a quote to stand in quotes, found \"5\" disk\"") == 0U);
  BOOST_TEST(failure("5\"\"").find("t.csv, line 1: expected a field with a quote") == 0U);
}

BOOST_AUTO_TEST_CASE(an_open_quote_is_refused_at_the_line_where_it_opens) {
  const std::string message = failure("a,b\nc,\"d\ne,f\ng,h\n");

  BOOST_TEST(message.find("t.csv, line 2: a quote opens here and never closes") == 0U);
}

BOOST_AUTO_TEST_CASE(text_behind_a_closing_quote_is_refused) {
  BOOST_TEST(failure("\"a\"b,c\n")
                 .find("t.csv, line 1: expected a delimiter after a closing quote, found \"b,c\"") == 0U);
}

BOOST_AUTO_TEST_CASE(lines_are_counted_through_quoted_line_breaks) {
  BOOST_TEST(lines("a\n\"b\nc\"\n\nd\n") == (std::vector<int64_t>{1, 2, 5}));
}

BOOST_AUTO_TEST_CASE(a_delimiter_may_have_two_characters_and_then_quotes_are_characters) {
  check(scan("1::\"Great\" Cats: a::b\n2:::3\n", {"::", false}),
        {{"1", "\"Great\" Cats: a", "b"}, {"2", ":3"}});
}

BOOST_AUTO_TEST_CASE(a_field_beyond_the_limit_is_refused_with_both_sizes) {
  BOOST_TEST(failure("aaaa,b\n", 4) == "no failure");
  BOOST_TEST(failure("a\naaaaa,b\n", 4).find("t.csv, line 2: a field of 5 bytes, at most 4 are read") == 0U);
  BOOST_TEST(failure("a\n\"aa\naaa\",b\n", 4).find("t.csv, line 2: a field of 6 bytes") == 0U);
}

BOOST_AUTO_TEST_CASE(empty_text_has_no_record) { check(scan(""), {}); }

BOOST_AUTO_TEST_SUITE_END()
