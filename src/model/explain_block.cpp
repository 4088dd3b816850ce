#include "model/explain_block.hpp"

#include <interplay/sdk/random.hpp>

#include <cmath>

namespace interplay::core {
namespace {

/// One row in which every field is unknown.
RowSet unknown_row(const RowSet& set) {
  RowSet unknown;
  unknown.fields = set.fields;
  unknown.lists = set.lists;
  for (ListRule& rule : unknown.lists) rule.history.reset();  // the unknown list is like any other's
  unknown.sources.resize(set.fields.size());
  unknown.rows = 1;
  return unknown;
}

void add_all(std::vector<double>& sums, const std::vector<double>& more) {
  sums.resize(more.size(), 0.0);
  for (std::size_t i = 0; i < more.size(); ++i) sums[i] += more[i];
}

}  // namespace

void BlockExplanation::add(const BlockExplanation& other) {
  score += other.score;
  logit += other.logit;
  add_all(attention, other.attention);
  add_all(change, other.change);
  add_all(absolute_change, other.absolute_change);
  add_all(pair, other.pair);
  add_all(squared_pair, other.squared_pair);
}

BlockExplainer::BlockExplainer(const Engine& engine, const Fitted& fitted, const RowSet& set,
                               const ExplainPlan& plan)
    : set_(set),
      plan_(plan),
      unknown_(unknown_row(set)),
      batch_(set, plan.block),
      other_(plan.shuffle ? set : unknown_, plan.shuffle ? plan.block : 1),
      scratch_(engine, fitted, plan.block) {}

void BlockExplainer::fill(std::int64_t first, std::int64_t n) {
  batch_.fill(first, n);
  if (plan_.shuffle) {
    chosen_.resize(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) {
      Random random(0, Purpose::explain, static_cast<std::uint64_t>(first + i));
      const auto step =
          1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(set_.rows) - 1));
      chosen_[static_cast<std::size_t>(i)] = (first + i + step) % set_.rows;
    }
    other_.fill(chosen_, Drawing{}, 0);
  } else {
    other_.fill(0, 1);  // one row is shared by all
  }
  mixed_ = batch_;
  values_.assign(batch_.fields, batch_.fields + batch_.n_fields);
  mixed_.fields = values_.data();
  mixed_.labels = nullptr;
}

void BlockExplainer::swap_field(std::size_t field, bool out) {
  values_[field] = out ? other_.fields[field] : batch_.fields[field];
}

void BlockExplainer::explain_fields(BlockExplanation& result) {
  const std::size_t fields = values_.size(), n = logits_.size();
  without_.resize(fields * n);
  result.change.assign(fields, 0.0);
  result.absolute_change.assign(fields, 0.0);
  if (plan_.per_row) result.changes.resize(n * fields);
  for (std::size_t f = 0; f < fields; ++f) {
    swap_field(f, true);
    const std::span<const float> without = scratch_.rank_values(mixed_);
    swap_field(f, false);
    std::copy(without.begin(), without.end(), &without_[f * n]);
    for (std::size_t i = 0; i < n; ++i) {
      const double change = static_cast<double>(logits_[i]) - static_cast<double>(without[i]);
      result.change[f] += change;
      result.absolute_change[f] += std::fabs(change);
      if (plan_.per_row) result.changes[i * fields + f] = static_cast<float>(change);
    }
  }
}

void BlockExplainer::explain_pairs(BlockExplanation& result) {
  const std::size_t fields = values_.size(), n = logits_.size();
  for (std::size_t a = 0; a < fields; ++a) {
    swap_field(a, true);
    for (std::size_t b = a + 1; b < fields; ++b) {
      swap_field(b, true);
      const std::span<const float> both = scratch_.rank_values(mixed_);
      swap_field(b, false);
      double sum = 0, squares = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double together = static_cast<double>(logits_[i]) - static_cast<double>(without_[a * n + i]) -
                                static_cast<double>(without_[b * n + i]) + static_cast<double>(both[i]);
        sum += together;
        squares += together * together;
      }
      result.pair.push_back(sum);
      result.squared_pair.push_back(squares);
    }
    swap_field(a, false);
  }
}

void BlockExplainer::explain_attention(BlockExplanation& result) {
  const std::size_t size = plan_.attention_size(values_.size()), n = logits_.size();
  const std::span<const float> attention = scratch_.attention(mixed_, size);
  result.attention.assign(size, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < size; ++k)
      result.attention[k] += static_cast<double>(attention[i * size + k]);
  if (plan_.per_row) result.attentions.assign(attention.begin(), attention.end());
}

BlockExplanation BlockExplainer::explain(std::int64_t first, std::int64_t n) {
  BlockExplanation result;
  fill(first, n);
  const std::span<const float> logits = scratch_.rank_values(mixed_);
  logits_.assign(logits.begin(), logits.end());
  for (const float logit : logits_) {
    const float score = scratch_.score(logit);
    result.logit += static_cast<double>(logit);
    result.score += static_cast<double>(score);
    if (plan_.per_row) result.scores.push_back(score);
  }
  if (plan_.per_row) result.logits = logits_;
  if (plan_.attention) explain_attention(result);
  if (plan_.fields || plan_.pairs) explain_fields(result);
  if (plan_.pairs) explain_pairs(result);
  return result;
}

}  // namespace interplay::core
