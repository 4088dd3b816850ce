// The inner loops of scoring, and of training on its way forward, over tiles: W rows side by side, W the floats of a vector register.
//
// A slot's memory is (tiles, items, columns, W): a lane is a row, so items and columns need no padding (a last tile that rows
// do not fill has lanes to spare), nothing is summed across lanes, and a row's bits do not depend on its neighbours. A call
// of one row has (items, columns) plainly, each item filled up to whole vectors: the functions that end in _row read that, and
// have columns in the lanes. Both ways every sum is one chain of fused products in the same order, so that they give the same
// bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace interplay::kit {

/// y (vectors, n) = act(x (vectors, k) w (k, n) + bias (n) + residual (vectors, n)); vectors of W lanes.
struct TileLinear {
  float* y;
  const float *x, *w, *bias, *residual;  // bias, residual: NULL for none
  std::size_t vectors, k, n;
  bool relu;
};

/// For each tile and head: A = softmax(Q K^T scale) over the fields, out = (A * mask) V. Q, K and V of H heads lie side by side.
struct TileAttention {
  float* out;         // (tiles, M, H dh)
  const float* qkv;   // (tiles, M, 3 H dh)
  float* scratch;     // 4 M + 2 dh vectors
  float* weights;     // (tiles, H, M, M) to be filled with A, or NULL
  const float* mask;  // likewise, of dropout; NULL for none; only with weights
  std::size_t tiles, M, H, dh;
  float scale;
};

struct TileKernels {
  std::size_t lanes;

  void (*linear)(const TileLinear& s);
  /// One row: `vectors` is its items; w and bias may be read one vector beyond their ends.
  void (*linear_row)(const TileLinear& s);
  void (*attention)(const TileAttention& s);
  /// One row. It gives no weights and takes no mask; qkv may be read one vector beyond its end.
  void (*attention_row)(const TileAttention& s);
  /// x = max(x, 0) and y += x over n floats, whole vectors
  void (*relu)(float* x, std::size_t n);
  void (*add)(float* y, const float* x, std::size_t n);
  /// y (vectors, n) = gain (x - mean) / sqrt(variance + epsilon) + shift, moments over the n columns
  void (*layer_norm)(float* y, const float* x, const float* gain, const float* shift, std::size_t vectors,
                     std::size_t n, float epsilon);
  /// y (vectors, n) = x a + b, a and b (n)
  void (*affine)(float* y, const float* x, const float* a, const float* b, std::size_t vectors,
                 std::size_t n);
  /// The same of one row, plain, in whole vectors.
  void (*affine_row)(float* y, const float* x, const float* a, const float* b, std::size_t n);
  /// logit (tiles) += sum over items of (sum over columns of x w); x (tiles, items, n), w (items, n)
  void (*readout)(float* logit, const float* x, const float* w, std::size_t tiles, std::size_t items,
                  std::size_t n);
  /// One row's: logit[0]
  void (*readout_row)(float* logit, const float* x, const float* w, std::size_t items, std::size_t n);
  /// x (n, W) from W rows of n numbers
  void (*turn)(float* x, const float* const* rows, std::size_t n);
};

const TileKernels& scalar_tiles();

}  // namespace interplay::kit
