#include "base/utf8.hpp"

#include <boost/test/unit_test.hpp>

namespace core = interplay::core;

BOOST_AUTO_TEST_SUITE(base_utf8)

BOOST_AUTO_TEST_CASE(well_formed_text_is_valid_up_to_the_last_code_point) {
  for (const char* text : {"", "plain ASCII, longer than eight bytes", "\xc3\xa9", "\xe2\x82\xac",
                           "\xf0\x9f\x8e\xac", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf",
                           "12345678\xc3\xa9"
                           "12345678"}) {
    BOOST_TEST(core::find_invalid_utf8(text) == core::all_valid, text);
  }
}

// Unicode standard, table 3-7: overlong forms, surrogates, beyond U+10FFFF, stray and missing continuation bytes.
BOOST_AUTO_TEST_CASE(ill_formed_text_is_found_at_its_first_byte) {
  for (const char* text :
       {"\x80", "\xff", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x8e",
        "\xc3"
        "a"}) {
    const std::string before = "eight bytes and more ";
    BOOST_TEST(core::find_invalid_utf8(text) == 0U);
    BOOST_TEST(core::find_invalid_utf8(before + text) == before.size());
    BOOST_TEST(core::find_invalid_utf8(before + text + before) == before.size());
  }
}

BOOST_AUTO_TEST_CASE(a_zero_byte_is_a_character) {
  BOOST_TEST(core::find_invalid_utf8(std::string_view("a\0b", 3)) == core::all_valid);
}

BOOST_AUTO_TEST_CASE(a_quoted_text_is_valid_and_short) {
  BOOST_TEST(core::in_quotes("a\"b\n\xff") == "\"a\\\"b\\n\xef\xbf\xbd\"");
  const std::string cut = core::in_quotes(std::string(79, 'x') + "\xc3\xa9" + std::string(1000, 'x'));
  BOOST_TEST(cut == "\"" + std::string(79, 'x') + "...\"");  // not in the middle of a character
}

BOOST_AUTO_TEST_SUITE_END()
