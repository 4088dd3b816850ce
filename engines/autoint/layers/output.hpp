// The logit: one linear layer over every layer's fields, raw embeddings included.                   Eq. (9)
//   logit = w_0 . E0 + w_1 . E1 + ... + w_L . EL + b
#pragma once

#include "model.hpp"

namespace interplay::autoint {

/// logits (rows) += e_l (rows, M, dp) . w_l (M, dp); start from the bias
void add_logits(float* logits, const float* e, const float* w, const Model& model, std::size_t rows);
/// d_e (rows, M, dp) += d_logit w_l;  d_w_l (M, dp) += sum of d_logit e_l
void d_add_logits(float* d_e, float* d_w, const float* d_logits, const float* e, const float* w,
                  const Model& model, std::size_t rows);

}  // namespace interplay::autoint
