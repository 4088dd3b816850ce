#include "layers/disentangled.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::autoint {

using kit::Pass;

std::size_t CenterFields::add(kit::Graph& graph, std::size_t x, std::size_t groups) {
  const std::size_t y = graph.add_slot(kit::Slot(graph.slot(x)));
  graph.add<CenterFields>(graph, x, y, groups);
  return y;
}

CenterFields::CenterFields(const kit::Graph& graph, std::size_t x, std::size_t y, std::size_t groups)
    : Op({x}, y),
      x_(x),
      y_(y),
      items_(graph.slot(x).items),
      stride_(graph.slot(x).axis.size()),
      n_(groups * graph.slot(x).axis.padded),
      slot_(graph.slot(x)),
      plain_n_(groups * graph.slot(x).axis.width) {}

void CenterFields::score(kit::TilePass& pass) const {
  const float share = 1.0f / static_cast<float>(items_);
  float* y = pass.x[y_];
  std::copy_n(pass.x[x_], pass.floats(slot_), y);
  for (std::size_t c = 0; c < plain_n_; ++c)
    for (std::size_t r = 0; r < pass.computed(); ++r) {
      float mean = 0;
      for (std::size_t i = 0; i < items_; ++i) mean += y[pass.at(slot_, r, i, c)];
      mean *= share;
      for (std::size_t i = 0; i < items_; ++i) y[pass.at(slot_, r, i, c)] -= mean;
    }
}

/// Its own transpose: the gradient loses its mean over the fields too.
void CenterFields::center(float* x, std::size_t rows) const {
  const float share = 1.0f / static_cast<float>(items_);
  for (std::size_t r = 0; r < rows; ++r, x += items_ * stride_)
    for (std::size_t c = 0; c < n_; ++c) {
      float mean = 0;
      for (std::size_t i = 0; i < items_; ++i) mean += x[i * stride_ + c];
      mean *= share;
      for (std::size_t i = 0; i < items_; ++i) x[i * stride_ + c] -= mean;
    }
}

void CenterFields::forward(Pass& pass) const {
  std::copy_n(pass.x[x_], pass.rows * items_ * stride_, pass.x[y_]);
  center(pass.x[y_], pass.rows);
}

void CenterFields::backward(Pass& pass) const {
  center(pass.d_x[y_], pass.rows);
  pass.kernels->axpy(pass.d_x[x_], 1, pass.d_x[y_], pass.rows * items_ * stride_);
}

std::size_t Unary::add(kit::Graph& graph, std::size_t u, std::size_t qkv) {
  const kit::Axis& axis = graph.slot(qkv).axis;
  const std::size_t out = graph.add_slot({1, graph.axis(axis.width, axis.groups / 3)});
  graph.add<Unary>(graph, u, qkv, out);
  return out;
}

Unary::Unary(const kit::Graph& graph, std::size_t u, std::size_t qkv, std::size_t out)
    : Op({u, qkv}, out),
      u_(u),
      qkv_(qkv),
      out_(out),
      items_(graph.slot(u).items),
      heads_(graph.slot(u).axis.width),
      u_stride_(graph.slot(u).axis.size()),
      dh_(graph.slot(qkv).axis.padded),
      u_slot_(graph.slot(u)),
      qkv_slot_(graph.slot(qkv)),
      out_slot_(graph.slot(out)) {}

void Unary::score_row(kit::TilePass& pass, std::size_t row, std::size_t head) const {
  const float *u = pass.x[u_], *qkv = pass.x[qkv_];
  const std::size_t width = qkv_slot_.axis.width, v = (2 * heads_ + head) * width;
  float *weights = pass.scratch.data(), top = u[pass.at(u_slot_, row, 0, head)], sum = 0;
  for (std::size_t i = 1; i < items_; ++i) top = std::max(top, u[pass.at(u_slot_, row, i, head)]);
  for (std::size_t i = 0; i < items_; ++i)
    sum += weights[i] = std::exp(u[pass.at(u_slot_, row, i, head)] - top);
  for (std::size_t c = 0; c < width; ++c) {
    float total = 0;
    for (std::size_t i = 0; i < items_; ++i)
      total += weights[i] / sum * qkv[pass.at(qkv_slot_, row, i, v + c)];
    pass.x[out_][pass.at(out_slot_, row, 0, head * width + c)] = total;
  }
}

void Unary::score(kit::TilePass& pass) const {
  for (std::size_t r = 0; r < pass.computed(); ++r)
    for (std::size_t h = 0; h < heads_; ++h) score_row(pass, r, h);
}

/// weights (M) of one head
void Unary::softmax(const float* u, std::size_t head, float* weights) const {
  float top = u[head], sum = 0;
  for (std::size_t i = 1; i < items_; ++i) top = std::max(top, u[i * u_stride_ + head]);
  for (std::size_t i = 0; i < items_; ++i) sum += weights[i] = std::exp(u[i * u_stride_ + head] - top);
  for (std::size_t i = 0; i < items_; ++i) weights[i] /= sum;
}

void Unary::forward(Pass& pass) const {
  float* weights = pass.scratch.data();
  const std::size_t width = heads_ * dh_, stride = 3 * width;
  for (std::size_t r = 0; r < pass.rows; ++r) {
    const float* v = pass.x[qkv_] + r * items_ * stride + 2 * width;
    float* out = pass.x[out_] + r * width;
    std::fill_n(out, width, 0.0f);
    for (std::size_t h = 0; h < heads_; ++h) {
      softmax(pass.x[u_] + r * items_ * u_stride_, h, weights);
      for (std::size_t i = 0; i < items_; ++i)
        pass.kernels->axpy(out + h * dh_, weights[i], v + i * stride + h * dh_, dh_);
    }
  }
}

/// d_V_i += U_i d_out;  with g_i = V_i . d_out:  d_u_i += U_i (g_i - sum over j of U_j g_j)
void Unary::backward(Pass& pass) const {
  float *weights = pass.scratch.data(), *g = weights + items_;
  const std::size_t width = heads_ * dh_, stride = 3 * width;
  for (std::size_t r = 0; r < pass.rows; ++r) {
    const std::size_t at = r * items_ * stride + 2 * width;
    const float *v = pass.x[qkv_] + at, *d_out = pass.d_x[out_] + r * width;
    float *d_v = pass.d_x[qkv_] + at, *d_u = pass.d_x[u_] + r * items_ * u_stride_;
    for (std::size_t h = 0; h < heads_; ++h) {
      softmax(pass.x[u_] + r * items_ * u_stride_, h, weights);
      float mean = 0;
      for (std::size_t i = 0; i < items_; ++i) {
        g[i] = pass.kernels->dot(v + i * stride + h * dh_, d_out + h * dh_, dh_);
        mean += weights[i] * g[i];
        pass.kernels->axpy(d_v + i * stride + h * dh_, weights[i], d_out + h * dh_, dh_);
      }
      for (std::size_t i = 0; i < items_; ++i) d_u[i * u_stride_ + h] += weights[i] * (g[i] - mean);
    }
  }
}

AddToFields::AddToFields(const kit::Graph& graph, std::size_t x, std::size_t y)
    : Op({x, y}, x),
      x_(x),
      y_(y),
      items_(graph.slot(x).items),
      n_(graph.slot(x).axis.size()),
      x_slot_(graph.slot(x)),
      y_slot_(graph.slot(y)) {}

void AddToFields::score(kit::TilePass& pass) const {
  for (std::size_t i = 0; i < items_; ++i)
    for (std::size_t c = 0; c < x_slot_.axis.plain(); ++c)
      for (std::size_t r = 0; r < pass.computed(); ++r)
        pass.x[x_][pass.at(x_slot_, r, i, c)] += pass.x[y_][pass.at(y_slot_, r, 0, c)];
}

void AddToFields::forward(Pass& pass) const {
  for (std::size_t r = 0; r < pass.rows; ++r)
    for (std::size_t i = 0; i < items_; ++i)
      pass.kernels->axpy(pass.x[x_] + (r * items_ + i) * n_, 1, pass.x[y_] + r * n_, n_);
}

void AddToFields::backward(Pass& pass) const {
  for (std::size_t r = 0; r < pass.rows; ++r)
    for (std::size_t i = 0; i < items_; ++i)
      pass.kernels->axpy(pass.d_x[y_] + r * n_, 1, pass.d_x[x_] + (r * items_ + i) * n_, n_);
}

}  // namespace interplay::autoint
