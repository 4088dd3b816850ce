// From a batch's ids and numbers to field embeddings, and back.                              AutoInt, Eq. (2)-(4)
//
//   category    the row of its id                       e = V[id]
//   categories  the sum of coefficient x row of the id  e = sum of c V[id];  without coefficients the mean
//   number      its value times a learned vector        e = x v (+ c);  missing (NaN) or infinite: a vector of its own
#pragma once

#include "kit/model.hpp"

#include <vector>

namespace interplay::kit {

/// pass.x of every slot that has tables, from rows begin .. begin + pass.rows of the batch. Ids beyond a table read row 0. A
/// last tile that is not full repeats the last row.
void embed(Pass& pass, const Model& model, const interplay_batch& batch, std::size_t begin);
/// pass.x of the slot that an operation of model.projected writes, by looking its product up; after embed().
void embed_projected(Pass& pass, const Model& model, const interplay_batch& batch, std::size_t begin,
                     const Op& op);
/// Floats of scratch that both take.
std::size_t embed_floats(const Model& model, std::size_t lanes);

/// Row 0, that of the unknown value, for an id that the table has not.
inline std::size_t known_id(std::int32_t id, std::size_t table_rows) {
  const auto index = static_cast<std::size_t>(static_cast<std::uint32_t>(id));
  return index < table_rows ? index : 0;
}

/// Floats of a row's gradient: whole vectors of any kernels.
constexpr std::size_t gradient_stride(std::size_t width) { return (width + 15) / 16 * 16; }

/// rows (pass.rows, items, gradient_stride) of a slot that has tables, from its gradient in tiles; zeros fill a row.
void turn_back(float* rows, TrainingPass& pass, std::size_t slot, const Slot& of);

/// The gradient of one table: of the touched rows only, each once, in the order in which the batch first names them.
class TableGradient {
 public:
  TableGradient(std::size_t table_rows, std::size_t width)
      : slot_of_(table_rows, -1), stride_(gradient_stride(width)) {}

  /// d_slot (rows, items, stride) of the whole batch; sums what repeated ids get, in the order of rows
  void collect(const Model& model, std::size_t table, const interplay_batch& batch, const float* d_slot);
  const std::vector<std::size_t>& ids() const { return ids_; }
  const float* row(std::size_t slot) const { return sums_.data() + slot * stride_; }
  /// NULL where the batch did not name the id.
  const float* of(std::size_t id) const {
    return slot_of_[id] < 0 ? nullptr : row(static_cast<std::size_t>(slot_of_[id]));
  }

 private:
  /// The id's slot, a new one with zeros if need be.
  std::int32_t slot(std::size_t id);

  std::vector<std::int32_t> slot_of_;  // by id; -1: not in this batch
  std::vector<std::size_t> ids_;       // by slot
  Floats sums_;                        // (slots, stride)
  std::vector<std::int32_t> slots_;    // of one row's parts
  Parts parts_;                        // of one row
  std::size_t stride_;
};

}  // namespace interplay::kit
