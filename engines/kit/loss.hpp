// From logits to a loss and its gradient. Rows come in groups: one row alone, or, for the losses that compare, a row of
// data and then its drawn negatives.
#pragma once

#include "kit/settings.hpp"

#include <interplay/sdk/objective.hpp>

#include <span>

namespace interplay::kit {

class RowLoss {
 public:
  /// Throws UNSUPPORTED where a comparing loss meets data with labels.
  RowLoss(Loss loss, const Objective& objective, std::int64_t negatives);

  /// Rows of a group.
  std::size_t group() const { return group_; }
  /// What a group of rows weighs in the mean loss; weights: of the rows, or NULL.
  double weight(const float* weights, std::size_t row) const {
    return weights ? static_cast<double>(weights[row]) : 1.0;
  }
  /// Gradients are those of labels in a unit of their own, so that kilometres are learned like metres: of regression, labels
  /// over their standard deviation; of ratings, as if on a scale from 1 to 5. Losses stay in the label's unit. 1 for others.
  double unit() const { return unit_; }
  /// Sum of weight * loss over rows begin .. end of a batch (whole groups). d_logits, where it is not NULL, gets
  /// scale * weight * unit() * d loss / d logit. logits and d_logits start at row `begin`.
  double sum(const interplay_batch& batch, std::size_t begin, std::size_t end, const float* logits,
             double scale, float* d_logits) const;
  /// Sum of the weights of the groups of rows begin .. end.
  double weights(const interplay_batch& batch, std::size_t begin, std::size_t end) const;
  double metric(double mean_loss) const {
    return loss_ == Loss::pointwise ? objective_.metric(mean_loss) : mean_loss;
  }

 private:
  double bpr(std::span<const float> logits, double scale, float* d_logits) const;
  double softmax(std::span<const float> logits, double scale, float* d_logits) const;

  Loss loss_;
  Objective objective_;
  std::size_t group_;
  double unit_;
};

}  // namespace interplay::kit
