#include <boost/test/unit_test.hpp>

#include "csv_writer.hpp"
#include "errors.hpp"

using namespace interplay::cli;

namespace {

std::string written(const std::vector<std::vector<std::string>>& rows, const CsvDialect& dialect = {}) {
  CsvWriter writer(dialect);
  for (const auto& row : rows) {
    for (const std::string& field : row) writer.field(field);
    writer.end_row();
  }
  return writer.take();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_csv_writer)

BOOST_AUTO_TEST_CASE(plain_fields_stay_plain) {
  BOOST_TEST(written({{"a", "b c"}, {"", "1.5"}}) == "a,b c\n,1.5\n");
}

BOOST_AUTO_TEST_CASE(fields_are_quoted_where_the_reader_needs_it) {
  BOOST_TEST(written({{"a,b", "say \"hi\"", "x\ny", "c\rd"}}) ==
             "\"a,b\",\"say \"\"hi\"\"\",\"x\ny\",\"c\rd\"\n");
}

BOOST_AUTO_TEST_CASE(a_single_empty_field_is_not_an_empty_line) {
  BOOST_TEST(written({{"a"}, {""}}) == "a\n\"\"\n");
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back_the_same) {
  const std::vector<std::vector<std::string>> rows{
      {"a,b", "\"", "\"\""}, {"", "x\r\ny", " z "}, {"\t", "::", "'"}};
  for (const char* delimiter : {",", "\t", ";"}) {
    const CsvDialect dialect{delimiter, true};
    const std::string text = written(rows, dialect);
    CsvScanner scanner(text, dialect, "t.csv");
    CsvRecord record;
    std::vector<std::vector<std::string>> back;

    while (scanner.next(record)) back.emplace_back(record.fields.begin(), record.fields.end());

    BOOST_TEST((back == rows));
  }
}

BOOST_AUTO_TEST_CASE(a_dialect_without_quotes_refuses_what_it_cannot_hold) {
  BOOST_TEST(written({{"\"a\"", "b:c"}}, {"::", false}) == "\"a\"::b:c\n");
  BOOST_CHECK_THROW(written({{"a::b"}}, {"::", false}), DataError);
  BOOST_CHECK_THROW(written({{"a\nb"}}, {"::", false}), DataError);
}

BOOST_AUTO_TEST_SUITE_END()
