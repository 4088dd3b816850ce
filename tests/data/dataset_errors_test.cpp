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

/// Everything that a failed append must not have changed.
std::string state(const Dataset& dataset) {
  Json json = dataset.info();
  json.erase("bytes");
  const Records& r = dataset.records();
  json["sizes"] = {
      r.users.size(),
      r.items.size(),
      r.user.size(),
      r.label.size(),
      r.user_of_row.size(),
      std::count_if(r.row_of_user.begin(), r.row_of_user.end(), [](int row) { return row >= 0; })};
  for (const CodedColumn& column : r.interactions.columns)
    json[column.name] = {column.values.size(), column.codes};
  return dump_json(json);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_dataset_errors)

BOOST_AUTO_TEST_CASE(an_id_column_is_single_valued_and_never_null) {
  Dataset dataset = new_dataset(R"({"user": "u"})");

  refused(dataset, Part::context, table({floats("u", {1})}),
          {"interactions: column \"u\"", "must be int64, int32 or string", "found float32"});
  refused(dataset, Part::context, table({list("u", ints("", {1}), {0, 1})}),
          {"one value a row", "found list of int64"});
  refused(dataset, Part::user, table({with_nulls(ints("u", {1, 2}), {1, 0})}),
          {"users: column \"u\", row 1", "null"});
}

BOOST_AUTO_TEST_CASE(ids_of_two_types_are_refused_across_chunks_and_parts) {
  Dataset dataset = new_dataset(R"({"user": "u"})");
  dataset.append(Part::context, table({ints("u", {123})}));

  refused(dataset, Part::user, table({texts("u", {"123"})}),
          {"users: column \"u\"", "string here", "int64 before"});
  refused(dataset, Part::context, table({texts("u", {"123"})}),
          {"interactions", "string", "chunk 2", "int64"});
  dataset.append(Part::context, table({int32s("u", {123})}));  // the same ids, only narrower
  BOOST_TEST(dataset.records().users.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_role_without_its_column_is_named_with_those_there_are) {
  Dataset dataset = new_dataset(pairs_schema);
  refused(dataset, Part::context, table({ints("u", {1}), ints("item", {1}), floats("l", {1})}),
          {"interactions", "the item's column", "\"i\"", "u, item, l"});
  refused(dataset, Part::context, table({ints("u", {1}), ints("i", {1}), floats("rating", {1})}),
          {"the label's column", "\"l\""});
  refused(dataset, Part::user, table({ints("id", {1})}), {"users", "the user's column", "\"u\""});
}

BOOST_AUTO_TEST_CASE(users_need_a_user_column_in_the_schema) {
  Dataset dataset = new_dataset(R"({"item": "i"})");
  refused(dataset, Part::user, table({ints("u", {1})}), {"the schema names no user column"});
}

BOOST_AUTO_TEST_CASE(a_bad_label_is_named_by_its_row_over_all_chunks) {
  Dataset dataset = new_dataset(R"({"label": "l"})");
  dataset.append(Part::context, table({floats("l", {1, 2, 3})}));

  refused(dataset, Part::context, table({floats("l", {4, NAN})}),
          {"column \"l\", row 4", "label", "found nan", "\"row\": 4"});
  refused(dataset, Part::context, table({floats("l", {-INFINITY})}), {"row 3", "found -inf"});
  refused(dataset, Part::context, table({doubles("l", {1e300})}),
          {"row 3", "finite as a float32, found 1e+300"});
  refused(dataset, Part::context, table({with_nulls(floats("l", {1}), {0})}), {"row 3", "found null"});
  Dataset other = new_dataset(R"({"label": "l"})");
  refused(other, Part::context, table({texts("l", {"5"})}), {"must be numbers", "found string"});
  refused(other, Part::context, table({list("l", floats("", {5}), {0, 1})}),
          {"one a row", "found list of float32"});
}

BOOST_AUTO_TEST_CASE(a_weight_is_finite_and_not_negative) {
  Dataset dataset = new_dataset(R"({"weight": "w"})");
  dataset.append(Part::context, table({floats("w", {0, 2})}));

  refused(dataset, Part::context, table({floats("w", {-1})}),
          {"column \"w\", row 2", "at least 0", "found -1"});
  refused(dataset, Part::context, table({floats("w", {INFINITY})}), {"row 2", "found inf"});
}

BOOST_AUTO_TEST_CASE(a_number_is_finite_or_missing) {
  Dataset dataset = new_dataset("{}");
  dataset.append(Part::context, table({floats("n", {NAN})}));

  BOOST_TEST(std::isnan(dataset.records().interactions.columns[0].numbers[0]));
  refused(dataset, Part::context, table({floats("n", {1, INFINITY})}),
          {"column \"n\", row 2", "found inf", "null"});
}

BOOST_AUTO_TEST_CASE(a_duplicate_user_is_named_within_and_across_chunks) {
  Dataset dataset = new_dataset(R"({"user": "u"})");
  refused(dataset, Part::user, table({texts("u", {"ann", "bob", "ann"})}),
          {"users: column \"u\", row 2", "\"ann\"", "row 0"});
  dataset.append(Part::user, table({texts("u", {"ann", "bob"})}));

  refused(dataset, Part::user, table({texts("u", {"cid", "bob"})}), {"row 3", "\"bob\"", "row 1 already"});
  dataset.append(Part::user, table({texts("u", {"cid"})}));
  BOOST_TEST(dataset.records().row_of_user == (Codes{0, 1, 2}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(chunks_have_the_columns_of_the_first) {
  Dataset dataset = new_dataset(R"({"label": "l", "ignore": ["note"]})");
  dataset.append(Part::context, table({floats("l", {1}), ints("a", {1}), texts("note", {"x"})}));

  refused(dataset, Part::context, table({floats("l", {1})}),
          {"interactions: column \"a\"", "missing in chunk 2", "int64"});
  refused(dataset, Part::context, table({floats("l", {1}), ints("a", {1}), ints("b", {1})}),
          {"\"b\"", "new in chunk 2"});
  refused(dataset, Part::context, table({floats("l", {1}), texts("a", {"x"})}),
          {"\"a\"", "string in chunk 2", "int64 before"});
  refused(dataset, Part::context, table({floats("l", {1}), list("a", ints("", {1}), {0, 1})}),
          {"\"a\"", "list of int64 in chunk 2"});
  dataset.append(Part::context, table({doubles("l", {1}), int32s("a", {1}), ints("note", {5})}));
  BOOST_TEST(dataset.rows() == 2);
}

BOOST_AUTO_TEST_CASE(parts_may_not_share_a_field_name) {
  Dataset dataset = new_dataset(R"({"user": "u", "item": "i"})");
  dataset.append(Part::user, table({ints("u", {1}), ints("country", {1})}));

  refused(dataset, Part::item, table({ints("i", {1}), ints("country", {1})}),
          {"items: column \"country\"", "users", "share a field name"});
}

BOOST_AUTO_TEST_CASE(kinds_that_do_not_fit_say_what_to_do) {
  const auto with = [](const char* options, const Column& column, std::initializer_list<const char*> words) {
    Dataset dataset = new_dataset(std::string(R"({"fields": {"a": )") + options + "}}");
    BOOST_TEST_CONTEXT(options) { refused(dataset, Part::context, table({column}), words); }
  };

  with(R"({"kind": "category"})", floats("a", {1}), {"\"a\"", "found float32", "buckets"});
  with(R"({"kind": "category"})", list("a", ints("", {1}), {0, 1}),
       {"one value a row", "give it the kind categories"});
  with(R"({"kind": "categories"})", ints("a", {1}), {"must be a list column", "found int64"});
  with(R"({"kind": "number"})", texts("a", {"1"}), {"a number must be", "found string"});
  with(R"({"kind": "number"})", list("a", ints("", {1}), {0, 1}), {"one value a row", "list of int64"});
  with("{}", list("a", floats("", {1}), {0, 1}), {"list of categories", "list of float32", "ignore"});
  with(R"({"transform": "log"})", texts("a", {"x"}), {"\"transform\" is for numbers", "found string"});
  with(R"({"min_count": 2})", floats("a", {1}), {"\"min_count\"", "for categories", "float32"});
  with(R"({"weights": "w"})", ints("a", {1}), {"\"weights\" are for list columns"});
}

BOOST_AUTO_TEST_CASE(weights_beside_must_match_value_by_value) {
  const auto with = [](std::vector<Column> columns, std::initializer_list<const char*> words) {
    Dataset dataset = new_dataset(R"({"fields": {"g": {"weights": "w"}}})");
    refused(dataset, Part::context, table(std::move(columns)), words);
  };
  const Column g = list("g", ints("", {1, 2}), {0, 1, 2});

  with({g}, {"\"w\"", "not in the table"});
  with({g, ints("w", {1, 2})}, {"\"w\"", "must be a list of numbers, found int64"});
  with({g, list("w", floats("", {1, 2}), {0, 2, 2})}, {"\"w\", row 0", "1 values", "found 2"});
  with({g, list("w", floats("", {1, -2}), {0, 1, 2})}, {"\"w\", row 1", "at least 0, found -2"});
}

BOOST_AUTO_TEST_CASE(a_failed_append_changes_nothing) {
  Dataset dataset = new_dataset(R"({"user": "u", "item": "i", "label": "l"})");
  dataset.append(Part::context, table({ints("u", {1}), ints("i", {1}), floats("l", {1}), texts("c", {"x"}),
                                       floats("n", {1})}));
  dataset.append(Part::user, table({ints("u", {1})}));
  const std::string before = state(dataset);

  const Table last_column_bad =
      table({ints("u", {2}), ints("i", {2}), floats("l", {1}), texts("c", {"y"}), floats("n", {INFINITY})});
  refused(dataset, Part::context, last_column_bad, {"\"n\", row 1"});
  BOOST_TEST(state(dataset) == before);
  refused(dataset, Part::user, table({ints("u", {7, 8, 7})}), {"7"});
  BOOST_TEST(state(dataset) == before);

  dataset.append(Part::user, table({ints("u", {7, 8})}));
  dataset.append(Part::context, table({ints("u", {2}), ints("i", {2}), floats("l", {1}), texts("c", {"y"}),
                                       floats("n", {1})}));
  dataset.seal();
  BOOST_TEST(dataset.records().row_of_user == (Codes{0, 1, 2, -1}), tt::per_element());
}

// The user was known from interactions, so that shrinking the dictionary alone would leave its row entered.
BOOST_AUTO_TEST_CASE(a_failed_append_of_users_leaves_no_row_behind) {
  Dataset dataset = new_dataset(R"({"user": "u"})");
  dataset.append(Part::context, table({ints("u", {1, 2})}));
  dataset.append(Part::user, table({ints("u", {1})}));
  refused(dataset, Part::user, table({ints("u", {2, 7, 7})}), {"the id 7"});

  dataset.append(Part::user, table({ints("u", {2})}));
  BOOST_TEST(dataset.records().row_of_user == (Codes{0, 1}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_failed_first_chunk_binds_nothing) {
  Dataset dataset = new_dataset(R"({"label": "l"})");
  refused(dataset, Part::context, table({floats("l", {NAN}), ints("a", {1})}), {"nan"});

  dataset.append(Part::context, table({floats("l", {1}), texts("b", {"x"})}));
  BOOST_TEST(dataset.records().interactions.columns.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_sealed_dataset_takes_no_more) {
  Dataset dataset = new_dataset("{}");
  dataset.append(Part::context, table({ints("a", {1})}));
  dataset.seal();
  dataset.seal();

  refused(dataset, Part::context, table({ints("a", {1})}), {"sealed"}, INTERPLAY_INVALID_STATE);
}

BOOST_AUTO_TEST_CASE(columns_that_the_schema_names_must_appear_before_seal) {
  const auto with = [](const char* schema, std::initializer_list<const char*> words) {
    Dataset dataset = new_dataset(schema);
    dataset.append(Part::context, table({ints("genre", {1})}));
    BOOST_TEST_CONTEXT(schema) {
      fails(INTERPLAY_BAD_DATA, words, [&] { dataset.seal(); });
    }
    BOOST_TEST(!dataset.sealed());
  };

  with(R"({"features": ["genres"]})", {"\"features\"", "\"genres\"", "is \"genre\" the one?"});
  with(R"({"fields": {"genres": {}}})", {"\"fields\"", "\"genres\"", "is \"genre\" the one?"});
}

BOOST_AUTO_TEST_SUITE_END()
