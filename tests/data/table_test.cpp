#include "data/table.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "support/fails.hpp"

using namespace interplay::core;
using interplay::test::fails;

namespace {

Column int_column(std::string name, std::vector<std::int64_t> values) {
  return make_column(std::move(name), std::move(values));
}

Column lists(std::vector<std::int64_t> values, std::vector<std::int64_t> offsets) {
  Column column = int_column("genres", std::move(values));
  column.rows = static_cast<std::int64_t>(offsets.size()) - 1;
  column.row_offsets = std::move(offsets);
  return column;
}

Column texts(std::vector<std::string_view> values) { return make_column("city", values); }

void refused(const Column& column, std::int64_t rows, std::initializer_list<const char*> words,
             interplay_status status = INTERPLAY_BAD_DATA) {
  fails(status, words, [&] { check_column(column, rows); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_table)

BOOST_AUTO_TEST_CASE(values_are_read_as_what_they_are) {
  const std::vector<float> floats = {0.5F, -2};
  const Column bools{"b", Type::bool8, 2,  2, make_column("", std::vector<std::int32_t>{0x0001}).values,
                     {},  {},          {}, {}};

  BOOST_TEST(int_column("a", {7, -8}).integer(1) == -8);
  BOOST_TEST(make_column("a", std::vector<std::int32_t>{7, -8}).integer(1) == -8);
  BOOST_TEST(make_column("a", std::vector<float>(floats)).number(1) == -2.0);
  BOOST_TEST(int_column("a", {7}).number(0) == 7.0);
  BOOST_TEST(bools.integer(0) == 1);
  BOOST_TEST(bools.integer(1) == 0);
  BOOST_TEST(texts({"Rome", "", "\xc3\x85lesund"}).text(2) == "\xc3\x85lesund");
  BOOST_TEST(texts({"Rome", "", "x"}).text(1) == "");
}

BOOST_AUTO_TEST_CASE(columns_are_found_by_name) {
  Table table(2);
  table.add(int_column("user_id", {1, 2}));
  table.add(int_column("movie_id", {3, 4}));

  BOOST_TEST(table.at("movie_id").integer(0) == 3);
  BOOST_TEST(table.find("rating") == nullptr);
  fails(INTERPLAY_NOT_FOUND,
        {"expected a column \"movieid\", found user_id, movie_id; is \"movie_id\" the one?"},
        [&] { table.at("movieid"); });
}

BOOST_AUTO_TEST_CASE(a_table_cannot_have_negative_rows) {
  fails(INTERPLAY_INVALID_ARGUMENT, {"found -1"}, [] { Table(-1); });
}

BOOST_AUTO_TEST_CASE(a_name_must_be_new_and_not_empty_and_text) {
  Table table(1);
  table.add(int_column("a", {1}));

  fails(INTERPLAY_INVALID_ARGUMENT, {"\"a\" already"}, [&] { table.add(int_column("a", {1})); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"column 2 of the table has no name"},
        [&] { table.add(int_column("", {1})); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"must be UTF-8", "at 1"}, [&] { table.add(int_column("b\xff", {1})); });
  BOOST_TEST(table.columns().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_copied_column_outlives_what_it_was_copied_from) {
  Table table(2);
  {
    const std::vector<std::string_view> words = {"x", "yz"};
    const Column owned = make_column("s", words);
    Column borrowed = owned;
    borrowed.values = Array<std::byte>(owned.values.data(), owned.values.size(), nullptr);
    borrowed.string_offsets = Array<std::int64_t>(owned.string_offsets.data(), 3, nullptr);
    table.add_copy(borrowed);
  }

  BOOST_TEST(table.at("s").text(1) == "yz");
}

BOOST_AUTO_TEST_CASE(well_formed_columns_pass) {
  check_column(int_column("a", {}), 0);
  check_column(lists({}, {0}), 0);
  check_column(lists({1, 2}, {0, 0, 2, 2}), 3);
  check_column(texts({}), 0);
  check_column(texts({"", "\xe2\x82\xac"}), 2);
}

BOOST_AUTO_TEST_CASE(rows_and_values_must_agree_with_the_table) {
  refused(int_column("age", {1, 2}), 3, {"column \"age\"", "expected 3 rows", "found 2"});
  Column column = int_column("age", {1, 2});
  column.n_values = 3;
  refused(column, 2, {"as many values as rows (2)", "found 3"});
  column.n_values = -1;
  refused(column, 2, {"0 values or more", "found -1"});
}

BOOST_AUTO_TEST_CASE(hostile_counts_are_refused_before_anything_is_read_or_made) {
  for (const std::int64_t n : {std::int64_t{1} << 40, std::numeric_limits<std::int64_t>::max()}) {
    Column column = int_column("age", {1});
    column.rows = column.n_values = n;
    refused(column, n, {"values of 8 bytes, found 8 bytes"});
    Table table(n);
    fails(INTERPLAY_BAD_DATA, {"found 8 bytes"}, [&] { table.add_copy(column); });
    column = lists({1}, {0, 1});
    column.rows = n;
    refused(column, n, {"one row offset more than rows", "found 2"});
    column = texts({"a"});
    column.rows = column.n_values = n;
    refused(column, n, {"one string offset more than values", "found 2"});
  }
}

BOOST_AUTO_TEST_CASE(a_type_that_is_none_is_refused) {
  Column column = int_column("age", {1});
  column.type = static_cast<Type>(7);
  refused(column, 1, {"column \"age\"", "1 (int64) to 6 (string), found 7"}, INTERPLAY_INVALID_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(offsets_must_start_at_zero_ascend_and_end_at_the_end) {
  refused(lists({1, 2}, {1, 2}), 1, {"column \"genres\"", "row offset 0 to be 0", "found 1"});
  refused(lists({1, 2}, {0, 2, 1, 2}), 3, {"row offset 2", "at least the one before, 2", "found 1"});
  refused(lists({1, 2}, {0, 1}), 1, {"row offset 1, the last, to be n_values, 2", "found 1"});
  refused(lists({1, 2}, {0, 3}), 1, {"n_values, 2", "found 3"});
  Column column = texts({"ab", "c"});
  column.string_offsets = std::vector<std::int64_t>{0, 4, 3};
  refused(column, 2, {"string offset 2", "found 3"});
  column.string_offsets = std::vector<std::int64_t>{0, 1, 9};
  refused(column, 2, {"n_bytes, 3", "found 9"});
  column.string_offsets = std::vector<std::int64_t>{-1, 1, 3};
  refused(column, 2, {"string offset 0 to be 0", "found -1"});
}

BOOST_AUTO_TEST_CASE(validity_and_weights_have_one_entry_each) {
  Column column = int_column("age", {1, 2});
  column.valid = std::vector<std::uint8_t>{1};
  refused(column, 2, {"one validity byte for each of 2 rows", "found 1"});
  column = lists({1, 2}, {0, 2});
  column.weights = std::vector<float>{1};
  refused(column, 1, {"one weight for each of 2 values", "found 1"});
}

BOOST_AUTO_TEST_CASE(a_bool_is_zero_or_one) {
  Column column = int_column("b", {0});
  column.type = Type::bool8;
  column.values = make_column("", std::vector<std::int32_t>{0x00020001}).values;
  column.rows = column.n_values = 4;

  refused(column, 4, {"value 2 of a bool8 must be 0 or 1, found 2", "\"row\": 2"});
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_named_by_row_value_and_byte) {
  refused(texts({"ok", "ab\xff"}), 2,
          {"column \"city\"", "row 1 is not UTF-8 from byte 2 of 3", "\"row\": 1"});
  Column column = texts({"ok", "fine", "x\x80"});
  column.rows = 2;
  column.row_offsets = std::vector<std::int64_t>{0, 1, 3};
  refused(column, 2, {"row 1, value 1 is not UTF-8 from byte 1"});
}

// The whole buffer is valid, but an offset cuts the euro sign in two.
BOOST_AUTO_TEST_CASE(an_offset_may_not_cut_a_character) {
  Column column = texts({"\xe2\x82", "\xac"});
  refused(column, 2, {"row 0 is not UTF-8 from byte 0"});
}

BOOST_AUTO_TEST_CASE(what_lies_under_a_null_does_not_matter) {
  Column column = texts({"ok", "\xff"});
  column.valid = std::vector<std::uint8_t>{1, 0};

  check_column(column, 2);
}

BOOST_AUTO_TEST_SUITE_END()
