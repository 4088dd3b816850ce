// Attention over tiles, and of one row with its fields in the lanes.                                  Eq. (5)-(7)
#pragma once

#include "kit/kernels/simd_tiles.hpp"

namespace interplay::kit::simd {

/// 2^t for t <= 0, within 3 ulp; 2^-126 for anything below, NaN for NaN. The polynomial of 2^r, |r| <= 1/2, has the least
/// relative error (1e-7) of those that are exact at 0, so that a weight of 1 is 1.
template <class A>
inline Vec<A> exp2_of_negative(const Vec<A>& t) {
  using Bits = xsimd::batch<std::int32_t, A>;
  const Vec<A> round(12582912.0f);  // 1.5 * 2^23: what is added to it loses its fraction
  const Vec<A> x = xsimd::max(Vec<A>(-126.0f), t), whole = x + round, r = x - (whole - round);
  Vec<A> p(1.3264727e-3f);
  for (const float c : {9.6715130e-3f, 5.5507336e-2f, 2.4022242e-1f, 6.9314700e-1f, 1.0f})
    p = fused<A>(p, r, Vec<A>(c));
  // the whole part, the low bits of `whole`, joins the exponent
  return xsimd::bitwise_cast<Vec<A>>(xsimd::bitwise_cast<Bits>(p) + (xsimd::bitwise_cast<Bits>(whole) << 23));
}

/// weights (M) = exp(scale (weights - their maximum)); returns 1 / their sum
template <class A>
inline Vec<A> softmax_numerators(float* weights, std::size_t M, float scale) {
  constexpr std::size_t W = Vec<A>::size;
  Vec<A> top = load<A>(weights);
  for (std::size_t j = 1; j < M; ++j) top = xsimd::max(top, load<A>(weights + j * W));
  const Vec<A> binary(scale * 1.44269504f);  // log2(e)
  Vec<A> sum(0.0f);
  for (std::size_t j = 0; j < M; ++j) {
    const Vec<A> e = exp2_of_negative<A>((load<A>(weights + j * W) - top) * binary);
    sum = sum + e;
    e.store_unaligned(weights + j * W);
  }
  return Vec<A>(1.0f) / sum;
}

/// C columns of y (R, ldy) = x (R, n) z, one chain over n for each. x at x[r * sxr + i * sxi] vectors; z at
/// z[i * szi + j * szj] vectors. Row r is multiplied by factor[r], unless that is NULL.
template <class A, std::size_t R, std::size_t C>
inline void small_product(float* y, std::size_t ldy, const float* x, std::size_t sxr, std::size_t sxi,
                          const float* z, std::size_t szi, std::size_t szj, std::size_t n,
                          const Vec<A>* factor) {
  constexpr std::size_t W = Vec<A>::size;
  Vec<A> sum[R][C];
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t j = 0; j < C; ++j) sum[r][j] = Vec<A>(0.0f);
  for (std::size_t i = 0; i < n; ++i) {
    Vec<A> value[R];
    for (std::size_t r = 0; r < R; ++r) value[r] = load<A>(x + (r * sxr + i * sxi) * W);
    for (std::size_t j = 0; j < C; ++j) {
      const Vec<A> other = load<A>(z + (i * szi + j * szj) * W);
      for (std::size_t r = 0; r < R; ++r) sum[r][j] = fused<A>(value[r], other, sum[r][j]);
    }
  }
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (std::size_t j = 0; j < C; ++j)
      (factor ? sum[r][j] * factor[r] : sum[r][j]).store_unaligned(y + (r * ldy + j) * W);
}

/// All `columns` of it.
template <class A, std::size_t R>
inline void small_products(float* y, std::size_t ldy, const float* x, std::size_t sxr, std::size_t sxi,
                           const float* z, std::size_t szi, std::size_t szj, std::size_t n,
                           std::size_t columns, const Vec<A>* factor = nullptr) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t j = 0;
  const auto at = [&](std::size_t column) { return z + column * szj * W; };
  for (; j + 4 <= columns; j += 4)
    small_product<A, R, 4>(y + j * W, ldy, x, sxr, sxi, at(j), szi, szj, n, factor);
  for (; j + 2 <= columns; j += 2)
    small_product<A, R, 2>(y + j * W, ldy, x, sxr, sxi, at(j), szi, szj, n, factor);
  for (; j < columns; ++j) small_product<A, R, 1>(y + j * W, ldy, x, sxr, sxi, at(j), szi, szj, n, factor);
}

/// R queries of one tile and head.
template <class A, std::size_t R>
inline void attend(const TileAttention& s, float* out, const float* qkv, float* weights, const float* mask,
                   std::size_t i) {
  constexpr std::size_t W = Vec<A>::size;
  const std::size_t width = s.H * s.dh, ld = 3 * width;
  const float *q = qkv + i * ld * W, *k = qkv + width * W, *v = k + width * W;
  small_products<A, R>(weights, s.M, q, ld, 1, k, 1, ld, s.dh, s.M);
  Vec<A> inverse[R];
  for (std::size_t r = 0; r < R; ++r) inverse[r] = softmax_numerators<A>(weights + r * s.M * W, s.M, s.scale);
  if (s.weights)
    for (std::size_t r = 0; r < R; ++r)
      for (std::size_t j = 0; j < s.M; ++j) {
        float* weight = weights + (r * s.M + j) * W;
        (load<A>(weight) * inverse[r]).store_unaligned(weight);
      }
  if (mask) {
    for (std::size_t n = 0; n < R * s.M * W; n += W)
      (load<A>(weights + n) * load<A>(mask + i * s.M * W + n)).store_unaligned(s.scratch + n);
    weights = s.scratch;
  }
  small_products<A, R>(out + i * width * W, width, weights, s.M, 1, v, ld, 1, s.M, s.dh,
                       s.weights ? nullptr : inverse);
}

template <class A>
void attention(const TileAttention& s) {
  constexpr std::size_t W = Vec<A>::size;
  const std::size_t width = s.H * s.dh;
  for (std::size_t t = 0; t < s.tiles; ++t)
    for (std::size_t h = 0; h < s.H; ++h) {
      float* out = s.out + (t * s.M * width + h * s.dh) * W;
      const float* qkv = s.qkv + (t * s.M * 3 * width + h * s.dh) * W;
      float* kept = s.weights ? s.weights + (t * s.H + h) * s.M * s.M * W : nullptr;
      const float* mask = s.mask ? s.mask + (t * s.H + h) * s.M * s.M * W : nullptr;
      const auto weights = [&](std::size_t i) { return kept ? kept + i * s.M * W : s.scratch; };
      std::size_t i = 0;
      constexpr std::size_t R = rows_at_once<A>;
      for (; i + R <= s.M; i += R) attend<A, R>(s, out, qkv, weights(i), mask, i);
      for (; i + 2 <= s.M; i += 2) attend<A, 2>(s, out, qkv, weights(i), mask, i);
      for (; i < s.M; ++i) attend<A, 1>(s, out, qkv, weights(i), mask, i);
    }
}

/// C vectors y[j] = sum over i of x[i] z(i, j), z a lane's number: the chains of small_product() with other lanes.
template <class A, std::size_t C, class At>
inline void broadcast_product(float* y, const float* x, std::size_t n, const At& z) {
  constexpr std::size_t W = Vec<A>::size;
  Vec<A> sum[C];
  for (std::size_t j = 0; j < C; ++j) sum[j] = Vec<A>(0.0f);
  for (std::size_t i = 0; i < n; ++i) {
    const Vec<A> value = load<A>(x + i * W);
    for (std::size_t j = 0; j < C; ++j) sum[j] = fused<A>(value, Vec<A>(z(i, j)), sum[j]);
  }
#pragma GCC unroll 8
  for (std::size_t j = 0; j < C; ++j) sum[j].store_unaligned(y + j * W);
}

/// The last `columns` of at most C: chains side by side, however many.
template <class A, std::size_t C, class At>
inline void broadcast_rest(std::size_t columns, float* y, const float* x, std::size_t n, const At& z) {
  if (columns == C) return broadcast_product<A, C>(y, x, n, z);
  if constexpr (C > 1) broadcast_rest<A, C - 1>(columns, y, x, n, z);
}

template <class A, class At>
inline void broadcast_products(float* y, const float* x, std::size_t n, std::size_t columns, const At& z) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t j = 0;
  const auto from = [&](std::size_t i, std::size_t column) { return z(i, j + column); };
  for (; j + 8 <= columns; j += 8) broadcast_product<A, 8>(y + j * W, x, n, from);
  broadcast_rest<A, 7>(columns - j, y + j * W, x, n, from);
}

/// R queries from i on, columns in the lanes: y (R, ldy) = (the weights' sum over the keys of V (M, ldv)) times factor.
/// weights (M, W) have the queries in the lanes.
template <class A, std::size_t R>
inline void mix_values(float* y, std::size_t ldy, const float* weights, const float* v, std::size_t ldv,
                       const float* factor, const TileAttention& s) {
  constexpr std::size_t W = Vec<A>::size;
  for (std::size_t c = 0; c < s.dh; c += W) {
    Vec<A> sum[R];
    for (std::size_t r = 0; r < R; ++r) sum[r] = Vec<A>(0.0f);
    for (std::size_t j = 0; j < s.M; ++j) {
      const Vec<A> value = load<A>(v + j * ldv + c);
      for (std::size_t r = 0; r < R; ++r) sum[r] = fused<A>(Vec<A>(weights[j * W + r]), value, sum[r]);
    }
#pragma GCC unroll 8
    for (std::size_t r = 0; r < R; ++r) {
      const Vec<A> mixed = sum[r] * Vec<A>(factor[r]);
      if (c + W <= s.dh) {
        mixed.store_unaligned(y + r * ldy + c);
      } else {  // what follows is another head's
        float rest[W];
        mixed.store_unaligned(rest);
        for (std::size_t i = c; i < s.dh; ++i) y[r * ldy + i] = rest[i - c];
      }
    }
  }
}

/// The last `queries` of at most R.
template <class A, std::size_t R>
inline void mix_rest(std::size_t queries, float* y, std::size_t ldy, const float* weights, const float* v,
                     std::size_t ldv, const float* factor, const TileAttention& s) {
  if (queries == R) return mix_values<A, R>(y, ldy, weights, v, ldv, factor, s);
  if constexpr (R > 1) mix_rest<A, R - 1>(queries, y, ldy, weights, v, ldv, factor, s);
}

/// Up to W queries of one row from i on, for N heads from h on: heads wait for each other's chains.
template <class A, std::size_t N>
inline void attend_row(const TileAttention& s, std::size_t h, std::size_t i) {
  constexpr std::size_t W = Vec<A>::size;
  const std::size_t width = s.H * s.dh, ld = whole<A>(3 * width), ldo = whole<A>(width);
  const std::size_t queries = s.M - i < W ? s.M - i : W;
  const float *q = s.qkv + h * s.dh, *k = q + width, *v = k + width;
  float *weights = s.scratch, *turned = s.scratch + N * s.M * W;
  const float* rows[W];
  for (std::size_t lane = 0; lane < W; ++lane) rows[lane] = q + (i + (lane < queries ? lane : 0)) * ld;
  turn<A>(turned, rows, N * s.dh);
  for (std::size_t n = 0; n < N; ++n)
    broadcast_products<A>(weights + n * s.M * W, turned + n * s.dh * W, s.dh, s.M,
                          [&](std::size_t c, std::size_t j) { return k[j * ld + n * s.dh + c]; });
  float inverse[N][W];
  for (std::size_t n = 0; n < N; ++n)
    softmax_numerators<A>(weights + n * s.M * W, s.M, s.scale).store_unaligned(inverse[n]);
  for (std::size_t n = 0; n < N; ++n)
    for (std::size_t r = 0; r < queries; r += 8)
      mix_rest<A, 8>(queries - r < 8 ? queries - r : 8, s.out + (i + r) * ldo + (h + n) * s.dh, ldo,
                     weights + n * s.M * W + r, v + n * s.dh, ld, inverse[n] + r, s);
}

template <class A>
void attention_row(const TileAttention& s) {
  for (std::size_t i = 0; i < s.M; i += Vec<A>::size) {
    std::size_t h = 0;
    for (; h + 2 <= s.H; h += 2) attend_row<A, 2>(s, h, i);
    for (; h < s.H; ++h) attend_row<A, 1>(s, h, i);
  }
}

}  // namespace interplay::kit::simd
