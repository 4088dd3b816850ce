// Values without children: numbers, bools and dictionaries. Strings are in arrow_text.cpp, lists in arrow_lists.cpp.
#include "data/arrow_decode.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "data/arrow_buffers.hpp"

namespace interplay::core {

namespace {

using Shape = ArrowFormat::Shape;
using Bytes = std::vector<std::uint8_t>;

// No array is longer; with this bound, sums and products of lengths and widths cannot overflow.
constexpr std::int64_t longest = std::int64_t{1} << 48;

/// Values that are laid out as ours: used where they lie, unless they are not aligned.
template <class T>
void adopt(Column& column, const void* buffer, const ArrowSlice& slice, const ArrowSource& source) {
  const auto* first =
      static_cast<const std::byte*>(buffer) + static_cast<std::size_t>(slice.first) * sizeof(T);
  const std::size_t bytes = static_cast<std::size_t>(slice.count) * sizeof(T);
  if (reinterpret_cast<std::uintptr_t>(first) % alignof(T) == 0) {
    column.values = Array<std::byte>(first, bytes, source.batch);
    return;
  }
  std::vector<T> copy(static_cast<std::size_t>(slice.count));
  std::memcpy(copy.data(), first, bytes);
  own_values(column, std::move(copy));
}

template <class From, class To>
void widen(Column& column, const void* buffer, const ArrowSlice& slice, const ArrowSource& source) {
  std::vector<To> out(static_cast<std::size_t>(slice.count));
  for (std::int64_t i = 0; i < slice.count; ++i) {
    const From value = load_value<From>(buffer, slice.first + i);
    if constexpr (std::is_same_v<From, std::uint64_t>) {
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) &&
          !column.is_null(i)) {
        fail_source(source,
                    "expected at most 9223372036854775807, found " + std::to_string(value) +
                        "; convert the column to int64 or string",
                    i);
      }
    }
    out[static_cast<std::size_t>(i)] = static_cast<To>(value);
  }
  own_values(column, std::move(out));
}

void decode_number(Column& column, const ArrowFormat& format, const ArrowSlice& slice,
                   const ArrowSource& source) {
  if (slice.count == 0) return;
  const void* buffer = need_buffer(slice, 1, source);
  const bool wide = column.type == Type::int64;
  switch (format.physical) {
    case 'c':
      return widen<std::int8_t, std::int32_t>(column, buffer, slice, source);
    case 'C':
      return widen<std::uint8_t, std::int32_t>(column, buffer, slice, source);
    case 's':
      return widen<std::int16_t, std::int32_t>(column, buffer, slice, source);
    case 'S':
      return widen<std::uint16_t, std::int32_t>(column, buffer, slice, source);
    case 'I':
      return widen<std::uint32_t, std::int64_t>(column, buffer, slice, source);
    case 'L':
      return widen<std::uint64_t, std::int64_t>(column, buffer, slice, source);
    case 'i':
      return wide ? widen<std::int32_t, std::int64_t>(column, buffer, slice, source)
                  : adopt<std::int32_t>(column, buffer, slice, source);
    case 'f':
      return adopt<float>(column, buffer, slice, source);
    case 'g':
      return adopt<double>(column, buffer, slice, source);
    default:
      return adopt<std::int64_t>(column, buffer, slice, source);
  }
}

void decode_bools(Column& column, const ArrowSlice& slice, const ArrowSource& source) {
  Bytes out(static_cast<std::size_t>(slice.count));
  const void* bits = slice.count == 0 ? nullptr : need_buffer(slice, 1, source);
  for (std::int64_t i = 0; i < slice.count; ++i) {
    const std::int64_t at = slice.first + i;
    out[static_cast<std::size_t>(i)] = (load_value<std::uint8_t>(bits, at / 8) >> (at % 8)) & 1;
  }
  own_values(column, std::move(out));
}

std::int64_t buffers_of(const ArrowFormat& format, const ArrowArray* array) {
  switch (format.shape) {
    case Shape::null:
      return 0;
    case Shape::text32:
    case Shape::text64:
      return 3;
    case Shape::text_view:
      return array == nullptr ? 3 : std::max<std::int64_t>(array->n_buffers, 3);
    default:
      return 2;
  }
}

/// Everything but dictionaries.
Column decode_plain(const ArrowFormat& format, const ArrowArray* array, std::int64_t start,
                    std::int64_t count, const ArrowSource& source) {
  const ArrowSlice slice = slice_array(array, start, count, buffers_of(format, array), 0, source);
  Column column;
  column.type = format.type;
  column.rows = column.n_values = count;
  if (format.shape == Shape::null) {
    own_values(column, std::vector<double>(static_cast<std::size_t>(count),
                                           std::numeric_limits<double>::quiet_NaN()));
    column.valid = Bytes(static_cast<std::size_t>(count), 0);
    return column;
  }
  column.valid = read_validity(slice, source);
  if (format.shape == Shape::boolean) decode_bools(column, slice, source);
  if (format.shape == Shape::number) decode_number(column, format, slice, source);
  if (column.type == Type::string) decode_text(column, format, slice, source);
  return column;
}

/// values[index] for each index; a null of either is a null.
Column take(const Column& values, const Column& indices, const ArrowSource& source) {
  Column out;
  out.type = values.type;
  out.rows = out.n_values = indices.rows;
  const std::size_t width = type_size(values.type);
  const bool text = values.type == Type::string;
  Bytes valid(static_cast<std::size_t>(indices.rows), 1);
  std::vector<std::byte> bytes(text ? 0 : valid.size() * width);
  std::vector<std::int64_t> offsets(1, 0);
  for (std::int64_t row = 0; row < indices.rows; ++row) {
    std::int64_t index = indices.is_null(row) ? -1 : indices.integer(row);
    if (!indices.is_null(row) && (index < 0 || index >= values.rows)) {
      fail_source(source,
                  "expected an index into a dictionary of " + std::to_string(values.rows) +
                      " values, found " + std::to_string(index),
                  row);
    }
    if (index >= 0 && values.is_null(index)) index = -1;
    valid[static_cast<std::size_t>(row)] = index >= 0 ? 1 : 0;
    if (text) {
      const std::string_view word = index < 0 ? std::string_view() : values.text(index);
      const auto* data = reinterpret_cast<const std::byte*>(word.data());
      bytes.insert(bytes.end(), data, data + word.size());
      offsets.push_back(static_cast<std::int64_t>(bytes.size()));
    } else if (index >= 0) {
      std::memcpy(bytes.data() + static_cast<std::size_t>(row) * width,
                  values.values.data() + static_cast<std::size_t>(index) * width, width);
    }
  }
  if (std::find(valid.begin(), valid.end(), 0) != valid.end()) out.valid = std::move(valid);
  if (text) out.string_offsets = std::move(offsets);
  own_values(out, std::move(bytes));
  return out;
}

}  // namespace

void fail_source(const ArrowSource& source, const std::string& text, std::int64_t at) {
  if (at < 0) fail_arrow(INTERPLAY_BAD_DATA, source.column, text);
  const bool row = std::string_view(source.unit) == "row";
  if (row) fail_arrow(INTERPLAY_BAD_DATA, source.column, text, source.first_row + at);
  fail_arrow(INTERPLAY_BAD_DATA, source.column,
             std::string(source.unit) + " " + std::to_string(at) + ": " + text);
}

const void* need_buffer(const ArrowSlice& slice, std::int64_t index, const ArrowSource& source) {
  const void* buffer = slice.array.buffers == nullptr ? nullptr : slice.array.buffers[index];
  if (buffer == nullptr) {
    fail_source(source, "Arrow buffer " + std::to_string(index) + " is null, but there are " +
                            std::to_string(slice.count) + " values");
  }
  return buffer;
}

ArrowSlice slice_array(const ArrowArray* array, std::int64_t start, std::int64_t count,
                       std::int64_t n_buffers, std::int64_t n_children, const ArrowSource& source) {
  if (array == nullptr || array->release == nullptr)
    fail_source(source, "its Arrow array is missing or was released before");
  const ArrowArray& a = *array;
  const auto within = [&](const char* what, std::int64_t value) {
    if (value >= 0 && value <= longest) return;
    fail_source(source,
                std::string("expected an Arrow ") + what + " from 0 to 2^48, found " + std::to_string(value));
  };
  within("length", a.length);
  within("offset", a.offset);
  if (start < 0 || count < 0 || start > a.length || count > a.length - start) {
    fail_source(source, "expected an Arrow array of at least " + std::to_string(start) + " + " +
                            std::to_string(count) + " elements, found " + std::to_string(a.length));
  }
  if (a.n_buffers != n_buffers || (n_buffers > 0 && a.buffers == nullptr)) {
    fail_source(source, "expected " + std::to_string(n_buffers) + " Arrow buffers, found " +
                            (a.n_buffers > 0 && a.buffers == nullptr ? "none" : std::to_string(a.n_buffers)));
  }
  if (a.n_children != n_children || (n_children > 0 && a.children == nullptr)) {
    fail_source(source,
                "expected " + std::to_string(n_children) + " children of an Arrow array, found " +
                    (a.n_children > 0 && a.children == nullptr ? "none" : std::to_string(a.n_children)));
  }
  return {a, a.offset + start, count};
}

Bytes read_validity(const ArrowSlice& slice, const ArrowSource& source) {
  const void* bits = slice.array.buffers[0];
  if (bits == nullptr && slice.array.null_count > 0 && slice.count > 0) {
    fail_source(source, "expected a validity buffer for " + std::to_string(slice.array.null_count) +
                            " nulls, found none");
  }
  if (bits == nullptr || slice.array.null_count == 0) return {};
  Bytes valid(static_cast<std::size_t>(slice.count));
  std::uint8_t all = 1;
  for (std::int64_t i = 0; i < slice.count; ++i) {
    const std::int64_t at = slice.first + i;
    const auto bit = static_cast<std::uint8_t>((load_value<std::uint8_t>(bits, at / 8) >> (at % 8)) & 1);
    valid[static_cast<std::size_t>(i)] = bit;
    all &= bit;
  }
  return all != 0 ? Bytes() : valid;
}

Column decode_values(const ArrowSchema& schema, const ArrowArray* array, std::int64_t start,
                     std::int64_t count, const ArrowSource& source) {
  ArrowFormat format = parse_format(schema, source.column);
  if (schema.dictionary == nullptr) return decode_plain(format, array, start, count, source);
  format.type =
      format.physical == 'l' || format.physical == 'L' || format.physical == 'I' ? Type::int64 : Type::int32;
  const Column indices = decode_plain(format, array, start, count, source);
  const ArrowArray* dictionary = array->dictionary;
  const std::int64_t size = dictionary == nullptr ? 0 : dictionary->length;
  const ArrowFormat values = parse_format(*schema.dictionary, source.column);
  const ArrowSource words{source.column, source.batch, 0, "dictionary value"};
  return take(decode_plain(values, dictionary, 0, size, words), indices, source);
}

}  // namespace interplay::core
