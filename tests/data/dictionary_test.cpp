#include "data/dictionary.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <string>

using namespace interplay::core;

namespace {

Key number(std::int64_t value) { return Key::of(value); }
Key text(std::string_view value) { return Key::of(value); }

}  // namespace

BOOST_AUTO_TEST_SUITE(data_dictionary)

BOOST_AUTO_TEST_CASE(codes_count_in_the_order_of_first_appearance) {
  Dictionary d;

  BOOST_TEST(d.add(number(7)) == 0);
  BOOST_TEST(d.add(number(-1)) == 1);
  BOOST_TEST(d.add(number(7)) == 0);
  BOOST_TEST(d.size() == 2);
  BOOST_TEST(d.key(1).integer == -1);
  BOOST_TEST(d.find(number(8)) == -1);
  BOOST_TEST((d.type() == KeyType::integer));
}

BOOST_AUTO_TEST_CASE(every_integer_is_a_value) {
  Dictionary d;
  const std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                     high = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t value : {low, high, std::int64_t{0}, std::int64_t{-1}}) d.add(number(value));

  BOOST_TEST(d.size() == 4);
  BOOST_TEST(d.find(number(low)) == 0);
  BOOST_TEST(d.key(1).integer == high);
}

BOOST_AUTO_TEST_CASE(null_has_a_code_of_its_own) {
  Dictionary d;
  BOOST_TEST(d.null_code() == -1);
  BOOST_TEST(d.add(Key{}) == 0);
  BOOST_TEST((d.type() == KeyType::none));

  BOOST_TEST(d.add(text("")) == 1);  // the empty text is not null
  BOOST_TEST(d.add(Key{}) == 0);
  BOOST_TEST(d.null_code() == 0);
  BOOST_TEST((d.key(0).kind == Key::Kind::null));
  BOOST_TEST((d.key(1).kind == Key::Kind::text));
  BOOST_TEST(d.find(Key{}) == 0);
}

BOOST_AUTO_TEST_CASE(texts_stay_where_they_are_while_the_dictionary_grows) {
  Dictionary d;
  d.add(text("first"));
  const std::string_view before = d.key(0).text;

  for (int i = 0; i < 20000; ++i) d.add(text("a text of some length, number " + std::to_string(i)));

  BOOST_TEST(static_cast<const void*>(d.key(0).text.data()) == static_cast<const void*>(before.data()));
  BOOST_TEST(d.key(0).text == "first");
  BOOST_TEST(d.find(text("a text of some length, number 19999")) == 20000);
}

BOOST_AUTO_TEST_CASE(a_text_longer_than_any_chunk_is_kept) {
  Dictionary d;
  const std::string large(std::size_t{10} << 20, 'x');
  d.add(text(large));

  BOOST_TEST((d.key(0).text == large));
}

BOOST_AUTO_TEST_CASE(shrinking_undoes_what_was_added) {
  Dictionary d;
  d.add(text("a"));
  d.add(text("b"));
  for (int round = 0; round < 3; ++round) {
    d.add(Key{});
    for (int i = 0; i < 5000; ++i) d.add(text("word " + std::to_string(i)));
    d.add(text(""));
    d.shrink(2);

    BOOST_TEST(d.size() == 2);
    BOOST_TEST(d.null_code() == -1);
    BOOST_TEST(d.find(text("word 7")) == -1);
    BOOST_TEST(d.find(text("b")) == 1);
    BOOST_TEST(d.key(1).text == "b");
  }
  BOOST_TEST(d.add(text("c")) == 2);
  BOOST_TEST(d.key(2).text == "c");
}

// Failed appends that are tried again and again must not cost memory.
BOOST_AUTO_TEST_CASE(shrinking_gives_the_texts_back) {
  Dictionary d;
  std::size_t once = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 2000; ++i) d.add(text("a text of some length, number " + std::to_string(i)));
    if (round == 1) once = d.bytes();
    d.shrink(0);
  }

  BOOST_TEST(d.bytes() <= once);
}

BOOST_AUTO_TEST_CASE(a_dictionary_shrunk_to_nulls_takes_any_type_again) {
  Dictionary d;
  d.add(Key{});
  d.add(text("a"));
  d.shrink(1);
  BOOST_TEST((d.type() == KeyType::none));

  BOOST_TEST(d.add(number(5)) == 1);
  BOOST_TEST(d.key(1).integer == 5);
  d.shrink(0);
  BOOST_TEST(d.add(text("x")) == 0);
  BOOST_TEST(d.key(0).text == "x");
}

BOOST_AUTO_TEST_SUITE_END()
