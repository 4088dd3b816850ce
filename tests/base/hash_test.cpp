#include "base/hash.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

namespace core = interplay::core;

BOOST_AUTO_TEST_SUITE(base_hash)

// xxHash's own test vectors (tests/sanity_test_vectors.h, XXH3_64bits without a seed): of nothing.
BOOST_AUTO_TEST_CASE(the_hash_is_the_published_xxh3) {
  BOOST_TEST(core::hash_bytes("", 0) == 0x2D06800538D394C2ULL);
  BOOST_TEST(core::hash_bytes(nullptr, 0) == 0x2D06800538D394C2ULL);
}

BOOST_AUTO_TEST_CASE(the_hash_of_an_integer_is_that_of_its_eight_bytes) {
  const unsigned char bytes[8] = {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};  // -2, little-endian

  BOOST_TEST(core::hash_integer(-2) == core::hash_bytes(bytes, sizeof bytes));
  BOOST_TEST(core::hash_integer(0) != core::hash_integer(std::numeric_limits<std::int64_t>::min()));
}

BOOST_AUTO_TEST_CASE(bytes_after_the_size_do_not_count) {
  BOOST_TEST(core::hash_bytes("abc", 2) == core::hash_bytes("abd", 2));
  BOOST_TEST(core::hash_bytes("abc", 3) != core::hash_bytes("abd", 3));
  BOOST_TEST(core::hash_bytes("a\0b", 3) != core::hash_bytes("a\0c", 3));
}

BOOST_AUTO_TEST_CASE(hex_writes_sixteen_digits) {
  BOOST_TEST(core::hex(0) == "0000000000000000");
  BOOST_TEST(core::hex(0x0123456789abcdefULL) == "0123456789abcdef");
  BOOST_TEST(core::hex(~std::uint64_t{0}) == "ffffffffffffffff");
}

BOOST_AUTO_TEST_SUITE_END()
