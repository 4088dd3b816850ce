// Scoring: from a batch to logits, by the kernels alone. A row's logit has the same bits in any batch, at any place and on
// any thread, because rows lie side by side in the lanes of vectors (kernels/tiles.hpp) and no kernel sums across lanes.
#pragma once

#include "kit/state.hpp"

namespace interplay::kit {

/// One thread's memory: a block of rows small enough that its activations stay in the nearest caches.
class Scorer {
 public:
  /// most_rows: of a batch, so that no more memory is taken than it needs; larger ones go block by block.
  explicit Scorer(const Model& model, std::size_t most_rows = SIZE_MAX);

  /// out (batch.rows) logits. Once warm it allocates nothing: memory for lists, and for fields that rows share, grows with the
  /// largest batch. Throws INVALID_ARGUMENT if the batch has other fields.
  void score(const Model& model, const interplay_batch& batch, float* out);
  /// The mean of the members' logits.
  void score(std::span<const Member> members, const interplay_batch& batch, float* out);
  /// out (batch.rows, layers, heads, fields, fields): the attention on the way to the logits. Allocates, once.
  void attention(const Model& model, const interplay_batch& batch, float* out);

 private:
  void add(const Model& model, const interplay_batch& batch, float share, float* out);
  void block(const Model& model, const interplay_batch& batch, std::size_t begin);
  /// Of the rows that are left: how many to compute together.
  std::size_t next_rows(std::size_t left) const;
  void check(const Model& model, const interplay_batch& batch) const;

  std::size_t tiles_, fields_;
  std::vector<Floats> memory_;  // by buffer
  Pass pass_;
};

}  // namespace interplay::kit
