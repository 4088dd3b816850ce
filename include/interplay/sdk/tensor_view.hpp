// A borrowed tensor: a pointer, a type and a shape. For the borders where an array library would cost compile
// time.
#pragma once

#include <interplay/engine.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

namespace interplay {

/// A float without its lower 16 bits.
struct BFloat16 {
  std::uint16_t bits;
};

/// INTERPLAY_FLOAT32 and so on for T.
template <class T>
constexpr std::int32_t tensor_dtype() {
  if constexpr (std::is_same_v<T, float>) return INTERPLAY_FLOAT32;
  if constexpr (std::is_same_v<T, double>) return INTERPLAY_FLOAT64;
  if constexpr (std::is_same_v<T, std::int32_t>) return INTERPLAY_INT32;
  if constexpr (std::is_same_v<T, std::int64_t>) return INTERPLAY_INT64;
  if constexpr (std::is_same_v<T, std::uint8_t>) return INTERPLAY_BOOL8;
  if constexpr (std::is_same_v<T, std::int8_t>) return INTERPLAY_INT8;
  if constexpr (std::is_same_v<T, BFloat16>) return INTERPLAY_BFLOAT16;
  return 0;
}

/// Row-major; at most four dimensions.
template <class T>
struct TensorView {
  static_assert(tensor_dtype<std::remove_const_t<T>>() != 0,
                "a file keeps float32, float64, bfloat16, int8, int32, int64 and bytes");

  T* data = nullptr;
  std::array<std::int64_t, 4> shape{};
  int rank = 0;

  TensorView() = default;
  template <class... Size>
  explicit TensorView(T* pointer, Size... sizes)
      : data(pointer), shape{static_cast<std::int64_t>(sizes)...}, rank(sizeof...(sizes)) {}

  std::int64_t size() const {
    std::int64_t n = 1;
    for (int i = 0; i < rank; ++i) n *= shape[static_cast<std::size_t>(i)];
    return n;
  }
  std::span<T> flat() const { return {data, static_cast<std::size_t>(size())}; }
};

/// "(3, 32)"
inline std::string shape_text(std::span<const std::int64_t> shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + ")";
}

}  // namespace interplay
