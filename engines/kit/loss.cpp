#include "kit/loss.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::kit {

namespace {

double unit_of(const Objective& objective) {
  const double span = objective.span();
  if (objective.get().kind == INTERPLAY_BINARY || !(span > 0)) return 1;
  const double usual =
      objective.get().kind == INTERPLAY_RATING ? 4 : 1;  // what defaults and presets were tuned on
  return usual / span * (usual / span);
}

}  // namespace

RowLoss::RowLoss(Loss loss, const Objective& objective, std::int64_t negatives)
    : loss_(loss),
      objective_(objective),
      group_(loss == Loss::pointwise ? 1 : static_cast<std::size_t>(1 + negatives)),
      unit_(loss == Loss::pointwise ? unit_of(objective) : 1) {
  if (loss != Loss::pointwise && negatives == 0)
    throw Error(INTERPLAY_UNSUPPORTED,
                "loss bpr and softmax compare a row with drawn negatives, and data with labels have none; "
                "leave the label "
                "out of the schema, or set loss to auto",
                R"({"key": "loss"})");
}

double RowLoss::weights(const interplay_batch& batch, std::size_t begin, std::size_t end) const {
  double total = 0;
  for (std::size_t row = begin; row < end; row += group_) total += weight(batch.weights, row);
  return total;
}

/// The mean over the negatives of -log sigmoid(z_0 - z_j)                                    Rendle et al. 2009
double RowLoss::bpr(std::span<const float> logits, double scale, float* d_logits) const {
  const auto negatives = static_cast<double>(logits.size() - 1);
  double loss = 0;
  if (d_logits) d_logits[0] = 0;
  for (std::size_t j = 1; j < logits.size(); ++j) {
    const double difference = static_cast<double>(logits[0]) - static_cast<double>(logits[j]);
    loss += (std::max(-difference, 0.0) + std::log1p(std::exp(-std::abs(difference)))) / negatives;
    if (!d_logits) continue;
    const double d = scale * (sigmoid(difference) - 1) / negatives;
    d_logits[0] += static_cast<float>(d);
    d_logits[j] = static_cast<float>(-d);
  }
  return loss;
}

/// -log(exp(z_0) / sum of exp(z_j)) over the row and its negatives
double RowLoss::softmax(std::span<const float> logits, double scale, float* d_logits) const {
  const auto top = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
  double sum = 0;
  for (const float z : logits) sum += std::exp(static_cast<double>(z) - top);
  if (d_logits)
    for (std::size_t j = 0; j < logits.size(); ++j)
      d_logits[j] = static_cast<float>(
          scale * (std::exp(static_cast<double>(logits[j]) - top) / sum - (j == 0 ? 1 : 0)));
  return std::log(sum) + top - static_cast<double>(logits[0]);
}

double RowLoss::sum(const interplay_batch& batch, std::size_t begin, std::size_t end, const float* logits,
                    double scale, float* d_logits) const {
  double total = 0;
  for (std::size_t row = begin; row < end; row += group_) {
    const double w = weight(batch.weights, row);
    const std::span<const float> z(logits + (row - begin), group_);
    float* d = d_logits ? d_logits + (row - begin) : nullptr;
    if (loss_ == Loss::pointwise) {
      const auto logit = static_cast<double>(z[0]), label = static_cast<double>(batch.labels[row]);
      total += w * objective_.loss(logit, label);
      if (d) *d = static_cast<float>(scale * w * unit_ * objective_.d_loss(logit, label));
    } else {
      total += w * (loss_ == Loss::bpr ? bpr(z, scale * w, d) : softmax(z, scale * w, d));
    }
  }
  return total;
}

}  // namespace interplay::kit
