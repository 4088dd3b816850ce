// Scoring blocks of rows with an engine: the one place where predict, recommend, evaluate and golden rows meet it.
#pragma once

#include <span>
#include <vector>

#include "model/model.hpp"

namespace interplay::core {

/// Rows that are scored in one call of the engine; also what a batch has room for.
constexpr std::int64_t block_rows = 1024;

/// One thread's scratch for scoring one fitted state.
class Scratch {
 public:
  Scratch(const Engine& engine, const Fitted& fitted, std::int64_t max_rows);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  /// What orders rows, (batch.rows): logits, or the scores themselves for an engine without logits. Here and below:
  /// valid until the next call; INTERPLAY_INTERNAL if the engine wrote one value more than asked for.
  std::span<const float> rank_values(const interplay_batch& batch);
  /// (batch.rows, layers, heads, fields, fields), see engine.h, `per_row` floats a row; only of an engine that has attention.
  std::span<const float> attention(const interplay_batch& batch, std::size_t per_row);
  /// rank value -> score in the label's unit
  float score(float rank_value) const;

 private:
  const Engine& engine_;
  const Fitted& fitted_;
  using Write = interplay_status (*)(const void*, void*, const interplay_batch*, float*, interplay_error**);
  std::span<const float> written(Write write, const char* doing, const interplay_batch& batch,
                                 std::size_t per_row);

  void* scratch_ = nullptr;
  std::vector<float> out_;  // with room for a guard behind what was asked for
};

/// Rank values of all rows of a set, or scores, on `threads` threads; the result does not depend on their number.
std::vector<float> score_set(const Engine& engine, const Fitted& fitted, const RowSet& set, int threads,
                             bool logits, interplay_monitor* monitor, const char* stage);

/// Option "threads": 1 by default, 0 for all that may be used.
int threads_option(ObjectReader& options);

}  // namespace interplay::core
