// A growing dictionary: value -> code, in order of first appearance. Datasets are coded against these; a model's own
// vocabulary is frozen (vocabulary.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace interplay::core {

/// A value of a categorical column: null, an integer or a text (borrowed).
struct Key {
  enum class Kind : std::uint8_t { null, integer, text };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  std::string_view text;

  static Key of(std::int64_t value) { return {Kind::integer, value, {}}; }
  static Key of(std::string_view value) { return {Kind::text, 0, value}; }
};

enum class KeyType : std::uint8_t { none, integer, text };  // none: nothing but nulls so far

class Dictionary {
 public:
  Dictionary();
  ~Dictionary();
  Dictionary(Dictionary&&) noexcept;
  Dictionary& operator=(Dictionary&&) noexcept;

  KeyType type() const;
  std::int32_t size() const;  // null included where it has a code
  std::size_t bytes() const;

  /// The code of a key, a new one when it is new. The caller has checked that the type agrees.
  /// Throws BAD_DATA beyond 2^31 - 2 values.
  std::int32_t add(const Key& key);
  /// -1 when it is not there
  std::int32_t find(const Key& key) const;
  /// The text is borrowed until the dictionary dies (growing does not move it).
  Key key(std::int32_t code) const;
  /// The code of null, or -1.
  std::int32_t null_code() const;
  /// Forget all codes from `size` on: undoes a failed append.
  void shrink(std::int32_t size);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace interplay::core
