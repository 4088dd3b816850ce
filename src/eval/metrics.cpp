#include "eval/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace interplay::core {
namespace {

/// sum(w * f(score, label)) / sum(w)
template <class Term>
double weighted_mean(std::span<const float> scores, std::span<const float> labels, Weights weights,
                     const Term& term) {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double w = weights.empty() ? 1.0 : static_cast<double>(weights[i]);
    sum += w * term(static_cast<double>(scores[i]), static_cast<double>(labels[i]));
    total += w;
  }
  return sum / total;
}

}  // namespace

double rmse(std::span<const float> scores, std::span<const float> labels, Weights weights) {
  return std::sqrt(
      weighted_mean(scores, labels, weights, [](double s, double y) { return (s - y) * (s - y); }));
}

double mae(std::span<const float> scores, std::span<const float> labels, Weights weights) {
  return weighted_mean(scores, labels, weights, [](double s, double y) { return std::fabs(s - y); });
}

double log_loss(std::span<const float> probabilities, std::span<const float> labels, Weights weights) {
  return weighted_mean(probabilities, labels, weights, [](double p, double y) {
    p = std::clamp(p, 1e-7, 1 - 1e-7);
    return -(y * std::log(p) + (1 - y) * std::log(1 - p));
  });
}

double auc(std::span<const float> scores, std::span<const float> labels, Weights weights) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  if (std::any_of(scores.begin(), scores.end(), [](float s) { return std::isnan(s); })) return undefined;
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double negatives = 0, positives = 0, area = 0;
  for (std::size_t i = 0; i < order.size();) {
    double tied_negatives = 0, tied_positives = 0;
    const float score = scores[order[i]];
    for (; i < order.size() && scores[order[i]] == score; ++i) {
      const double w = weights.empty() ? 1.0 : static_cast<double>(weights[order[i]]);
      (labels[order[i]] > 0.5F ? tied_positives : tied_negatives) += w;
    }
    area += tied_positives * (negatives + 0.5 * tied_negatives);
    negatives += tied_negatives;
    positives += tied_positives;
  }
  if (negatives == 0 || positives == 0) return undefined;
  return area / (negatives * positives);
}

double mid_rank(std::int64_t above, std::int64_t equal_others) {
  return 1.0 + static_cast<double>(above) + 0.5 * static_cast<double>(equal_others);
}

Ranking rank_metrics(std::span<const double> ranks, std::int64_t k) {
  const auto limit = static_cast<double>(k);
  double found = 0, gain = 0, best = std::numeric_limits<double>::infinity();
  for (const double rank : ranks) {
    best = std::min(best, rank);
    if (rank > limit) continue;
    found += 1;
    gain += 1.0 / std::log2(1.0 + rank);
  }
  double ideal = 0;
  const auto relevant = static_cast<std::int64_t>(ranks.size());
  for (std::int64_t i = 1; i <= std::min(k, relevant); ++i)
    ideal += 1.0 / std::log2(1.0 + static_cast<double>(i));
  return {found > 0 ? 1.0 : 0.0, gain / ideal, found / static_cast<double>(relevant),
          best <= limit ? 1.0 / best : 0.0};
}

}  // namespace interplay::core
