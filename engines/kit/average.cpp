#include "kit/average.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::kit {

void Average::add(const Model& model) {
  if (count_++ == 0) {
    model_ = model;
    return;
  }
  const auto n = static_cast<double>(count_);
  const auto keep = static_cast<float>(std::min(std::pow(decay_, static_cast<double>(every)), n / (n + 10)));
  const auto towards = [&](float* mean, const float* x, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) mean[i] = keep * mean[i] + (1 - keep) * x[i];
  };
  towards(model_.dense.data(), model.dense.data(), model.dense.size());
  for (std::size_t t = 0; t < model.tables.size(); ++t)
    towards(model_.tables[t].own(), model.tables[t].data(),
            model.tables[t].rows() * model.graph->tables[t].width);
}

}  // namespace interplay::kit
