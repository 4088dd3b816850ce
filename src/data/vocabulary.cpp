#include "data/vocabulary.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace interplay::core {
namespace {

std::uint64_t hash_key(const Key& key) {
  return key.kind == Key::Kind::integer ? hash_integer(key.integer)
                                        : hash_bytes(key.text.data(), key.text.size());
}

[[noreturn]] void corrupt(const char* name, const std::string& what) {
  fail(INTERPLAY_CORRUPT, "vocabulary \"" + std::string(name) + "\": " + what);
}

/// The parts while they grow.
struct Builder {
  KeyType type = KeyType::none;
  std::int32_t null_index = -1;
  std::vector<std::int64_t> integers;
  std::vector<std::int64_t> offsets{0};
  std::vector<char> bytes;
  std::int32_t size = 0;

  void add(const Key& key) {
    if (key.kind == Key::Kind::null) null_index = size;
    if (type == KeyType::text) {
      bytes.insert(bytes.end(), key.text.begin(), key.text.end());
      offsets.push_back(static_cast<std::int64_t>(bytes.size()));
    } else {
      integers.push_back(key.integer);
    }
    ++size;
  }

  /// The hash table over keys 0 .. size - 1; null is found by null_index and has no slot.
  std::vector<std::uint32_t> slots() const {
    std::vector<std::uint32_t> table(std::bit_ceil(static_cast<std::size_t>(size) * 2 + 1), 0);
    const std::size_t mask = table.size() - 1;
    for (std::int32_t i = 0; i < size; ++i) {
      if (i == null_index) continue;
      const auto at = static_cast<std::size_t>(i);
      const std::uint64_t hash = type == KeyType::text
                                     ? hash_bytes(bytes.data() + offsets[at],
                                                  static_cast<std::size_t>(offsets[at + 1] - offsets[at]))
                                     : hash_integer(integers[at]);
      std::size_t slot = hash & mask;
      while (table[slot] != 0) slot = (slot + 1) & mask;
      table[slot] = static_cast<std::uint32_t>(i) + 1;
    }
    return table;
  }
};

}  // namespace

Vocabulary::Vocabulary(Parts parts, const char* name, bool verify) : parts_(std::move(parts)) {
  const auto size = static_cast<std::size_t>(parts_.size);
  if (parts_.size < 0 || parts_.null_index < -1 || parts_.null_index >= parts_.size)
    corrupt(name, "its size is impossible");
  const bool text = parts_.type == KeyType::text;
  if (!text && parts_.integers.size() != size) corrupt(name, "expected one key an entry");
  if (text && parts_.offsets.size() != size + 1) corrupt(name, "expected one offset more than entries");
  if (parts_.type == KeyType::none && parts_.size != (parts_.null_index == 0 ? 1 : 0))
    corrupt(name, "keys without a type");
  if (!std::has_single_bit(parts_.slots.size()) || parts_.slots.size() <= size)
    corrupt(name, "its hash table is impossible");
  if (!verify) return;
  if (text && (parts_.offsets[0] != 0 || !std::is_sorted(parts_.offsets.begin(), parts_.offsets.end()) ||
               parts_.offsets[size] != static_cast<std::int64_t>(parts_.bytes.size())))
    corrupt(name, "its offsets do not ascend from 0 to the end of its bytes");
  if (std::any_of(parts_.slots.begin(), parts_.slots.end(), [&](std::uint32_t slot) { return slot > size; }))
    corrupt(name, "its hash table points past its end");
}

template <class Equal>
std::int32_t Vocabulary::probe(std::uint64_t hash, const Equal& equal) const {
  const std::size_t mask = parts_.slots.size() - 1;
  // Bounded, and each slot doubted, since a mapped file may not have been verified: a table without a free slot would
  // otherwise be searched for ever.
  for (std::size_t i = 0, slot = hash & mask; i <= mask; ++i, slot = (slot + 1) & mask) {
    const std::uint32_t entry = parts_.slots[slot];
    if (entry == 0 || entry > static_cast<std::uint32_t>(parts_.size)) return -1;
    if (equal(entry - 1)) return static_cast<std::int32_t>(entry - 1);
  }
  return -1;
}

std::int32_t Vocabulary::find(const Key& key) const {
  if (key.kind == Key::Kind::null) return parts_.null_index;
  if (parts_.size == 0) return -1;
  if (key.kind == Key::Kind::integer) {
    if (parts_.type != KeyType::integer) return -1;
    const auto null_index = static_cast<std::uint32_t>(parts_.null_index);
    return probe(hash_key(key),
                 [&](std::uint32_t i) { return parts_.integers[i] == key.integer && i != null_index; });
  }
  if (parts_.type != KeyType::text) return -1;
  const auto null_index = static_cast<std::uint32_t>(parts_.null_index);
  return probe(hash_key(key), [&](std::uint32_t i) {
    return i != null_index && this->key(static_cast<std::int32_t>(i)).text == key.text;
  });
}

Key Vocabulary::key(std::int32_t index) const {
  if (index == parts_.null_index) return {};
  const auto at = static_cast<std::size_t>(index);
  if (parts_.type == KeyType::integer) return Key::of(parts_.integers[at]);
  // Clamped: offsets of a mapped file may not have been verified.
  const auto end = static_cast<std::int64_t>(parts_.bytes.size());
  const std::int64_t first = std::clamp<std::int64_t>(parts_.offsets[at], 0, end);
  const std::int64_t last = std::clamp<std::int64_t>(parts_.offsets[at + 1], first, end);
  return Key::of(std::string_view(parts_.bytes.data() + first, static_cast<std::size_t>(last - first)));
}

std::shared_ptr<const Vocabulary> extend_vocabulary(const Vocabulary& old, const std::vector<Key>& more) {
  Builder builder;
  builder.type = old.type();
  for (const Key& key : more)
    if (builder.type == KeyType::none && key.kind != Key::Kind::null)
      builder.type = key.kind == Key::Kind::text ? KeyType::text : KeyType::integer;
  for (std::int32_t i = 0; i < old.size(); ++i) builder.add(old.key(i));
  for (const Key& key : more) builder.add(key);
  Vocabulary::Parts parts;
  parts.slots = builder.slots();
  parts.type = builder.type;
  parts.size = builder.size;
  parts.null_index = builder.null_index;
  if (builder.type == KeyType::text) {
    parts.offsets = std::move(builder.offsets);
    parts.bytes = std::move(builder.bytes);
  } else {
    parts.integers = std::move(builder.integers);
  }
  return std::make_shared<const Vocabulary>(std::move(parts), "new", false);
}

std::string key_text(const Key& key) {
  if (key.kind == Key::Kind::null) return "null";
  if (key.kind == Key::Kind::integer) return std::to_string(key.integer);
  // Errors and logs stay readable whatever an id looks like.
  constexpr std::size_t longest = 60;
  return '"' + std::string(key.text.substr(0, longest)) + (key.text.size() > longest ? "...\"" : "\"");
}

const char* key_type_name(KeyType type) {
  return type == KeyType::integer ? "integers" : type == KeyType::text ? "strings" : "nulls";
}

}  // namespace interplay::core
