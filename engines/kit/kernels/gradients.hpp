// The inner loops of training beside those of scoring (tiles.hpp), over the same tiles: what goes back, and dropout. Sums
// over rows run tile by tile and then over the lanes, in a fixed order.
#pragma once

#include "kit/kernels/tiles.hpp"

namespace interplay::kit {

/// d_w (k, n) += x^T d_y over all rows of `vectors` vectors; x (vectors, k, W); d_y row by row: (vectors W, stride), where
/// stride is n in whole vectors and the numbers from n on are 0.
struct TileOuter {
  float* d_w;
  const float *x, *d_y;
  std::size_t vectors, k, n, stride;
};

/// From d_out (tiles, M, H dh), and of the way forward qkv, A and the mask, d_qkv (tiles, M, 3 H dh), which is written, not
/// added to.
struct TileAttentionGradient {
  float* d_qkv;
  const float *d_out, *qkv;
  const float *weights, *mask;  // (tiles, H, M, M); mask: NULL for none
  float* scratch;               // 2 M M vectors
  std::size_t tiles, M, H, dh;
  float scale;
};

/// From d_y (vectors, n) adds to d_x and to d_gain and d_shift (n).
struct TileLayerNormGradient {
  float* d_x;
  const float* d_y;
  float *d_gain, *d_shift;
  const float *x, *gain;
  float* scratch;  // 2 n vectors
  std::size_t vectors, n;
  float epsilon;
};

/// What draws the masks of a tile's rows for one operation: number i of row r is dropped where dropout_bits(keys, i) falls
/// below `dropped`.
struct DropoutKeys {
  std::uint32_t first[16], second[16];  // random, by lane; the same give the same mask
  float dropped;                        // share of 2^24
  float kept;                           // what is not dropped is multiplied with
};
/// 24 random bits for place i; a function of the keys and i alone: a Weyl sequence, the second key, and two rounds of a
/// multiplicative hash (the "lowbias32" constants of C. Wellons, public domain).
inline std::uint32_t dropout_bits(std::uint32_t first, std::uint32_t second, std::uint32_t i) {
  std::uint32_t x = (i + first) * 0x9e3779b9U ^ second;
  x = (x ^ (x >> 16)) * 0x7feb352dU;
  x = (x ^ (x >> 15)) * 0x846ca68bU;
  return (x ^ (x >> 16)) >> 8;
}

struct TileGradients {
  /// y (vectors, n) = x (vectors, k) w^T + residual, w (n, k); residual may be y. No bias, no ReLU.
  void (*linear)(const TileLinear& s);
  void (*outer)(const TileOuter& s);
  void (*attention)(const TileAttentionGradient& s);
  void (*layer_norm)(const TileLayerNormGradient& s);
  /// Over tiles of n numbers a row: d_x += d_logit w and d_w (n) += the sum of d_logit x; d_logit (tiles, W).
  void (*readout)(float* d_x, float* d_w, const float* x, const float* w, const float* d_logit,
                  std::size_t tiles, std::size_t n);
  /// d_x = 0 where y, the output of a ReLU, is 0; y = a b; over n floats, whole vectors
  void (*relu)(float* d_x, const float* y, std::size_t n);
  void (*multiply)(float* y, const float* a, const float* b, std::size_t n);
  /// sums (n) += x (n, W) over the lanes
  void (*lane_sums)(float* sums, const float* x, std::size_t n);
  /// W rows of n numbers, `stride` apart, from x (n, W): turn()'s inverse
  void (*turn_back)(float* rows, std::size_t stride, const float* x, std::size_t n);
  /// mask (n, W): 0 or keys.kept
  void (*dropout)(float* mask, std::size_t n, const DropoutKeys& keys);
};

const TileGradients& scalar_gradients();

}  // namespace interplay::kit
