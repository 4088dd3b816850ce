#include "data/vocabulary.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <string>
#include <vector>

#include "support/fails.hpp"

namespace core = interplay::core;
using core::Key;
using core::KeyType;
using core::Vocabulary;
using interplay::test::fails;

namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

std::shared_ptr<const Vocabulary> make(const std::vector<Key>& keys) {
  return core::extend_vocabulary({}, keys);
}

std::vector<Key> integers(std::initializer_list<std::int64_t> values) {
  std::vector<Key> keys;
  for (const std::int64_t value : values) keys.push_back(Key::of(value));
  return keys;
}

std::vector<Key> texts(std::initializer_list<std::string_view> values) {
  std::vector<Key> keys;
  for (const std::string_view value : values) keys.push_back(Key::of(value));
  return keys;
}

/// Keys 1, 2, 3 with these slots, as a file might have them.
Vocabulary::Parts three(std::vector<std::uint32_t> slots) {
  Vocabulary::Parts parts;
  parts.type = KeyType::integer;
  parts.size = 3;
  parts.integers = std::vector<std::int64_t>{1, 2, 3};
  parts.slots = std::move(slots);
  return parts;
}

/// "ab" and "c" with these offsets.
Vocabulary::Parts two_texts(std::vector<std::int64_t> offsets) {
  const auto good = make(texts({"ab", "c"}));
  Vocabulary::Parts parts = good->parts();
  parts.offsets = std::move(offsets);
  return parts;
}

void refused(const Vocabulary::Parts& parts, bool verify, const char* word) {
  fails(INTERPLAY_CORRUPT, {"\"genre\"", word}, [&] { Vocabulary(parts, "genre", verify); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_vocabulary)

BOOST_AUTO_TEST_CASE(integers_are_found_at_their_index_and_nothing_else_is) {
  const auto vocabulary = make(integers({0, -1, lowest, highest, 42}));

  BOOST_TEST(vocabulary->size() == 5);
  BOOST_TEST((vocabulary->type() == KeyType::integer));
  BOOST_TEST(vocabulary->find(Key::of(std::int64_t{0})) == 0);
  BOOST_TEST(vocabulary->find(Key::of(std::int64_t{-1})) == 1);
  BOOST_TEST(vocabulary->find(Key::of(lowest)) == 2);
  BOOST_TEST(vocabulary->find(Key::of(highest)) == 3);
  BOOST_TEST(vocabulary->find(Key::of(std::int64_t{1})) == -1);
  BOOST_TEST(vocabulary->find(Key::of(lowest + 1)) == -1);
  BOOST_TEST(vocabulary->find(Key::of("42")) == -1);
  BOOST_TEST(vocabulary->find(Key{}) == -1);
}

BOOST_AUTO_TEST_CASE(texts_are_found_at_their_index_and_nothing_else_is) {
  using namespace std::string_view_literals;
  const auto vocabulary = make(texts({"b", "", "a\0b"sv, "\xc3\xa9"}));

  BOOST_TEST((vocabulary->type() == KeyType::text));
  BOOST_TEST(vocabulary->find(Key::of("b")) == 0);
  BOOST_TEST(vocabulary->find(Key::of("")) == 1);
  BOOST_TEST(vocabulary->find(Key::of("a\0b"sv)) == 2);
  BOOST_TEST(vocabulary->find(Key::of("\xc3\xa9")) == 3);
  BOOST_TEST(vocabulary->find(Key::of("a")) == -1);
  BOOST_TEST(vocabulary->find(Key::of("B")) == -1);
  BOOST_TEST(vocabulary->find(Key::of(std::int64_t{0})) == -1);
  BOOST_TEST(vocabulary->find(Key{}) == -1);
}

BOOST_AUTO_TEST_CASE(ten_thousand_keys_are_all_found) {
  std::vector<Key> keys;
  for (std::int64_t i = 0; i < 10000; ++i) keys.push_back(Key::of(i * 1024 - 5000000));

  const auto vocabulary = make(keys);

  std::int64_t wrong = 0;
  for (std::int32_t i = 0; i < 10000; ++i) {
    if (vocabulary->find(keys[static_cast<std::size_t>(i)]) != i) ++wrong;
    if (vocabulary->key(i).integer != keys[static_cast<std::size_t>(i)].integer) ++wrong;
    if (vocabulary->find(Key::of(std::int64_t{i} * 1024 - 4999999)) != -1) ++wrong;
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(null_has_an_index_and_its_placeholder_is_no_key) {
  const auto numbers = make({Key::of(std::int64_t{5}), Key{}});
  const auto words = make({Key{}, Key::of("x")});

  BOOST_TEST(numbers->find(Key{}) == 1);
  BOOST_TEST(numbers->find(Key::of(std::int64_t{0})) == -1);
  BOOST_TEST(words->find(Key{}) == 0);
  BOOST_TEST(words->find(Key::of("")) == -1);
  BOOST_TEST((words->key(0).kind == Key::Kind::null));
}

BOOST_AUTO_TEST_CASE(null_and_its_placeholder_may_both_be_keys) {
  const auto numbers = make({Key{}, Key::of(std::int64_t{0})});
  const auto words = make({Key::of(""), Key{}});

  BOOST_TEST(numbers->find(Key{}) == 0);
  BOOST_TEST(numbers->find(Key::of(std::int64_t{0})) == 1);
  BOOST_TEST(words->find(Key::of("")) == 0);
  BOOST_TEST(words->find(Key{}) == 1);
}

BOOST_AUTO_TEST_CASE(an_empty_vocabulary_finds_nothing) {
  const Vocabulary fresh;
  const auto made = make({});

  for (const Vocabulary* vocabulary : {&fresh, made.get()}) {
    BOOST_TEST(vocabulary->size() == 0);
    BOOST_TEST((vocabulary->type() == KeyType::none));
    BOOST_TEST(vocabulary->find(Key{}) == -1);
    BOOST_TEST(vocabulary->find(Key::of(std::int64_t{0})) == -1);
    BOOST_TEST(vocabulary->find(Key::of("")) == -1);
  }
}

BOOST_AUTO_TEST_CASE(extending_keeps_every_index_and_appends) {
  const auto old = make({Key::of("a"), Key{}, Key::of("")});

  const auto vocabulary = core::extend_vocabulary(*old, texts({"b", "c"}));

  BOOST_TEST(vocabulary->size() == 5);
  BOOST_TEST(vocabulary->find(Key::of("a")) == 0);
  BOOST_TEST(vocabulary->find(Key{}) == 1);
  BOOST_TEST(vocabulary->find(Key::of("")) == 2);
  BOOST_TEST(vocabulary->find(Key::of("b")) == 3);
  BOOST_TEST(vocabulary->key(4).text == "c");
  BOOST_TEST(old->size() == 3);
  BOOST_TEST(old->find(Key::of("b")) == -1);
}

BOOST_AUTO_TEST_CASE(nulls_alone_have_no_type_until_a_value_comes) {
  const auto nulls = make({Key{}});

  const auto words = core::extend_vocabulary(*nulls, texts({"a"}));
  const auto numbers = core::extend_vocabulary(*nulls, integers({0}));

  BOOST_TEST((nulls->type() == KeyType::none));
  BOOST_TEST(nulls->find(Key{}) == 0);
  BOOST_TEST(nulls->find(Key::of(std::int64_t{0})) == -1);
  BOOST_TEST(nulls->find(Key::of("")) == -1);
  BOOST_TEST((words->type() == KeyType::text));
  BOOST_TEST(words->find(Key{}) == 0);
  BOOST_TEST(words->find(Key::of("a")) == 1);
  BOOST_TEST(numbers->find(Key{}) == 0);
  BOOST_TEST(numbers->find(Key::of(std::int64_t{0})) == 1);
}

BOOST_AUTO_TEST_CASE(what_was_made_passes_its_own_check) {
  for (const auto& vocabulary : {make({}), make(integers({1, 2, 3})), make(texts({"", "ab"})), make({Key{}}),
                                 make({Key{}, Key::of("x")})}) {
    const Vocabulary again(vocabulary->parts(), "genre", true);

    BOOST_TEST(again.size() == vocabulary->size());
    BOOST_TEST(again.find(Key{}) == vocabulary->find(Key{}));
  }
}

BOOST_AUTO_TEST_CASE(a_table_without_a_free_slot_is_searched_once, *boost::unit_test::timeout(20)) {
  const Vocabulary vocabulary(three({1, 2, 3, 1}), "genre", false);

  BOOST_TEST(vocabulary.find(Key::of(std::int64_t{2})) == 1);
  BOOST_TEST(vocabulary.find(Key::of(std::int64_t{99})) == -1);
}

BOOST_AUTO_TEST_CASE(slots_that_point_past_the_end_find_nothing) {
  for (const std::uint32_t entry : {4U, 0x7fffffffU, 0x80000000U, 0xffffffffU}) {
    const Vocabulary vocabulary(three(std::vector<std::uint32_t>(8, entry)), "genre", false);

    BOOST_TEST(vocabulary.find(Key::of(std::int64_t{1})) == -1);
  }
}

BOOST_AUTO_TEST_CASE(offsets_that_lead_nowhere_give_keys_within_the_bytes) {
  const std::vector<std::vector<std::int64_t>> all{
      {0, 1000, 3}, {-5, 2, highest}, {3, 2, 1}, {lowest, lowest, highest}};
  for (const auto& offsets : all) {
    const Vocabulary vocabulary(two_texts(offsets), "genre", false);

    BOOST_TEST(vocabulary.key(0).text.size() <= 3U);  // the sanitizers watch the reads
    BOOST_TEST(vocabulary.key(1).text.size() <= 3U);
    BOOST_TEST(vocabulary.find(Key::of("no such key")) == -1);
  }
}

BOOST_AUTO_TEST_CASE(impossible_sizes_are_corrupt_even_without_verifying) {
  Vocabulary::Parts negative = three(std::vector<std::uint32_t>(8));
  negative.size = -1;
  Vocabulary::Parts null_outside = three(std::vector<std::uint32_t>(8));
  null_outside.null_index = 3;
  Vocabulary::Parts few = three(std::vector<std::uint32_t>(8));
  few.integers = std::vector<std::int64_t>{1, 2};
  Vocabulary::Parts none = three(std::vector<std::uint32_t>(8));
  none.type = KeyType::none;

  refused(negative, false, "size");
  refused(null_outside, false, "size");
  refused(few, false, "one key an entry");
  refused(none, false, "without a type");
  refused(two_texts({0, 2}), false, "one offset more");
  refused(three(std::vector<std::uint32_t>(6)), false, "hash table");  // no power of two
  refused(three(std::vector<std::uint32_t>(2)), false, "hash table");  // fewer than keys
  refused(three({}), false, "hash table");
}

BOOST_AUTO_TEST_CASE(verifying_reads_every_offset_and_slot) {
  refused(three({0, 0, 4, 0, 0, 0, 0, 0}), true, "past its end");
  refused(two_texts({1, 2, 3}), true, "offsets");
  refused(two_texts({0, 3, 2}), true, "offsets");
  refused(two_texts({0, 2, 4}), true, "offsets");
}

BOOST_AUTO_TEST_CASE(keys_are_spelt_for_messages) {
  BOOST_TEST(core::key_text(Key{}) == "null");
  BOOST_TEST(core::key_text(Key::of(lowest)) == "-9223372036854775808");
  BOOST_TEST(core::key_text(Key::of("a")) == "\"a\"");
  BOOST_TEST(core::key_text(Key::of(std::string_view(std::string(100, 'x')))).size() ==
             65U);  // 60, dots and quotes
}

BOOST_AUTO_TEST_SUITE_END()
