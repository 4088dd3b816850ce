// The readable twin of simd.hpp: plain loops, one float at a time. Tests hold the two together, and it serves
// processors that have no other kernels.
#include "kit/kernels/kernels.hpp"

#include <cmath>

namespace interplay::kit {
namespace {

void axpy(float* y, float s, const float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] += s * x[i];
}

void gather(float* e, const float* table, std::size_t d, const std::int32_t* ids, const float* c,
            std::size_t n) {
  for (std::size_t k = 0; k < d; ++k) e[k] = 0;
  for (std::size_t i = 0; i < n; ++i) axpy(e, c[i], table + static_cast<std::size_t>(ids[i]) * d, d);
}

void scatter(float* sums, std::size_t d, const std::int32_t* slots, const float* c, std::size_t n,
             const float* d_e) {
  for (std::size_t i = 0; i < n; ++i) axpy(sums + static_cast<std::size_t>(slots[i]) * d, c[i], d_e, d);
}

void adam(float* w, float* m, float* v, const float* g, std::size_t n, const AdamStep& step) {
  for (std::size_t i = 0; i < n; ++i) {
    const float gradient = step.scale * g[i] + step.penalty * w[i];
    m[i] = step.beta1 * m[i] + (1 - step.beta1) * gradient;
    v[i] = step.beta2 * v[i] + (1 - step.beta2) * gradient * gradient;
    w[i] = w[i] * step.decay - step.rate * m[i] / (std::sqrt(v[i] * step.v_scale) + step.epsilon);
  }
}

void adam_idle(float* w, float* m, float* v, std::size_t n, const AdamStep* steps, std::size_t count) {
  for (std::size_t s = 0; s < count; ++s)
    for (std::size_t i = 0; i < n; ++i) {
      m[i] *= steps[s].beta1;
      v[i] *= steps[s].beta2;
      w[i] = w[i] * steps[s].decay -
             steps[s].rate * m[i] / (std::sqrt(v[i] * steps[s].v_scale) + steps[s].epsilon);
    }
}

}  // namespace

const Kernels& scalar_kernels() {
  static const Kernels table{"scalar", scalar_tiles(), scalar_gradients(), axpy, gather,
                             scatter,  adam,           adam_idle};
  return table;
}

}  // namespace interplay::kit
