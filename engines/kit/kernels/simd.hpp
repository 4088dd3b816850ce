// The kernels as templates over an xsimd architecture; see kernels.hpp for what each computes. Included once
// by each kernels/<instruction set>.cpp, which is compiled with that set's flags. Everything here is a
// template over A, and its symbols carry A in their names, so that no two such files can share a function.
#pragma once

#include "kit/kernels/kernels.hpp"

#include <xsimd/xsimd.hpp>

namespace interplay::kit::simd {

template <class A>
using Vec = xsimd::batch<float, A>;

template <class A>
inline Vec<A> load(const float* p) {
  return Vec<A>::load_unaligned(p);
}

/// R rows by C vectors of y = x w in registers. x is read at x[r * sr + k * sk], so that it may stand
/// transposed. Each element is one chain of fused products in the order of k: R and C change no bit.
template <class A, std::size_t R, std::size_t C, class Store>
inline void tile(const float* x, std::size_t sr, std::size_t sk, const float* w, std::size_t ldw,
                 std::size_t k, const Store& store) {
  constexpr std::size_t W = Vec<A>::size;
  Vec<A> sum[R][C];
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t c = 0; c < C; ++c) sum[r][c] = Vec<A>(0.0f);
  for (std::size_t i = 0; i < k; ++i) {
    Vec<A> column[C];
    for (std::size_t c = 0; c < C; ++c) column[c] = load<A>(w + i * ldw + c * W);
    for (std::size_t r = 0; r < R; ++r) {
      const Vec<A> value(x[r * sr + i * sk]);
      for (std::size_t c = 0; c < C; ++c) sum[r][c] = xsimd::fma(value, column[c], sum[r][c]);
    }
  }
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t c = 0; c < C; ++c) store(r, c * W, sum[r][c]);
}

/// All rows of C columns, six at a time: 12 sums, 2 columns and a value fill the 16 registers of AVX2.
template <class A, std::size_t C, class Store>
inline void rows_of_tiles(const float* x, std::size_t sr, std::size_t sk, const float* w, std::size_t ldw,
                          std::size_t rows, std::size_t k, const Store& store) {
  std::size_t r = 0;
  const auto shifted = [&](std::size_t row, std::size_t column, const Vec<A>& value) {
    store(r + row, column, value);
  };
  for (; r + 6 <= rows; r += 6) tile<A, 6, C>(x + r * sr, sr, sk, w, ldw, k, shifted);
  for (; r + 4 <= rows; r += 4) tile<A, 4, C>(x + r * sr, sr, sk, w, ldw, k, shifted);
  for (; r + 2 <= rows; r += 2) tile<A, 2, C>(x + r * sr, sr, sk, w, ldw, k, shifted);
  for (; r < rows; ++r) tile<A, 1, C>(x + r * sr, sr, sk, w, ldw, k, shifted);
}

template <class A, class Store>
inline void product(const float* x, std::size_t sr, std::size_t sk, const float* w, std::size_t ldw,
                    std::size_t rows, std::size_t k, std::size_t n, const Store& store) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t c = 0;
  const auto shifted = [&](std::size_t row, std::size_t column, const Vec<A>& v) {
    store(row, c + column, v);
  };
  for (; c + 2 * W <= n; c += 2 * W) rows_of_tiles<A, 2>(x, sr, sk, w + c, ldw, rows, k, shifted);
  for (; c < n; c += W) rows_of_tiles<A, 1>(x, sr, sk, w + c, ldw, rows, k, shifted);
}

/// y (rows, n) = x w
template <class A>
inline void strided_matmul(float* y, std::size_t ldy, const float* x, std::size_t sr, std::size_t sk,
                           const float* w, std::size_t ldw, std::size_t rows, std::size_t k, std::size_t n) {
  product<A>(x, sr, sk, w, ldw, rows, k, n,
             [&](std::size_t r, std::size_t c, const Vec<A>& v) { v.store_unaligned(y + r * ldy + c); });
}

template <class A>
float dot(const float* a, const float* b, std::size_t n) {
  Vec<A> sum(0.0f);
  for (std::size_t i = 0; i < n; i += Vec<A>::size) sum = xsimd::fma(load<A>(a + i), load<A>(b + i), sum);
  return xsimd::hadd(sum);
}

template <class A>
void axpy(float* y, float s, const float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += Vec<A>::size)
    xsimd::fma(Vec<A>(s), load<A>(x + i), load<A>(y + i)).store_unaligned(y + i);
}

template <class A>
void add_relu(float* y, const float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += Vec<A>::size)
    xsimd::max(load<A>(x + i) + load<A>(y + i), Vec<A>(0.0f)).store_unaligned(y + i);
}

template <class A>
void d_relu(float* d_x, const float* y, std::size_t n) {
  const Vec<A> zero(0.0f);
  for (std::size_t i = 0; i < n; i += Vec<A>::size)
    xsimd::select(load<A>(y + i) > zero, load<A>(d_x + i), zero).store_unaligned(d_x + i);
}

/// y = a * b over n
template <class A>
void multiply(float* y, const float* a, const float* b, std::size_t n) {
  for (std::size_t i = 0; i < n; i += Vec<A>::size) (load<A>(a + i) * load<A>(b + i)).store_unaligned(y + i);
}

/// C vectors of the weighted sum in registers; two chains, of the even and the odd places, hide the latency.
template <class A, std::size_t C>
inline void gather_columns(float* e, const float* table, std::size_t d, const std::int32_t* ids,
                           const float* c, std::size_t n) {
  constexpr std::size_t W = Vec<A>::size;
  Vec<A> sum[2][C];
  for (std::size_t k = 0; k < C; ++k) sum[0][k] = sum[1][k] = Vec<A>(0.0f);
  const auto add = [&](std::size_t i, Vec<A>* to) {
    const float* row = table + static_cast<std::size_t>(ids[i]) * d;
    for (std::size_t k = 0; k < C; ++k) to[k] = xsimd::fma(Vec<A>(c[i]), load<A>(row + k * W), to[k]);
  };
  std::size_t i = 0;
  for (; i + 2 <= n; i += 2) add(i, sum[0]), add(i + 1, sum[1]);
  if (i < n) add(i, sum[0]);
  for (std::size_t k = 0; k < C; ++k) (sum[0][k] + sum[1][k]).store_unaligned(e + k * W);
}

template <class A>
void gather(float* e, const float* table, std::size_t d, const std::int32_t* ids, const float* c,
            std::size_t n) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t k = 0;
  for (; k + 4 * W <= d; k += 4 * W) gather_columns<A, 4>(e + k, table + k, d, ids, c, n);
  for (; k + 2 * W <= d; k += 2 * W) gather_columns<A, 2>(e + k, table + k, d, ids, c, n);
  for (; k + W <= d; k += W) gather_columns<A, 1>(e + k, table + k, d, ids, c, n);
  for (; k < d; ++k) {
    float sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += c[i] * table[static_cast<std::size_t>(ids[i]) * d + k];
    e[k] = sum;
  }
}

template <class A>
void scatter(float* sums, std::size_t d, const std::int32_t* slots, const float* c, std::size_t n,
             const float* d_e) {
  constexpr std::size_t W = Vec<A>::size;
  for (std::size_t i = 0; i < n; ++i) {
    float* row = sums + static_cast<std::size_t>(slots[i]) * d;
    const Vec<A> coefficient(c[i]);
    for (std::size_t k = 0; k < d; k += W)
      xsimd::fma(coefficient, load<A>(d_e + k), load<A>(row + k)).store_unaligned(row + k);
  }
}

/// dropout_bits() in every lane
template <class A>
void dropout(float* mask, std::size_t stretches, std::size_t used, std::size_t stride,
             const DropoutDraw& draw) {
  using Bits = xsimd::batch<std::uint32_t, A>;
  constexpr std::size_t W = Vec<A>::size;
  std::uint32_t numbers[W];
  for (std::size_t i = 0; i < W; ++i) numbers[i] = static_cast<std::uint32_t>(i);
  const Bits lanes = Bits::load_unaligned(numbers);
  for (std::size_t s = 0; s < stretches; ++s, mask += stride)
    for (std::size_t i = 0; i < stride; i += W) {
      const Bits place = lanes + Bits(static_cast<std::uint32_t>(s * used + i) + draw.key);
      Bits x = (place * Bits(0x9e3779b9U)) ^ Bits(draw.second_key);
      x = (x ^ (x >> 16)) * Bits(0x7feb352dU);
      x = (x ^ (x >> 15)) * Bits(0x846ca68bU);
      x = (x ^ (x >> 16)) >> 8;
      const auto number = xsimd::to_float(xsimd::bitwise_cast<xsimd::batch<std::int32_t, A>>(x));
      xsimd::select(number < Vec<A>(draw.dropped), Vec<A>(0.0f), Vec<A>(draw.kept)).store_unaligned(mask + i);
    }
}

/// (m, v) follow g and its square; w steps against m / sqrt(v).
template <class A>
inline void adam_vector(float* w, float* m, float* v, const float* g, const AdamStep& step) {
  const Vec<A> gradient = xsimd::fma(Vec<A>(step.penalty), load<A>(w), Vec<A>(step.scale) * load<A>(g));
  const Vec<A> mean = xsimd::fma(Vec<A>(1 - step.beta1), gradient, Vec<A>(step.beta1) * load<A>(m));
  const Vec<A> square =
      xsimd::fma(Vec<A>(1 - step.beta2) * gradient, gradient, Vec<A>(step.beta2) * load<A>(v));
  const Vec<A> root = xsimd::sqrt(square * Vec<A>(step.v_scale)) + Vec<A>(step.epsilon);
  mean.store_unaligned(m);
  square.store_unaligned(v);
  (load<A>(w) * Vec<A>(step.decay) - Vec<A>(step.rate) * mean / root).store_unaligned(w);
}

template <class A>
void adam(float* w, float* m, float* v, const float* g, std::size_t n, const AdamStep& step) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t i = 0;
  for (; i + W <= n; i += W) adam_vector<A>(w + i, m + i, v + i, g + i, step);
  if (i == n) return;
  float tail[4][W] = {};  // the rest goes through the same instructions, so that a width changes no rounding
  const std::size_t rest = n - i;
  for (std::size_t j = 0; j < rest; ++j) {
    tail[0][j] = w[i + j];
    tail[1][j] = m[i + j];
    tail[2][j] = v[i + j];
    tail[3][j] = g[i + j];
  }
  adam_vector<A>(tail[0], tail[1], tail[2], tail[3], step);
  for (std::size_t j = 0; j < rest; ++j) {
    w[i + j] = tail[0][j];
    m[i + j] = tail[1][j];
    v[i + j] = tail[2][j];
  }
}

}  // namespace interplay::kit::simd
