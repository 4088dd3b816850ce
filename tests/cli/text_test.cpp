#include <boost/test/unit_test.hpp>

#include "text.hpp"

using namespace interplay::cli;

BOOST_AUTO_TEST_SUITE(cli_text)

BOOST_AUTO_TEST_CASE(numbers_are_the_shortest_that_read_back) {
  BOOST_TEST(number(0.1F) == "0.1");
  BOOST_TEST(number(3.0) == "3");
  BOOST_TEST(number(int64_t{-12}) == "-12");
  BOOST_TEST(fixed(0.88125, 2) == "0.88");
}

BOOST_AUTO_TEST_CASE(large_numbers_are_grouped_by_thousands) {
  BOOST_TEST(grouped(0) == "0");
  BOOST_TEST(grouped(999) == "999");
  BOOST_TEST(grouped(1000209) == "1,000,209");
  BOOST_TEST(grouped(-1234) == "-1,234");
}

BOOST_AUTO_TEST_CASE(durations_read_like_a_clock) {
  BOOST_TEST(duration(3.14) == "3.1 s");
  BOOST_TEST(duration(59.97) == "1:00");
  BOOST_TEST(duration(125) == "2:05");
  BOOST_TEST(duration(3725) == "1:02:05");
}

BOOST_AUTO_TEST_CASE(valid_utf8_of_every_length_passes) {
  BOOST_TEST(find_invalid_utf8("plain ascii, long enough for the fast path") == std::string::npos);
  BOOST_TEST(find_invalid_utf8("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8E\xAC") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_found_where_it_begins) {
  BOOST_TEST(find_invalid_utf8("ab\xFFz") == 2U);
  BOOST_TEST(find_invalid_utf8("12345678\xC3") == 8U);
  BOOST_TEST(find_invalid_utf8("\xC0\xAF") == 0U);          // overlong
  BOOST_TEST(find_invalid_utf8("\xED\xA0\x80") == 0U);      // a surrogate
  BOOST_TEST(find_invalid_utf8("\xF4\x90\x80\x80") == 0U);  // beyond U+10FFFF
  BOOST_TEST(find_invalid_utf8("\x80") == 0U);
}

BOOST_AUTO_TEST_CASE(width_counts_columns_not_bytes) {
  BOOST_TEST(display_width("caf\xC3\xA9") == 4U);
  BOOST_TEST(display_width("e\xCC\x81") == 1U);
  BOOST_TEST(display_width("\xE5\x8D\x83") == 2U);
}

BOOST_AUTO_TEST_CASE(shortening_cuts_between_characters) {
  BOOST_TEST(shortened("abcdef", 6) == "abcdef");
  BOOST_TEST(shortened("abcdefg", 6) == "abcd..");
  BOOST_TEST(shortened("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 3) == "\xC3\xA9..");
}

BOOST_AUTO_TEST_CASE(printable_text_has_no_controls) {
  BOOST_TEST(printable("a\x1b[2Jb\x7F\xC2\x9B\xE2\x80\xAE\xFF") == "a?[2Jb????");
  BOOST_TEST(printable("caf\xC3\xA9") == "caf\xC3\xA9");
}

BOOST_AUTO_TEST_CASE(lines_break_at_blanks) {
  BOOST_TEST(wrapped("one two three", 7) == (std::vector<std::string>{"one two", "three"}));
  BOOST_TEST(wrapped("one\ntwo", 7) == (std::vector<std::string>{"one", "two"}));
  BOOST_TEST(wrapped("", 7) == (std::vector<std::string>{""}));
}

BOOST_AUTO_TEST_SUITE_END()
