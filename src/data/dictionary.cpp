#include "data/dictionary.hpp"

#include <tsl/robin_map.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

#include <interplay/sdk/random.hpp>

#include "base/error.hpp"

namespace interplay::core {

namespace {

constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max() - 1;

struct IntegerHash {
  std::size_t operator()(std::int64_t value) const noexcept {
    return mix64(static_cast<std::uint64_t>(value));
  }
};
struct TextHash {
  std::size_t operator()(std::string_view text) const noexcept {
    return XXH3_64bits(text.data(), text.size());
  }
};

/// Bytes in chunks that never move, given back in the reverse order of taking.
class Arena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return "";
    if (chunks_.empty() || chunks_.back().capacity - chunks_.back().used < text.size()) grow(text.size());
    Chunk& chunk = chunks_.back();
    char* copy = chunk.data.get() + chunk.used;
    std::memcpy(copy, text.data(), text.size());
    chunk.used += text.size();
    return {copy, text.size()};
  }
  void give_back(std::string_view text) noexcept {
    if (text.empty()) return;
    while (chunks_.back().used == 0) drop();
    chunks_.back().used -= text.size();
  }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Chunk {
    std::unique_ptr<char[]> data;
    std::size_t capacity = 0, used = 0;
  };
  void grow(std::size_t least) {
    const std::size_t usual = std::clamp<std::size_t>(bytes_, 4096, std::size_t{1} << 22);
    const std::size_t capacity = std::max(least, usual);
    chunks_.push_back({std::unique_ptr<char[]>(new char[capacity]), capacity, 0});
    bytes_ += capacity;
  }
  void drop() noexcept {
    bytes_ -= chunks_.back().capacity;
    chunks_.pop_back();
  }

  std::vector<Chunk> chunks_;
  std::size_t bytes_ = 0;
};

}  // namespace

struct Dictionary::Impl {
  KeyType type = KeyType::none;
  std::int32_t size = 0;
  std::int32_t null_code = -1;
  // By code; the slot of null is unused, and only the vector of the dictionary's type is filled.
  std::vector<std::int64_t> integers;
  std::vector<std::string_view> texts;
  tsl::robin_map<std::int64_t, std::int32_t, IntegerHash> of_integer;
  // The stored hash spares touching the texts while the map grows.
  tsl::robin_map<std::string_view, std::int32_t, TextHash, std::equal_to<>,
                 std::allocator<std::pair<std::string_view, std::int32_t>>, true>
      of_text;
  Arena arena;

  std::size_t length() const { return static_cast<std::size_t>(size); }

  void check_room() const {
    if (size < most) return;
    fail(INTERPLAY_BAD_DATA, "a column has more than " + std::to_string(most) +
                                 " distinct values; give the field \"hash_buckets\" or ignore it");
  }

  std::int32_t add_null() {
    if (null_code >= 0) return null_code;
    check_room();
    if (type == KeyType::integer) integers.resize(length() + 1);
    if (type == KeyType::text) texts.resize(length() + 1);
    null_code = size;
    return size++;
  }

  std::int32_t add_integer(std::int64_t value) {
    const auto found = of_integer.find(value);
    if (found != of_integer.end()) return found->second;
    check_room();
    integers.resize(length());  // those before the first integer are null
    integers.push_back(value);
    of_integer.emplace(value, size);  // if this throws, the next resize takes the value away again
    type = KeyType::integer;
    return size++;
  }

  std::int32_t add_text(std::string_view value) {
    const auto found = of_text.find(value);
    if (found != of_text.end()) return found->second;
    check_room();
    texts.resize(length());
    const std::string_view kept = arena.keep(value);
    try {
      texts.push_back(kept);
      of_text.emplace(kept, size);
    } catch (...) {
      arena.give_back(kept);
      throw;
    }
    type = KeyType::text;
    return size++;
  }

  void forget_last() noexcept {
    --size;
    if (size == null_code) {
      null_code = -1;
    } else if (type == KeyType::integer) {
      of_integer.erase(integers[length()]);
    } else {
      of_text.erase(texts[length()]);
      arena.give_back(texts[length()]);
    }
  }
};

Dictionary::Dictionary() : impl_(std::make_unique<Impl>()) {}
Dictionary::~Dictionary() = default;
Dictionary::Dictionary(Dictionary&&) noexcept = default;
Dictionary& Dictionary::operator=(Dictionary&&) noexcept = default;

KeyType Dictionary::type() const { return impl_->type; }
std::int32_t Dictionary::size() const { return impl_->size; }
std::int32_t Dictionary::null_code() const { return impl_->null_code; }

std::size_t Dictionary::bytes() const {
  const Impl& d = *impl_;
  return sizeof(Impl) + d.integers.capacity() * sizeof(std::int64_t) +
         d.texts.capacity() * sizeof(std::string_view) +
         d.of_integer.bucket_count() *
             sizeof(std::pair<std::uint64_t, std::pair<std::int64_t, std::int32_t>>) +
         d.of_text.bucket_count() *
             sizeof(std::pair<std::uint64_t, std::pair<std::string_view, std::int32_t>>) +
         d.arena.bytes();
}

std::int32_t Dictionary::add(const Key& key) {
  if (key.kind == Key::Kind::integer) return impl_->add_integer(key.integer);
  return key.kind == Key::Kind::text ? impl_->add_text(key.text) : impl_->add_null();
}

std::int32_t Dictionary::find(const Key& key) const {
  if (key.kind == Key::Kind::null) return impl_->null_code;
  if (key.kind == Key::Kind::integer) {
    const auto found = impl_->of_integer.find(key.integer);
    return found == impl_->of_integer.end() ? -1 : found->second;
  }
  const auto found = impl_->of_text.find(key.text);
  return found == impl_->of_text.end() ? -1 : found->second;
}

Key Dictionary::key(std::int32_t code) const {
  const Impl& d = *impl_;
  if (code == d.null_code) return {};
  const auto at = static_cast<std::size_t>(code);
  return d.type == KeyType::integer ? Key::of(d.integers[at]) : Key::of(d.texts[at]);
}

void Dictionary::shrink(std::int32_t size) {
  Impl& d = *impl_;
  while (d.size > size) d.forget_last();
  d.integers.resize(std::min(d.integers.size(), d.length()));
  d.texts.resize(std::min(d.texts.size(), d.length()));
  const bool only_null = d.size == (d.null_code >= 0 ? 1 : 0);
  if (only_null) d.type = KeyType::none;
}

}  // namespace interplay::core
