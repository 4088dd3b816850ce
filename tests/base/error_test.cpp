#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

#include "support/fails.hpp"

namespace core = interplay::core;
using interplay::test::fails;

BOOST_AUTO_TEST_SUITE(base_error)

BOOST_AUTO_TEST_CASE(nearest_finds_the_word_with_one_typing_error) {
  const std::vector<std::string> words = {"threads", "output", "seed"};

  BOOST_TEST(core::nearest("thread", words) == "threads");
  BOOST_TEST(core::nearest("Threads", words) == "threads");
  BOOST_TEST(core::nearest("htreads", words) == "threads");  // a swap counts once
  BOOST_TEST(core::nearest("sed", words) == "seed");
}

BOOST_AUTO_TEST_CASE(nearest_finds_nothing_when_more_than_a_third_differs) {
  BOOST_TEST(core::nearest("thr", {"threads"}) == "");
  BOOST_TEST(core::nearest("k", {"n"}) == "");
  BOOST_TEST(core::nearest("", {"seed"}) == "");
  BOOST_TEST(core::nearest("seed", {}) == "");
}

BOOST_AUTO_TEST_CASE(nearest_does_not_measure_a_word_of_megabytes) {
  BOOST_TEST(core::nearest(std::string(std::size_t{1} << 24, 'x'), {std::string(1000, 'x')}) == "");
}

BOOST_AUTO_TEST_CASE(an_unknown_word_is_reported_with_the_nearest_and_the_accepted) {
  const std::string text = fails(INTERPLAY_NOT_FOUND, {}, [] {
    core::fail_unknown(INTERPLAY_NOT_FOUND, "engine", "autoin", {"autoint", "linear"});
  });

  BOOST_TEST(text ==
             "unknown engine \"autoin\"; did you mean \"autoint\"? Accepted: autoint, linear "
             "{\"key\": \"autoin\", \"accepted\": [\"autoint\", \"linear\"], \"nearest\": \"autoint\"}");
}

BOOST_AUTO_TEST_CASE(an_unknown_word_near_to_nothing_gets_no_suggestion) {
  const std::string text = fails(INTERPLAY_NOT_FOUND, {"unknown engine \"\\u0001\"; accepted: none"},
                                 [] { core::fail_unknown(INTERPLAY_NOT_FOUND, "engine", "\x01", {}); });

  BOOST_TEST(text.find("nearest") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(join_names_twelve_words_and_counts_the_rest) {
  BOOST_TEST(core::join({}) == "");
  BOOST_TEST(core::join({"a", "b"}) == "a, b");
  BOOST_TEST(core::join(std::vector<std::string>(14, "x")) ==
             "x, x, x, x, x, x, x, x, x, x, x, x and 2 more");
}

BOOST_AUTO_TEST_CASE(spelt_is_the_shortest_text_of_a_number) {
  BOOST_TEST(core::spelt(1.0) == "1");
  BOOST_TEST(core::spelt(0.1F) == "0.1");  // as a double it would be 0.10000000149011612
  BOOST_TEST(core::spelt(-2.5) == "-2.5");
}

BOOST_AUTO_TEST_SUITE_END()
