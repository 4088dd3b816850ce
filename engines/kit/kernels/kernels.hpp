// The engine's inner loops, compiled once per instruction set and chosen at run time.
//
// Promise: what a row computes has the same bits wherever the row stands in a batch and whatever stands
// beside it. So every sum runs in a fixed order that depends on the model's shape alone.
//
// Plain pointers only: a file compiled for one instruction set
// must not leave behind an inline function that the linker could share with another.
#pragma once

#include "kit/kernels/gradients.hpp"

#include <cstddef>
#include <cstdint>

namespace interplay::kit {

/// One step of Adam; see optimizer.hpp.
struct AdamStep {
  float rate;     // learning rate / (1 - beta1^t)
  float v_scale;  // 1 / (1 - beta2^t)
  float decay;    // factor on the weight before the step; 1: none
  float beta1, beta2, epsilon;
  float scale = 1, penalty = 0;  // the gradient is scale * g + penalty * w
};

struct Kernels {
  const char* name;  // "avx2"

  TileKernels tiles;
  TileGradients gradients;

  /// y += s x over n floats, a multiple of 16
  void (*axpy)(float* y, float s, const float* x, std::size_t n);
  /// e (d) = sum over i < n of c_i table[ids_i], tables of rows of d, any d.
  void (*gather)(float* e, const float* table, std::size_t d, const std::int32_t* ids, const float* c,
                 std::size_t n);
  /// sums[slots_i] += c_i d_e for i < n, one after the other; rows of d, a multiple of 16.
  void (*scatter)(float* sums, std::size_t d, const std::int32_t* slots, const float* c, std::size_t n,
                  const float* d_e);
  /// w, m, v (n, any length) move one step along the gradient g.
  void (*adam)(float* w, float* m, float* v, const float* g, std::size_t n, const AdamStep& step);
  /// The same for `count` steps one after the other, whose gradients are 0 and whose scale and penalty are ignored.
  void (*adam_idle)(float* w, float* m, float* v, std::size_t n, const AdamStep* steps, std::size_t count);
};

/// The best set this processor has; the same for the whole life of the process.
const Kernels& kernels();
/// Every set this processor can run, best first, scalar last; returns how many. For tests.
std::size_t available_kernels(const Kernels* out[8]);

/* One of these per file; a file that the compiler cannot build for this machine does not define its own. */
const Kernels& scalar_kernels();
const Kernels& sse2_kernels();
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
const Kernels& neon_kernels();

}  // namespace interplay::kit
