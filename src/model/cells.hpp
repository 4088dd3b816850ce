// The cells of the scorer, as a caller hands them in: nothing of them is believed. Reading allocates only for an error.
#pragma once

#include <interplay/interplay.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "data/vocabulary.hpp"

namespace interplay::core {

/// What the offsets of strings and lists are relative to.
struct Heap {
  const std::byte* data = nullptr;
  std::size_t size = 0;
};

/// Where a cell stands, for messages: `row` counts over all rows of the call.
struct CellPlace {
  static constexpr std::int64_t shared = -1, alone = -2;

  const std::string& column;
  std::int64_t row = alone;
  std::int64_t value = -1;  // of a list
};

/// BAD_DATA: `column "genres", row 3, value 1: <text>`.
[[noreturn]] void fail_cell(const CellPlace& place, const std::string& text);
[[noreturn]] void fail_cell_type(const CellPlace& place, const char* expected, const interplay_cell& found);

/// A null, an integer or a text of the type that was learned.
Key key_of(const interplay_cell& cell, KeyType known, const Heap& heap, const CellPlace& place);
/// NaN for null
double number_of(const interplay_cell& cell, const CellPlace& place);
/// The number of an ID cell, 0 .. most. `owner` says which values the id is one of, so that no column takes another's.
std::int32_t id_of(const interplay_cell& cell, std::uint32_t owner, std::int32_t most,
                   const CellPlace& place);
interplay_cell id_cell(std::uint32_t owner, std::int32_t id);

/// The cells of a list.
class CellList {
 public:
  CellList() = default;
  CellList(const interplay_cell& cell, const Heap& heap, const CellPlace& place);

  std::uint32_t size() const { return size_; }
  interplay_cell operator[](std::uint32_t i) const;

 private:
  const std::byte* data_ = nullptr;
  std::uint32_t size_ = 0;
};

}  // namespace interplay::core
