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

/// n filled up to whole vectors.
template <class A>
constexpr std::size_t whole(std::size_t n) {
  return (n + Vec<A>::size - 1) / Vec<A>::size * Vec<A>::size;
}

/// a b + c, with one rounding where the instruction set can (all but sse2). Not xsimd's own: 8.1 of it has none for AVX-512
/// and takes two instructions there.
template <class A>
inline Vec<A> fused(const Vec<A>& a, const Vec<A>& b, const Vec<A>& c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, c);
#elif defined(__FMA__)
  return _mm256_fmadd_ps(a, b, c);
#elif defined(__aarch64__)
  return vfmaq_f32(c, a, b);
#else
  return a * b + c;
#endif
}

/// The same of one lane.
template <class A>
inline float fused(float a, float b, float c) {
#if defined(__AVX512F__) || defined(__FMA__) || defined(__aarch64__)
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

template <class A>
void axpy(float* y, float s, const float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += Vec<A>::size)
    fused<A>(Vec<A>(s), load<A>(x + i), load<A>(y + i)).store_unaligned(y + i);
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
    for (std::size_t k = 0; k < C; ++k) to[k] = fused<A>(Vec<A>(c[i]), load<A>(row + k * W), to[k]);
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
      fused<A>(coefficient, load<A>(d_e + k), load<A>(row + k)).store_unaligned(row + k);
  }
}

/// (m, v) follow g and its square; w steps against m / sqrt(v).
template <class A>
inline void adam_vector(float* w, float* m, float* v, const float* g, const AdamStep& step) {
  const Vec<A> gradient = fused<A>(Vec<A>(step.penalty), load<A>(w), Vec<A>(step.scale) * load<A>(g));
  const Vec<A> mean = fused<A>(Vec<A>(1 - step.beta1), gradient, Vec<A>(step.beta1) * load<A>(m));
  const Vec<A> square =
      fused<A>(Vec<A>(1 - step.beta2) * gradient, gradient, Vec<A>(step.beta2) * load<A>(v));
  const Vec<A> root = xsimd::sqrt(square * Vec<A>(step.v_scale)) + Vec<A>(step.epsilon);
  mean.store_unaligned(m);
  square.store_unaligned(v);
  (load<A>(w) * Vec<A>(step.decay) - Vec<A>(step.rate) * mean / root).store_unaligned(w);
}

/// Calls step(w, m, v, g) for whole vectors; a rest goes through the same instructions in a copy, so that a width changes no
/// rounding.
template <class A, class Step>
inline void each_vector(float* w, float* m, float* v, const float* g, std::size_t n, const Step& step) {
  constexpr std::size_t W = Vec<A>::size;
  std::size_t i = 0;
  for (; i + W <= n; i += W) step(w + i, m + i, v + i, g ? g + i : nullptr);
  if (i == n) return;
  float tail[4][W] = {};
  const std::size_t rest = n - i;
  for (std::size_t j = 0; j < rest; ++j) {
    tail[0][j] = w[i + j];
    tail[1][j] = m[i + j];
    tail[2][j] = v[i + j];
    tail[3][j] = g ? g[i + j] : 0;
  }
  step(tail[0], tail[1], tail[2], tail[3]);
  for (std::size_t j = 0; j < rest; ++j) {
    w[i + j] = tail[0][j];
    m[i + j] = tail[1][j];
    v[i + j] = tail[2][j];
  }
}

template <class A>
void adam(float* w, float* m, float* v, const float* g, std::size_t n, const AdamStep& step) {
  each_vector<A>(w, m, v, g, n, [&](float* w0, float* m0, float* v0, const float* g0) {
    adam_vector<A>(w0, m0, v0, g0, step);
  });
}

template <class A>
void adam_idle(float* w, float* m, float* v, std::size_t n, const AdamStep* steps, std::size_t count) {
  each_vector<A>(w, m, v, nullptr, n, [&](float* w0, float* m0, float* v0, const float*) {
    Vec<A> weight = load<A>(w0), mean = load<A>(m0), square = load<A>(v0);
    for (std::size_t s = 0; s < count; ++s) {
      const AdamStep& step = steps[s];
      mean = mean * Vec<A>(step.beta1);
      square = square * Vec<A>(step.beta2);
      const Vec<A> root = xsimd::sqrt(square * Vec<A>(step.v_scale)) + Vec<A>(step.epsilon);
      weight = weight * Vec<A>(step.decay) - Vec<A>(step.rate) * mean / root;
    }
    weight.store_unaligned(w0);
    mean.store_unaligned(m0);
    square.store_unaligned(v0);
  });
}

}  // namespace interplay::kit::simd
