#include "layers/disentangled.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::autoint {

using kit::Pass;
using kit::TrainingPass;

std::size_t CenterFields::add(kit::Graph& graph, std::size_t x, std::size_t groups) {
  const std::size_t y = graph.add_slot(kit::Slot(graph.slot(x)));
  graph.add<CenterFields>(graph, x, y, groups);
  return y;
}

CenterFields::CenterFields(const kit::Graph& graph, std::size_t x, std::size_t y, std::size_t groups)
    : Op({x}, y), x_(x), y_(y), n_(groups * graph.slot(x).axis.width), slot_(graph.slot(x)) {}

/// Its own transpose: the gradient loses its mean over the fields too.
void CenterFields::center(float* x, const Pass& pass) const {
  const float share = 1.0f / static_cast<float>(slot_.items);
  const std::size_t abreast = pass.abreast();
  for (std::size_t r = 0; r < pass.computed(); r += abreast)
    for (std::size_t c = 0; c < n_; ++c) {
      float mean[16] = {};
      for (std::size_t i = 0; i < slot_.items; ++i)
        for (std::size_t lane = 0; lane < abreast; ++lane) mean[lane] += x[pass.at(slot_, r, i, c) + lane];
      for (std::size_t i = 0; i < slot_.items; ++i)
        for (std::size_t lane = 0; lane < abreast; ++lane)
          x[pass.at(slot_, r, i, c) + lane] -= mean[lane] * share;
    }
}

void CenterFields::score(Pass& pass) const {
  std::copy_n(pass.x[x_], pass.floats(slot_), pass.x[y_]);
  center(pass.x[y_], pass);
}

void CenterFields::backward(TrainingPass& pass) const {
  center(pass.d_x[y_], pass);
  pass.kernels->add(pass.d_x[x_], pass.d_x[y_], pass.floats(slot_));
}

std::size_t Unary::add(kit::Graph& graph, std::size_t u, std::size_t qkv) {
  const kit::Axis axis = graph.slot(qkv).axis;
  const std::size_t out = graph.add_slot({1, {axis.groups / 3, axis.width}});
  graph.add<Unary>(graph, u, qkv, out);
  return out;
}

Unary::Unary(const kit::Graph& graph, std::size_t u, std::size_t qkv, std::size_t out)
    : Op({u, qkv}, out),
      u_(u),
      qkv_(qkv),
      out_(out),
      heads_(graph.slot(u).axis.width),
      u_slot_(graph.slot(u)),
      qkv_slot_(graph.slot(qkv)),
      out_slot_(graph.slot(out)) {}

/// weights (M) of one head
void Unary::softmax(const Pass& pass, std::size_t row, std::size_t head, float* weights) const {
  const auto u = [&](std::size_t i) { return pass.x[u_][pass.at(u_slot_, row, i, head)]; };
  float top = u(0), sum = 0;
  for (std::size_t i = 1; i < u_slot_.items; ++i) top = std::max(top, u(i));
  for (std::size_t i = 0; i < u_slot_.items; ++i) sum += weights[i] = std::exp(u(i) - top);
  for (std::size_t i = 0; i < u_slot_.items; ++i) weights[i] /= sum;
}

void Unary::score_row(Pass& pass, std::size_t row, std::size_t head) const {
  const std::size_t width = qkv_slot_.axis.width;
  float* weights = pass.scratch.data();
  softmax(pass, row, head, weights);
  for (std::size_t c = 0; c < width; ++c) {
    float total = 0;
    for (std::size_t i = 0; i < u_slot_.items; ++i)
      total += weights[i] * pass.x[qkv_][v_at(pass, row, i, head, c)];
    pass.x[out_][pass.at(out_slot_, row, 0, head * width + c)] = total;
  }
}

void Unary::score(Pass& pass) const {
  for (std::size_t r = 0; r < pass.computed(); ++r)
    for (std::size_t h = 0; h < heads_; ++h) score_row(pass, r, h);
}

/// d_V_i += U_i d_out;  with g_i = V_i . d_out:  d_u_i += U_i (g_i - sum over j of U_j g_j)
void Unary::row_backward(TrainingPass& pass, std::size_t row, std::size_t head) const {
  const std::size_t fields = u_slot_.items, width = qkv_slot_.axis.width;
  float *weights = pass.scratch.data(), *g = weights + fields, mean = 0;
  softmax(pass, row, head, weights);
  for (std::size_t i = 0; i < fields; ++i) {
    g[i] = 0;
    for (std::size_t c = 0; c < width; ++c) {
      const std::size_t v = v_at(pass, row, i, head, c);
      const float d_out = pass.d_x[out_][pass.at(out_slot_, row, 0, head * width + c)];
      g[i] += pass.x[qkv_][v] * d_out;
      pass.d_x[qkv_][v] += weights[i] * d_out;
    }
    mean += weights[i] * g[i];
  }
  for (std::size_t i = 0; i < fields; ++i)
    pass.d_x[u_][pass.at(u_slot_, row, i, head)] += weights[i] * (g[i] - mean);
}

void Unary::backward(TrainingPass& pass) const {
  for (std::size_t r = 0; r < pass.rows; ++r)
    for (std::size_t h = 0; h < heads_; ++h) row_backward(pass, r, h);
}

AddToFields::AddToFields(const kit::Graph& graph, std::size_t x, std::size_t y)
    : Op({x, y}, x), x_(x), y_(y), x_slot_(graph.slot(x)), y_slot_(graph.slot(y)) {}

void AddToFields::score(Pass& pass) const {
  const std::size_t abreast = pass.abreast();
  for (std::size_t r = 0; r < pass.computed(); r += abreast)
    for (std::size_t i = 0; i < x_slot_.items; ++i)
      for (std::size_t c = 0; c < x_slot_.axis.size(); ++c)
        for (std::size_t lane = 0; lane < abreast; ++lane)
          pass.x[x_][pass.at(x_slot_, r, i, c) + lane] += pass.x[y_][pass.at(y_slot_, r, 0, c) + lane];
}

void AddToFields::backward(TrainingPass& pass) const {
  const std::size_t n = x_slot_.axis.size() * pass.lanes();
  for (std::size_t t = 0; t < pass.tiles; ++t)
    for (std::size_t i = 0; i < x_slot_.items; ++i)
      pass.kernels->add(pass.d_x[y_] + t * n, pass.d_x[x_] + (t * x_slot_.items + i) * n, n);
}

}  // namespace interplay::autoint
