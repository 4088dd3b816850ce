// The readable twin of simd_tiles.hpp and simd_tile_attention.hpp: tiles of one row, so that a lane is a float.
#include "kit/kernels/kernels.hpp"

#include <cmath>

namespace interplay::kit {
namespace {

/// What is no number stays none.
float relu_of(float x) { return x < 0 ? 0 : x; }

void linear(const TileLinear& s) {
  for (std::size_t v = 0; v < s.vectors; ++v)
    for (std::size_t c = 0; c < s.n; ++c) {
      float sum = 0;
      for (std::size_t i = 0; i < s.k; ++i) sum += s.x[v * s.k + i] * s.w[i * s.n + c];
      if (s.bias) sum += s.bias[c];
      if (s.residual) sum += s.residual[v * s.n + c];
      s.y[v * s.n + c] = s.relu ? relu_of(sum) : sum;
    }
}

/// a (M) = softmax of q . k_j over j
void softmax_row(float* a, const float* q, const float* k, std::size_t ld, const TileAttention& s) {
  float top = -INFINITY, sum = 0;
  for (std::size_t j = 0; j < s.M; ++j) {
    a[j] = 0;
    for (std::size_t c = 0; c < s.dh; ++c) a[j] += q[c] * k[j * ld + c];
    top = std::fmax(top, a[j]);
  }
  for (std::size_t j = 0; j < s.M; ++j) sum += a[j] = std::exp((a[j] - top) * s.scale);
  for (std::size_t j = 0; j < s.M; ++j) a[j] *= 1 / sum;
}

void attention(const TileAttention& s) {
  const std::size_t width = s.H * s.dh, ld = 3 * width;
  for (std::size_t t = 0; t < s.tiles; ++t)
    for (std::size_t h = 0; h < s.H; ++h)
      for (std::size_t i = 0; i < s.M; ++i) {
        const std::size_t row = ((t * s.H + h) * s.M + i) * s.M;
        float* a = s.weights ? s.weights + row : s.scratch;
        const float* mask = s.mask ? s.mask + row : nullptr;
        const float* q = s.qkv + (t * s.M + i) * ld + h * s.dh;
        const float *k = s.qkv + t * s.M * ld + width + h * s.dh, *v = k + width;
        softmax_row(a, q, k, ld, s);
        for (std::size_t c = 0; c < s.dh; ++c) {
          float sum = 0;
          for (std::size_t j = 0; j < s.M; ++j) sum += a[j] * (mask ? mask[j] : 1) * v[j * ld + c];
          s.out[(t * s.M + i) * width + h * s.dh + c] = sum;
        }
      }
}

void attention_row(const TileAttention& s) {
  TileAttention one = s;
  one.tiles = 1;
  attention(one);
}

void relu(float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] = relu_of(x[i]);
}

void add(float* y, const float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] += x[i];
}

void layer_norm(float* y, const float* x, const float* gain, const float* shift, std::size_t vectors,
                std::size_t n, float epsilon) {
  const auto count = static_cast<float>(n);
  for (std::size_t v = 0; v < vectors; ++v, x += n, y += n) {
    float mean = 0, squares = 0;
    for (std::size_t c = 0; c < n; ++c) mean += x[c] / count;
    for (std::size_t c = 0; c < n; ++c) squares += (x[c] - mean) * (x[c] - mean);
    const float inverse = 1 / std::sqrt(squares / count + epsilon);
    for (std::size_t c = 0; c < n; ++c) y[c] = (x[c] - mean) * inverse * gain[c] + shift[c];
  }
}

void affine(float* y, const float* x, const float* a, const float* b, std::size_t vectors, std::size_t n) {
  for (std::size_t i = 0; i < vectors * n; ++i) y[i] = x[i] * a[i % n] + b[i % n];
}

void affine_row(float* y, const float* x, const float* a, const float* b, std::size_t n) {
  affine(y, x, a, b, 1, n);
}

void readout(float* logit, const float* x, const float* w, std::size_t tiles, std::size_t items,
             std::size_t n) {
  for (std::size_t t = 0; t < tiles; ++t)
    for (std::size_t m = 0; m < items; ++m) {
      float sum = 0;
      for (std::size_t c = 0; c < n; ++c) sum += x[(t * items + m) * n + c] * w[m * n + c];
      logit[t] += sum;
    }
}

void readout_row(float* logit, const float* x, const float* w, std::size_t items, std::size_t n) {
  readout(logit, x, w, 1, items, n);
}

void turn(float* x, const float* const* rows, std::size_t n) {
  for (std::size_t c = 0; c < n; ++c) x[c] = rows[0][c];
}

}  // namespace

const TileKernels& scalar_tiles() {
  static constinit const TileKernels table{1,       linear,      linear,     attention, attention_row,
                                           relu,    add,         layer_norm, affine,    affine_row,
                                           readout, readout_row, turn};  // a tile of one row is plain
  return table;
}

}  // namespace interplay::kit
