#include <boost/test/unit_test.hpp>

#include "csv_reader.hpp"
#include "errors.hpp"

using namespace interplay::cli;

namespace {

std::string failure(const std::string& text, const CsvOptions& options = {}) {
  try {
    CsvReader reader(text, "t.csv", options);
    std::vector<CsvColumn> columns;
    while (reader.next(100, columns) > 0) {
    }
  } catch (const DataError& error) {
    return error.what();
  }
  return "no failure";
}

std::string types(const std::string& text, const CsvOptions& options = {}) {
  const CsvReader reader(text, "t.csv", options);
  std::string out;
  for (const CsvColumnPlan& plan : reader.columns())
    out += (out.empty() ? "" : " ") + plan.name + ":" + type_word(plan.type);
  return out;
}

bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_csv_reader)

BOOST_AUTO_TEST_CASE(a_column_has_the_first_type_that_all_its_cells_fit) {
  BOOST_TEST(types("a,b,c\n1,1,1\n2,0.5,x\n,3,\n") == "a:int b:float c:string");
}

BOOST_AUTO_TEST_CASE(the_whole_file_decides_not_its_beginning) {
  std::string text = "zip\n";
  for (int i = 0; i < 1000; ++i) text += "98107\n";

  BOOST_TEST(types(text) == "zip:int");
  BOOST_TEST(types(text + "98107-1450\n") == "zip:string");
}

BOOST_AUTO_TEST_CASE(a_column_without_values_is_text) {
  BOOST_TEST(types("a,b\n1,\n2,\n") == "a:int b:string");
}

BOOST_AUTO_TEST_CASE(a_forced_type_wins) {
  CsvOptions options;
  options.types = {{"a", CellType::text}, {"b", CellType::real}};

  BOOST_TEST(types("a,b\n1,2\n", options) == "a:string b:float");
}

BOOST_AUTO_TEST_CASE(a_cell_that_does_not_fit_a_forced_type_is_named_by_line_and_column) {
  CsvOptions options;
  options.types = {{"stars", CellType::integer}};

  BOOST_TEST(begins(failure("stars\n4\n4.5\n", options),
                    "t.csv, line 3: column \"stars\": expected an integer, found \"4.5\""));
}

BOOST_AUTO_TEST_CASE(a_short_row_is_named_with_both_counts) {
  BOOST_TEST(
      begins(failure("a,b,c\n1,2,3\n4,5\n"), "t.csv, line 3: expected 3 fields as in the header, found 2"));
}

BOOST_AUTO_TEST_CASE(a_long_row_is_named_with_both_counts) {
  BOOST_TEST(
      begins(failure("a,b\n1,2\n\n3,4,5\n"), "t.csv, line 4: expected 2 fields as in the header, found 3"));
}

BOOST_AUTO_TEST_CASE(a_broken_last_row_is_found_before_the_first_chunk_is_given_out) {
  BOOST_CHECK_THROW(CsvReader("a,b\n1,2\n3\n", "t.csv", {}), DataError);
}

BOOST_AUTO_TEST_CASE(two_columns_of_one_name_are_refused) {
  BOOST_TEST(begins(failure("a,b,a\n1,2,3\n"), "t.csv, line 1: two columns are named \"a\""));
}

BOOST_AUTO_TEST_CASE(a_column_without_a_name_is_refused_by_its_position) {
  BOOST_TEST(begins(failure("a,,c\n1,2,3\n"), "t.csv, line 1: column 2 has no name"));
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_refused) {
  BOOST_TEST(begins(failure(""), "t.csv: the file is empty, expected a header"));
  BOOST_TEST(begins(failure("\n\n"), "t.csv: the file is empty, expected a header"));
  BOOST_TEST(begins(failure("\xEF\xBB\xBF"), "t.csv: the file is empty, expected a header"));
}

BOOST_AUTO_TEST_CASE(a_header_alone_has_no_rows) {
  CsvReader reader("a,b\n", "t.csv", {});
  std::vector<CsvColumn> columns;

  BOOST_TEST(reader.rows() == 0);
  BOOST_TEST(reader.next(10, columns) == 0);
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_not_part_of_the_first_name) {
  const CsvReader reader("\xEF\xBB\xBFuser,item\n1,2\n", "t.csv", {});

  BOOST_TEST(reader.names() == (std::vector<std::string>{"user", "item"}));
}

BOOST_AUTO_TEST_CASE(utf16_and_gzip_are_called_by_their_names) {
  BOOST_TEST(failure(std::string("\xFF\xFE"
                                 "a\0",
                                 4))
                 .find("UTF-16") != std::string::npos);
  BOOST_TEST(failure("\x1F\x8B\x08").find("gzip") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_nul_byte_is_named_by_line) {
  BOOST_TEST(begins(failure(std::string("a\n1\n\0\n", 6)), "t.csv, line 3: expected text, found a NUL byte"));
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_named_by_line_and_column) {
  BOOST_TEST(
      begins(failure("a,b\n1,caf\xE9\n"), "t.csv, line 2: expected UTF-8, found the byte 233 at column 6"));
}

BOOST_AUTO_TEST_CASE(a_field_beyond_the_limit_is_refused) {
  CsvOptions options;
  options.max_field = 100;

  BOOST_TEST(
      begins(failure("a\n" + std::string(101, 'x') + "\n", options), "t.csv, line 2: a field of 101 bytes"));
}

BOOST_AUTO_TEST_CASE(empty_cells_and_chosen_texts_are_null) {
  CsvOptions options;
  options.nulls = {"NA"};
  CsvReader reader("a,b\n1,x\nNA,\n", "t.csv", options);
  std::vector<CsvColumn> columns;

  reader.next(10, columns);

  BOOST_TEST(columns[0].integers == (std::vector<int64_t>{1, 0}));
  BOOST_TEST(columns[0].valid == (std::vector<uint8_t>{1, 0}));
  BOOST_TEST(columns[1].valid == (std::vector<uint8_t>{1, 0}));
}

BOOST_AUTO_TEST_CASE(chunks_join_to_the_whole_file) {
  CsvReader reader("a\n1\n2\n3\n4\n5\n", "t.csv", {});
  std::vector<CsvColumn> columns;
  std::vector<int64_t> all;

  while (reader.next(2, columns) > 0)
    all.insert(all.end(), columns[0].integers.begin(), columns[0].integers.end());

  BOOST_TEST(all == (std::vector<int64_t>{1, 2, 3, 4, 5}));
  BOOST_TEST(reader.rows() == 5);
}

BOOST_AUTO_TEST_CASE(a_list_column_has_the_type_of_its_values) {
  CsvOptions options;
  options.lists = {{"tags", ";"}, {"words", "|"}};

  BOOST_TEST(types("tags,words\n1;2,a|b\n3,\n", options) == "tags:int words:string");
}

BOOST_AUTO_TEST_CASE(names_from_outside_make_every_line_a_row) {
  CsvOptions options;
  options.names = {"user", "item", "stars"};
  CsvReader reader("1::10::5\n2::20::4\n", "ratings.dat", options);

  BOOST_TEST(reader.rows() == 2);
  BOOST_TEST(reader.dialect().delimiter == "::");
  BOOST_TEST(reader.names() == options.names);
}

BOOST_AUTO_TEST_CASE(the_ending_chooses_the_delimiter) {
  BOOST_TEST(delimiter_of("a.csv") == ",");
  BOOST_TEST(delimiter_of("a.tsv") == "\t");
  BOOST_TEST(delimiter_of("a.dat") == "::");
  BOOST_TEST(delimiter_of("a") == ",");
}

BOOST_AUTO_TEST_CASE(rows_know_their_lines) {
  const CsvReader reader("a\n\"x\ny\"\n\nz\n", "t.csv", {});

  BOOST_TEST(reader.line_of(0) == 2);
  BOOST_TEST(reader.line_of(1) == 5);
}

BOOST_AUTO_TEST_SUITE_END()
