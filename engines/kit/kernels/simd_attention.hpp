// Attention of one row and head at a time, forward and backward, over the tiles of simd.hpp.      Eq. (5)-(7)
#pragma once

#include "kit/kernels/simd.hpp"

namespace interplay::kit::simd {

/// y (M, Mp) = x (M, n) z (M, n)^T. W rows of z by W columns at a time stand transposed, so that a lane is a row of z and
/// no sum runs across lanes. (xsimd's own transposing sum gives wrong sums with AVX-512 in 8.1.) Where M is no multiple of
/// W, the last row of z is taken again and its columns of y mean nothing.
template <class A>
inline void product_of_rows(float* y, std::size_t Mp, const float* x, std::size_t ldx, const float* z,
                            std::size_t ldz, std::size_t M, std::size_t n) {
  constexpr std::size_t W = Vec<A>::size;
  float turned[W * W];
  for (std::size_t j = 0; j < Mp; j += W)
    for (std::size_t c = 0; c < n; c += W) {
      for (std::size_t lane = 0; lane < W; ++lane) {
        const float* row = z + (j + lane < M ? j + lane : M - 1) * ldz + c;
        for (std::size_t k = 0; k < W; ++k) turned[k * W + lane] = row[k];
      }
      rows_of_tiles<A, 1>(x + c, ldx, 1, turned, W, M, W, [&](std::size_t i, std::size_t, const Vec<A>& v) {
        float* target = y + i * Mp + j;
        (c == 0 ? v : v + load<A>(target)).store_unaligned(target);
      });
    }
}

/// 0, 1, .., W - 1
template <class A>
inline Vec<A> lane_numbers() {
  constexpr std::size_t W = Vec<A>::size;
  float numbers[W];
  for (std::size_t i = 0; i < W; ++i) numbers[i] = static_cast<float>(i);
  return load<A>(numbers);
}

/// a (M, Mp) = softmax over the first M columns of scale * a, 0 in the rest. The columns from M on hold
/// copies of column M - 1, so they may take part in the maximum but not in the sum.
template <class A>
inline void softmax(float* a, std::size_t M, std::size_t Mp, float scale) {
  constexpr std::size_t W = Vec<A>::size;
  const Vec<A> lanes = lane_numbers<A>();
  for (std::size_t i = 0; i < M; ++i, a += Mp) {
    Vec<A> largest = load<A>(a);
    for (std::size_t j = W; j < Mp; j += W) largest = xsimd::max(largest, load<A>(a + j));
    float lane[W];
    largest.store_unaligned(lane);
    float top = lane[0];
    for (std::size_t j = 1; j < W; ++j) top = lane[j] > top ? lane[j] : top;
    Vec<A> sum(0.0f);
    for (std::size_t j = 0; j < Mp; j += W) {
      const Vec<A> e = xsimd::exp((load<A>(a + j) - Vec<A>(top)) * Vec<A>(scale));
      const Vec<A> kept =
          xsimd::select(lanes < Vec<A>(static_cast<float>(M) - static_cast<float>(j)), e, Vec<A>(0.0f));
      sum = sum + kept;
      kept.store_unaligned(a + j);
    }
    const Vec<A> inverse(1.0f / xsimd::hadd(sum));
    for (std::size_t j = 0; j < Mp; j += W) (load<A>(a + j) * inverse).store_unaligned(a + j);
  }
}

template <class A>
void attention(float* out, float* a, const float* qkv, const float* mask, float* masked,
               const AttentionShape& s, std::size_t rows) {
  const std::size_t width = s.H * s.dh, ld = 3 * width, square = s.M * s.Mp;
  for (std::size_t row = 0; row < rows; ++row, out += s.M * width, qkv += s.M * ld) {
    for (std::size_t h = 0; h < s.H; ++h, a += square) {
      const float *q = qkv + h * s.dh, *k = q + width, *v = k + width;
      product_of_rows<A>(a, s.Mp, q, ld, k, ld, s.M, s.dh);
      softmax<A>(a, s.M, s.Mp, s.scale);
      const float* used = a;
      if (mask) {
        multiply<A>(masked, a, mask + (row * s.H + h) * square, square);
        used = masked;
      }
      strided_matmul<A>(out + h * s.dh, width, used, s.Mp, 1, v, ld, s.M, s.M, s.dh);
    }
  }
}

/// d_s (M, Mp) = scale * a * (d_a - the sum over j of d_a a), in place; columns from M on become 0 because a
/// is 0 there
template <class A>
inline void d_softmax(float* d_a, const float* a, std::size_t M, std::size_t Mp, float scale) {
  constexpr std::size_t W = Vec<A>::size;
  for (std::size_t i = 0; i < M; ++i, d_a += Mp, a += Mp) {
    Vec<A> sum(0.0f);
    for (std::size_t j = 0; j < Mp; j += W) sum = xsimd::fma(load<A>(d_a + j), load<A>(a + j), sum);
    const Vec<A> mean(xsimd::hadd(sum));
    for (std::size_t j = 0; j < Mp; j += W)
      ((load<A>(d_a + j) - mean) * load<A>(a + j) * Vec<A>(scale)).store_unaligned(d_a + j);
  }
}

/// Backwards through attention(): out = (A * mask) v gives d_v and d_A; A = softmax(s) gives d_s; s = q k^T
/// gives d_q, d_k.
template <class A>
void d_attention(float* d_qkv, const float* d_out, const float* a, const float* qkv, const float* mask,
                 float* scratch, const AttentionShape& s, std::size_t rows) {
  const std::size_t width = s.H * s.dh, ld = 3 * width, square = s.M * s.Mp;
  float *d_a = scratch, *masked = scratch + square;
  for (std::size_t row = 0; row < rows; ++row, d_out += s.M * width, qkv += s.M * ld, d_qkv += s.M * ld) {
    for (std::size_t h = 0; h < s.H; ++h, a += square) {
      const float *q = qkv + h * s.dh, *k = q + width, *v = k + width, *d_o = d_out + h * s.dh;
      float *d_q = d_qkv + h * s.dh, *d_k = d_q + width, *d_v = d_k + width;
      product_of_rows<A>(d_a, s.Mp, d_o, width, v, ld, s.M, s.dh);
      const float* used = a;
      if (mask) {
        const float* m = mask + (row * s.H + h) * square;
        multiply<A>(masked, a, m, square);
        multiply<A>(d_a, d_a, m, square);
        used = masked;
      }
      strided_matmul<A>(d_v, ld, used, 1, s.Mp, d_o, width, s.M, s.M, s.dh);
      d_softmax<A>(d_a, a, s.M, s.Mp, s.scale);
      strided_matmul<A>(d_q, ld, d_a, s.Mp, 1, k, ld, s.M, s.M, s.dh);
      strided_matmul<A>(d_k, ld, d_a, 1, s.Mp, q, ld, s.M, s.M, s.dh);
    }
  }
}

template <class A>
constexpr Kernels table(const char* name, const TileKernels& tiles) {
  return {name,      Vec<A>::size, tiles,      dot<A>,     axpy<A>,      add_relu<A>,    multiply<A>,
          d_relu<A>, gather<A>,    scatter<A>, dropout<A>, attention<A>, d_attention<A>, adam<A>};
}

}  // namespace interplay::kit::simd
