// What tests of model files share: scratch files, and forging them.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/hash.hpp"
#include "capi/support.hpp"

namespace interplay::test {

/// A file of the scratch folder, removed at the end.
struct Path {
  const char* name;
  ~Path() { std::filesystem::remove_all(name); }
};

inline std::string read(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write(const char* path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}
// FORMAT.md: a header of 64 bytes, then 128 bytes a section: name (64), offset, size, checksum, ...
template <class T>
T at(const std::string& bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}
inline void put(std::string& bytes, std::size_t offset, std::uint64_t value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}
inline std::uint32_t sections(const std::string& bytes) { return at<std::uint32_t>(bytes, 24); }
constexpr std::size_t entry_size = 128;
inline std::size_t entry(std::size_t section) { return 64 + entry_size * section; }

/// Makes every checksum right again, so that a change reaches the code behind them.
inline void reseal(std::string& bytes) {
  for (std::uint32_t s = 0; s < sections(bytes) && entry(s + 1) <= bytes.size(); ++s) {
    const auto offset = at<std::uint64_t>(bytes, entry(s) + 64),
               size = at<std::uint64_t>(bytes, entry(s) + 72);
    if (size > bytes.size() || offset > bytes.size() - size) continue;
    put(bytes, entry(s) + 80, core::hash_bytes(bytes.data() + offset, size));
  }
  put(bytes, 32, 0);
  put(bytes, 32, core::hash_bytes(bytes.data(), std::min(bytes.size(), entry(sections(bytes)))));
}
inline std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  const std::size_t at = bytes.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  BOOST_REQUIRE(from.size() == to.size());
  bytes.replace(at, to.size(), to);
  reseal(bytes);
  return bytes;
}

/// One byte changed, all checksums right.
inline std::string forged(std::string bytes, std::size_t i) {
  const int change = i % 3 == 0 ? 0xff : 1 << (i % 8);
  bytes[i] = static_cast<char>(bytes[i] ^ change);
  reseal(bytes);
  return bytes;
}
/// What became of a forged file: it loaded, and then serves, or it failed as a damaged or foreign one. Frees both.
inline bool serves(interplay_status status, interplay_model* model, interplay_error* error) {
  const bool expected = status == INTERPLAY_OK || status == INTERPLAY_CORRUPT ||
                        status == INTERPLAY_INCOMPATIBLE || status == INTERPLAY_NOT_FOUND ||
                        status == INTERPLAY_UNSUPPORTED;
  BOOST_TEST(expected, "status " << status << ": " << interplay_error_message(error));
  if (model != nullptr) {
    const Table rows = take(Table(4)
                                .add("user_id", Ints{1, 2, 3, 4})
                                .add("item_id", Ints{7, 8, 9, 10})
                                .add("u", Ints{1, 2, 3, 4})
                                .add("i", Ints{7, 8, 9, 10}));
    interplay_table *predicted = nullptr, *recommended = nullptr;
    interplay_model_predict(model, rows.get(), nullptr, &predicted, nullptr);
    interplay_model_recommend(model, rows.get(), nullptr, nullptr, nullptr, &recommended, nullptr);
    interplay_table_free(predicted);
    interplay_table_free(recommended);
  }
  const bool loaded = model != nullptr;
  interplay_model_free(model);
  interplay_error_free(error);
  return loaded;
}
inline bool loads_and_serves(const std::string& bytes) {
  interplay_model* model = nullptr;
  interplay_error* error = nullptr;
  const interplay_status status = interplay_model_parse(bytes.data(), bytes.size(), nullptr, &model, &error);
  return serves(status, model, error);
}

}  // namespace interplay::test
