// Arrow's C data interface, both ways: the only file that knows its structs.
#pragma once

#include <memory>

#include "data/table.hpp"

struct ArrowArrayStream;

namespace interplay::core {

/// Consumes and releases the stream in every case, also when it throws. A single batch is adopted where it lies: values of
/// int64, int32, float32, float64 and string bytes are not copied and keep the batch alive; 32-bit offsets, bitmaps, other
/// integer widths, views and dictionaries are expanded. Several batches are joined once.
Table table_from_arrow(ArrowArrayStream* moved_in);

/// Writes `out` like a fresh object; the stream shares the columns and outlives the table.
void table_to_arrow(std::shared_ptr<const Table> table, ArrowArrayStream* out);

/// Makes `out` a released stream.
void clear_stream(ArrowArrayStream* out) noexcept;

}  // namespace interplay::core
