// A frozen dictionary: value -> index 0 .. size - 1, by a hash table that is used where it lies, in memory or in a mapped
// file. What a model keeps of a column's values.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/array.hpp"
#include "data/dictionary.hpp"

namespace interplay::core {

class Vocabulary {
 public:
  /// The parts as they are saved; see FORMAT.md.
  struct Parts {
    KeyType type = KeyType::none;
    std::int32_t size = 0;
    std::int32_t null_index =
        -1;  // the index of null, or -1; its key in `integers` or `offsets` is a placeholder
    Array<std::int64_t> integers;  // integer: size
    Array<std::int64_t> offsets;   // text: size + 1
    Array<char> bytes;             // text
    Array<std::uint32_t>
        slots;  // a power of two, at least 2 * size: index + 1, or 0 where free; linear probing
  };

  Vocabulary() = default;
  /// Checks sizes, so that no lookup leaves the arrays; `verify` also reads every offset and slot. CORRUPT otherwise.
  Vocabulary(Parts parts, const char* name, bool verify);

  KeyType type() const { return parts_.type; }
  std::int32_t size() const { return parts_.size; }
  const Parts& parts() const { return parts_; }

  /// -1 when it is not there
  std::int32_t find(const Key& key) const;
  Key key(std::int32_t index) const;

 private:
  template <class Equal>
  std::int32_t probe(std::uint64_t hash, const Equal& equal) const;

  Parts parts_;
};

/// The keys of `old` (may be empty) followed by `more`, which are distinct, not in `old` and of its type.
std::shared_ptr<const Vocabulary> extend_vocabulary(const Vocabulary& old, const std::vector<Key>& more);

/// For messages: 17, "text" or null.
std::string key_text(const Key& key);
const char* key_type_name(KeyType type);

}  // namespace interplay::core
