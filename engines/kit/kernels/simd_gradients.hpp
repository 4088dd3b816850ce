// gradients.hpp as templates over an xsimd architecture, and the table of all kernels.
#pragma once

#include "kit/kernels/simd_tile_attention.hpp"

namespace interplay::kit::simd {

/// R rows by C vectors of columns of d_w, from column c on. Each element is one chain over the rows.
template <class A, std::size_t R, std::size_t C>
inline void outer_tile(const TileOuter& s, std::size_t i, std::size_t c) {
  constexpr std::size_t W = Vec<A>::size;
  Vec<A> sum[R][C];
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t j = 0; j < C; ++j) sum[r][j] = Vec<A>(0.0f);
  for (std::size_t v = 0; v < s.vectors; ++v) {
    const float *x = s.x + (v * s.k + i) * W, *d_y = s.d_y + v * W * s.stride + c;
    for (std::size_t lane = 0; lane < W; ++lane, d_y += s.stride) {
      Vec<A> columns[C];
      for (std::size_t j = 0; j < C; ++j) columns[j] = load<A>(d_y + j * W);
      for (std::size_t r = 0; r < R; ++r) {
        const Vec<A> value(x[r * W + lane]);
        for (std::size_t j = 0; j < C; ++j) sum[r][j] = fused<A>(value, columns[j], sum[r][j]);
      }
    }
  }
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t j = 0; j < C; ++j) {
      const std::size_t column = c + j * W;
      float* target = s.d_w + (i + r) * s.n + column;
      if (column + W <= s.n) {
        (load<A>(target) + sum[r][j]).store_unaligned(target);
        continue;
      }
      float tail[W];
      sum[r][j].store_unaligned(tail);
      for (std::size_t k = 0; column + k < s.n; ++k) target[k] += tail[k];
    }
}

/// 24 sums with AVX-512's 32 registers, 12 with 16.
template <class A, std::size_t C>
inline void outer_columns(const TileOuter& s, std::size_t c) {
  constexpr std::size_t R = (Vec<A>::size >= 16 ? 24 : 12) / C;
  std::size_t i = 0;
  for (; i + R <= s.k; i += R) outer_tile<A, R, C>(s, i, c);
  for (; i + 4 <= s.k; i += 4) outer_tile<A, 4, C>(s, i, c);
  for (; i < s.k; ++i) outer_tile<A, 1, C>(s, i, c);
}

template <class A>
void outer(const TileOuter& s) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t c = 0;
  for (; c + 3 * W <= s.stride; c += 3 * W) outer_columns<A, 3>(s, c);
  for (; c + 2 * W <= s.stride; c += 2 * W) outer_columns<A, 2>(s, c);
  for (; c < s.stride; c += W) outer_columns<A, 1>(s, c);
}

/// d (R, M) = scale * a * (d - the sum over M of d a)
template <class A>
inline void d_softmax_vectors(float* d, const float* a, std::size_t rows, std::size_t M, float scale) {
  constexpr std::size_t W = Vec<A>::size;
  for (std::size_t r = 0; r < rows; ++r, d += M * W, a += M * W) {
    Vec<A> mean(0.0f);
    for (std::size_t j = 0; j < M; ++j) mean = fused<A>(load<A>(d + j * W), load<A>(a + j * W), mean);
    for (std::size_t j = 0; j < M; ++j)
      ((load<A>(d + j * W) - mean) * load<A>(a + j * W) * Vec<A>(scale)).store_unaligned(d + j * W);
  }
}

/// y (rows, n) = x (rows, m) z (m, n), the strides in vectors as in small_product().
template <class A>
inline void all_products(float* y, std::size_t ldy, const float* x, std::size_t sxr, std::size_t sxi,
                         const float* z, std::size_t szi, std::size_t szj, std::size_t m, std::size_t rows,
                         std::size_t n) {
  constexpr std::size_t W = Vec<A>::size, R = rows_at_once<A>;
  std::size_t r = 0;
  for (; r + R <= rows; r += R)
    small_products<A, R>(y + r * ldy * W, ldy, x + r * sxr * W, sxr, sxi, z, szi, szj, m, n);
  for (; r + 2 <= rows; r += 2)
    small_products<A, 2>(y + r * ldy * W, ldy, x + r * sxr * W, sxr, sxi, z, szi, szj, m, n);
  for (; r < rows; ++r)
    small_products<A, 1>(y + r * ldy * W, ldy, x + r * sxr * W, sxr, sxi, z, szi, szj, m, n);
}

template <class A>
void multiply(float* y, const float* a, const float* b, std::size_t n) {
  for (std::size_t i = 0; i < n; i += Vec<A>::size) (load<A>(a + i) * load<A>(b + i)).store_unaligned(y + i);
}

/// out = (A * mask) V gives d_V and d_A; A = softmax(S) gives d_S; S = Q K^T gives d_Q and d_K.
template <class A>
void d_attention(const TileAttentionGradient& s) {
  constexpr std::size_t W = Vec<A>::size;
  const std::size_t M = s.M, dh = s.dh, width = s.H * dh, ld = 3 * width, square = M * M * W;
  float *d_a = s.scratch, *masked = d_a + square;
  for (std::size_t t = 0; t < s.tiles; ++t)
    for (std::size_t h = 0; h < s.H; ++h) {
      const float *q = s.qkv + (t * M * ld + h * dh) * W, *k = q + width * W, *v = k + width * W;
      float *d_q = s.d_qkv + (t * M * ld + h * dh) * W, *d_k = d_q + width * W, *d_v = d_k + width * W;
      const float *a = s.weights + (t * s.H + h) * square, *d_out = s.d_out + (t * M * width + h * dh) * W;
      const float* used = a;
      all_products<A>(d_a, M, d_out, width, 1, v, 1, ld, dh, M, M);
      if (s.mask) {
        const float* mask = s.mask + (t * s.H + h) * square;
        multiply<A>(masked, a, mask, square);
        multiply<A>(d_a, d_a, mask, square);
        used = masked;
      }
      all_products<A>(d_v, ld, used, 1, M, d_out, width, 1, M, M, dh);
      d_softmax_vectors<A>(d_a, a, M, M, s.scale);
      all_products<A>(d_q, ld, d_a, M, 1, k, ld, 1, M, M, dh);
      all_products<A>(d_k, ld, d_a, 1, M, q, ld, 1, M, M, dh);
    }
}

#if defined(__AVX512F__)
/// lane p: the sum of the lanes of x[p]
template <class A>
inline Vec<A> sums_of_lanes(const float* x) {
  __m512 t[8], u[4];
  for (int i = 0; i < 8; ++i) {
    const __m512 a = _mm512_loadu_ps(x + 32 * i), b = _mm512_loadu_ps(x + 32 * i + 16);
    t[i] = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
  }
  for (int i = 0; i < 4; ++i) {
    const __m512d a = _mm512_castps_pd(t[2 * i]), b = _mm512_castps_pd(t[2 * i + 1]);
    u[i] =
        _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(a, b)), _mm512_castpd_ps(_mm512_unpackhi_pd(a, b)));
  }
  const auto join = [](const __m512& a, const __m512& b) {  // sums of pairs of quarters, side by side
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
  };
  return join(join(u[0], u[1]), join(u[2], u[3]));
}
#elif defined(__AVX2__)
/// lane p: the sum of the lanes of x[p]
template <class A>
inline Vec<A> sums_of_lanes(const float* x) {
  __m256 t[4], u[2];
  for (int i = 0; i < 4; ++i) {
    const __m256 a = _mm256_loadu_ps(x + 16 * i), b = _mm256_loadu_ps(x + 16 * i + 8);
    t[i] = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
  }
  for (int i = 0; i < 2; ++i) {
    const __m256d a = _mm256_castps_pd(t[2 * i]), b = _mm256_castps_pd(t[2 * i + 1]);
    u[i] =
        _mm256_add_ps(_mm256_castpd_ps(_mm256_unpacklo_pd(a, b)), _mm256_castpd_ps(_mm256_unpackhi_pd(a, b)));
  }
  return _mm256_add_ps(_mm256_permute2f128_ps(u[0], u[1], 0x20), _mm256_permute2f128_ps(u[0], u[1], 0x31));
}
#endif

template <class A>
void lane_sums(float* sums, const float* x, std::size_t n) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t i = 0;
#if defined(__AVX2__)
  for (; i + W <= n; i += W) (load<A>(sums + i) + sums_of_lanes<A>(x + i * W)).store_unaligned(sums + i);
#endif
  for (; i < n; ++i) {
    float sum = 0;
    for (std::size_t lane = 0; lane < W; ++lane) sum += x[i * W + lane];
    sums[i] += sum;
  }
}

template <class A>
void d_readout(float* d_x, float* d_w, const float* x, const float* w, const float* d_logit,
               std::size_t tiles, std::size_t n) {
  constexpr std::size_t W = Vec<A>::size;
  for (std::size_t c = 0; c < n; c += W) {
    const std::size_t columns = n - c < W ? n - c : W;
    float sums[W * W];
    for (std::size_t j = 0; j < columns; ++j) {
      Vec<A> sum(0.0f);
      const Vec<A> weight(w[c + j]);
      for (std::size_t t = 0; t < tiles; ++t) {
        const std::size_t at = (t * n + c + j) * W;
        const Vec<A> d = load<A>(d_logit + t * W);
        sum = fused<A>(d, load<A>(x + at), sum);
        fused<A>(d, weight, load<A>(d_x + at)).store_unaligned(d_x + at);
      }
      sum.store_unaligned(sums + j * W);
    }
    lane_sums<A>(d_w + c, sums, columns);
  }
}

/// One vector of rows: mean, 1 / deviation, and what d_x needs.
template <class A>
inline void d_layer_norm_vector(const TileLayerNormGradient& s, std::size_t v, float* d_gain,
                                float* d_shift) {
  constexpr std::size_t W = Vec<A>::size;
  const float *x = s.x + v * s.n * W, *d_y = s.d_y + v * s.n * W;
  float* d_x = s.d_x + v * s.n * W;
  const Vec<A> share(1.0f / static_cast<float>(s.n));
  Vec<A> total(0.0f), squares(0.0f), sum(0.0f), product(0.0f);
  for (std::size_t c = 0; c < s.n; ++c) total = total + load<A>(x + c * W);
  const Vec<A> mean = total * share;
  for (std::size_t c = 0; c < s.n; ++c) {
    const Vec<A> z = load<A>(x + c * W) - mean;
    squares = fused<A>(z, z, squares);
  }
  const Vec<A> inverse = Vec<A>(1.0f) / xsimd::sqrt(squares * share + Vec<A>(s.epsilon));
  for (std::size_t c = 0; c < s.n; ++c) {
    const Vec<A> z = (load<A>(x + c * W) - mean) * inverse, d = load<A>(d_y + c * W);
    const Vec<A> g = d * Vec<A>(s.gain[c]);
    sum = sum + g;
    product = fused<A>(g, z, product);
    fused<A>(d, z, load<A>(d_gain + c * W)).store_unaligned(d_gain + c * W);
    (load<A>(d_shift + c * W) + d).store_unaligned(d_shift + c * W);
  }
  sum = sum * share;
  product = product * share;
  for (std::size_t c = 0; c < s.n; ++c) {
    const Vec<A> z = (load<A>(x + c * W) - mean) * inverse, g = load<A>(d_y + c * W) * Vec<A>(s.gain[c]);
    (load<A>(d_x + c * W) + inverse * (g - sum - z * product)).store_unaligned(d_x + c * W);
  }
}

template <class A>
void d_layer_norm(const TileLayerNormGradient& s) {
  constexpr std::size_t W = Vec<A>::size;
  float *d_gain = s.scratch, *d_shift = d_gain + s.n * W;
  for (std::size_t i = 0; i < 2 * s.n * W; ++i) d_gain[i] = 0;
  for (std::size_t v = 0; v < s.vectors; ++v) d_layer_norm_vector<A>(s, v, d_gain, d_shift);
  lane_sums<A>(s.d_gain, d_gain, s.n);
  lane_sums<A>(s.d_shift, d_shift, s.n);
}

template <class A>
void d_relu(float* d_x, const float* y, std::size_t n) {
  const Vec<A> zero(0.0f);
  for (std::size_t i = 0; i < n; i += Vec<A>::size)
    xsimd::select(load<A>(y + i) > zero, load<A>(d_x + i), zero).store_unaligned(d_x + i);
}

template <class A>
void turn_back(float* rows, std::size_t stride, const float* x, std::size_t n) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t c = 0;
#if defined(__AVX2__)
  for (; c + W <= n; c += W) {
    const float* columns[W];
    for (std::size_t i = 0; i < W; ++i) columns[i] = x + (c + i) * W;
    turn_square<A>(rows + c, stride, columns, 0);
  }
#endif
  for (; c < n; ++c)
    for (std::size_t lane = 0; lane < W; ++lane) rows[lane * stride + c] = x[c * W + lane];
}

/// dropout_bits() in every lane
template <class A>
void dropout(float* mask, std::size_t n, const DropoutKeys& keys) {
  using Bits = xsimd::batch<std::uint32_t, A>;
  constexpr std::size_t W = Vec<A>::size;
  const Bits first = Bits::load_unaligned(keys.first), second = Bits::load_unaligned(keys.second);
  for (std::size_t i = 0; i < n; ++i) {
    Bits x = ((first + Bits(static_cast<std::uint32_t>(i))) * Bits(0x9e3779b9U)) ^ second;
    x = (x ^ (x >> 16)) * Bits(0x7feb352dU);
    x = (x ^ (x >> 15)) * Bits(0x846ca68bU);
    x = (x ^ (x >> 16)) >> 8;
    const auto number = xsimd::to_float(xsimd::bitwise_cast<xsimd::batch<std::int32_t, A>>(x));
    xsimd::select(number < Vec<A>(keys.dropped), Vec<A>(0.0f), Vec<A>(keys.kept))
        .store_unaligned(mask + i * W);
  }
}

template <class A>
constexpr Kernels table(const char* name) {
  return {name,
          {Vec<A>::size, linear<A, false>, linear_row<A>, attention<A>, attention_row<A>, relu<A>, add<A>,
           layer_norm<A>, affine<A>, affine_row<A>, readout<A>, readout_row<A>, turn<A>},
          {linear<A, true>, outer<A>, d_attention<A>, d_layer_norm<A>, d_readout<A>, d_relu<A>, multiply<A>,
           lane_sums<A>, turn_back<A>, dropout<A>},
          axpy<A>,
          gather<A>,
          scatter<A>,
          adam<A>,
          adam_idle<A>};
}

}  // namespace interplay::kit::simd
