#include "eval/objective.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"

namespace interplay::core {
namespace {

constexpr std::size_t most_rating_values = 32;

struct Summary {
  double low, high, mean, deviation;
  bool zero_or_one, few_integers;
};

Summary summarise(std::span<const float> labels) {
  Summary s{static_cast<double>(labels[0]), static_cast<double>(labels[0]), 0, 0, true, true};
  std::set<float> distinct;
  for (const float label : labels) {
    const auto x = static_cast<double>(label);
    s.low = std::min(s.low, x);
    s.high = std::max(s.high, x);
    s.mean += x;
    s.zero_or_one = s.zero_or_one && (x == 0 || x == 1);
    s.few_integers = s.few_integers && x == std::floor(x);
    if (distinct.size() <= most_rating_values) distinct.insert(label);
  }
  s.few_integers = s.few_integers && distinct.size() <= most_rating_values;
  s.mean /= static_cast<double>(labels.size());
  double squares = 0;  // a second pass: the mean of squares less the square of the mean cancels
  for (const float label : labels)
    squares += (static_cast<double>(label) - s.mean) * (static_cast<double>(label) - s.mean);
  s.deviation = std::sqrt(squares / static_cast<double>(labels.size()));
  return s;
}

}  // namespace

interplay_objective choose_objective(const std::string& choice, std::span<const float> labels) {
  if (labels.empty()) fail(INTERPLAY_BAD_DATA, "there is no row to learn from");
  const Summary s = summarise(labels);
  if (s.low == s.high)
    fail(INTERPLAY_BAD_DATA, "every one of the " + std::to_string(labels.size()) + " training labels is " +
                                 spelt(s.low) +
                                 ": there is nothing to learn; for data with positive rows only, "
                                 "leave the label out of the schema");
  const bool binary = choice == "binary" || (choice == "auto" && s.zero_or_one);
  if (binary) {
    if (!s.zero_or_one)
      fail(INTERPLAY_BAD_DATA, "objective \"binary\" needs labels 0 and 1, found labels from " +
                                   spelt(s.low) + " to " + spelt(s.high));
    return {INTERPLAY_BINARY, 0, 0, 1, s.mean};
  }
  if (choice == "rating" || (choice == "auto" && s.few_integers))
    return {INTERPLAY_RATING, 0, s.low, s.high, s.mean};
  return {INTERPLAY_REGRESSION, 0, s.mean, s.mean + s.deviation, s.mean};
}

interplay_objective implicit_objective(std::int64_t negatives) {
  return {INTERPLAY_BINARY, 0, 0, 1, 1.0 / static_cast<double>(1 + negatives)};
}

float score_of(const interplay_objective& objective, float logit) {
  const auto x = static_cast<double>(logit);
  const double unit = objective.kind == INTERPLAY_REGRESSION ? x : 1.0 / (1.0 + std::exp(-x));
  return static_cast<float>(objective.low + (objective.high - objective.low) * unit);
}

const char* objective_name(std::int32_t kind) {
  return kind == INTERPLAY_BINARY ? "binary" : kind == INTERPLAY_RATING ? "rating" : "regression";
}

const char* metric_name(std::int32_t kind) { return kind == INTERPLAY_BINARY ? "log_loss" : "rmse"; }

}  // namespace interplay::core
