// One interacting layer, forward and backward, for training.                                      Eq. (5)-(8)
//   e_out = ReLU([A_1 V_1; ...; A_H V_H] W^O + e_in),   A_h = softmax(Q_h K_h^T / sqrt(dh)),   [Q; K; V] =
//   e_in W
// Deviations from the paper (the scale, W^O, a residual without weights) stand in README.md.
#pragma once

#include "model.hpp"

#include <interplay/sdk/random.hpp>

namespace interplay::autoint {

/// What forward leaves for backward; R rows.
struct InteractionCache {
  Floats qkv;     // (R, M, 3 Ap)
  Floats a;       // (R, H, M, Mp)   before dropout
  Floats mask;    // (R, H, M, Mp)   0 or 1 / (1 - p); empty without dropout
  Floats joined;  // (R, M, Ap)      the heads' outputs side by side

  void resize(const Shape& shape, std::size_t rows, bool dropout);
};

/// Memory that both directions use up; one per worker.
struct InteractionScratch {
  Floats attention;  // (2, M, Mp)
  Floats d_joined;   // (R, M, Ap)
  Floats d_qkv;      // (R, M, 3 Ap)

  void resize(const Shape& shape, std::size_t rows);
};

/// e_out, e_in (rows, M, dp);  w_qkv (dp, 3 Ap);  w_o (Ap, dp)
void interact(float* e_out, InteractionCache& cache, const float* e_in, const float* w_qkv, const float* w_o,
              InteractionScratch& scratch, const Model& model, std::size_t rows);
/// d_e: in, the gradient of e_out; out, of e_in. d_w_qkv and d_w_o are added to.
void d_interact(float* d_e, float* d_w_qkv, float* d_w_o, const InteractionCache& cache, const float* e_out,
                const float* e_in, const float* w_qkv, const float* w_o, InteractionScratch& scratch,
                const Model& model, std::size_t rows);

/// mask (n, of which only the first `used` in each stretch of `stride`): 0 with probability p, else 1 / (1 -
/// p)
void draw_mask(float* mask, std::size_t n, std::size_t used, std::size_t stride, double p, Random random);

}  // namespace interplay::autoint
