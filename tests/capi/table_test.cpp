// What goes in: tables and datasets.
#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr auto bad_data = INTERPLAY_BAD_DATA;
constexpr auto bad_argument = INTERPLAY_INVALID_ARGUMENT;

const Ints two{1, 2};

interplay_status add(Table& table, const char* name, const Ints& v, int64_t n, const int64_t* rows,
                     interplay_error** error) {
  return interplay_table_add(table.get(), name, INTERPLAY_INT64, v.data(), n, rows, nullptr, error);
}

void bad_lists(Words words, Ints offsets) {
  Table table(2);
  call_fails(bad_data, words, [&](interplay_error** error) {
    return add(table, "tags", {1, 2, 3}, 3, offsets.data(), error);
  });
  BOOST_TEST(Json::parse(table.info().view())["columns"].empty());  // the table is as it was
}

void bad_strings(Words words, const std::string& bytes, Ints offsets) {
  Table table(2);
  refused(bad_data, words, [&] { table.add_strings("name", bytes, offsets); });
  BOOST_TEST(Json::parse(table.info().view())["columns"].empty());
}

/// Appending a table with this label column must fail.
void bad_label(Words words, Floats labels) {
  Dataset data(shop_schema);
  refused(bad_data, words, [&] {
    data.append("interactions", Table(2).add("user_id", two).add("item_id", two).add("rating", labels));
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_table)

BOOST_AUTO_TEST_CASE(a_negative_number_of_rows_is_refused) {
  make_fails<interplay_table>(bad_argument, {"-1"}, interplay_table_new, int64_t{-1});
}

BOOST_AUTO_TEST_CASE(a_column_of_another_length_is_refused_with_both_lengths) {
  Table table(3);
  refused(bad_data, {"age", "3", "2"}, [&] { table.add("age", two); });
  refused(bad_data, {"name", "3", "1"}, [&] { table.add("name", Texts{"x"}); });
  call_fails(bad_data, {"age", "-4"},
             [&](interplay_error** e) { return add(table, "age", two, -4, nullptr, e); });
}

BOOST_AUTO_TEST_CASE(a_column_stands_once_and_has_a_name) {
  Table table(2);
  table.add("age", two);
  refused(bad_argument, {"age"}, [&] { table.add("age", two); });
  refused(bad_argument, {"age"}, [&] { table.add("age", Texts{"x", "y"}); });
  refused(bad_argument, {"name"}, [&] { table.add("", two); });
  refused(bad_argument, {"UTF-8"}, [&] { table.add("caf\xe9", two); });
}

BOOST_AUTO_TEST_CASE(row_offsets_are_checked_against_the_values) {
  bad_lists({"tags", "2", "1"}, {0, 2, 1});
  bad_lists({"tags", "3", "4"}, {0, 1, 4});
  bad_lists({"tags", "3", "2"}, {0, 1, 2});
  bad_lists({"tags", "0", "1"}, {1, 2, 3});
  bad_lists({"tags", "0", "-1"}, {-1, 2, 3});
  bad_lists({"tags"}, {0, std::numeric_limits<int64_t>::max(), 3});
}

BOOST_AUTO_TEST_CASE(string_offsets_are_checked_against_the_bytes) {
  bad_strings({"name", "2", "1"}, "abc", {0, 2, 1});
  bad_strings({"name", "3", "9"}, "abc", {0, 1, 9});
  bad_strings({"name", "3", "2"}, "abc", {0, 1, 2});
  bad_strings({"name", "-1"}, "abc", {-1, 1, 3});
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_refused_with_its_row) {
  for (const char* text : {"caf\xe9", "\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf5\x80\x80\x80"}) {
    Table table(2);
    refused(bad_data, {"name", "row 1", "UTF-8"}, [&] { table.add("name", Texts{"fine", text}); });
  }
  bad_strings({"name", "row 0", "UTF-8"}, "\xc3\xa9",
              {0, 1, 2});  // whole, but cut in the middle of a character
}

BOOST_AUTO_TEST_CASE(a_type_that_is_none_is_refused) {
  Table table(2);
  for (const int32_t type : {0, -1, 6, 7, 1 << 30})
    call_fails(bad_argument, {"type"}, [&](interplay_error** error) {
      return interplay_table_add(table.get(), "age", type, two.data(), 2, nullptr, nullptr, error);
    });
}

BOOST_AUTO_TEST_CASE(a_bool_is_zero_or_one) {
  Table table(2);
  refused(bad_data, {"flag", "7"}, [&] { table.add("flag", Bools{1, 7}); });
}

BOOST_AUTO_TEST_CASE(a_column_comes_out_as_it_went_in) {
  Table table(3);
  table.add("age", Ints{5, -6, 7}, Bools{1, 0, 1}).add("name", Texts{"", "\u00e9", "x"});
  table.add_lists("tags", Texts{"p", "q"}, Ints{0, 0, 0, 2}, Bools{0, 1, 1});

  const Column age = table.column("age"), name = table.column("name"), tags = table.column("tags");
  BOOST_TEST(values<int64_t>(table, "age") == (Ints{5, -6, 7}), tt::per_element());
  BOOST_TEST(!age.is_valid(1));
  BOOST_TEST(name.text(1) == "\u00e9");
  BOOST_TEST(name.raw().n_bytes == 3);
  BOOST_TEST(!tags.is_valid(0));
  BOOST_TEST(tags.is_valid(1));
  BOOST_TEST((tags.range(2) == std::pair<int64_t, int64_t>(0, 2)));
  BOOST_TEST(Json::parse(table.info().view())["columns"][2] ==
             Json::parse(R"({"name": "tags", "type": "string", "multi_valued": true, "nulls": 1})"));
}

BOOST_AUTO_TEST_CASE(a_column_that_is_not_there_is_not_found_and_its_struct_is_zero) {
  Table table(2);
  table.add("rating", two);
  interplay_column column;
  std::memset(&column, 0xab, sizeof column);
  call_fails(INTERPLAY_NOT_FOUND, {"ratnig", "rating", "nearest"}, interplay_table_column, table.get(),
             "ratnig", &column);
  BOOST_TEST(column.type == 0);
  BOOST_TEST(column.values == nullptr);
  BOOST_TEST(column.valid == nullptr);
  BOOST_TEST(column.rows == 0);
}

BOOST_AUTO_TEST_CASE(an_unknown_key_of_a_schema_is_named_with_the_nearest) {
  refused(bad_argument, {"usr", "\"nearest\": \"user\""}, [] { Dataset data(R"({"usr": "user_id"})"); });
  refused(bad_argument, {"genres", "kindd", "\"nearest\": \"kind\""},
          [] { Dataset data(R"({"fields": {"genres": {"kindd": "category"}}})"); });
  refused(bad_argument, {"kind", "categories"},
          [] { Dataset data(R"({"fields": {"genres": {"kind": "categoriez"}}})"); });
  refused(bad_argument, {"user"}, [] { Dataset data(R"({"user": 3})"); });
  refused(bad_argument, {"schema"}, [] { Dataset data("[]"); });
  refused(bad_argument, {"schema"}, [] { Dataset data(R"({"user": "a")"); });
  refused(bad_argument, {"user"}, [] { Dataset data(R"({"user": "a", "user": "b"})"); });
  refused(bad_argument, {"schema"}, [] { Dataset data("{\"user\": \"caf\xe9\"}"); });
}

BOOST_AUTO_TEST_CASE(an_unknown_part_is_named) {
  Dataset data(shop_schema);
  refused(bad_argument, {"intractions", "\"nearest\": \"interactions\""},
          [&] { data.append("intractions", Table(0)); });
}

BOOST_AUTO_TEST_CASE(a_label_column_that_is_missing_is_named) {
  Dataset data(shop_schema);
  refused(bad_data, {"rating", "label"}, [&] { data.append("interactions", pairs(two, two)); });
}

BOOST_AUTO_TEST_CASE(a_label_that_is_no_number_is_named_with_its_row) {
  bad_label({"rating", "row 1"}, {1, not_a_number});
  bad_label({"rating", "row 0"}, {beyond, 1});
  bad_label({"rating", "row 0"}, {-beyond, 1});
}

BOOST_AUTO_TEST_CASE(a_label_of_another_type_is_refused) {
  Dataset data(shop_schema);
  refused(bad_data, {"rating", "string"}, [&] {
    data.append("interactions",
                Table(2).add("user_id", two).add("item_id", two).add("rating", Texts{"1", "2"}));
  });
  refused(bad_data, {"rating", "row 1"}, [&] {
    data.append("interactions",
                Table(2).add("user_id", two).add("item_id", two).add("rating", Floats{1, 2}, Bools{1, 0}));
  });
}

BOOST_AUTO_TEST_CASE(a_null_id_is_refused_with_its_row) {
  Dataset data(shop_schema);
  refused(bad_data, {"user_id", "row 1"}, [&] {
    data.append("interactions",
                Table(2).add("user_id", two, Bools{1, 0}).add("item_id", two).add("rating", Floats{1, 2}));
  });
}

BOOST_AUTO_TEST_CASE(chunks_agree_in_columns_and_types) {
  Dataset data(shop_schema);
  data.append("interactions", interactions(events()));
  const std::string before = data.info().str();
  refused(bad_data, {"hour"}, [&] {
    data.append("interactions",
                Table(1).add("user_id", Ints{1}).add("item_id", Ints{1}).add("rating", Floats{1}));
  });
  refused(bad_data, {"user_id"}, [&] { data.append("interactions", interactions(events(), Ids::strings)); });
  refused(bad_data, {"user_id"}, [&] { data.append("users", user_table(all_users(), Ids::strings)); });
  BOOST_TEST(data.info().str() == before);
}

BOOST_AUTO_TEST_CASE(an_item_that_stands_twice_is_refused) {
  Dataset data(shop_schema);
  refused(bad_data, {"item_id", "1001", "row 2"}, [&] {
    data.append("items", item_table({1000, 1001, 1001}));
  });
}

BOOST_AUTO_TEST_CASE(a_field_stands_in_one_part) {
  Dataset data(shop_schema);
  data.append("users", user_table({1, 2}));
  refused(bad_data, {"country"}, [&] {
    data.append("items", Table(2).add("item_id", two).add("country", Texts{"a", "b"}));
  });
}

BOOST_AUTO_TEST_CASE(nothing_is_appended_after_seal_and_sealing_twice_is_fine) {
  Dataset data = shop();
  data.seal();
  refused(INTERPLAY_INVALID_STATE, {"seal"}, [&] { data.append("items", item_table({1})); });
}

BOOST_AUTO_TEST_CASE(options_of_split_are_checked) {
  const Dataset data = shop();
  refused(bad_argument, {"metod", "method"}, [&] { (void)data.split(R"({"metod": "random"})"); });
  refused(bad_argument, {"method", "randm"}, [&] { (void)data.split(R"({"method": "randm"})"); });
  refused(bad_argument, {"fraction"}, [&] { (void)data.split(R"({"fraction": 1.5})"); });
  refused(bad_argument, {"fraction"}, [&] { (void)data.split(R"({"fraction": "0.2"})"); });

  interplay_dataset *first = data.get(), *second = data.get();
  call_fails(bad_argument, {"fraction"}, interplay_dataset_split,
             static_cast<const interplay_dataset*>(data.get()), R"({"fraction": -1})", &first, &second);
  BOOST_TEST(first == nullptr);
  BOOST_TEST(second == nullptr);
}

BOOST_AUTO_TEST_CASE(a_split_divides_the_rows) {
  const auto [first, second] = shop().split(R"({"fraction": 0.25})");
  const auto rows = [](const Dataset& data) {
    return Json::parse(data.info().view())["rows"].get<int64_t>();
  };
  BOOST_TEST(rows(first) + rows(second) == static_cast<int64_t>(events().user.size()));
  BOOST_TEST(rows(second) == 60);
}

BOOST_AUTO_TEST_SUITE_END()
