// An embedding table: rows by id, as float32 or in one of two narrow forms that a model file may keep them in. Training has
// float32 only; scoring widens a narrow row where it gathers it.
//
//   bfloat16  the upper half of a float32, rounded to nearest, ties to even: 8 bits of significand
//   int8      x = scale q, |q| <= 127, a scale for each row: its largest |x| / 127
//
// Widening rounds nothing (bfloat16) or once (int8: one product), so that every processor gets the same bits.
#pragma once

#include "kit/memory.hpp"

#include <interplay/sdk/tensor_view.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace interplay::kit {

/// The element type in a file.
enum class Storage : std::int32_t {
  float32 = INTERPLAY_FLOAT32,
  bfloat16 = INTERPLAY_BFLOAT16,
  int8 = INTERPLAY_INT8
};

/// It owns its memory (float32, made with rows and width), or borrows a model file's. Of a number field row 0 is the vector
/// that its value scales, row 1 stands for a missing value and row 2 is added to a value that is there (zeros where the
/// table is not shifted, and then not kept).
class Table {
 public:
  Table() = default;
  Table(std::size_t rows, std::size_t width) : rows_(rows), width_(width), own_(rows * width) {}
  static Table borrow(const float* data, std::size_t rows, std::size_t width);
  static Table borrow_bfloat16(const BFloat16* data, std::size_t rows, std::size_t width);
  /// scales (rows)
  static Table borrow_int8(const std::int8_t* data, const float* scales, std::size_t rows, std::size_t width);

  std::size_t rows() const { return rows_; }
  std::size_t width() const { return width_; }
  Storage storage() const { return storage_; }
  bool narrow() const { return storage_ != Storage::float32; }
  /// float32 only
  const float* data() const { return borrowed_ ? static_cast<const float*>(borrowed_) : own_.data(); }
  float* own() { return own_.data(); }  // only of a table that was made with rows and width
  /// narrow ones only: as they lie
  const void* narrow_data() const { return borrowed_; }
  const float* scales() const { return scales_; }

  /// x (width) becomes row `id`, of any storage.
  void widen(float* x, std::size_t id) const;

 private:
  std::size_t rows_ = 0, width_ = 0;
  Storage storage_ = Storage::float32;
  const void* borrowed_ = nullptr;
  const float* scales_ = nullptr;
  Floats own_;
};

/// Chosen rows of a narrow table as a small one of float32: rows 0, 1, ... Its memory grows and is used again.
class Widened {
 public:
  void read(const Table& from, std::span<const std::int32_t> chosen);
  const float* rows() const { return rows_.data(); }
  const std::int32_t* ids() const { return ids_.data(); }  // 0, 1, ...

 private:
  Floats rows_;
  std::vector<std::int32_t> ids_;
};

/// out (x.size()): x rounded
void to_bfloat16(BFloat16* out, std::span<const float> x);
/// The same to int8; returns the scale.
float to_int8(std::int8_t* out, std::span<const float> x);

}  // namespace interplay::kit
