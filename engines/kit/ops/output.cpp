#include "kit/ops/output.hpp"

namespace interplay::kit {

void Bias::add(Graph& graph) {
  const std::size_t bias = graph.add_parameter({"bias", {1, 1, 1}, {1, 1, 1}, Init::zero, 1, 1, 0});
  graph.add<Bias>(graph.parameter(bias).offset, graph.parameter(bias).plain_offset);
}

void Bias::score(TilePass& pass) const {
  for (std::size_t r = 0; r < pass.computed(); ++r) pass.x[Graph::logit][r] += pass.w[plain_];
}

void Bias::forward(Pass& pass) const {
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
    : Op({x}, Graph::logit),
      x_(x),
      n_(graph.slot(x).size()),
      weight_(graph.parameter(weight).offset),
      plain_weight_(graph.parameter(weight).plain_offset),
      slot_(graph.slot(x)) {}

void Readout::score(TilePass& pass) const {
  const float* w = pass.w + plain_weight_;
  const std::size_t n = slot_.axis.plain();
  if (pass.one_row)
    pass.kernels->readout_row(pass.x[Graph::logit], pass.x[x_], w, slot_.items, n, pass.plain(slot_));
  else
    pass.kernels->readout(pass.x[Graph::logit], pass.x[x_], w, pass.tiles, slot_.items, n);
}

void Readout::forward(Pass& pass) const {
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

void Sum::score(TilePass& pass) const {
  for (std::size_t item = 0; item < slot_.items; ++item)
    for (std::size_t c = 0; c < slot_.axis.plain(); ++c)
      for (std::size_t r = 0; r < pass.computed(); ++r)
        pass.x[Graph::logit][r] += pass.x[x_][pass.at(slot_, r, item, c)];
}

void Sum::forward(Pass& pass) const {
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
