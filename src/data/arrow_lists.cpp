// Lists of values, and lists of struct<value, weight>.
#include <algorithm>
#include <cmath>

#include "data/arrow_buffers.hpp"

namespace interplay::core {

namespace {

using Shape = ArrowFormat::Shape;

template <class T>
std::vector<std::int64_t> read_offsets(const ArrowSlice& slice, const ArrowSource& source) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(slice.count) + 1, 0);
  if (slice.count == 0) return out;
  const void* buffer = need_buffer(slice, 1, source);
  std::int64_t before = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const T value = load_value<T>(buffer, slice.first + static_cast<std::int64_t>(i));
    if (value < before) {
      fail_source(
          source,
          "expected a list offset of at least " + std::to_string(before) + ", found " + std::to_string(value),
          static_cast<std::int64_t>(i == 0 ? 0 : i - 1));
    }
    out[i] = before = value;
  }
  return out;
}

std::vector<std::int64_t> offsets_of(const ArrowFormat& format, const ArrowSlice& slice,
                                     const ArrowSource& source) {
  if (format.shape == Shape::list32) return read_offsets<std::int32_t>(slice, source);
  if (format.shape == Shape::list64) return read_offsets<std::int64_t>(slice, source);
  // Divided, because the product of two numbers that nobody vouches for may overflow.
  const std::int64_t end = slice.first + slice.count;
  const ArrowArray* child = slice.array.children[0];
  if (child == nullptr || (format.list_size > 0 && end > child->length / format.list_size)) {
    fail_source(source, "expected at least " + std::to_string(end) + " times " +
                            std::to_string(format.list_size) + " elements in the lists' child, found " +
                            std::to_string(child == nullptr ? 0 : child->length));
  }
  std::vector<std::int64_t> out(static_cast<std::size_t>(slice.count) + 1);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = (slice.first + static_cast<std::int64_t>(i)) * format.list_size;
  return out;
}

/// Under a null list anything may lie, and fixed-size lists have nulls there; elsewhere a null has no meaning.
void refuse_nulls(const Column& lists, const Array<std::uint8_t>& valid, const char* what,
                  const ArrowSource& source) {
  if (valid.empty()) return;
  for (std::int64_t row = 0; row < lists.rows; ++row) {
    if (lists.is_null(row)) continue;
    for (std::int64_t i = lists.first(row); i < lists.last(row); ++i) {
      if (valid[static_cast<std::size_t>(i)] != 0) continue;
      fail_source(source,
                  std::string(what) + " " + std::to_string(i - lists.first(row)) +
                      " of the list is null; drop nulls from lists (a null list is fine)",
                  row);
    }
  }
}

Array<float> narrowed(const Column& weights) {
  const auto* data = weights.values.data();
  const auto size = static_cast<std::size_t>(weights.n_values);
  if (weights.type == Type::float32)
    return {reinterpret_cast<const float*>(data), size, weights.values.owner()};
  std::vector<float> out(size);
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<float>(weights.number(static_cast<std::int64_t>(i)));
  return out;
}

/// The values of all lists, and weights; `lists` has rows, offsets and validity already.
void decode_elements(Column& lists, const ArrowSchema& schema, const ArrowArray* array, std::int64_t start,
                     bool weighted, const ArrowSource& source) {
  const std::int64_t count = lists.n_values;
  const ArrowSource inner{source.column, source.batch, 0, "list value"};
  Column values;
  if (weighted) {
    const ArrowSlice pairs = slice_array(array, start, count, 1, 2, inner);
    refuse_nulls(lists, read_validity(pairs, inner), "element", source);
    values = decode_values(*schema.children[0], pairs.array.children[0], pairs.first, count, inner);
    const Column weights =
        decode_values(*schema.children[1], pairs.array.children[1], pairs.first, count, inner);
    refuse_nulls(lists, weights.valid, "weight", source);
    lists.weights = narrowed(weights);
  } else {
    values = decode_values(schema, array, start, count, inner);
  }
  refuse_nulls(lists, values.valid, "value", source);
  lists.type = values.type;
  lists.values = values.values;
  lists.string_offsets = values.string_offsets;
}

}  // namespace

Column decode_column(const ArrowSchema& schema, const ArrowArray* array, std::int64_t start,
                     std::int64_t rows, const ArrowSource& source) {
  const ArrowFormat format = parse_format(schema, source.column);
  if (!format.is_list()) return decode_values(schema, array, start, rows, source);
  const std::int64_t buffers = format.shape == Shape::fixed_list ? 1 : 2;
  const ArrowSlice slice = slice_array(array, start, rows, buffers, 1, source);
  std::vector<std::int64_t> offsets = offsets_of(format, slice, source);
  const std::int64_t first = offsets.front();
  for (std::int64_t& offset : offsets) offset -= first;
  Column lists;
  lists.rows = rows;
  lists.n_values = offsets.back();
  lists.row_offsets = std::move(offsets);
  lists.valid = read_validity(slice, source);
  decode_elements(lists, *schema.children[0], slice.array.children[0], first, format.weighted, source);
  return lists;
}

}  // namespace interplay::core
