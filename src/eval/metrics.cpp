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

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

bool any_nan(std::span<const float> scores) {
  return std::any_of(scores.begin(), scores.end(), [](float s) { return std::isnan(s); });
}

/// Positions 0 .. n - 1, sorted; those that compare equal keep their order.
template <class Less>
std::vector<std::size_t> sorted_positions(std::size_t n, const Less& less) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), less);
  return order;
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
  if (any_nan(scores)) return undefined;
  const auto order =
      sorted_positions(scores.size(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
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

GroupAuc group_auc(std::span<const float> scores, std::span<const float> labels, Weights weights,
                   std::span<const std::int32_t> group) {
  const auto order =
      sorted_positions(group.size(), [&](std::size_t a, std::size_t b) { return group[a] < group[b]; });
  GroupAuc result{undefined, 0, 0};
  double sum = 0, total = 0;
  std::vector<float> own_scores, own_labels, own_weights;
  for (std::size_t i = 0; i < order.size();) {
    const std::int32_t now = group[order[i]];
    own_scores.clear();
    own_labels.clear();
    own_weights.clear();
    double weight = 0;
    for (; i < order.size() && group[order[i]] == now; ++i) {
      own_scores.push_back(scores[order[i]]);
      own_labels.push_back(labels[order[i]]);
      own_weights.push_back(weights.empty() ? 1.0F : weights[order[i]]);
      weight += static_cast<double>(own_weights.back());
    }
    const double area = auc(own_scores, own_labels, own_weights);
    if (std::isnan(area)) {
      ++result.left_out;
      continue;
    }
    ++result.counted;
    sum += weight * area;
    total += weight;
  }
  if (result.counted > 0) result.value = sum / total;
  return result;
}

double calibration_error(std::span<const float> scores, std::span<const float> labels, Weights weights,
                         std::int64_t bins) {
  if (any_nan(scores)) return undefined;
  const auto order =
      sorted_positions(scores.size(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  const auto count = static_cast<std::int64_t>(order.size());
  std::vector<double> difference(static_cast<std::size_t>(bins), 0.0);  // sum of weight * (score - label)
  double total = 0, sum = 0;
  std::int64_t bin = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t row = order[i];
    if (i == 0 || scores[row] != scores[order[i - 1]]) bin = static_cast<std::int64_t>(i) * bins / count;
    const double w = weights.empty() ? 1.0 : static_cast<double>(weights[row]);
    difference[static_cast<std::size_t>(bin)] +=
        w * (static_cast<double>(scores[row]) - static_cast<double>(labels[row]));
    total += w;
  }
  for (const double d : difference) sum += std::fabs(d);
  return sum / total;
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
