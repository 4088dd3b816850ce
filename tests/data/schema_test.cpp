#include "data/schema.hpp"

#include <boost/test/unit_test.hpp>

#include "support/fails.hpp"

using namespace interplay::core;
using interplay::test::fails;

namespace {

Schema parse(const char* text) { return Schema::parse(parse_json(text, "schema")); }

void refused(const char* text, std::initializer_list<const char*> words) {
  BOOST_TEST_CONTEXT(text) {
    fails(INTERPLAY_INVALID_ARGUMENT, words, [&] { parse(text); });
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_schema)

BOOST_AUTO_TEST_CASE(three_roles_make_every_other_column_a_feature) {
  const Schema schema = parse(R"({"user": "user_id", "item": "movie_id", "label": "rating"})");

  BOOST_TEST(schema.user == "user_id");
  BOOST_TEST(schema.item == "movie_id");
  BOOST_TEST(schema.label == "rating");
  BOOST_TEST(schema.time == "");
  BOOST_TEST(schema.is_feature("age"));
  BOOST_TEST(!schema.is_feature("rating"));
}

BOOST_AUTO_TEST_CASE(every_key_survives_the_way_to_json_and_back) {
  const char* text =
      R"({"user": "u", "item": "i", "label": "l", "weight": "w", "time": "t", "group": "g", "ignore": ["x"], "fields": )"
      R"({"a": {"kind": "number", "transform": {"buckets": 10}}, "b": {"kind": "categories", "weights": "bw"}, )"
      R"("c": {"min_count": 5, "hash_buckets": 100, "unknown": "hash"}, "d": {"transform": "log2"}, )"
      R"("e": {"combiner": "sqrtn"}}, "histories": {"h": {"of": "item", "weights": "none", "order": "earlier", )"
      R"("max_length": 7}}})";

  BOOST_TEST(dump_json(parse(text).to_json()) == text);
  BOOST_TEST(dump_json(parse(R"({"features": ["a", "b"]})").to_json()) == R"({"features": ["a", "b"]})");
  BOOST_TEST(dump_json(parse("{}").to_json()) == "{}");
}

BOOST_AUTO_TEST_CASE(histories_true_makes_all_that_make_sense) {
  const auto names = [](const char* text) {
    std::string list;
    for (const auto& [name, rule] : parse(text).histories) list += name + " ";
    return list;
  };

  BOOST_TEST(names(R"({"user": "u", "item": "i", "label": "l", "histories": true})") ==
             "item_history item_history_labels user_history user_history_labels ");
  BOOST_TEST(names(R"({"user": "u", "item": "i", "histories": true})") == "item_history user_history ");
  BOOST_TEST(names(R"({"user": "u", "item": "i", "histories": false})") == "");
  BOOST_TEST(names(R"({"histories": {}})") == "");
  BOOST_TEST(!parse(R"({"user": "u", "item": "i", "histories": true})").is_feature("user_history"));
}

BOOST_AUTO_TEST_CASE(a_history_shows_earlier_rows_where_a_label_or_a_time_could_leak) {
  const auto earlier = [](const char* text) { return parse(text).histories.at("h").earlier; };

  BOOST_TEST(!earlier(R"({"user": "u", "item": "i", "histories": {"h": {"of": "user"}}})"));
  BOOST_TEST(earlier(R"({"user": "u", "item": "i", "time": "t", "histories": {"h": {"of": "user"}}})"));
  BOOST_TEST(!earlier(
      R"({"user": "u", "item": "i", "time": "t", "histories": {"h": {"of": "user", "order": "any"}}})"));
  BOOST_TEST(earlier(
      R"({"user": "u", "item": "i", "label": "l", "histories": {"h": {"of": "item", "weights": "label"}}})"));
}

BOOST_AUTO_TEST_CASE(histories_that_cannot_be_are_refused) {
  refused(R"({"user": "u", "histories": true})", {"histories", "user", "item"});
  refused(R"({"user": "u", "item": "i", "histories": 3})", {"true, false or an object"});
  refused(R"({"user": "u", "item": "i", "histories": {"h": {}}})", {"\"h\"", "\"of\""});
  refused(R"({"user": "u", "item": "i", "histories": {"h": {"of": "label"}}})", {"\"of\"", "item"});
  refused(R"({"user": "u", "item": "i", "histories": {"u": {"of": "user"}}})", {"\"u\"", "role"});
  refused(R"({"user": "u", "item": "i", "features": ["h"], "histories": {"h": {"of": "user"}}})",
          {"\"h\"", "feature"});
  refused(R"({"user": "u", "item": "i", "histories": {"h": {"of": "user", "max_length": 0}}})",
          {"max_length"});
  refused(
      R"({"user": "u", "item": "i", "label": "l", "histories": {"h": {"of": "user", "weights": "label", "order": "any"}}})",
      {"order", "earlier", "read"});
}

BOOST_AUTO_TEST_CASE(options_are_those_of_the_field) {
  const Schema schema = parse(R"({"fields": {"a": {"transform": {"buckets": 10}, "kind": "number"}}})");

  BOOST_TEST((schema.options("a").transform == Transform::buckets));
  BOOST_TEST(schema.options("a").buckets == 10);
  BOOST_TEST((schema.options("a").kind == Kind::number));
  BOOST_TEST(!schema.options("b").kind.has_value());
}

BOOST_AUTO_TEST_CASE(features_ignore_and_weights_decide_what_is_a_feature) {
  BOOST_TEST(!parse(R"({"features": ["a"]})").is_feature("b"));
  BOOST_TEST(parse(R"({"features": ["a"]})").is_feature("a"));
  BOOST_TEST(!parse(R"({"ignore": ["a"]})").is_feature("a"));
  BOOST_TEST(!parse(R"({"fields": {"a": {"weights": "aw"}}})").is_feature("aw"));
  BOOST_TEST(!parse(R"({"features": []})").is_feature("a"));
}

BOOST_AUTO_TEST_CASE(an_unknown_key_names_the_nearest) {
  refused(R"({"users": "u"})", {"schema: unknown key \"users\"", "did you mean \"user\""});
  refused(R"({"fields": {"a": {"mincount": 2}}})",
          {"schema, field \"a\": unknown key \"mincount\"", "\"min_count\""});
  refused(R"({"fields": {"a": {"transform": {"bucket": 2}}}})", {"unknown key \"bucket\"", "\"buckets\""});
}

BOOST_AUTO_TEST_CASE(wrong_values_are_named_with_their_place) {
  refused(R"([])", {"schema must be an object, found an empty list"});
  refused(R"({"user": 1})", {"schema: \"user\" must be a string, found 1"});
  refused(R"({"user": ""})", {"\"user\" must name a column"});
  refused(R"({"fields": []})", {"\"fields\" must be an object"});
  refused(R"({"fields": {"a": 1}})", {"schema, field \"a\" must be an object, found 1"});
  refused(R"({"fields": {"a": {"kind": "number "}}})",
          {"field \"a\"", "must be one of category, categories, number"});
  refused(R"({"fields": {"a": {"min_count": 0}}})",
          {"\"min_count\" must be an integer of at least 1, found 0"});
  refused(R"({"fields": {"a": {"hash_buckets": -1}}})", {"\"hash_buckets\"", "found -1"});
  refused(R"({"fields": {"a": {"transform": "ln"}}})",
          {"\"transform\" must be one of none, standardise, log, log2"});
  refused(R"({"fields": {"a": {"transform": {}}}})", {"needs \"buckets\""});
  refused(R"({"fields": {"a": {"transform": {"buckets": 1}}}})",
          {"\"buckets\" must be an integer from 2", "found 1"});
  refused(R"({"fields": {"a": {"unknown": "hash"}}})", {"field \"a\"", "needs \"hash_buckets\""});
  refused(R"({"fields": {"a": {"unknown": "error", "hash_buckets": 9}}})",
          {"field \"a\"", "every value is hashed"});
  refused(R"({"fields": {"a": {"min_count": 2, "hash_buckets": 9}}})",
          {"field \"a\"", "every value is hashed"});
  refused(R"({"fields": {"a": {"unknown": "drop"}}})",
          {"must be one of bucket, error, hash, found \"drop\""});
  refused(R"({"fields": {"a": {"weights": ""}}})", {"\"weights\" must name a column"});
}

BOOST_AUTO_TEST_CASE(the_text_for_buckets_is_an_example_and_no_value) {
  refused(R"({"fields": {"a": {"transform": "{\"buckets\": 10}"}}})", {"\"transform\" must be"});
}

BOOST_AUTO_TEST_CASE(a_column_has_one_role) {
  refused(R"({"user": "id", "item": "id"})", {"column \"id\" has two roles, \"user\" and \"item\""});
}

BOOST_AUTO_TEST_CASE(choices_that_contradict_each_other_are_refused) {
  refused(R"({"features": ["a"], "ignore": ["b"]})", {"exclude each other"});
  refused(R"({"user": "u", "features": ["u"]})", {"\"u\" has the role \"user\"", "\"features\""});
  refused(R"({"user": "u", "ignore": ["u"]})", {"\"u\" has the role \"user\"", "\"ignore\""});
  refused(R"({"features": ["a", "a"]})", {"\"features\" names \"a\" twice"});
  refused(R"({"ignore": ["a"], "fields": {"a": {}}})", {"field \"a\"", "no feature"});
  refused(R"({"features": ["b"], "fields": {"a": {}}})", {"field \"a\"", "no feature"});
  refused(R"({"label": "l", "fields": {"l": {}}})", {"field \"l\"", "no feature"});
  refused(R"({"fields": {"a": {"kind": "category", "transform": "log"}}})",
          {"\"a\"", "\"transform\" is for numbers"});
  refused(R"({"fields": {"a": {"kind": "category", "weights": "w"}}})",
          {"\"a\"", "\"weights\" are for categories"});
  refused(R"({"label": "w", "fields": {"a": {"weights": "w"}}})", {"\"a\"", "has the role \"label\""});
  refused(R"({"features": ["a", "w"], "fields": {"a": {"weights": "w"}}})",
          {"\"w\"", "cannot be one of the \"features\""});
}

BOOST_AUTO_TEST_CASE(an_id_is_a_field_with_a_vocabulary_only) {
  BOOST_TEST(parse(R"({"user": "u", "fields": {"u": {"min_count": 5}}})").options("u").min_count == 5);
  refused(R"({"user": "u", "fields": {"u": {"kind": "number"}}})", {"field \"u\" is the column of ids"});
}

BOOST_AUTO_TEST_CASE(parts_have_three_names) {
  BOOST_TEST((parse_part("items") == Part::item));
  BOOST_TEST(part_name(parse_part("interactions")) == "interactions");
  fails(INTERPLAY_INVALID_ARGUMENT, {"unknown part \"user\"", "did you mean \"users\""},
        [] { parse_part("user"); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"unknown part \"\""}, [] { parse_part(nullptr); });
}

BOOST_AUTO_TEST_SUITE_END()
