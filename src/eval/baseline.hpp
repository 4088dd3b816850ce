// The two predictions that any model has to beat: the mean of the labels, and the mean plus a bias of the user and a bias
// of the item.
#pragma once

#include <cstdint>
#include <span>

#include "base/array.hpp"

namespace interplay::core {

/// y ~ mean + b_user + b_item by alternating least squares, damped towards 0 (15 for users, 10 for items, ten rounds: Koren,
/// "Factor in the neighbors", 2010, section 2.1, with Surprise's constants). Index -1: no such user or item, bias 0.
class Biases {
 public:
  Biases(std::span<const std::int32_t> users, std::span<const std::int32_t> items,
         std::span<const float> labels);
  /// As they were saved.
  Biases(double mean, Array<float> users, Array<float> items);

  double mean() const { return mean_; }
  /// By index; may be shorter than the catalogue.
  const Array<float>& users() const { return user_; }
  const Array<float>& items() const { return item_; }
  float predict(std::int32_t user, std::int32_t item) const;

 private:
  double mean_ = 0;
  Array<float> user_, item_;
};

}  // namespace interplay::core
