#include "layers/output.hpp"

namespace interplay::autoint {

void add_logits(float* logits, const float* e, const float* w, const Model& model, std::size_t rows) {
  const std::size_t n = model.shape.M * model.shape.dp;
  for (std::size_t r = 0; r < rows; ++r) logits[r] += model.kernels->dot(e + r * n, w, n);
}

void d_add_logits(float* d_e, float* d_w, const float* d_logits, const float* e, const float* w,
                  const Model& model, std::size_t rows) {
  const std::size_t n = model.shape.M * model.shape.dp;
  for (std::size_t r = 0; r < rows; ++r) {
    model.kernels->axpy(d_e + r * n, d_logits[r], w, n);
    model.kernels->axpy(d_w, d_logits[r], e + r * n, n);
  }
}

}  // namespace interplay::autoint
