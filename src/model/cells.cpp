#include "model/cells.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace interplay::core {
namespace {

static_assert(sizeof(interplay_cell) == 16 && offsetof(interplay_cell, value) == 8);

std::string found_name(const interplay_cell& cell) {
  switch (cell.type) {
    case INTERPLAY_CELL_NULL:
      return "null";
    case INTERPLAY_CELL_INT64:
      return "an integer";
    case INTERPLAY_CELL_FLOAT64:
      return "a float";
    case INTERPLAY_CELL_STRING:
      return "a string";
    case INTERPLAY_CELL_LIST:
      return "a list";
    case INTERPLAY_CELL_ID:
      return "a resolved id";
    default:
      return "the cell type " + std::to_string(cell.type) + ", which is none of INTERPLAY_CELL_NULL (0) to " +
             "INTERPLAY_CELL_ID (5)";
  }
}

/// size bytes from cell.value on lie in the heap.
const std::byte* in_heap(const interplay_cell& cell, std::uint64_t size, const Heap& heap,
                         const CellPlace& place) {
  if (cell.value > heap.size || size > heap.size - cell.value)
    fail_cell(place, found_name(cell) + " of " + std::to_string(size) + " bytes at offset " +
                         std::to_string(cell.value) + " does not lie in the heap of " +
                         std::to_string(heap.size) + " bytes");
  return heap.data + cell.value;
}

std::string_view text_of(const interplay_cell& cell, const Heap& heap, const CellPlace& place) {
  const std::byte* const data = in_heap(cell, cell.size, heap, place);
  const std::string_view text(reinterpret_cast<const char*>(data), cell.size);
  if (const std::size_t bad = find_invalid_utf8(text); bad != all_valid)
    fail_cell(place, "the string is not UTF-8 from byte " + std::to_string(bad) + " of " +
                         std::to_string(text.size()) + " on");
  return text;
}

}  // namespace

void fail_cell(const CellPlace& place, const std::string& text) {
  std::string where = "column " + in_quotes(place.column);
  Json detail;
  detail["column"] = place.column;
  if (place.row >= 0) {
    where += ", row " + std::to_string(place.row);
    detail["row"] = place.row;
  } else if (place.row == CellPlace::shared) {
    where += ", shared by all rows";
  }
  if (place.value >= 0) where += ", value " + std::to_string(place.value);
  fail(INTERPLAY_BAD_DATA, where + ": " + text, dump_json(detail));
}

void fail_cell_type(const CellPlace& place, const char* expected, const interplay_cell& found) {
  fail_cell(place, std::string("expected ") + expected + ", found " + found_name(found));
}

Key key_of(const interplay_cell& cell, KeyType known, const Heap& heap, const CellPlace& place) {
  if (cell.type == INTERPLAY_CELL_NULL) return {};
  if (cell.type == INTERPLAY_CELL_INT64 && known != KeyType::text)
    return Key::of(std::bit_cast<std::int64_t>(cell.value));
  if (cell.type == INTERPLAY_CELL_STRING && known != KeyType::integer)
    return Key::of(text_of(cell, heap, place));
  fail_cell_type(place,
                 known == KeyType::integer ? "an integer, as the model learned"
                 : known == KeyType::text  ? "a string, as the model learned"
                                           : "an integer or a string",
                 cell);
}

double number_of(const interplay_cell& cell, const CellPlace& place) {
  switch (cell.type) {
    case INTERPLAY_CELL_NULL:
      return std::numeric_limits<double>::quiet_NaN();
    case INTERPLAY_CELL_INT64:
      return static_cast<double>(std::bit_cast<std::int64_t>(cell.value));
    case INTERPLAY_CELL_FLOAT64:
      return std::bit_cast<double>(cell.value);
    default:
      fail_cell_type(place, "a number", cell);
  }
}

std::int32_t id_of(const interplay_cell& cell, std::uint32_t owner, std::int32_t most,
                   const CellPlace& place) {
  if (cell.size != owner) fail_cell(place, "the id was resolved for another column, or its cell was changed");
  if (cell.value > static_cast<std::uint64_t>(most))
    fail_cell(place, "expected an id of at most " + std::to_string(most) + ", found " +
                         std::to_string(cell.value) + "; another model's ids are not this one's");
  return static_cast<std::int32_t>(cell.value);
}

interplay_cell id_cell(std::uint32_t owner, std::int32_t id) {
  return {INTERPLAY_CELL_ID, owner, static_cast<std::uint64_t>(id)};
}

CellList::CellList(const interplay_cell& cell, const Heap& heap, const CellPlace& place) : size_(cell.size) {
  if (cell.type != INTERPLAY_CELL_LIST) fail_cell_type(place, "a list", cell);
  if (cell.value % alignof(std::uint64_t) != 0)
    fail_cell(place, "the cells of a list must start at a multiple of 8 bytes, found offset " +
                         std::to_string(cell.value));
  data_ = in_heap(cell, cell.size * std::uint64_t{sizeof(interplay_cell)}, heap, place);
}

interplay_cell CellList::operator[](std::uint32_t i) const {
  interplay_cell cell;  // a copy: nobody promised that the heap itself is aligned
  std::memcpy(&cell, data_ + std::size_t{i} * sizeof cell, sizeof cell);
  return cell;
}

}  // namespace interplay::core
