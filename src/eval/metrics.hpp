// Metrics of scores against labels, and of rankings. Sums run in double.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace interplay::core {

/// Row weights: empty means 1 each.
using Weights = std::span<const float>;

double rmse(std::span<const float> scores, std::span<const float> labels, Weights weights);
double mae(std::span<const float> scores, std::span<const float> labels, Weights weights);
/// Mean of -log of the probability given to the label, each clipped to [1e-7, 1 - 1e-7]; labels 0 and 1.
double log_loss(std::span<const float> probabilities, std::span<const float> labels, Weights weights);
/// Area under the ROC curve; equal scores count one half (exact). NaN when only one class is there or a score is
/// NaN.
double auc(std::span<const float> scores, std::span<const float> labels, Weights weights);

/// The AUC within each group, and their mean by the weight of each group's rows. Groups with one class are left out: they
/// order nothing.
struct GroupAuc {
  double value;  // NaN when no group counts
  std::int64_t counted, left_out;
};
/// group: of each row, any number
GroupAuc group_auc(std::span<const float> scores, std::span<const float> labels, Weights weights,
                   std::span<const std::int32_t> group);

/// Rows by score in `bins` bins of equal count (row i of n in bin i * bins / n; rows of equal score share the bin of the
/// first, so that the order of rows does not matter); the mean, by weight, over the rows of |mean score - mean label| of
/// their bin. For probabilities and labels 0 and 1 the expected calibration error, otherwise the same in the label's
/// unit. NaN when a score is NaN.
double calibration_error(std::span<const float> scores, std::span<const float> labels, Weights weights,
                         std::int64_t bins = 10);

/// Where one relevant item stands among the candidates: 1 + those above + half of those equal to it (mid-rank).
double mid_rank(std::int64_t above, std::int64_t equal_others);

/// One user's ranking at k, from the ranks of the relevant items (infinite for one that cannot be recommended).
struct Ranking {
  double hit, ndcg, recall, reciprocal;
};
Ranking rank_metrics(std::span<const double> ranks, std::int64_t k);

}  // namespace interplay::core
