// What training minimises and how a logit becomes a score, for each kind of objective that the core fixes at
// the first fit. Losses are in nats (binary) or in the label's unit squared.
#pragma once

#include <interplay/engine.h>

#include <algorithm>
#include <cmath>

namespace interplay {

inline double sigmoid(double logit) {
  const double e = std::exp(-std::abs(logit));  // never overflows
  return logit >= 0 ? 1 / (1 + e) : e / (1 + e);
}

class Objective {
 public:
  Objective() = default;
  explicit Objective(const interplay_objective& objective) : objective_(objective) {}

  const interplay_objective& get() const { return objective_; }
  double span() const { return objective_.high - objective_.low; }

  /// The prediction: a probability, or a number in the label's unit.
  double score(double logit) const {
    if (objective_.kind == INTERPLAY_BINARY) return sigmoid(logit);
    if (objective_.kind == INTERPLAY_RATING) return objective_.low + span() * sigmoid(logit);
    return objective_.low + span() * logit;
  }

  /// Log loss is computed from the logit: max(z, 0) - z y + log(1 + exp(-|z|)).
  double loss(double logit, double label) const {
    if (objective_.kind == INTERPLAY_BINARY)
      return std::max(logit, 0.0) - logit * label + std::log1p(std::exp(-std::abs(logit)));
    const double difference = score(logit) - label;
    return difference * difference;
  }

  /// d loss / d logit
  double d_loss(double logit, double label) const {
    if (objective_.kind == INTERPLAY_BINARY) return sigmoid(logit) - label;
    const double d_score = 2 * (score(logit) - label);
    if (objective_.kind == INTERPLAY_REGRESSION) return d_score * span();
    const double s = sigmoid(logit);
    return d_score * span() * s * (1 - s);
  }

  /// The logit whose score is the mean label, kept away from the infinities of all-equal labels.
  double initial_logit() const {
    if (objective_.kind == INTERPLAY_REGRESSION)
      return span() > 0 ? (objective_.mean - objective_.low) / span() : 0;
    const double low = objective_.kind == INTERPLAY_BINARY ? 0 : objective_.low;
    const double high = objective_.kind == INTERPLAY_BINARY ? 1 : objective_.high;
    const double share = high > low ? (objective_.mean - low) / (high - low) : 0.5;
    const double p = std::clamp(share, 1e-4, 1 - 1e-4);
    return std::log(p / (1 - p));
  }

  /// What people read: the root of a mean squared error, or the mean log loss as it is.
  double metric(double mean_loss) const {
    return objective_.kind == INTERPLAY_BINARY ? mean_loss : std::sqrt(mean_loss);
  }

 private:
  interplay_objective objective_{};
};

}  // namespace interplay
