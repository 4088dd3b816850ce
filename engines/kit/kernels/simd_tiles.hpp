// tiles.hpp as templates over an xsimd architecture; included once by each kernels/<instruction set>.cpp.
#pragma once

#include "kit/kernels/simd.hpp"
#include "kit/kernels/tiles.hpp"

namespace interplay::kit::simd {

/// Rows of a product that share what they are multiplied by: 4 by 6 sums, 4 values and a weight fill 29 of the 32 registers of
/// AVX-512, 3 by 4 with 3 values and a weight the 16 of AVX2.
template <class A>
constexpr std::size_t rows_at_once = Vec<A>::size >= 16 ? 4 : 3;

/// R vectors by C columns of a product in registers: each x is loaded once for C columns, each weight once for R vectors.
/// Transposed: w is (n, k).
template <class A, std::size_t R, std::size_t C, bool transposed>
inline void linear_tile(const TileLinear& s, std::size_t v, std::size_t c) {
  constexpr std::size_t W = Vec<A>::size;
  Vec<A> sum[R][C];
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t j = 0; j < C; ++j) sum[r][j] = Vec<A>(0.0f);
  const float *x = s.x + v * s.k * W, *w = s.w + (transposed ? c * s.k : c);
  for (std::size_t i = 0; i < s.k; ++i, w += transposed ? 1 : s.n) {
    Vec<A> value[R];
    for (std::size_t r = 0; r < R; ++r) value[r] = load<A>(x + (r * s.k + i) * W);
    for (std::size_t j = 0; j < C; ++j) {
      const Vec<A> weight(w[transposed ? j * s.k : j]);
      for (std::size_t r = 0; r < R; ++r) sum[r][j] = fused<A>(value[r], weight, sum[r][j]);
    }
  }
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r)
#pragma GCC unroll 12
    for (std::size_t j = 0; j < C; ++j) {
      const std::size_t at = ((v + r) * s.n + c + j) * W;
      Vec<A> y = sum[r][j];
      if (s.bias) y = y + Vec<A>(s.bias[c + j]);
      if (s.residual) y = y + load<A>(s.residual + at);
      if (s.relu) y = xsimd::max(Vec<A>(0.0f), y);
      y.store_unaligned(s.y + at);
    }
}

/// All columns of R vectors. One vector alone needs 12 chains to hide the latency of its sums.
template <class A, std::size_t R, bool T>
inline void linear_vectors(const TileLinear& s, std::size_t v) {
  std::size_t c = 0;
  if constexpr (R == 1)
    for (; c + 12 <= s.n; c += 12) linear_tile<A, R, 12, T>(s, v, c);
  if constexpr (R < 3 || Vec<A>::size >= 16)
    for (; c + 6 <= s.n; c += 6) linear_tile<A, R, 6, T>(s, v, c);
  for (; c + 4 <= s.n; c += 4) linear_tile<A, R, 4, T>(s, v, c);
  for (; c + 2 <= s.n; c += 2) linear_tile<A, R, 2, T>(s, v, c);
  for (; c < s.n; ++c) linear_tile<A, R, 1, T>(s, v, c);
}

template <class A, bool T>
void linear(const TileLinear& s) {
  std::size_t v = 0;
  if constexpr (rows_at_once<A> == 4)
    for (; v + 4 <= s.vectors; v += 4) linear_vectors<A, 4, T>(s, v);
  for (; v + 3 <= s.vectors; v += 3) linear_vectors<A, 3, T>(s, v);
  for (; v + 2 <= s.vectors; v += 2) linear_vectors<A, 2, T>(s, v);
  for (; v < s.vectors; ++v) linear_vectors<A, 1, T>(s, v);
}

/// R items by C vectors of columns, from column c on, of y (R, ldy) = x (R, ldx) w + bias.
template <class A, std::size_t R, std::size_t C>
inline void row_tile(const TileLinear& s, float* y, std::size_t ldy, const float* x, std::size_t ldx,
                     std::size_t c) {
  constexpr std::size_t W = Vec<A>::size;
  const float* w = s.w + c;
  Vec<A> sum[R][C];
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t j = 0; j < C; ++j) sum[r][j] = Vec<A>(0.0f);
  for (std::size_t i = 0; i < s.k; ++i, w += s.n) {
    Vec<A> weights[C];
    for (std::size_t j = 0; j < C; ++j) weights[j] = load<A>(w + j * W);
    for (std::size_t r = 0; r < R; ++r) {
      const Vec<A> value(x[r * ldx + i]);
      for (std::size_t j = 0; j < C; ++j) sum[r][j] = fused<A>(value, weights[j], sum[r][j]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t r = 0; r < R; ++r)
#pragma GCC unroll 6
    for (std::size_t j = 0; j < C; ++j) {
      const std::size_t column = c + j * W;
      (s.bias ? sum[r][j] + load<A>(s.bias + column) : sum[r][j]).store_unaligned(y + r * ldy + column);
    }
}

/// All columns of R items at a time from item m on; returns the first item that is left.
template <class A, std::size_t R>
inline std::size_t row_items(const TileLinear& s, std::size_t m) {
  constexpr std::size_t W = Vec<A>::size;
  constexpr std::size_t C = R > 4 ? 2 : W >= 16 || R == 1 ? 6 : 2;  // as many sums as there are registers
  const std::size_t ldx = whole<A>(s.k), ldy = whole<A>(s.n);
  for (; m + R <= s.vectors; m += R) {
    const float* x = s.x + m * ldx;
    float* y = s.y + m * ldy;
    std::size_t c = 0;
    for (; c + C * W <= s.n; c += C * W) row_tile<A, R, C>(s, y, ldy, x, ldx, c);
    for (; c + 2 * W <= s.n; c += 2 * W) row_tile<A, R, 2>(s, y, ldy, x, ldx, c);
    for (; c < s.n; c += W) row_tile<A, R, 1>(s, y, ldy, x, ldx, c);
  }
  return m;
}

/// Over n floats of y, whole vectors.
template <class A>
inline void residual_and_relu(const TileLinear& s, std::size_t n) {
  if (!s.residual && !s.relu) return;
  for (std::size_t i = 0; i < n; i += Vec<A>::size) {
    Vec<A> y = load<A>(s.y + i);
    if (s.residual) y = y + load<A>(s.residual + i);
    if (s.relu) y = xsimd::max(Vec<A>(0.0f), y);
    y.store_unaligned(s.y + i);
  }
}

template <class A>
void linear_row(const TileLinear& s) {
  std::size_t m = 0;
  if constexpr (Vec<A>::size >= 16)
    if (s.n <= 2 * Vec<A>::size) {  // so narrow that more items are needed to hide the latency of the sums
      m = row_items<A, 8>(s, m);
      m = row_items<A, 7>(s, m);
    }
  m = row_items<A, 4>(s, m);
  m = row_items<A, 3>(s, m);
  row_items<A, 1>(s, m);
  residual_and_relu<A>(s, s.vectors * whole<A>(s.n));
}

template <class A>
void relu(float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += Vec<A>::size)
    xsimd::max(Vec<A>(0.0f), load<A>(x + i)).store_unaligned(x + i);
}

template <class A>
void add(float* y, const float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += Vec<A>::size) (load<A>(y + i) + load<A>(x + i)).store_unaligned(y + i);
}

template <class A>
void layer_norm(float* y, const float* x, const float* gain, const float* shift, std::size_t vectors,
                std::size_t n, float epsilon) {
  constexpr std::size_t W = Vec<A>::size;
  const Vec<A> share(1.0f / static_cast<float>(n));
  for (std::size_t v = 0; v < vectors; ++v, x += n * W, y += n * W) {
    Vec<A> sum(0.0f), squares(0.0f);
    for (std::size_t c = 0; c < n; ++c) sum = sum + load<A>(x + c * W);
    const Vec<A> mean = sum * share;
    for (std::size_t c = 0; c < n; ++c) {
      const Vec<A> z = load<A>(x + c * W) - mean;
      squares = fused<A>(z, z, squares);
    }
    const Vec<A> inverse = Vec<A>(1.0f) / xsimd::sqrt(squares * share + Vec<A>(epsilon));
    for (std::size_t c = 0; c < n; ++c)
      fused<A>((load<A>(x + c * W) - mean) * inverse, Vec<A>(gain[c]), Vec<A>(shift[c]))
          .store_unaligned(y + c * W);
  }
}

template <class A>
void affine(float* y, const float* x, const float* a, const float* b, std::size_t vectors, std::size_t n) {
  constexpr std::size_t W = Vec<A>::size;
  for (std::size_t v = 0; v < vectors; ++v)
    for (std::size_t c = 0; c < n; ++c, x += W, y += W)
      fused<A>(load<A>(x), Vec<A>(a[c]), Vec<A>(b[c])).store_unaligned(y);
}

template <class A>
void affine_row(float* y, const float* x, const float* a, const float* b, std::size_t n) {
  for (std::size_t i = 0; i < n; i += Vec<A>::size)
    fused<A>(load<A>(x + i), load<A>(a + i), load<A>(b + i)).store_unaligned(y + i);
}

/// One item's chain over the columns.
template <class A>
inline Vec<A> read_item(const float* x, const float* w, std::size_t n) {
  Vec<A> sum(0.0f);
  for (std::size_t c = 0; c < n; ++c) sum = fused<A>(load<A>(x + c * Vec<A>::size), Vec<A>(w[c]), sum);
  return sum;
}

template <class A>
void readout(float* logit, const float* x, const float* w, std::size_t tiles, std::size_t items,
             std::size_t n) {
  constexpr std::size_t W = Vec<A>::size;
  for (std::size_t t = 0; t < tiles; ++t, logit += W) {
    Vec<A> total = load<A>(logit);
    for (std::size_t m = 0; m < items; ++m, x += n * W) total = total + read_item<A>(x, w + m * n, n);
    total.store_unaligned(logit);
  }
}

#if defined(__AVX512F__)
/// x (16, stride) = columns c .. c + 15 of 16 rows, by interleaving pairs, fours, and then quarters of registers.
template <class A>
inline void turn_square(float* x, std::size_t stride, const float* const* rows, std::size_t c) {
  __m512 t[16], u[16];
  for (int i = 0; i < 16; i += 2) {
    const __m512 a = _mm512_loadu_ps(rows[i] + c), b = _mm512_loadu_ps(rows[i + 1] + c);
    t[i] = _mm512_unpacklo_ps(a, b);
    t[i + 1] = _mm512_unpackhi_ps(a, b);
  }
  for (int i = 0; i < 16; i += 4)
    for (int s = 0; s < 2; ++s) {
      const __m512d a = _mm512_castps_pd(t[i + s]), b = _mm512_castps_pd(t[i + s + 2]);
      u[i + 2 * s] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b));
      u[i + 2 * s + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
    }
  // u[4 q + s] holds columns s, 4 + s, 8 + s, 12 + s of rows 4 q .. 4 q + 3
  for (int s = 0; s < 4; ++s) {
    const __m512 even_low = _mm512_shuffle_f32x4(u[s], u[4 + s], 0x88),
                 odd_low = _mm512_shuffle_f32x4(u[s], u[4 + s], 0xdd),
                 even_high = _mm512_shuffle_f32x4(u[8 + s], u[12 + s], 0x88),
                 odd_high = _mm512_shuffle_f32x4(u[8 + s], u[12 + s], 0xdd);
    float* column = x + static_cast<std::size_t>(s) * stride;
    _mm512_storeu_ps(column, _mm512_shuffle_f32x4(even_low, even_high, 0x88));
    _mm512_storeu_ps(column + 4 * stride, _mm512_shuffle_f32x4(odd_low, odd_high, 0x88));
    _mm512_storeu_ps(column + 8 * stride, _mm512_shuffle_f32x4(even_low, even_high, 0xdd));
    _mm512_storeu_ps(column + 12 * stride, _mm512_shuffle_f32x4(odd_low, odd_high, 0xdd));
  }
}
#elif defined(__AVX2__)
/// 8 by 8, likewise.
template <class A>
inline void turn_square(float* x, std::size_t stride, const float* const* rows, std::size_t c) {
  __m256 t[8], u[8];
  for (int i = 0; i < 8; i += 2) {
    const __m256 a = _mm256_loadu_ps(rows[i] + c), b = _mm256_loadu_ps(rows[i + 1] + c);
    t[i] = _mm256_unpacklo_ps(a, b);
    t[i + 1] = _mm256_unpackhi_ps(a, b);
  }
  for (int i = 0; i < 8; i += 4)
    for (int s = 0; s < 2; ++s) {
      const __m256d a = _mm256_castps_pd(t[i + s]), b = _mm256_castps_pd(t[i + s + 2]);
      u[i + 2 * s] = _mm256_castpd_ps(_mm256_unpacklo_pd(a, b));
      u[i + 2 * s + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(a, b));
    }
  for (int s = 0; s < 4; ++s) {
    float* column = x + static_cast<std::size_t>(s) * stride;
    _mm256_storeu_ps(column, _mm256_permute2f128_ps(u[s], u[4 + s], 0x20));
    _mm256_storeu_ps(column + 4 * stride, _mm256_permute2f128_ps(u[s], u[4 + s], 0x31));
  }
}
#endif

template <class A>
void turn(float* x, const float* const* rows, std::size_t n) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t c = 0;
#if defined(__AVX2__)
  for (; c + W <= n; c += W) turn_square<A>(x + c * W, W, rows, c);
#endif
  for (; c < n; ++c)
    for (std::size_t lane = 0; lane < W; ++lane) x[c * W + lane] = rows[lane][c];
}

/// The last `items` of at most R: their chains side by side, each as read_item() has it.
template <class A, std::size_t R>
inline void read_items(std::size_t items, float* logit, const float* x, const float* w, std::size_t n) {
  if (items < R) {
    if constexpr (R > 1) read_items<A, R - 1>(items, logit, x, w, n);
    return;
  }
  const std::size_t ldx = whole<A>(n);
  float sum[R] = {};
  for (std::size_t c = 0; c < n; ++c)
#pragma GCC unroll 8
    for (std::size_t r = 0; r < R; ++r) sum[r] = fused<A>(x[r * ldx + c], w[r * n + c], sum[r]);
  for (std::size_t r = 0; r < R; ++r) logit[0] += sum[r];
}

template <class A>
void readout_row(float* logit, const float* x, const float* w, std::size_t items, std::size_t n) {
  for (std::size_t m = 0; m < items; m += 8)
    read_items<A, 8>(items - m, logit, x + m * whole<A>(n), w + m * n, n);
}

}  // namespace interplay::kit::simd
