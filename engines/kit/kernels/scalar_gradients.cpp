// The readable twin of simd_gradients.hpp: tiles of one row, so that a lane is a float.
#include "kit/kernels/kernels.hpp"

#include <cmath>

namespace interplay::kit {
namespace {

void linear(const TileLinear& s) {
  for (std::size_t v = 0; v < s.vectors; ++v)
    for (std::size_t c = 0; c < s.n; ++c) {
      float sum = 0;
      for (std::size_t i = 0; i < s.k; ++i) sum += s.x[v * s.k + i] * s.w[c * s.k + i];
      s.y[v * s.n + c] = sum + s.residual[v * s.n + c];
    }
}

void outer(const TileOuter& s) {
  for (std::size_t v = 0; v < s.vectors; ++v)
    for (std::size_t i = 0; i < s.k; ++i)
      for (std::size_t j = 0; j < s.n; ++j) s.d_w[i * s.n + j] += s.x[v * s.k + i] * s.d_y[v * s.stride + j];
}

/// One row i of A, of one tile and head: d_q, and what it adds to all d_k and d_v.
void attention_row(const TileAttentionGradient& s, std::size_t at, std::size_t head, std::size_t i,
                   const float* a, const float* mask) {
  const std::size_t width = s.H * s.dh, ld = 3 * width, first = at * s.M * ld + head * s.dh;
  const float* d_o = s.d_out + (at * s.M + i) * width + head * s.dh;
  const float *q = s.qkv + first + i * ld, *k = s.qkv + first + width, *v = k + width;
  float *d_q = s.d_qkv + first + i * ld, *d_k = s.d_qkv + first + width, *d_v = d_k + width;
  float *d_a = s.scratch, mean = 0;
  for (std::size_t j = 0; j < s.M; ++j) {
    const float kept = mask ? mask[j] : 1;
    d_a[j] = 0;
    for (std::size_t c = 0; c < s.dh; ++c) {
      d_a[j] += d_o[c] * v[j * ld + c] * kept;
      d_v[j * ld + c] += a[j] * kept * d_o[c];
    }
    mean += d_a[j] * a[j];
  }
  for (std::size_t j = 0; j < s.M; ++j) {
    const float d_s = a[j] * (d_a[j] - mean) * s.scale;
    for (std::size_t c = 0; c < s.dh; ++c) {
      d_q[c] += d_s * k[j * ld + c];
      d_k[j * ld + c] += d_s * q[c];
    }
  }
}

void attention(const TileAttentionGradient& s) {
  for (std::size_t n = 0; n < s.tiles * s.M * 3 * s.H * s.dh; ++n) s.d_qkv[n] = 0;
  for (std::size_t t = 0; t < s.tiles; ++t)
    for (std::size_t h = 0; h < s.H; ++h)
      for (std::size_t i = 0; i < s.M; ++i) {
        const std::size_t row = ((t * s.H + h) * s.M + i) * s.M;
        attention_row(s, t, h, i, s.weights + row, s.mask ? s.mask + row : nullptr);
      }
}

/// With z = (x - mean) inverse and g = gain d_y:  d_x = inverse (g - mean(g) - z mean(g z))
void layer_norm(const TileLayerNormGradient& s) {
  const auto count = static_cast<float>(s.n);
  for (std::size_t v = 0; v < s.vectors; ++v) {
    const float *x = s.x + v * s.n, *d_y = s.d_y + v * s.n;
    float mean = 0, squares = 0, sum = 0, product = 0;
    for (std::size_t c = 0; c < s.n; ++c) mean += x[c] / count;
    for (std::size_t c = 0; c < s.n; ++c) squares += (x[c] - mean) * (x[c] - mean);
    const float inverse = 1 / std::sqrt(squares / count + s.epsilon);
    for (std::size_t c = 0; c < s.n; ++c) {
      const float z = (x[c] - mean) * inverse;
      sum += s.gain[c] * d_y[c];
      product += s.gain[c] * d_y[c] * z;
      s.d_gain[c] += d_y[c] * z;
      s.d_shift[c] += d_y[c];
    }
    for (std::size_t c = 0; c < s.n; ++c) {
      const float z = (x[c] - mean) * inverse;
      s.d_x[v * s.n + c] += inverse * (s.gain[c] * d_y[c] - sum / count - z * product / count);
    }
  }
}

void readout(float* d_x, float* d_w, const float* x, const float* w, const float* d_logit, std::size_t tiles,
             std::size_t n) {
  for (std::size_t t = 0; t < tiles; ++t)
    for (std::size_t c = 0; c < n; ++c) {
      d_x[t * n + c] += d_logit[t] * w[c];
      d_w[c] += d_logit[t] * x[t * n + c];
    }
}

void relu(float* d_x, const float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    if (!(y[i] > 0)) d_x[i] = 0;
}

void multiply(float* y, const float* a, const float* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = a[i] * b[i];
}

void lane_sums(float* sums, const float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sums[i] += x[i];
}

void turn_back(float* rows, std::size_t, const float* x, std::size_t n) {
  for (std::size_t c = 0; c < n; ++c) rows[c] = x[c];
}

void dropout(float* mask, std::size_t n, const DropoutKeys& keys) {
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t bits = dropout_bits(keys.first[0], keys.second[0], static_cast<std::uint32_t>(i));
    mask[i] = static_cast<float>(bits) < keys.dropped ? 0.0f : keys.kept;
  }
}

}  // namespace

const TileGradients& scalar_gradients() {
  static constinit const TileGradients table{linear, outer,    attention, layer_norm, readout,
                                             relu,   multiply, lane_sums, turn_back,  dropout};
  return table;
}

}  // namespace interplay::kit
