#include "kit/ops/elementwise.hpp"

#include <interplay/sdk/random.hpp>

#include <algorithm>

namespace interplay::kit {

void relu(float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] = x[i] > 0 ? x[i] : 0;
}

void Relu::infer(Pass& pass) const { relu(pass.x[x_], pass.rows * n_); }

void Relu::backward(Pass& pass) const { pass.kernels->d_relu(pass.d_x[x_], pass.x[x_], pass.rows * n_); }

void Add::infer(Pass& pass) const { pass.kernels->axpy(pass.x[x_], 1, pass.x[y_], pass.rows * n_); }

void Add::backward(Pass& pass) const { pass.kernels->axpy(pass.d_x[y_], 1, pass.d_x[x_], pass.rows * n_); }

void draw_mask(float* mask, std::size_t n, std::size_t used, std::size_t stride, double p, const Pass& pass,
               std::size_t row, std::size_t op) {
  Random random(mix64(pass.seed) + op, Purpose::dropout, pass.step, pass.first_row + row);
  // two draws of 32 bits from each 64
  const auto threshold = static_cast<std::uint32_t>(std::min(p * 0x1p32, 0x1p32 - 1));
  const float keep = static_cast<float>(1.0 / (1.0 - p));
  for (std::size_t start = 0; start < n; start += stride) {
    for (std::size_t i = 0; i < used; i += 2) {
      const std::uint64_t bits = random.bits();
      mask[start + i] = static_cast<std::uint32_t>(bits) < threshold ? 0.0f : keep;
      if (i + 1 < used)
        mask[start + i + 1] = static_cast<std::uint32_t>(bits >> 32) < threshold ? 0.0f : keep;
    }
    std::fill(mask + start + used, mask + start + stride, 0.0f);
  }
}

void Dropout::forward(Pass& pass) const {
  const std::size_t n = slot_.size();
  float *x = pass.x[x_], *mask = pass.cache[number].data();
  for (std::size_t r = 0; r < pass.rows; ++r)
    draw_mask(mask + r * n, n, slot_.axis.width, slot_.axis.padded, p_, pass, r, number);
  for (std::size_t i = 0; i < pass.rows * n; ++i) x[i] *= mask[i];
}

void Dropout::backward(Pass& pass) const {
  float* d_x = pass.d_x[x_];
  const float* mask = pass.cache[number].data();
  for (std::size_t i = 0; i < pass.rows * slot_.size(); ++i) d_x[i] *= mask[i];
}

}  // namespace interplay::kit
