// Reading Arrow's buffers, for the files that decode them.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "data/arrow_decode.hpp"

namespace interplay::core {

template <class T>
T load_value(const void* buffer, std::int64_t i) {
  T out;  // a copy: foreign buffers need not be aligned
  std::memcpy(&out, static_cast<const std::byte*>(buffer) + static_cast<std::size_t>(i) * sizeof(T),
              sizeof(T));
  return out;
}

/// The buffer, which must not be null.
const void* need_buffer(const ArrowSlice& slice, std::int64_t index, const ArrowSource& source);

template <class T>
void own_values(Column& column, std::vector<T>&& values) {
  auto owner = std::make_shared<const std::vector<T>>(std::move(values));
  const auto* data = reinterpret_cast<const std::byte*>(owner->data());
  const std::size_t size = owner->size() * sizeof(T);
  column.values = Array<std::byte>(data, size, std::move(owner));
}

/// Strings of any layout; rows, type and validity are set already.
void decode_text(Column& column, const ArrowFormat& format, const ArrowSlice& slice,
                 const ArrowSource& source);

}  // namespace interplay::core
