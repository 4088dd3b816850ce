#include "data/dataset.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "data/builders.hpp"
#include "support/fails.hpp"

using namespace interplay::core;
using namespace interplay::test;

namespace {

void refused(Dataset& dataset, Part part, const Table& table, std::initializer_list<const char*> words,
             interplay_status status = INTERPLAY_BAD_DATA) {
  fails(status, words, [&] { dataset.append(part, table); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_dataset)

BOOST_AUTO_TEST_CASE(interactions_are_coded_in_the_order_of_first_appearance) {
  Dataset dataset = new_dataset(pairs_schema);
  dataset.append(Part::context,
                 table({ints("u", {7, 5, 7}), texts("i", {"x", "y", "x"}), floats("l", {1, 2.5F, 3})}));
  dataset.append(Part::context,
                 table({floats("l", {4}), texts("i", {"z"}), ints("u", {5})}));  // another order
  dataset.seal();
  const Records& r = dataset.records();

  BOOST_TEST(r.user == (Codes{0, 1, 0, 1}), tt::per_element());
  BOOST_TEST(r.item == (Codes{0, 1, 0, 2}), tt::per_element());
  BOOST_TEST(r.label == (Floats{1, 2.5F, 3, 4}), tt::per_element());
  BOOST_TEST(r.items.key(2).text == "z");
  BOOST_TEST(r.row_of_user == (Codes{-1, -1}), tt::per_element());
  BOOST_TEST(dataset.rows() == 4);
  BOOST_TEST(dataset.row(3) == 3);
}

BOOST_AUTO_TEST_CASE(kinds_follow_from_types) {
  Dataset dataset = new_dataset("{}");
  Column flag = ints("flag", {1, 0});
  flag.type = Type::bool8;
  flag.values = int32s("", {0x0001}).values;
  flag.values = Array<std::byte>(flag.values.data(), 2, flag.values.owner());
  dataset.append(Part::context, table({ints("a", {9, 8}), int32s("b", {1, 1}), texts("c", {"x", "y"}), flag,
                                       floats("e", {0.5F, 1}), list("f", ints("", {1, 2, 1}), {0, 1, 3}),
                                       list("g", texts("", {"p"}), {0, 0, 1})}));

  const std::vector<CodedColumn>& columns = dataset.records().interactions.columns;
  const std::vector<Kind> kinds = {Kind::category, Kind::category,   Kind::category,  Kind::category,
                                   Kind::number,   Kind::categories, Kind::categories};
  for (std::size_t i = 0; i < kinds.size(); ++i)
    BOOST_TEST((columns.at(i).kind == kinds[i]), columns[i].name);
  BOOST_TEST(columns[3].codes == (Codes{0, 1}), tt::per_element());
  BOOST_TEST(columns[4].numbers == (Floats{0.5F, 1}), tt::per_element());
  BOOST_TEST(columns[5].codes == (Codes{0, 1, 0}), tt::per_element());
  BOOST_TEST(columns[6].offsets == (Offsets{0, 0, 1}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_integer_becomes_a_number_by_kind_or_by_transform) {
  Dataset dataset =
      new_dataset(R"({"fields": {"a": {"kind": "number"}, "b": {"transform": {"buckets": 4}}}})");
  dataset.append(Part::context, table({ints("a", {3}), ints("b", {4})}));

  BOOST_TEST((dataset.records().interactions.columns[0].kind == Kind::number));
  BOOST_TEST(dataset.records().interactions.columns[1].numbers[0] == 4.0F);
}

BOOST_AUTO_TEST_CASE(null_is_a_value_of_its_own_and_an_empty_list_is_none) {
  Dataset dataset = new_dataset("{}");
  Column lists = with_nulls(list("g", texts("", {"p", "junk"}), {0, 1, 1, 2}), {1, 1, 0});
  dataset.append(Part::context, table({with_nulls(texts("c", {"x", "junk", "x"}), {1, 0, 1}),
                                       with_nulls(floats("n", {1, 9, 2}), {1, 0, 1}), lists}));
  const std::vector<CodedColumn>& columns = dataset.records().interactions.columns;

  BOOST_TEST(columns[0].codes == (Codes{0, 1, 0}), tt::per_element());
  BOOST_TEST(columns[0].values.null_code() == 1);
  BOOST_TEST(columns[0].values.find(Key::of("junk")) == -1);
  BOOST_TEST(std::isnan(columns[1].numbers[1]));
  BOOST_TEST(columns[2].offsets == (Offsets{0, 1, 1, 2}), tt::per_element());
  BOOST_TEST(columns[2].codes.back() == columns[2].values.null_code());
}

BOOST_AUTO_TEST_CASE(lists_of_later_chunks_go_on_where_the_first_ended) {
  Dataset dataset = new_dataset("{}");
  dataset.append(Part::context, table({list("g", ints("", {4, 5}), {0, 2})}));
  dataset.append(Part::context, table({list("g", ints("", {5, 6}), {0, 0, 2})}));

  BOOST_TEST(dataset.records().interactions.columns[0].offsets == (Offsets{0, 2, 2, 4}), tt::per_element());
  BOOST_TEST(dataset.records().interactions.columns[0].codes == (Codes{0, 1, 1, 2}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(weights_come_inline_or_from_a_column_beside) {
  Dataset inline_ = new_dataset("{}");
  Column weighted = list("g", ints("", {1, 2}), {0, 2});
  weighted.weights = Floats{0.5F, 2};
  inline_.append(Part::context, table({weighted}));
  Dataset beside = new_dataset(R"({"fields": {"g": {"weights": "w"}}})");
  beside.append(Part::context,
                table({list("g", ints("", {1, 2}), {0, 2}), list("w", floats("", {0.5F, 2}), {0, 2})}));

  BOOST_TEST(inline_.records().interactions.columns[0].numbers == (Floats{0.5F, 2}), tt::per_element());
  BOOST_TEST(beside.records().interactions.columns[0].numbers == (Floats{0.5F, 2}), tt::per_element());
  BOOST_TEST(beside.records().interactions.columns.size() == 1U);
}

// A list column without a value cannot show that it is weighted; its null rows count as one value of weight 1.

BOOST_AUTO_TEST_CASE(weights_may_first_show_in_a_later_chunk) {
  Dataset dataset = new_dataset("{}");
  dataset.append(Part::context, table({with_nulls(list("g", ints("", {}), {0, 0}), {0})}));
  Column weighted = list("g", ints("", {1}), {0, 1});
  weighted.weights = Floats{3};
  dataset.append(Part::context, table({weighted}));
  dataset.append(Part::context, table({with_nulls(list("g", ints("", {}), {0, 0}), {0})}));

  BOOST_TEST(dataset.records().interactions.columns[0].numbers == (Floats{1, 3, 1}), tt::per_element());
  refused(dataset, Part::context, table({list("g", ints("", {1}), {0, 1})}),
          {"\"g\"", "list of int64", "weighted"});
}

BOOST_AUTO_TEST_CASE(users_and_items_find_their_rows) {
  Dataset dataset = new_dataset(pairs_schema);
  dataset.append(Part::user, table({ints("u", {5, 6}), floats("age", {30, 40})}));
  dataset.append(Part::context, table({ints("u", {6, 9}), texts("i", {"x", "y"}), floats("l", {1, 1})}));
  dataset.append(Part::user, table({ints("u", {9}), floats("age", {50})}));
  dataset.append(Part::item, table({texts("i", {"y"}), texts("genre", {"drama"})}));
  dataset.seal();
  const Records& r = dataset.records();

  BOOST_TEST(r.user == (Codes{1, 2}), tt::per_element());
  BOOST_TEST(r.row_of_user == (Codes{0, 1, 2}), tt::per_element());
  BOOST_TEST(r.row_of_item == (Codes{-1, 0}), tt::per_element());
  BOOST_TEST(r.user_features.columns[0].numbers == (Floats{30, 40, 50}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(strange_ids_are_ids) {
  Dataset dataset = new_dataset(pairs_schema);
  const std::int64_t low = std::numeric_limits<std::int64_t>::min();
  dataset.append(Part::context, table({ints("u", {-1, low}), texts("i", {"", " "}), floats("l", {1, 1})}));

  BOOST_TEST(dataset.records().users.key(1).integer == low);
  BOOST_TEST(dataset.records().items.key(0).text == "");
}

BOOST_AUTO_TEST_CASE(a_time_may_be_integer_or_float) {
  Dataset dataset = new_dataset(R"({"time": "t"})");
  dataset.append(Part::context, table({ints("t", {1700000000})}));
  BOOST_TEST(dataset.records().time[0] == 1.7e9);

  Dataset other = new_dataset(R"({"time": "t"})");
  other.append(Part::context, table({doubles("t", {0.5})}));
  refused(other, Part::context, table({doubles("t", {NAN})}), {"column \"t\", row 1", "time", "nan"});
}

BOOST_AUTO_TEST_CASE(an_empty_dataset_can_be_sealed) {
  Dataset dataset = new_dataset(R"({"user": "u", "features": ["a"], "fields": {"a": {}}})");
  dataset.seal();

  BOOST_TEST(dataset.rows() == 0);
}

BOOST_AUTO_TEST_CASE(a_table_without_rows_is_a_chunk) {
  Dataset dataset = new_dataset(pairs_schema);
  dataset.append(Part::context,
                 table({ints("u", {}), texts("i", {}), floats("l", {}), list("g", texts("", {}), {0})}));
  dataset.append(Part::context, table({ints("u", {1}), texts("i", {"x"}), floats("l", {1}),
                                       list("g", texts("", {"a"}), {0, 1})}));
  dataset.seal();

  BOOST_TEST(dataset.records().interactions.columns[0].offsets == (Offsets{0, 1}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_group_is_coded_like_an_id) {
  Dataset dataset = new_dataset(R"({"group": "session"})");
  dataset.append(Part::context, table({texts("session", {"s1", "s2", "s1"})}));

  BOOST_TEST(dataset.records().group == (Codes{0, 1, 0}), tt::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
