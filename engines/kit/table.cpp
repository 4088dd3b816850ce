#include "kit/table.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace interplay::kit {
namespace {

constexpr float most_q = 127;

template <class T>
const T* row_of(const void* data, std::size_t id, std::size_t width) {
  return static_cast<const T*>(data) + id * width;
}

}  // namespace

Table Table::borrow(const float* data, std::size_t rows, std::size_t width) {
  Table table;
  table.rows_ = rows;
  table.width_ = width;
  table.borrowed_ = data;
  return table;
}

Table Table::borrow_bfloat16(const BFloat16* data, std::size_t rows, std::size_t width) {
  Table table = borrow(nullptr, rows, width);
  table.storage_ = Storage::bfloat16;
  table.borrowed_ = data;
  return table;
}

Table Table::borrow_int8(const std::int8_t* data, const float* scales, std::size_t rows, std::size_t width) {
  Table table = borrow(nullptr, rows, width);
  table.storage_ = Storage::int8;
  table.borrowed_ = data;
  table.scales_ = scales;
  return table;
}

void Table::widen(float* x, std::size_t id) const {
  switch (storage_) {
    case Storage::bfloat16: {
      const auto* const row = row_of<BFloat16>(borrowed_, id, width_);
      for (std::size_t c = 0; c < width_; ++c)
        x[c] = std::bit_cast<float>(static_cast<std::uint32_t>(row[c].bits) << 16);
      return;
    }
    case Storage::int8: {
      const auto* const q = row_of<std::int8_t>(borrowed_, id, width_);
      const float scale = scales_[id];
      for (std::size_t c = 0; c < width_; ++c) x[c] = scale * static_cast<float>(q[c]);
      return;
    }
    case Storage::float32:
      std::copy_n(data() + id * width_, width_, x);
  }
}

void Widened::read(const Table& from, std::span<const std::int32_t> chosen) {
  const std::size_t width = from.width();
  rows_.resize(std::max(rows_.size(), chosen.size() * width));
  for (std::size_t i = ids_.size(); i < chosen.size(); ++i) ids_.push_back(static_cast<std::int32_t>(i));
  for (std::size_t i = 0; i < chosen.size(); ++i)
    from.widen(rows_.data() + i * width, static_cast<std::size_t>(chosen[i]));
}

void to_bfloat16(BFloat16* out, std::span<const float> x) {
  // Half of the last place that stays, less one where that is even: ties go to even. The largest floats would round to
  // infinity, so they are cut off.
  constexpr std::uint32_t sign = 0x80000000, largest = 0x7f7f0000;
  for (std::size_t c = 0; c < x.size(); ++c) {
    const auto bits = std::bit_cast<std::uint32_t>(x[c]);
    const std::uint32_t rounded = (bits & ~sign) + 0x7fff + ((bits >> 16) & 1);
    out[c].bits = static_cast<std::uint16_t>((std::min(rounded, largest) | (bits & sign)) >> 16);
  }
}

float to_int8(std::int8_t* out, std::span<const float> x) {
  float largest = 0;
  for (const float value : x) largest = std::max(largest, std::fabs(value));
  const float scale = largest / most_q;
  for (std::size_t c = 0; c < x.size(); ++c) {
    const float q = scale > 0 ? std::round(x[c] / scale) : 0.0f;
    out[c] = static_cast<std::int8_t>(std::clamp(q, -most_q, most_q));
  }
  return scale;
}

}  // namespace interplay::kit
