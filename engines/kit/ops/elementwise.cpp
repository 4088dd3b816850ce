#include "kit/ops/elementwise.hpp"

#include <interplay/sdk/random.hpp>

#include <algorithm>

namespace interplay::kit {

void Relu::score(TilePass& pass) const { pass.kernels->relu(pass.x[x_], pass.floats(slot_)); }

void Relu::forward(Pass& pass) const { pass.kernels->tiles.relu(pass.x[x_], pass.rows * n_); }

void Relu::backward(Pass& pass) const { pass.kernels->d_relu(pass.d_x[x_], pass.x[x_], pass.rows * n_); }

void Add::score(TilePass& pass) const { pass.kernels->add(pass.x[x_], pass.x[y_], pass.floats(slot_)); }

void Add::forward(Pass& pass) const { pass.kernels->axpy(pass.x[x_], 1, pass.x[y_], pass.rows * n_); }

void Add::backward(Pass& pass) const { pass.kernels->axpy(pass.d_x[y_], 1, pass.d_x[x_], pass.rows * n_); }

void draw_mask(float* mask, std::size_t n, std::size_t used, std::size_t stride, double p, const Pass& pass,
               std::size_t row, std::size_t op) {
  const std::uint64_t bits =
      Random(mix64(pass.seed) + op, Purpose::dropout, pass.step, pass.first_row + row).bits();
  const DropoutDraw draw{static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32),
                         static_cast<float>(p * 0x1p24), static_cast<float>(1.0 / (1.0 - p))};
  pass.kernels->dropout(mask, n / stride, used, stride, draw);
}

void Dropout::forward(Pass& pass) const {
  const std::size_t n = slot_.size();
  float *x = pass.x[x_], *mask = pass.cache[number].data();
  for (std::size_t r = 0; r < pass.rows; ++r)
    draw_mask(mask + r * n, n, slot_.axis.width, slot_.axis.padded, p_, pass, r, number);
  pass.kernels->multiply(x, x, mask, pass.rows * n);
}

void Dropout::backward(Pass& pass) const {
  float* d_x = pass.d_x[x_];
  pass.kernels->multiply(d_x, d_x, pass.cache[number].data(), pass.rows * slot_.size());
}

}  // namespace interplay::kit
