// Strings: 32-bit and 64-bit offsets, and views.
#include "data/arrow_buffers.hpp"

namespace interplay::core {

namespace {

/// Offsets of T, checked; ours count from 0, so they are copied unless they do so already and are as wide.
template <class T>
void decode_offsets(Column& column, const ArrowSlice& slice, const ArrowSource& source) {
  if (slice.count == 0) {
    column.string_offsets = std::vector<std::int64_t>(1, 0);
    return;
  }
  const void* buffer = need_buffer(slice, 1, source);
  const T start = load_value<T>(buffer, slice.first);
  T before = start;
  if (start < 0)
    fail_source(source, "expected string offsets of at least 0, found " + std::to_string(start), 0);
  for (std::int64_t i = 1; i <= slice.count; ++i) {
    const T now = load_value<T>(buffer, slice.first + i);
    if (now < before) {
      fail_source(
          source,
          "expected a string offset of at least " + std::to_string(before) + ", found " + std::to_string(now),
          i - 1);
    }
    before = now;
  }
  const auto bytes = static_cast<std::size_t>(before - start);
  if (bytes > 0) {
    const auto* data = static_cast<const std::byte*>(need_buffer(slice, 2, source));
    column.values = Array<std::byte>(data + start, bytes, source.batch);
  }
  const auto* offsets =
      static_cast<const std::byte*>(buffer) + static_cast<std::size_t>(slice.first) * sizeof(T);
  const bool aligned = reinterpret_cast<std::uintptr_t>(offsets) % alignof(std::int64_t) == 0;
  if (sizeof(T) == sizeof(std::int64_t) && start == 0 && aligned) {
    column.string_offsets = Array<std::int64_t>(reinterpret_cast<const std::int64_t*>(offsets),
                                                static_cast<std::size_t>(slice.count) + 1, source.batch);
    return;
  }
  std::vector<std::int64_t> out(static_cast<std::size_t>(slice.count) + 1);
  for (std::int64_t i = 0; i <= slice.count; ++i)
    out[static_cast<std::size_t>(i)] = load_value<T>(buffer, slice.first + i) - start;
  column.string_offsets = std::move(out);
}

/// The text of one view: 12 bytes or fewer lie in it, others in one of the further buffers, whose lengths the last one has.
std::string_view view_text(const ArrowSlice& slice, const void* views, std::int64_t i,
                           const ArrowSource& source) {
  const auto* view = static_cast<const char*>(views) + (slice.first + i) * 16;
  const auto length = load_value<std::int32_t>(view, 0);
  if (length < 0)
    fail_source(source, "expected a string view of 0 bytes or more, found " + std::to_string(length), i);
  if (length <= 12) return {view + 4, static_cast<std::size_t>(length)};
  const auto index = load_value<std::int32_t>(view, 2), offset = load_value<std::int32_t>(view, 3);
  const std::int64_t n = slice.array.n_buffers - 3;
  if (index < 0 || index >= n) {
    fail_source(source,
                "expected a string view into one of " + std::to_string(n) + " buffers, found " +
                    std::to_string(index),
                i);
  }
  const auto size = load_value<std::int64_t>(need_buffer(slice, slice.array.n_buffers - 1, source), index);
  if (offset < 0 || std::int64_t{offset} + length > size) {
    fail_source(source,
                "expected a string view within " + std::to_string(size) + " bytes, found bytes " +
                    std::to_string(offset) + " to " + std::to_string(std::int64_t{offset} + length),
                i);
  }
  return {static_cast<const char*>(need_buffer(slice, 2 + index, source)) + offset,
          static_cast<std::size_t>(length)};
}

void decode_views(Column& column, const ArrowSlice& slice, const ArrowSource& source) {
  std::vector<std::int64_t> offsets(1, 0);
  std::vector<char> bytes;
  offsets.reserve(static_cast<std::size_t>(slice.count) + 1);
  const void* views = slice.count == 0 ? nullptr : need_buffer(slice, 1, source);
  for (std::int64_t i = 0; i < slice.count; ++i) {
    const std::string_view text = column.is_null(i) ? std::string_view() : view_text(slice, views, i, source);
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  own_values(column, std::move(bytes));
  column.string_offsets = std::move(offsets);
}

}  // namespace

void decode_text(Column& column, const ArrowFormat& format, const ArrowSlice& slice,
                 const ArrowSource& source) {
  switch (format.shape) {
    case ArrowFormat::Shape::text32:
      return decode_offsets<std::int32_t>(column, slice, source);
    case ArrowFormat::Shape::text64:
      return decode_offsets<std::int64_t>(column, slice, source);
    default:
      return decode_views(column, slice, source);
  }
}

}  // namespace interplay::core
