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

  /// What orders rows: logits, or the scores themselves for an engine without logits.
  void rank_values(const interplay_batch& batch, float* out);
  /// out (batch.rows, layers, heads, fields, fields), see engine.h; only of an engine that has attention.
  void attention(const interplay_batch& batch, float* out);
  /// rank value -> score in the label's unit
  float score(float rank_value) const;

 private:
  const Engine& engine_;
  const Fitted& fitted_;
  void* scratch_ = nullptr;
};

/// Rank values of all rows of a set, or scores, on `threads` threads; the result does not depend on their number.
std::vector<float> score_set(const Engine& engine, const Fitted& fitted, const RowSet& set, int threads,
                             bool logits, interplay_monitor* monitor, const char* stage);

/// Option "threads": 1 by default, 0 for all that may be used.
int threads_option(ObjectReader& options);

}  // namespace interplay::core
