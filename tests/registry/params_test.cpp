#include "registry/params.hpp"

#include <boost/test/unit_test.hpp>

#include "support/fails.hpp"

namespace core = interplay::core;
using core::Json;
using interplay::test::fails;

namespace {

constexpr const char* schema = R"({"properties": {
  "depth": {"type": "integer", "default": 2, "minimum": 1, "maximum": 8},
  "rate": {"type": "number", "default": 0.5, "minimum": 0, "maximum": 1},
  "steps": {"type": "integer", "default": 1, "minimum": 0},
  "mode": {"type": "string", "default": "sum", "enum": ["sum", "mean"]},
  "deep": {"type": "boolean", "default": true},
  "sizes": {"type": "array", "default": [1, 2]}
}})";

Json check(const char* given) {
  return core::check_params(core::parse_json(given, "params"), core::read_schema(schema, "toy"), "toy")
      .values;
}

void refused(const char* given, std::initializer_list<const char*> words) {
  BOOST_TEST_CONTEXT(given) {
    fails(INTERPLAY_INVALID_ARGUMENT, words, [&] { check(given); });
  }
}

void bad_schema(const char* text, std::initializer_list<const char*> words) {
  BOOST_TEST_CONTEXT(text) {
    try {
      fails(INTERPLAY_INCOMPATIBLE, words, [&] { core::read_schema(text, "toy"); });
    } catch (const std::exception& error) {
      BOOST_ERROR("another exception: " << error.what());
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_params)

BOOST_AUTO_TEST_CASE(what_is_not_given_has_its_default) {
  const Json values = check("{}");

  BOOST_TEST(values["depth"] == 2);
  BOOST_TEST(values["rate"] == 0.5);
  BOOST_TEST(values["mode"] == "sum");
  BOOST_TEST(values["deep"] == true);
  BOOST_TEST(values["sizes"] == Json::parse("[1, 2]"));
  BOOST_TEST(values["seed"] == 1);  // the core's own
  BOOST_TEST(values["objective"] == "auto");
  BOOST_TEST(values.size() == 6U + core::core_properties().size());
}

BOOST_AUTO_TEST_CASE(what_is_given_is_kept) {
  const Json values =
      check(R"({"depth": 8, "rate": 0.25, "mode": "mean", "deep": false, "sizes": [0.5], "seed": 7})");

  BOOST_TEST(values["depth"] == 8);
  BOOST_TEST(values["rate"] == 0.25);
  BOOST_TEST(values["mode"] == "mean");
  BOOST_TEST(values["deep"] == false);
  BOOST_TEST(values["sizes"] == Json::parse("[0.5]"));
  BOOST_TEST(values["seed"] == 7);
}

BOOST_AUTO_TEST_CASE(parameters_stand_in_the_order_of_the_schema_whatever_the_order_given) {
  BOOST_TEST(core::dump_json(check(R"({"seed": 1, "rate": 0.5, "depth": 2})")) ==
             core::dump_json(check("{}")));
}

BOOST_AUTO_TEST_CASE(an_unknown_parameter_is_refused_with_the_nearest) {
  refused(R"({"dept": 3})", {"unknown parameter \"dept\"", "engine \"toy\"", "did you mean \"depth\"",
                             "\"nearest\": \"depth\"", "validation_fraction"});
  refused(R"({"Seed": 3})", {"did you mean \"seed\""});
}

BOOST_AUTO_TEST_CASE(a_number_out_of_range_is_refused_with_the_range) {
  refused(R"({"depth": 9})", {"\"depth\" must be an integer from 1 to 8", "found 9", "\"key\": \"depth\""});
  refused(R"({"depth": 0})", {"from 1 to 8", "found 0"});
  refused(R"({"rate": 1.5})", {"\"rate\" must be a number from 0 to 1", "found 1.5"});
  refused(R"({"steps": -1})", {"\"steps\" must be an integer of at least 0", "found -1"});
}

BOOST_AUTO_TEST_CASE(the_ends_of_a_range_belong_to_it) {
  BOOST_TEST(check(R"({"depth": 1})")["depth"] == 1);
  BOOST_TEST(check(R"({"rate": 1})")["rate"] == 1.0);
  BOOST_TEST(check(R"({"unknown_rate": 0.5})")["unknown_rate"] == 0.5);
}

BOOST_AUTO_TEST_CASE(the_range_of_an_integer_of_the_core_is_spelt_in_integers) {
  refused(R"({"negatives": 0})", {"\"negatives\" must be an integer from 1 to 1000, found 0"});
}

BOOST_AUTO_TEST_CASE(an_integer_is_not_given_as_a_fraction) {
  refused(R"({"depth": 1.5})", {"\"depth\" must be an integer", "found 1.5"});
  refused(R"({"depth": "2"})", {"an integer", "found \"2\""});
  refused(R"({"depth": true})", {"an integer", "found true"});
}

BOOST_AUTO_TEST_CASE(a_number_may_be_given_as_an_integer_and_becomes_the_same_bytes) {
  const Json values = check(R"({"rate": 1})");

  BOOST_TEST(values["rate"].is_number_float());
  BOOST_TEST(core::dump_json(values) == core::dump_json(check(R"({"rate": 1.0})")));
}

BOOST_AUTO_TEST_CASE(a_word_outside_the_choice_is_refused_with_the_choice) {
  refused(R"({"mode": "max"})", {"\"mode\" must be one of sum, mean", "found \"max\""});
  refused(R"({"mode": 1})", {"one of sum, mean", "found 1"});
  refused(R"({"objective": "ranking"})", {"one of auto, binary, rating, regression"});
}

BOOST_AUTO_TEST_CASE(other_types_are_refused_with_what_was_expected) {
  refused(R"({"deep": 1})", {"\"deep\" must be true or false", "found 1"});
  refused(R"({"sizes": 3})", {"\"sizes\" must be a list of numbers", "found 3"});
  refused(R"({"sizes": [1, "2"]})", {"a list of numbers"});
  refused(R"({"rate": null})", {"a number", "found null"});
  refused("[]", {"expected a JSON object"});
}

BOOST_AUTO_TEST_CASE(a_schema_may_be_without_parameters) {
  BOOST_TEST(core::read_schema("{}", "toy").properties == core::core_properties());
}

BOOST_AUTO_TEST_CASE(a_schema_that_takes_a_name_of_the_core_is_incompatible) {
  bad_schema(R"({"properties": {"seed": {"type": "integer", "default": 1}}})",
             {"engine \"toy\"", "\"seed\"", "core's own"});
}

BOOST_AUTO_TEST_CASE(a_schema_outside_the_subset_is_incompatible) {
  bad_schema(R"({"properties": {"a": {"type": "object", "default": {}}}})",
             {"\"a\"", "a type and a default"});
  bad_schema(R"({"properties": {"a": {"type": "integer"}}})", {"\"a\"", "a type and a default"});
  bad_schema(R"({"properties": {"a": 1}})", {"\"a\"", "a type and a default"});
  bad_schema(R"({"properties": {"a": {"type": "integer", "default": 9, "maximum": 8}}})",
             {"\"a\"", "out of its own range"});
}

BOOST_AUTO_TEST_CASE(a_schema_of_another_shape_is_incompatible_as_well) {
  bad_schema("not json", {"toy"});
  bad_schema("[]", {"toy"});
  bad_schema(R"({"properties": 3})", {"toy"});
  bad_schema(R"({"properties": {"a": {"type": ["integer", "null"], "default": 1}}})", {"toy", "\"a\""});
  bad_schema(R"({"properties": {"a": {"type": "integer", "default": 1, "minimum": "0"}}})", {"toy", "\"a\""});
  bad_schema(R"({"properties": {"a": {"type": "string", "default": "x", "enum": "x"}}})", {"toy", "\"a\""});
}

BOOST_AUTO_TEST_CASE(a_preset_takes_the_place_of_defaults_and_what_is_given_wins) {
  const core::ParamsSchema schema = core::read_schema(R"({
    "presets": {"plain": {}, "large": {"depth": 7, "unknown_rate": 0.1}},
    "properties": {"preset": {"type": "string", "default": "plain", "enum": ["plain", "large"]},
                   "depth": {"type": "integer", "default": 2}, "width": {"type": "integer", "default": 3}}})",
                                                      "toy");
  const auto values = [&](const char* given) {
    return core::check_params(core::parse_json(given, "params"), schema, "toy").values;
  };

  BOOST_TEST(values("{}")["depth"] == 2);
  BOOST_TEST(values(R"({"preset": "large"})")["depth"] == 7);
  BOOST_TEST(values(R"({"preset": "large"})")["unknown_rate"] == 0.1);  // the core's own too
  BOOST_TEST(values(R"({"preset": "large"})")["width"] == 3);
  BOOST_TEST(values(R"({"preset": "large", "depth": 1})")["depth"] == 1);
}

BOOST_AUTO_TEST_CASE(a_preset_of_unknown_names_or_values_out_of_range_is_refused) {
  bad_schema(
      R"({"presets": {"a": {"width": 1}}, "properties": {"depth": {"type": "integer", "default": 2}}})",
      {"preset \"a\"", "width"});
  bad_schema(
      R"({"presets": {"a": {"depth": "x"}}, "properties": {"depth": {"type": "integer", "default": 2}}})",
      {"preset \"a\"", "depth"});
}

BOOST_AUTO_TEST_SUITE_END()
