// From a batch's ids and numbers to field embeddings E0, and back.                                Eq. (2)-(4)
//
//   category    the row of its id                           e = V[id]
//   categories  the mean of its ids' rows, by weight where there are weights; an empty list gives 0
//   number      its value times a learned vector            e = x v;  missing (NaN) or infinite: a vector of
//   its own
#pragma once

#include "model.hpp"

#include <vector>

namespace interplay::autoint {

/// By what a row of a table has to be multiplied before it is read: decay that has not been applied yet.
class RowFactor {
 public:
  virtual float operator()(std::size_t field, std::size_t id) const = 0;

 protected:
  ~RowFactor() = default;
};

/// e (end - begin, M, dp) from rows begin .. end of the batch. factor: NULL while scoring. Ids beyond a table
/// read row 0.
void embed(float* e, const Model& model, const interplay_batch& batch, std::size_t begin, std::size_t end,
           const RowFactor* factor);

/// The gradient of one table: of the touched rows only, each once, in the order in which the batch first
/// names them.
class TableGradient {
 public:
  TableGradient(std::size_t table_rows, std::size_t dp) : slot_of_(table_rows, -1), dp_(dp) {}

  /// d_e (rows, M, dp) of the whole batch; sums what repeated ids get, in the order of rows
  void collect(const Model& model, const interplay_batch& batch, std::size_t field, const float* d_e);
  const std::vector<std::size_t>& ids() const { return ids_; }
  const float* row(std::size_t slot) const { return sums_.data() + slot * dp_; }

 private:
  void add(const Kernels& k, std::size_t id, float coefficient, const float* d_e);

  std::vector<std::int32_t> slot_of_;  // by id; -1: not in this batch
  std::vector<std::size_t> ids_;       // by slot
  Floats sums_;                        // (slots, dp)
  std::size_t dp_;
};

}  // namespace interplay::autoint
