#include "model/measure.hpp"

#include <algorithm>

#include "eval/metrics.hpp"

namespace interplay::core {

double measure(const interplay_objective& objective, std::span<const float> scores, const RowSet& rows) {
  return objective.kind == INTERPLAY_BINARY ? log_loss(scores, rows.label, rows.weight)
                                            : rmse(scores, rows.label, rows.weight);
}

Json baselines(const interplay_objective& objective, const Biases& biases, const RowSet& rows) {
  const auto n = static_cast<std::size_t>(rows.rows);
  std::vector<float> mean(n, static_cast<float>(biases.mean())), both(n);
  // A sum of biases may leave the labels' range, where no score would be.
  const bool binary = objective.kind == INTERPLAY_BINARY, bounded = objective.kind != INTERPLAY_REGRESSION;
  const float low = binary ? 0.01F : static_cast<float>(objective.low);
  const float high = binary ? 0.99F : static_cast<float>(objective.high);
  for (std::size_t i = 0; i < n; ++i) {
    const float value =
        biases.predict(rows.user.empty() ? -1 : rows.user[i], rows.item.empty() ? -1 : rows.item[i]);
    both[i] = bounded ? std::clamp(value, low, high) : value;
  }
  Json json;
  json["global_mean"] = measure(objective, mean, rows);
  json["biases"] = measure(objective, both, rows);
  return json;
}

}  // namespace interplay::core
