// One block of rows, explained: what each field and each pair of fields does to the logit, and what attends to what.
// Left out means that a field has another value: the unknown one, or that of another row.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/scoring.hpp"

namespace interplay::core {

/// What is asked for, the same for every block.
struct ExplainPlan {
  bool attention = false, fields = false, pairs = false, per_row = false;
  bool shuffle = false;  // replace by another row's value instead of the unknown one
  std::int64_t block = block_rows;
  std::int32_t layers = 0, heads = 0;  // 0: no attention

  std::size_t attention_size(std::size_t fields_of_row) const {
    return static_cast<std::size_t>(layers) * static_cast<std::size_t>(heads) * fields_of_row * fields_of_row;
  }
};

/// Sums over the rows of one block, in double; with per_row also the rows themselves. M fields.
struct BlockExplanation {
  double score = 0, logit = 0;
  std::vector<double> attention;                // (layers, heads, M, M)
  std::vector<double> change, absolute_change;  // (M)
  std::vector<double> pair, squared_pair;       // (M (M - 1) / 2): (0, 1), (0, 2), ..., (1, 2), ...
  std::vector<float> scores, logits;            // (rows)
  std::vector<float> changes;                   // (rows, M)
  std::vector<float> attentions;                // (rows, layers, heads, M, M)

  void add(const BlockExplanation& other);
};

/// One thread's batches and scratch. Memory: a block of rows, times M where fields or pairs are asked for.
class BlockExplainer {
 public:
  BlockExplainer(const Engine& engine, const Fitted& fitted, const RowSet& set, const ExplainPlan& plan);

  /// rows first .. first + n - 1 of the set
  BlockExplanation explain(std::int64_t first, std::int64_t n);

 private:
  void fill(std::int64_t first, std::int64_t n);
  void swap_field(std::size_t field, bool out);
  void explain_fields(BlockExplanation& result);
  void explain_pairs(BlockExplanation& result);
  void explain_attention(BlockExplanation& result);

  const RowSet& set_;
  const ExplainPlan& plan_;
  RowSet unknown_;
  Batch batch_, other_;  // the rows as they are; what a field that is left out has instead
  interplay_batch mixed_{};
  std::vector<interplay_values> values_;
  Scratch scratch_;
  std::vector<float> logits_;   // (rows) of the rows as they are
  std::vector<float> without_;  // (M, rows) with one field left out
  std::vector<std::int64_t> chosen_;
};

}  // namespace interplay::core
