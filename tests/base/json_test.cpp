#include "base/json.hpp"

#include <boost/test/unit_test.hpp>
#include <clocale>
#include <cmath>
#include <limits>

#include "support/fails.hpp"

namespace core = interplay::core;
using core::Json;
using core::ObjectReader;
using interplay::test::fails;

namespace {

Json parse(std::string_view text) { return core::parse_json(text, "schema"); }

void refused(std::string_view text, std::initializer_list<const char*> words) {
  BOOST_TEST_CONTEXT(text) {
    fails(INTERPLAY_INVALID_ARGUMENT, words, [&] { parse(text); });
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_json)

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_read) {
  const Json json =
      parse(R"( {"a": [1, -2, 0, 2.5, 1e3, true, false, null], "b": {"c": "x"}, "d": {}, "e": []} )");

  BOOST_TEST(json["a"][0].is_number_integer());
  BOOST_TEST(json["a"][1].get<int>() == -2);
  BOOST_TEST(json["a"][3].get<double>() == 2.5);
  BOOST_TEST(json["a"][4].is_number_float());
  BOOST_TEST(json["a"][5].get<bool>());
  BOOST_TEST(json["a"][7].is_null());
  BOOST_TEST(json["b"]["c"].get<std::string>() == "x");
  BOOST_TEST(core::dump_json(json) ==
             R"({"a": [1, -2, 0, 2.5, 1000.0, true, false, null], "b": {"c": "x"}, "d": {}, "e": []})");
}

BOOST_AUTO_TEST_CASE(nothing_means_an_empty_object) {
  BOOST_TEST(parse("").is_object());
  BOOST_TEST(parse(" \n").is_object());
  BOOST_TEST(core::parse_json(static_cast<const char*>(nullptr), "schema").is_object());
}

BOOST_AUTO_TEST_CASE(keys_keep_their_order) {
  BOOST_TEST(core::dump_json(parse(R"({"z":1,"a":2,"m":3})")) == R"({"z": 1, "a": 2, "m": 3})");
}

BOOST_AUTO_TEST_CASE(escapes_become_characters) {
  BOOST_TEST(parse(R"(["\"\\\/\b\f\n\r\t"])")[0].get<std::string>() == "\"\\/\b\f\n\r\t");
  BOOST_TEST(parse(R"(["\u0041\u00e9\u20ac\ud83c\udfac"])")[0].get<std::string>() ==
             "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\xac");
}

BOOST_AUTO_TEST_CASE(integers_are_exact_to_the_ends_of_64_bits) {
  BOOST_TEST(parse("[9223372036854775807]")[0].get<std::int64_t>() ==
             std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(parse("[-9223372036854775808]")[0].get<std::int64_t>() ==
             std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(parse("[18446744073709551615]")[0].get<std::uint64_t>() ==
             std::numeric_limits<std::uint64_t>::max());
  BOOST_TEST(parse("[18446744073709551616]")[0].is_number_float());
}

BOOST_AUTO_TEST_CASE(an_error_names_the_document_the_place_and_what_was_expected) {
  refused("{\"a\": 1,\n \"b\" 2}",
          {"schema is not valid JSON: line 2, column 6: expected a colon", "found \"2}\""});
  refused("{\"\xc3\xa9\": x}",
          {"line 1, column 7: expected a value"});  // columns count characters, not bytes
}

BOOST_AUTO_TEST_CASE(a_key_that_stands_twice_is_an_error) {
  refused(R"({"a": 1, "b": {"a": 1}, "a": 2})", {"column 25", "each key once", "\"key\": \"a\""});
}

BOOST_AUTO_TEST_CASE(text_after_the_document_is_an_error) {
  refused("{} {}", {"column 4", "the end of the document"});
  refused("1,", {"the end of the document"});
}

BOOST_AUTO_TEST_CASE(what_only_resembles_json_is_refused) {
  for (const char* text : {"{'a': 1}",    "{a: 1}",      "{\"a\": 1,}",
                           "[1,]",        "[1 2]",       "{",
                           "[",           "\"",          "{\"a\"}",
                           "tru",         "nul",         "NaN",
                           "Infinity",    "-",           "-x",
                           "+1",          ".5",          "1.",
                           "1.e3",        "1e",          "1e+",
                           "01",          "-01",         "0x10",
                           "1e999",       "-1e999",      "// x",
                           "[\"a\nb\"]",  "\"\\x\"",     "\"\\u12\"",
                           "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
                           "\"\\udc00\"", "\"\xff\"",    "\xef\xbb\xbf{}"}) {
    refused(text, {"schema is not valid JSON", "expected"});
  }
  refused(std::string_view("{}\0", 3), {"the end of the document"});
}

BOOST_AUTO_TEST_CASE(nesting_ends_at_64_levels) {
  const std::string open(64, '['), close(64, ']');

  BOOST_TEST(parse(open + close).is_array());
  refused(open + "[" + close + "]", {"column 65", "at most 64 levels"});
  refused(std::string(1000000, '['), {"at most 64 levels"});
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_keys_take_no_quadratic_time) {
  std::string text = "{";
  for (int i = 0; i < 100000; ++i) text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";

  BOOST_TEST(parse(text + "}").size() == 100000U);  // seconds, if each key were compared with all before
}

BOOST_AUTO_TEST_CASE(doubles_are_written_so_that_they_come_back) {
  for (const double x :
       {0.1, 1.0 / 3, 1e300, 5e-324, 1.7976931348623157e308, -0.0, 3.0, 1e22, 123456789.125}) {
    const std::string text = core::dump_json(Json(x));
    const Json back = parse("[" + text + "]")[0];

    BOOST_TEST(back.is_number_float(), text);
    BOOST_TEST(back.get<double>() == x, text);
  }
  BOOST_TEST(core::dump_json(Json(0.1)) == "0.1");
  BOOST_TEST(core::dump_json(Json(std::nan(""))) == "null");
  BOOST_TEST(core::dump_json(Json(-HUGE_VAL)) == "null");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_can_still_be_written) {
  BOOST_TEST(core::dump_json(Json("a\xff\x01\t")) == "\"a\xef\xbf\xbd\\u0001\\t\"");
}

// Shows something only where a locale is installed that spells numbers with a comma.
BOOST_AUTO_TEST_CASE(numbers_do_not_depend_on_the_locale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  const bool found =
      std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr || std::setlocale(LC_ALL, "fr_FR.UTF-8") != nullptr;
  if (!found) BOOST_TEST_MESSAGE("no locale with a decimal comma is installed");

  const double read = parse("[2.5]")[0].get<double>();
  const std::string written = core::dump_json(Json(2.5));
  std::setlocale(LC_ALL, before.c_str());

  BOOST_TEST(read == 2.5);
  BOOST_TEST(written == "2.5");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

ObjectReader reader(const Json& json) { return ObjectReader(json, "options of predict"); }

template <class Ask>
void wrong(const char* text, std::initializer_list<const char*> words, Ask ask) {
  const Json json = parse(text);
  BOOST_TEST_CONTEXT(text) {
    fails(INTERPLAY_INVALID_ARGUMENT, words, [&] {
      ObjectReader r = reader(json);
      ask(r);
    });
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_object_reader)

BOOST_AUTO_TEST_CASE(members_are_read_and_absent_ones_fall_back) {
  const Json json = parse(R"({"t": true, "i": 3, "d": 1, "s": "x", "c": "b", "l": ["p", "q"], "r": null})");
  ObjectReader r = reader(json);

  BOOST_TEST(r.boolean("t", false));
  BOOST_TEST(r.integer("i", 0, 0, 5) == 3);
  BOOST_TEST(r.number("d", 0, 0, 1) == 1.0);
  BOOST_TEST(r.text("s", "") == "x");
  BOOST_TEST(r.choice("c", "a", {"a", "b"}) == "b");
  BOOST_TEST(r.texts("l").size() == 2U);
  BOOST_TEST(r.raw("r")->is_null());
  BOOST_TEST(r.raw("none") == nullptr);
  BOOST_TEST(r.integer("none", 7, 0, 5) == 7);
  BOOST_TEST(r.texts("none").empty());
  BOOST_TEST((r.has("t") && !r.has("none")));
  r.finish();
}

BOOST_AUTO_TEST_CASE(a_document_that_is_no_object_is_refused) {
  fails(INTERPLAY_INVALID_ARGUMENT, {"options of predict must be an object, found a list"},
        [] { reader(parse("[1]")); });
}

BOOST_AUTO_TEST_CASE(a_wrong_type_names_the_key_the_expected_and_the_found) {
  wrong(R"({"threads": "two"})",
        {"options of predict: \"threads\" must be an integer from 0 to 1024, found \"two\"",
         "\"key\": \"threads\""},
        [](auto& r) { r.integer("threads", 1, 0, 1024); });
  wrong(R"({"threads": 1.0})", {"an integer", "found 1.0"},
        [](auto& r) { r.integer("threads", 1, 0, 1024); });
  wrong(R"({"mmap": 1})", {"\"mmap\" must be true or false, found 1"},
        [](auto& r) { r.boolean("mmap", false); });
  wrong(R"({"rate": null})", {"\"rate\" must be a number from 0 to 0.5, found null"},
        [](auto& r) { r.number("rate", 0, 0, 0.5); });
  wrong(R"({"exclude": {}})", {"must be a string, found an object"}, [](auto& r) { r.text("exclude", ""); });
  wrong(R"({"ignore": "a"})", {"must be a list of strings, found \"a\""}, [](auto& r) { r.texts("ignore"); });
  wrong(R"({"ignore": ["a", 2]})", {"must be a list of strings, found 2"},
        [](auto& r) { r.texts("ignore"); });
  wrong(R"({"output": 3})", {"must be one of score, logit, found 3"}, [](auto& r) {
    r.choice("output", "score", {"score", "logit"});
  });
}

BOOST_AUTO_TEST_CASE(a_value_out_of_range_is_refused_at_both_ends) {
  wrong(R"({"k": 0})", {"an integer of at least 1, found 0"},
        [](auto& r) { r.integer("k", 1, 1, std::numeric_limits<std::int64_t>::max()); });
  wrong(R"({"k": 11})", {"from 1 to 10, found 11"}, [](auto& r) { r.integer("k", 1, 1, 10); });
  wrong(R"({"k": 18446744073709551615})", {"an integer, found 18446744073709551615"}, [](auto& r) {
    r.integer("k", 1, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
  });
  wrong(R"({"rate": 1.5})", {"a number from 0 to 1, found 1.5"}, [](auto& r) { r.number("rate", 0, 0, 1); });
}

BOOST_AUTO_TEST_CASE(a_choice_that_is_none_names_the_nearest) {
  wrong(R"({"output": "logits"})",
        {"\"output\" must be one of score, logit, found \"logits\"; did you mean \"logit\"?",
         "\"nearest\": \"logit\""},
        [](auto& r) {
          r.choice("output", "score", {"score", "logit"});
        });
}

BOOST_AUTO_TEST_CASE(a_key_that_nobody_asked_for_is_refused_with_those_that_were) {
  wrong(R"({"threads": 1, "outputs": 2})",
        {"options of predict: unknown key \"outputs\"; did you mean \"output\"? Accepted: threads, output",
         "\"accepted\": [\"threads\", \"output\"]", "\"nearest\": \"output\""},
        [](auto& r) {
          r.integer("threads", 1, 0, 9);
          r.text("output", "");
          r.finish();
        });
}

BOOST_AUTO_TEST_SUITE_END()
