#include "interactions.hpp"

#include <algorithm>

namespace interplay::fm {

Interactions::Interactions(const kit::Graph& graph, std::size_t e)
    : Op({e}, kit::Graph::logit),
      e_(e),
      fields_(graph.slot(e).items),
      d_(graph.slot(e).axis.size()),
      slot_(graph.slot(e)) {}

void Interactions::score(kit::TilePass& pass) const {
  const float* e = pass.x[e_];
  for (std::size_t r = 0; r < pass.computed(); ++r) {
    float total = 0;
    for (std::size_t c = 0; c < slot_.axis.plain(); ++c) {
      float sum = 0, own = 0;
      for (std::size_t i = 0; i < fields_; ++i) {
        const float x = e[pass.at(slot_, r, i, c)];
        sum += x;
        own += x * x;
      }
      total += sum * sum - own;
    }
    pass.x[kit::Graph::logit][r] += 0.5f * total;
  }
}

const float* Interactions::sum_over_fields(kit::Pass& pass, std::size_t row) const {
  float* sum = pass.scratch.data();
  const float* e = pass.x[e_] + row * fields_ * d_;
  std::copy_n(e, d_, sum);
  for (std::size_t i = 1; i < fields_; ++i) pass.kernels->axpy(sum, 1, e + i * d_, d_);
  return sum;
}

void Interactions::forward(kit::Pass& pass) const {
  for (std::size_t r = 0; r < pass.rows; ++r) {
    const float *sum = sum_over_fields(pass, r), *e = pass.x[e_] + r * fields_ * d_;
    const float all = pass.kernels->dot(sum, sum, d_), own = pass.kernels->dot(e, e, fields_ * d_);
    pass.x[kit::Graph::logit][r] += 0.5f * (all - own);
  }
}

/// d e_i = d_logit (sum over j of e_j - e_i)
void Interactions::backward(kit::Pass& pass) const {
  for (std::size_t r = 0; r < pass.rows; ++r) {
    const float *sum = sum_over_fields(pass, r), *e = pass.x[e_] + r * fields_ * d_;
    const float d_logit = pass.d_x[kit::Graph::logit][r];
    float* d_e = pass.d_x[e_] + r * fields_ * d_;
    for (std::size_t i = 0; i < fields_; ++i) {
      pass.kernels->axpy(d_e + i * d_, d_logit, sum, d_);
      pass.kernels->axpy(d_e + i * d_, -d_logit, e + i * d_, d_);
    }
  }
}

}  // namespace interplay::fm
