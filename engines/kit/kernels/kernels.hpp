// The engine's inner loops, compiled once per instruction set and chosen at run time.
//
// Promise: what a row computes has the same bits wherever the row stands in a batch and whatever stands
// beside it. So every sum runs in a fixed order that depends on the model's shape alone, and lanes hold
// columns, never rows.
//
// Matrices are row-major. Widths in columns (n, dh) are multiples of `width`; callers pad with zeros, which change no sum.
// Plain pointers only: a file compiled for one instruction set
// must not leave behind an inline function that the linker could share with another.
#pragma once

#include "kit/kernels/tiles.hpp"

#include <cstddef>
#include <cstdint>

namespace interplay::kit {

/// Q, K and V of R rows, M fields and H heads lie side by side: row i of a field has q at h * dh, k at (H +
/// h) * dh and v at (2 H + h) * dh, i counts R * M.
struct AttentionShape {
  std::size_t M;   // fields
  std::size_t H;   // heads
  std::size_t dh;  // width of a head, padded to the kernels' width
  std::size_t Mp;  // M padded to the kernels' width: the row length of A
  float scale;     // 1 / sqrt(the true width of a head)
};

/// One step of Adam; see optimizer.hpp.
struct AdamStep {
  float rate;     // learning rate / (1 - beta1^t)
  float v_scale;  // 1 / (1 - beta2^t)
  float decay;    // factor on the weight before the step; 1: none
  float beta1, beta2, epsilon;
  float scale = 1, penalty = 0;  // the gradient is scale * g + penalty * w
};

/// What draws the masks of one row and operation.
struct DropoutDraw {
  std::uint32_t key, second_key;  // random; the same give the same mask
  float dropped;                  // share of 2^24
  float kept;                     // what is not dropped is multiplied with
};
/// 24 random bits for place i; a function of the keys and i alone: a Weyl sequence, the second key, and two rounds of a
/// multiplicative hash (the "lowbias32" constants of C. Wellons, public domain).
inline std::uint32_t dropout_bits(const DropoutDraw& draw, std::uint32_t i) {
  std::uint32_t x = (i + draw.key) * 0x9e3779b9U ^ draw.second_key;
  x = (x ^ (x >> 16)) * 0x7feb352dU;
  x = (x ^ (x >> 15)) * 0x846ca68bU;
  return (x ^ (x >> 16)) >> 8;
}

struct Kernels {
  const char* name;   // "avx2"
  std::size_t width;  // floats in a vector; at most 16

  TileKernels tiles;  // of scoring; the rest is training's

  /// a . b over n, a multiple of width
  float (*dot)(const float* a, const float* b, std::size_t n);
  /// y += s x over n, a multiple of width
  void (*axpy)(float* y, float s, const float* x, std::size_t n);
  /// y = max(x + y, 0) over n, a multiple of width
  void (*add_relu)(float* y, const float* x, std::size_t n);
  /// y = a * b over n, a multiple of width
  void (*multiply)(float* y, const float* a, const float* b, std::size_t n);
  /// d_x = 0 where y, the output of a ReLU, is 0; n a multiple of width
  void (*d_relu)(float* d_x, const float* y, std::size_t n);

  /// e (d) = sum over i < n of c_i table[ids_i], tables of rows of d, any d.
  void (*gather)(float* e, const float* table, std::size_t d, const std::int32_t* ids, const float* c,
                 std::size_t n);
  /// sums[slots_i] += c_i d_e for i < n, one after the other; rows of d, a multiple of width.
  void (*scatter)(float* sums, std::size_t d, const std::int32_t* slots, const float* c, std::size_t n,
                  const float* d_e);
  /// mask (stretches, stride): 0 or draw.kept; of each stretch the first `used` places are counted on from 0, the rest
  /// means nothing. stride is a multiple of width.
  void (*dropout)(float* mask, std::size_t stretches, std::size_t used, std::size_t stride,
                  const DropoutDraw& draw);

  /// For each of `rows` rows and each head: A = softmax(q k^T scale), out = (A * mask) v.
  ///   out  (rows * M, H * dh)    qkv  (rows * M, 3 H dh)
  ///   a    (rows, H, M, Mp)      rows of A sum to 1 over M, and are 0 from there to Mp
  ///   mask (rows, H, M, Mp)      dropout: 0 or 1 / (1 - p); NULL: none
  ///   masked (M, Mp)             scratch, used only with a mask
  void (*attention)(float* out, float* a, const float* qkv, const float* mask, float* masked,
                    const AttentionShape& shape, std::size_t rows);
  /// The derivative: d_qkv (rows * M, 3 H dh) from d_out, with a, qkv and mask of the forward pass.
  ///   scratch (2, M, Mp)
  void (*d_attention)(float* d_qkv, const float* d_out, const float* a, const float* qkv, const float* mask,
                      float* scratch, const AttentionShape& shape, std::size_t rows);

  /// w, m, v (n, any length) move one step along the gradient g.
  void (*adam)(float* w, float* m, float* v, const float* g, std::size_t n, const AdamStep& step);
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
