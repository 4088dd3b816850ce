// Scoring: from a batch to logits, by the engine's own kernels. A row's logit has the same bits in any batch,
// at any place and on any thread, because no kernel sums across rows.
#pragma once

#include "model.hpp"

namespace interplay::autoint {

/// One thread's memory: a block of rows small enough that its activations stay in the nearest caches.
class Scorer {
 public:
  explicit Scorer(const Model& model);

  /// out (batch.rows) logits. Allocates nothing. Throws INVALID_ARGUMENT if the batch has other fields.
  void score(const Model& model, const interplay_batch& batch, float* out);

  /// out (batch.rows, L, H, M, M): what each field attends to, layer by layer; a row of the last index sums to
  /// 1. Allocates nothing.
  void attention(const Model& model, const interplay_batch& batch, float* out);

 private:
  void check(const Model& model, const interplay_batch& batch) const;
  void interact(const Model& model, std::size_t layer, std::size_t rows);

  std::size_t block_;
  Floats e_;       // (block, M, dp): of the layer that was computed last
  Floats qkv_;     // (block, M, 3 Ap)
  Floats a_;       // (H, M, Mp): of one row
  Floats joined_;  // (block, M, Ap)
};

}  // namespace interplay::autoint
