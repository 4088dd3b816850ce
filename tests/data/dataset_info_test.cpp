#include <boost/test/unit_test.hpp>
#include <cmath>

#include "data/builders.hpp"

using namespace interplay::core;
using namespace interplay::test;

namespace {

std::string warnings(const Dataset& dataset) { return dump_json(dataset.info()["warnings"]); }

bool warns(const Dataset& dataset, const std::string& words) {
  return warnings(dataset).find(words) != std::string::npos;
}

std::vector<std::int64_t> up_to(std::int64_t n, std::int64_t modulus) {
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < n; ++i) out.push_back(i % modulus);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_dataset_info)

BOOST_AUTO_TEST_CASE(info_counts_rows_ids_labels_and_fields) {
  Dataset dataset = new_dataset(pairs_schema);
  dataset.append(Part::context,
                 table({ints("u", {1, 1, 2}), ints("i", {7, 8, 9}), floats("l", {1, 4, 4}),
                        with_nulls(texts("c", {"x", "y", ""}), {1, 1, 0}), floats("n", {0.5F, 0.5F, NAN})}));
  dataset.append(Part::item, table({ints("i", {7, 10}), list("g", texts("", {"a", "b", "a"}), {0, 2, 3})}));
  dataset.seal();
  Json info = dataset.info();
  BOOST_TEST(info["bytes"].get<std::int64_t>() > 0);
  info.erase("bytes");
  info.erase("warnings");

  BOOST_TEST(
      dump_json(info) ==
      R"({"rows": 3, "users": 2, "items": 4, "sealed": true, "label": {"min": 1.0, "max": 4.0, "mean": 3.0, )"
      R"("distinct": 2}, "fields": [{"name": "c", "of": "interactions", "kind": "category", "distinct": 2, )"
      R"("nulls": 1}, {"name": "n", "of": "interactions", "kind": "number", "distinct": 1, "nulls": 1}, )"
      R"({"name": "g", "of": "items", "kind": "categories", "distinct": 2, "nulls": 0}]})");
}

BOOST_AUTO_TEST_CASE(info_of_a_selection_counts_what_is_selected) {
  Dataset dataset = new_dataset(pairs_schema);
  dataset.append(Part::context, table({ints("u", {1, 2, 3}), ints("i", {7, 7, 9}), floats("l", {1, 4, 5}),
                                       texts("c", {"x", "y", "x"})}));
  dataset.append(Part::user, table({ints("u", {3}), ints("age", {30})}));
  dataset.seal();
  const Json info = dataset.select({0, 1}).info();

  BOOST_TEST(info["rows"] == 2);
  BOOST_TEST(info["users"] == 3);  // two in the rows, one with features
  BOOST_TEST(info["items"] == 1);
  BOOST_TEST(info["label"]["max"] == 4.0);
  BOOST_TEST(info["fields"][0]["distinct"] == 2);
}

BOOST_AUTO_TEST_CASE(info_of_nothing_has_no_label_range) {
  BOOST_TEST(dump_json(new_dataset(R"({"label": "l"})").info()["label"]) ==
             R"({"min": null, "max": null, "mean": null, "distinct": 0})");
}

BOOST_AUTO_TEST_CASE(a_category_like_an_id_earns_a_warning) {
  Dataset dataset = new_dataset("{}");
  dataset.append(Part::context, table({ints("id", up_to(20, 11)), ints("fine", up_to(20, 10))}));

  BOOST_TEST(warns(dataset, "column \\\"id\\\" has 11 distinct values in 20 rows"));
  BOOST_TEST(!warns(dataset, "fine"));
}

BOOST_AUTO_TEST_CASE(a_constant_column_earns_a_warning) {
  Dataset dataset = new_dataset("{}");
  dataset.append(Part::context, table({ints("same", up_to(20, 1)), floats("flat", Floats(20, 2.5F)),
                                       floats("missing", Floats(20, NAN)), ints("fine", up_to(20, 2))}));

  for (const char* name : {"same", "flat", "missing"}) {
    BOOST_TEST(warns(dataset, std::string("column \\\"") + name + "\\\" has the same value in every row"));
  }
  BOOST_TEST(!warns(dataset, "fine"));
}

BOOST_AUTO_TEST_CASE(users_without_features_are_counted_where_others_have_some) {
  Dataset dataset = new_dataset(R"({"user": "u"})");
  dataset.append(Part::context, table({ints("u", {1, 2, 3})}));
  BOOST_TEST(warnings(dataset) == "[]");

  dataset.append(Part::user, table({ints("u", {1}), ints("age", {30})}));
  BOOST_TEST(warns(dataset, "2 users have no row in users"));
}

BOOST_AUTO_TEST_CASE(repeated_pairs_are_counted) {
  Dataset dataset = new_dataset(R"({"user": "u", "item": "i"})");
  dataset.append(Part::context, table({ints("u", {1, 1, 2, 1}), ints("i", {5, 5, 5, 5})}));

  BOOST_TEST(warns(dataset, "2 rows repeat pairs of user and item"));
}

BOOST_AUTO_TEST_SUITE_END()
