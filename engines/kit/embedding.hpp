// From a batch's ids and numbers to field embeddings, and back.                              AutoInt, Eq. (2)-(4)
//
//   category    the row of its id                       e = V[id]
//   categories  the sum of coefficient x row of the id  e = sum of c V[id];  without coefficients the mean
//   number      its value times a learned vector        e = x v (+ c);  missing (NaN) or infinite: a vector of its own
#pragma once

#include "kit/model.hpp"

#include <vector>

namespace interplay::kit {

/// pass.x of every slot that has tables, from rows begin .. begin + pass.rows of the batch. Ids beyond a table read row 0.
void embed(Pass& pass, const Model& model, const interplay_batch& batch, std::size_t begin);

/// Calls visit(id, coefficient) for each table row that takes part in one row's embedding. Every direction uses it, so
/// that the gradient cannot drift from the forward pass.
template <class Visit>
void for_each_part(std::int32_t kind, bool shifted, const interplay_values& values, std::size_t row,
                   std::size_t table_rows, const Visit& visit) {
  const auto known = [&](std::int32_t id) {
    const auto index = static_cast<std::size_t>(static_cast<std::uint32_t>(id));
    return index < table_rows ? index : 0;
  };
  if (kind == INTERPLAY_CATEGORY) {
    visit(known(values.ids[row]), 1.0f);
  } else if (kind == INTERPLAY_NUMBER) {
    const float x = values.numbers[row];
    if (!(x - x == 0)) return visit(std::size_t{1}, 1.0f);  // not finite
    visit(std::size_t{0}, x);
    if (shifted) visit(std::size_t{2}, 1.0f);
  } else {
    const std::int32_t begin = values.offsets[row], end = values.offsets[row + 1];
    const float share = end > begin ? 1.0f / static_cast<float>(end - begin) : 0.0f;
    for (std::int32_t i = begin; i < end; ++i)
      visit(known(values.ids[i]), values.numbers ? values.numbers[i] : share);
  }
}

/// The gradient of one table: of the touched rows only, each once, in the order in which the batch first names them.
class TableGradient {
 public:
  TableGradient(std::size_t table_rows, std::size_t padded) : slot_of_(table_rows, -1), padded_(padded) {}

  /// d_slot (rows, items, axis) of the whole batch; sums what repeated ids get, in the order of rows
  void collect(const Model& model, std::size_t table, const interplay_batch& batch, const float* d_slot);
  const std::vector<std::size_t>& ids() const { return ids_; }
  const float* row(std::size_t slot) const { return sums_.data() + slot * padded_; }
  /// NULL where the batch did not name the id.
  const float* of(std::size_t id) const {
    return slot_of_[id] < 0 ? nullptr : row(static_cast<std::size_t>(slot_of_[id]));
  }

 private:
  void add(const Kernels& k, std::size_t id, float coefficient, const float* d_e);

  std::vector<std::int32_t> slot_of_;  // by id; -1: not in this batch
  std::vector<std::size_t> ids_;       // by slot
  Floats sums_;                        // (slots, padded)
  std::size_t padded_;
};

}  // namespace interplay::kit
