// The kit's archives: what goes out comes back, and no length is believed.
#include "support/fake_host.hpp"

#include <interplay/sdk/archive.hpp>
#include <interplay/sdk/tensor.hpp>

#include <cereal/types/map.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>

namespace interplay::kit::test {
namespace {

struct Inner {
  std::string name;
  std::vector<double> numbers;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t version) {
    archive(CEREAL_NVP(name), CEREAL_NVP(numbers));
    seen_version = version;
  }
  std::uint32_t seen_version = 0;
};

struct Outer {
  bool flag = false;
  long count = 0;
  std::vector<Inner> inner;
  std::map<std::string, std::int32_t> table;
  Tensor2 weights;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(flag), CEREAL_NVP(count), CEREAL_NVP(inner), CEREAL_NVP(table),
            tensor("weights", weights));
  }
};

fake::File write(const Outer& outer) {
  detail::host_table = &fake::host();  // sets the host
  fake::File file;
  OutputArchive archive(file.writer());
  archive(outer);
  archive.finish();
  return file;
}

/// Empty where reading succeeds.
std::string read(fake::File& file, Outer& outer) {
  try {
    InputArchive archive(file.reader());
    archive(outer);
    archive.finish();
  } catch (const Error& e) {
    BOOST_TEST(e.status() == INTERPLAY_CORRUPT);
    return e.what();
  }
  return "";
}

Outer sample() {
  Outer outer;
  outer.flag = true;
  outer.count = -7;
  outer.inner = {{"a", {1.5, -2}}, {"", {}}};
  outer.table = {{"x", 1}, {"y", -1}};
  outer.weights = {{1, 2, 3}, {4, 5, 6}};
  return outer;
}

/// A file whose blob is these eight-byte numbers.
fake::File blob(std::vector<std::uint64_t> words) {
  fake::File file;
  const auto bytes = static_cast<std::int64_t>(words.size() * 8);
  file.sections["state"] = {INTERPLAY_BOOL8, {bytes}, std::move(words), static_cast<std::size_t>(bytes)};
  return file;
}

}  // namespace
}  // namespace interplay::kit::test

CEREAL_CLASS_VERSION(interplay::kit::test::Inner, 3)

namespace interplay::kit::test {

BOOST_AUTO_TEST_SUITE(sdk_archive)

BOOST_AUTO_TEST_CASE(everything_comes_back) {
  fake::File file = write(sample());
  Outer outer;

  BOOST_TEST(read(file, outer) == "");

  const Outer expected = sample();
  BOOST_TEST(outer.flag);
  BOOST_TEST(outer.count == -7);
  BOOST_REQUIRE(outer.inner.size() == 2u);
  BOOST_TEST(outer.inner[0].name == "a");
  BOOST_TEST((outer.inner[0].numbers == expected.inner[0].numbers));
  BOOST_TEST(outer.inner[1].seen_version == 3u);
  BOOST_TEST((outer.table == expected.table));
  BOOST_TEST((outer.weights == expected.weights));
}

BOOST_AUTO_TEST_CASE(a_tensor_has_its_own_section_and_the_rest_shares_one) {
  const fake::File file = write(sample());

  BOOST_TEST(file.sections.size() == 2u);
  BOOST_TEST((file.sections.at("weights").shape == std::vector<std::int64_t>{2, 3}));
}

BOOST_AUTO_TEST_CASE(numbers_are_little_endian_and_of_fixed_width) {
  Outer outer;
  outer.count = 0x0102;
  const fake::File file = write(outer);

  const auto* bytes = reinterpret_cast<const unsigned char*>(file.sections.at("state").words.data());
  const unsigned char expected[9] = {0, 2, 1, 0, 0, 0, 0, 0, 0};  // flag, then the long in eight bytes
  BOOST_TEST(std::memcmp(bytes, expected, 9) == 0);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  const fake::File whole = write(sample());
  for (std::int64_t n = 0; n < whole.sections.at("state").shape[0]; ++n) {
    fake::File file = whole;
    file.sections["state"].shape[0] = n;
    Outer outer;
    BOOST_TEST(read(file, outer) != "");
  }
}

BOOST_AUTO_TEST_CASE(
    a_hostile_length_is_refused_before_it_becomes_memory) {  // 2^60 elements would be bad_alloc
  detail::host_table = &fake::host();
  for (const std::uint64_t n : {std::uint64_t{1} << 60, std::uint64_t{2}, ~std::uint64_t{0}}) {
    fake::File file = blob({n, 0});
    InputArchive archive(file.reader());
    std::vector<double> numbers;
    BOOST_CHECK_EXCEPTION(archive(numbers), Error,
                          [](const Error& e) { return e.status() == INTERPLAY_CORRUPT; });
    BOOST_TEST(numbers.capacity() == 0u);
  }
  fake::File file = blob({std::uint64_t{1} << 60, 0});
  InputArchive archive(file.reader());
  std::string text;
  BOOST_CHECK_THROW(archive(text), Error);
}

BOOST_AUTO_TEST_CASE(an_error_names_the_member) {
  const fake::File whole = write(sample());
  fake::File file = whole;
  file.sections["state"].shape[0] = 4;  // in the middle of count
  Outer outer;

  BOOST_TEST(read(file, outer) == "engine state, member count: expected 8 more bytes, found 3");
}

BOOST_AUTO_TEST_CASE(a_bool_of_two_and_bytes_at_the_end_are_refused) {
  fake::File file = write(sample());
  *reinterpret_cast<unsigned char*>(file.sections["state"].words.data()) = 2;
  Outer outer;
  BOOST_TEST(read(file, outer) == "engine state, member flag: expected 0 or 1, found 2");

  fake::File longer = write(sample());
  longer.sections["state"].words.push_back(0);
  longer.sections["state"].shape[0] += 1;
  BOOST_TEST(read(longer, outer) == "engine state: expected its end, found 1 more bytes");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::kit::test
