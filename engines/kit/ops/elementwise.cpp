#include "kit/ops/elementwise.hpp"

#include <interplay/sdk/random.hpp>

namespace interplay::kit {

void Relu::score(Pass& pass) const { pass.kernels->relu(pass.x[x_], pass.floats(slot_)); }

void Relu::backward(TrainingPass& pass) const {
  pass.gradients->relu(pass.d_x[x_], pass.x[x_], pass.floats(slot_));
}

void Add::score(Pass& pass) const { pass.kernels->add(pass.x[x_], pass.x[y_], pass.floats(slot_)); }

void Add::backward(TrainingPass& pass) const {
  pass.kernels->add(pass.d_x[y_], pass.d_x[x_], pass.floats(slot_));
}

void draw_masks(float* mask, std::size_t n, double p, const TrainingPass& pass, std::size_t op) {
  DropoutKeys keys{{}, {}, static_cast<float>(p * 0x1p24), static_cast<float>(1.0 / (1.0 - p))};
  const std::uint64_t seed = mix64(pass.seed) + op;
  for (std::size_t t = 0; t < pass.tiles; ++t, mask += n * pass.lanes()) {
    for (std::size_t lane = 0; lane < pass.lanes(); ++lane) {
      const std::size_t row = pass.first_row + t * pass.lanes() + lane;
      const std::uint64_t bits = Random(seed, Purpose::dropout, pass.step, row).bits();
      keys.first[lane] = static_cast<std::uint32_t>(bits);
      keys.second[lane] = static_cast<std::uint32_t>(bits >> 32);
    }
    pass.gradients->dropout(mask, n, keys);
  }
}

void Dropout::forward(TrainingPass& pass) const {
  float *x = pass.x[x_], *mask = pass.cache[number].data();
  draw_masks(mask, slot_.size(), p_, pass, number);
  pass.gradients->multiply(x, x, mask, pass.floats(slot_));
}

void Dropout::backward(TrainingPass& pass) const {
  float* d_x = pass.d_x[x_];
  pass.gradients->multiply(d_x, d_x, pass.cache[number].data(), pass.floats(slot_));
}

}  // namespace interplay::kit
