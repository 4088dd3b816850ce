#include "kit/ops/output.hpp"

namespace interplay::kit {

void Bias::add(Graph& graph) {
  const std::size_t bias = graph.add_parameter({"bias", {1, 1}, {1, 1}, Init::zero, 1, 1, 0});
  graph.add<Bias>(graph.parameter(bias).offset);
}

void Bias::score(Pass& pass) const {
  for (std::size_t r = 0; r < pass.computed(); ++r) pass.x[Graph::logit][r] += pass.w[offset_];
}

void Bias::backward(TrainingPass& pass) const {
  for (std::size_t r = 0; r < pass.rows; ++r) pass.d_w[offset_] += pass.d_x[Graph::logit][r];
}

void Readout::add(Graph& graph, const std::string& name, std::size_t x, std::size_t fan_in) {
  const Slot& slot = graph.slot(x);
  const std::size_t weight =
      graph.add_parameter({name, {slot.items, 1}, slot.axis, Init::glorot, fan_in, 1, 0});
  graph.add<Readout>(graph, x, weight);
}

Readout::Readout(const Graph& graph, std::size_t x, std::size_t weight)
    : Op({x}, Graph::logit), x_(x), weight_(graph.parameter(weight).offset), slot_(graph.slot(x)) {}

void Readout::score(Pass& pass) const {
  const float* w = pass.w + weight_;
  const std::size_t n = slot_.axis.size();
  if (pass.one_row)
    pass.kernels->readout_row(pass.x[Graph::logit], pass.x[x_], w, slot_.items, n);
  else
    pass.kernels->readout(pass.x[Graph::logit], pass.x[x_], w, pass.tiles, slot_.items, n);
}

void Readout::backward(TrainingPass& pass) const {
  pass.gradients->readout(pass.d_x[x_], pass.d_w + weight_, pass.x[x_], pass.w + weight_,
                          pass.d_x[Graph::logit], pass.tiles, slot_.size());
}

void Sum::score(Pass& pass) const {
  const std::size_t abreast = pass.abreast();
  for (std::size_t r = 0; r < pass.computed(); r += abreast)
    for (std::size_t item = 0; item < slot_.items; ++item)
      for (std::size_t c = 0; c < slot_.axis.size(); ++c) {
        const float* x = pass.x[x_] + pass.at(slot_, r, item, c);
        for (std::size_t i = 0; i < abreast; ++i) pass.x[Graph::logit][r + i] += x[i];
      }
}

void Sum::backward(TrainingPass& pass) const {
  const std::size_t lanes = pass.lanes();
  for (std::size_t t = 0; t < pass.tiles; ++t)
    for (std::size_t i = 0; i < slot_.size(); ++i)
      pass.kernels->add(pass.d_x[x_] + (t * slot_.size() + i) * lanes, pass.d_x[Graph::logit] + t * lanes,
                        lanes);
}

}  // namespace interplay::kit
