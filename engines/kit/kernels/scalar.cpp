// The readable twin of simd.hpp: plain loops, one float at a time. Tests hold the two together, and it serves
// processors that have no other kernels.
#include "kit/kernels/kernels.hpp"

#include <cmath>

namespace interplay::kit {
namespace {

float dot(const float* a, const float* b, std::size_t n) {
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

void axpy(float* y, float s, const float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] += s * x[i];
}

void add_relu(float* y, const float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = std::fmax(x[i] + y[i], 0.0f);
}

void multiply(float* y, const float* a, const float* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = a[i] * b[i];
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

void dropout(float* mask, std::size_t stretches, std::size_t used, std::size_t stride,
             const DropoutDraw& draw) {
  for (std::size_t s = 0; s < stretches; ++s, mask += stride)
    for (std::size_t i = 0; i < stride; ++i) {
      const auto place = static_cast<std::uint32_t>(s * used + i);
      mask[i] = static_cast<float>(dropout_bits(draw, place)) < draw.dropped ? 0.0f : draw.kept;
    }
}

void d_relu(float* d_x, const float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    if (!(y[i] > 0)) d_x[i] = 0;
}

/// One row of A: the softmax of q_i . k_j over j.
void softmax_row(float* a, const float* q, const float* k, std::size_t ld, const AttentionShape& s) {
  float top = -INFINITY, sum = 0;
  for (std::size_t j = 0; j < s.M; ++j) {
    a[j] = dot(q, k + j * ld, s.dh);
    top = std::fmax(top, a[j]);
  }
  for (std::size_t j = 0; j < s.M; ++j) sum += a[j] = std::exp((a[j] - top) * s.scale);
  for (std::size_t j = 0; j < s.M; ++j) a[j] /= sum;
  for (std::size_t j = s.M; j < s.Mp; ++j) a[j] = 0;
}

void attention(float* out, float* a, const float* qkv, const float* mask, float*, const AttentionShape& s,
               std::size_t rows) {
  const std::size_t width = s.H * s.dh, ld = 3 * width;
  for (std::size_t row = 0; row < rows; ++row, out += s.M * width, qkv += s.M * ld)
    for (std::size_t h = 0; h < s.H; ++h) {
      const float *q = qkv + h * s.dh, *k = q + width, *v = k + width;
      for (std::size_t i = 0; i < s.M; ++i, a += s.Mp) {
        softmax_row(a, q + i * ld, k, ld, s);
        float* o = out + i * width + h * s.dh;
        for (std::size_t c = 0; c < s.dh; ++c) o[c] = 0;
        for (std::size_t j = 0; j < s.M; ++j) axpy(o, mask ? a[j] * mask[j] : a[j], v + j * ld, s.dh);
        if (mask) mask += s.Mp;
      }
    }
}

/// d_q += d_s_ij k_j, d_k_j += d_s_ij q and d_v_j += A_ij mask_ij d_o, for one i
void d_attention_row(float* d_q, float* d_k, float* d_v, const float* d_o, const float* a, const float* q,
                     const float* k, const float* v, const float* mask, float* d_a, const AttentionShape& s) {
  const std::size_t ld = 3 * s.H * s.dh;
  float mean = 0;
  for (std::size_t j = 0; j < s.M; ++j) {
    const float kept = mask ? mask[j] : 1;
    axpy(d_v + j * ld, a[j] * kept, d_o, s.dh);
    d_a[j] = dot(d_o, v + j * ld, s.dh) * kept;
    mean += d_a[j] * a[j];
  }
  for (std::size_t j = 0; j < s.M; ++j) {
    const float d_s = a[j] * (d_a[j] - mean) * s.scale;
    axpy(d_q, d_s, k + j * ld, s.dh);
    axpy(d_k + j * ld, d_s, q, s.dh);
  }
}

void d_attention(float* d_qkv, const float* d_out, const float* a, const float* qkv, const float* mask,
                 float* scratch, const AttentionShape& s, std::size_t rows) {
  const std::size_t width = s.H * s.dh, ld = 3 * width;
  for (std::size_t i = 0; i < rows * s.M * ld; ++i) d_qkv[i] = 0;
  for (std::size_t row = 0; row < rows; ++row, d_out += s.M * width, qkv += s.M * ld, d_qkv += s.M * ld)
    for (std::size_t h = 0; h < s.H; ++h) {
      const std::size_t q = h * s.dh, k = q + width, v = k + width;
      for (std::size_t i = 0; i < s.M; ++i, a += s.Mp) {
        d_attention_row(d_qkv + i * ld + q, d_qkv + k, d_qkv + v, d_out + i * width + q, a, qkv + i * ld + q,
                        qkv + k, qkv + v, mask, scratch, s);
        if (mask) mask += s.Mp;
      }
    }
}

void adam(float* w, float* m, float* v, const float* g, std::size_t n, const AdamStep& step) {
  for (std::size_t i = 0; i < n; ++i) {
    const float gradient = step.scale * g[i] + step.penalty * w[i];
    m[i] = step.beta1 * m[i] + (1 - step.beta1) * gradient;
    v[i] = step.beta2 * v[i] + (1 - step.beta2) * gradient * gradient;
    w[i] = w[i] * step.decay - step.rate * m[i] / (std::sqrt(v[i] * step.v_scale) + step.epsilon);
  }
}

}  // namespace

const Kernels& scalar_kernels() {
  static const Kernels table{"scalar", 1,      scalar_tiles(), dot,     axpy,      add_relu,    multiply,
                             d_relu,   gather, scatter,        dropout, attention, d_attention, adam};
  return table;
}

}  // namespace interplay::kit
