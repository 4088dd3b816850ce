// Forward and backward of one shard of a batch, while training. A batch is cut into shards by position alone,
// so sums over a batch come out the same for any number of threads.
#pragma once

#include "layers/embedding.hpp"
#include "layers/interaction.hpp"

#include <interplay/sdk/objective.hpp>

namespace interplay::autoint {

/// What holds for a whole batch.
struct BatchContext {
  const interplay_batch& batch;
  double weight_sum;   // of the batch's rows
  std::uint64_t step;  // of the whole training: keys the dropout
};

/// One worker's activations, for shards of up to max_rows rows.
class Network {
 public:
  Network(const Model& model, const Settings& settings, const Objective& objective, std::size_t max_rows);

  /// Rows begin .. end. Overwrites d_dense (dense) and d_e0 (end - begin, M, dp), gradients of the batch's
  /// mean loss, and returns the sum of the rows' weighted losses.
  double train(const BatchContext& context, std::size_t begin, std::size_t end, const RowFactor* factor,
               float* d_dense, float* d_e0);
  /// The same without dropout and gradients; logits (end - begin). For tests.
  const float* forward(const BatchContext& context, std::size_t begin, std::size_t end,
                       const RowFactor* factor);

 private:
  void draw_masks(const BatchContext& context, std::size_t begin, std::size_t rows);
  void run_forward(std::size_t rows);
  double d_loss(const BatchContext& context, std::size_t begin, std::size_t rows);

  const Model& model_;
  const Settings& settings_;
  const Objective& objective_;
  std::vector<Floats> e_;  // L + 1 of (rows, M, dp)
  std::vector<InteractionCache> layers_;
  InteractionScratch scratch_;
  Floats embedding_mask_;     // (rows, M, dp); empty without embedding dropout
  Floats logits_, d_logits_;  // (rows)
};

}  // namespace interplay::autoint
