// An exponential moving average of the weights (Polyak and Juditsky, 1992), taken every few steps.
#pragma once

#include "kit/model.hpp"

namespace interplay::kit {

class Average {
 public:
  /// Steps between two looks at the weights: each is a pass over all tables.
  static constexpr std::int64_t every = 16;

  /// decay: per step
  explicit Average(double decay) : decay_(decay) {}
  /// The weights as they are now, every row up to date. The first ones count fully, later ones less and less.
  void add(const Model& model);
  void forget() { count_ = 0; }
  bool empty() const { return count_ == 0; }
  const Model& model() const { return model_; }

 private:
  double decay_;
  std::int64_t count_ = 0;
  Model model_;
};

}  // namespace interplay::kit
