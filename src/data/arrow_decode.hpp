// From the buffers of one Arrow array to a Column. Arrow's arrays do not say how long their buffers are, so all that can be
// doubted is doubted: offsets, lengths, counts of buffers and children, indices.
#pragma once

#include <memory>
#include <string>

#include "data/arrow_format.hpp"

namespace interplay::core {

/// One column of one batch.
struct ArrowSource {
  const std::string& column;
  std::shared_ptr<const void> batch;  // what keeps the buffers alive
  std::int64_t first_row = 0;         // of the batch in the stream, for messages
  const char* unit = "row";           // what is counted: rows, or the values of lists or of a dictionary
};

/// BAD_DATA: `column "x", row 5: <text>`, where `at` counts within the batch.
[[noreturn]] void fail_source(const ArrowSource& source, const std::string& text, std::int64_t at = -1);

/// `count` elements from `start` (which does not count array.offset) on: where they lie in the buffers.
struct ArrowSlice {
  const ArrowArray& array;
  std::int64_t first = 0;
  std::int64_t count = 0;
};

/// BAD_DATA unless the array has these elements, and buffers and children as its type requires.
ArrowSlice slice_array(const ArrowArray* array, std::int64_t start, std::int64_t count,
                       std::int64_t n_buffers, std::int64_t n_children, const ArrowSource& source);

/// The validity as bytes; empty: no nulls.
std::vector<std::uint8_t> read_validity(const ArrowSlice& slice, const ArrowSource& source);

/// Values without children, dictionaries expanded: rows and n_values are `count`.
Column decode_values(const ArrowSchema& schema, const ArrowArray* array, std::int64_t start,
                     std::int64_t count, const ArrowSource& source);
/// Any column.
Column decode_column(const ArrowSchema& schema, const ArrowArray* array, std::int64_t start,
                     std::int64_t rows, const ArrowSource& source);

}  // namespace interplay::core
