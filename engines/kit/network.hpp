// Forward and backward of one shard of a batch, while training. A batch is cut into shards by position alone, so sums over
// a batch come out the same for any number of threads.
#pragma once

#include "kit/embedding.hpp"
#include "kit/loss.hpp"

namespace interplay::kit {

/// What holds for a whole batch.
struct BatchContext {
  const interplay_batch& batch;
  double weight_sum;   // of the batch's groups of rows
  std::uint64_t step;  // of the whole training: keys the dropout
};

/// One worker's activations. A shard goes through block by block, few enough rows for the nearest caches, unless an operation
/// or the loss looks at several rows at once.
class Network {
 public:
  /// max_rows: of a shard.
  Network(const Model& model, std::uint64_t seed, const RowLoss& loss, std::size_t max_rows);

  /// Rows begin .. end. Overwrites d_dense (dense), and from its row `begin` on each of d_slots (batch rows, items,
  /// gradient_stride), one for each slot that has tables (by slot; NULL for others): gradients of the batch's mean loss.
  /// Returns the sum of the rows' weighted losses.
  double train(const BatchContext& context, std::size_t begin, std::size_t end, float* d_dense,
               const std::vector<float*>& d_slots);
  /// The same without gradients: logits (end - begin), of at most one block. For tests.
  const float* forward(const BatchContext& context, std::size_t begin, std::size_t end);

 private:
  double block(const BatchContext& context, std::size_t begin, std::size_t end,
               const std::vector<float*>& d_slots);

  const Model& model_;
  const RowLoss& loss_;
  std::size_t block_rows_;
  std::vector<Floats> x_, d_x_;  // by slot
  TrainingPass pass_;
};

}  // namespace interplay::kit
