#include <boost/test/unit_test.hpp>

#include "csv_column.hpp"

using namespace interplay::cli;

namespace {

CsvColumn column_of(CellType type, const std::string& separator = "") {
  CsvColumn column;
  column.plan.name = std::string(1, 'c');  // g++ 12 warns of the literal
  column.plan.type = type;
  column.plan.separator = separator;
  return column;
}

void check_type(const char* cell, CellType expected) {
  BOOST_TEST_CONTEXT("cell " << cell) { BOOST_TEST(type_word(type_of_cell(cell)) == type_word(expected)); }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_csv_column)

BOOST_AUTO_TEST_CASE(integers_are_integers_to_the_ends_of_64_bits) {
  for (const char* cell : {"0", "7", "-12", "9223372036854775807", "-9223372036854775808"})
    check_type(cell, CellType::integer);
}

BOOST_AUTO_TEST_CASE(numbers_with_a_point_or_an_exponent_are_real) {
  for (const char* cell : {"0.5", ".5", "-.5", "1.", "1e3", "-2.5E-7"}) check_type(cell, CellType::real);
}

BOOST_AUTO_TEST_CASE(a_spelling_that_would_not_come_back_is_text) {
  for (const char* cell :
       {"007", "01234", "-0", "+1", " 1", "1 ", "0x10", "1,000", "", "-", ".", "1e", "1e999"})
    check_type(cell, CellType::text);
}

BOOST_AUTO_TEST_CASE(an_integer_beyond_64_bits_is_text_because_an_id_must_keep_its_digits) {
  check_type("9223372036854775808", CellType::text);
  check_type("123456789012345678901234567890", CellType::text);
}

BOOST_AUTO_TEST_CASE(nan_and_infinity_are_text) {
  for (const char* cell : {"nan", "NaN", "inf", "-inf", "infinity"}) check_type(cell, CellType::text);
}

BOOST_AUTO_TEST_CASE(text_lies_one_behind_the_other) {
  CsvColumn column = column_of(CellType::text);

  column.append("ab");
  column.append_null();
  column.append("c");

  BOOST_TEST(column.bytes == "abc");
  BOOST_TEST(column.offsets == (std::vector<int64_t>{0, 2, 2, 3}));
  BOOST_TEST(column.valid == (std::vector<uint8_t>{1, 0, 1}));
  BOOST_TEST(column.any_null);
}

BOOST_AUTO_TEST_CASE(a_list_cell_leaves_empty_values_out) {
  CsvColumn column = column_of(CellType::text, "|");

  column.append("a|bc");
  column.append_null();
  column.append("|d||");

  BOOST_TEST(column.bytes == "abcd");
  BOOST_TEST(column.offsets == (std::vector<int64_t>{0, 1, 3, 4}));
  BOOST_TEST(column.row_offsets == (std::vector<int64_t>{0, 2, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_cell_of_the_wrong_type_leaves_nothing_behind) {
  CsvColumn numbers = column_of(CellType::integer);
  CsvColumn lists = column_of(CellType::integer, ";");
  lists.append("1;2");

  BOOST_TEST(!numbers.append("4.5"));
  BOOST_TEST(!lists.append("3;x"));

  BOOST_TEST(numbers.integers.empty());
  BOOST_TEST(numbers.valid.empty());
  BOOST_TEST(lists.integers == (std::vector<int64_t>{1, 2}));
  BOOST_TEST(lists.row_offsets == (std::vector<int64_t>{0, 2}));
}

BOOST_AUTO_TEST_CASE(clear_keeps_the_plan_and_drops_the_rows) {
  CsvColumn column = column_of(CellType::text, "|");
  column.append("a|b");
  column.append_null();

  column.clear();

  BOOST_TEST(column.plan.name == "c");
  BOOST_TEST(column.offsets == (std::vector<int64_t>{0}));
  BOOST_TEST(column.row_offsets == (std::vector<int64_t>{0}));
  BOOST_TEST(column.valid.empty());
  BOOST_TEST(!column.any_null);
}

BOOST_AUTO_TEST_SUITE_END()
