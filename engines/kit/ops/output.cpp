#include "kit/ops/output.hpp"

namespace interplay::kit {

void Bias::add(Graph& graph) {
  const std::size_t bias = graph.add_parameter({"bias", {1, 1, 1}, {1, 1, 1}, Init::zero, 1, 1, 0});
  graph.add<Bias>(graph.parameter(bias).offset);
}

void Bias::infer(Pass& pass) const {
  for (std::size_t r = 0; r < pass.rows; ++r) pass.x[Graph::logit][r] += pass.w[offset_];
}

void Bias::backward(Pass& pass) const {
  for (std::size_t r = 0; r < pass.rows; ++r) pass.d_w[offset_] += pass.d_x[Graph::logit][r];
}

void Readout::add(Graph& graph, const std::string& name, std::size_t x, std::size_t fan_in) {
  const Slot& slot = graph.slot(x);
  const std::size_t weight =
      graph.add_parameter({name, {slot.items, 1, 1}, slot.axis, Init::glorot, fan_in, 1, 0});
  graph.add<Readout>(graph, x, weight);
}

Readout::Readout(const Graph& graph, std::size_t x, std::size_t weight)
    : Op({x}, Graph::logit), x_(x), n_(graph.slot(x).size()), weight_(graph.parameter(weight).offset) {}

void Readout::infer(Pass& pass) const {
  const float *x = pass.x[x_], *w = pass.w + weight_;
  float* logits = pass.x[Graph::logit];
  for (std::size_t r = 0; r < pass.rows; ++r) logits[r] += pass.kernels->dot(x + r * n_, w, n_);
}

void Readout::backward(Pass& pass) const {
  const float* d_logits = pass.d_x[Graph::logit];
  for (std::size_t r = 0; r < pass.rows; ++r) {
    pass.kernels->axpy(pass.d_x[x_] + r * n_, d_logits[r], pass.w + weight_, n_);
    pass.kernels->axpy(pass.d_w + weight_, d_logits[r], pass.x[x_] + r * n_, n_);
  }
}

void Sum::infer(Pass& pass) const {
  const float* x = pass.x[x_];
  for (std::size_t r = 0; r < pass.rows; ++r, x += n_)
    for (std::size_t i = 0; i < n_; ++i) pass.x[Graph::logit][r] += x[i];
}

void Sum::backward(Pass& pass) const {
  float* d_x = pass.d_x[x_];
  for (std::size_t r = 0; r < pass.rows; ++r, d_x += n_)
    for (std::size_t i = 0; i < n_; ++i) d_x[i] += pass.d_x[Graph::logit][r];
}

}  // namespace interplay::kit
