#include "kit/ops/norm.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::kit {
namespace {

constexpr float layer_epsilon = 1e-8f;
constexpr double batch_epsilon = 1e-5;
constexpr std::size_t fewest_rows = 16;

}  // namespace

std::size_t LayerNorm::add(Graph& graph, const std::string& name, std::size_t x) {
  const Slot in = graph.slot(x);
  const std::size_t gain = graph.add_parameter({name + "/gain", {1, 1}, in.axis, Init::one, 1, 1, 0});
  const std::size_t shift = graph.add_parameter({name + "/shift", {1, 1}, in.axis, Init::zero, 1, 1, 0});
  const std::size_t y = graph.add_slot(in);
  graph.add<LayerNorm>(graph, x, y, gain, shift);
  return y;
}

LayerNorm::LayerNorm(const Graph& graph, std::size_t x, std::size_t y, std::size_t gain, std::size_t shift)
    : Op({x}, y),
      x_(x),
      y_(y),
      gain_(graph.parameter(gain).offset),
      shift_(graph.parameter(shift).offset),
      slot_(graph.slot(x)) {}

void LayerNorm::score(Pass& pass) const {
  const std::size_t n = slot_.axis.size();
  const float *gain = pass.w + gain_, *shift = pass.w + shift_;
  const auto normalise = [&](float* y, const float* x, std::size_t vectors) {
    pass.kernels->layer_norm(y, x, gain, shift, vectors, n, layer_epsilon);
  };
  if (!pass.one_row) return normalise(pass.x[y_], pass.x[x_], pass.vectors(slot_));
  // one row: its items as the rows of a tile
  const std::size_t lanes = pass.lanes(), stride = pass.stride(slot_);
  float* tile = pass.scratch.data();
  for (std::size_t m = 0; m < slot_.items; m += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane)
      pass.addresses[lane] = pass.x[x_] + std::min(m + lane, slot_.items - 1) * stride;
    pass.kernels->turn(tile, pass.addresses.data(), n);
    normalise(tile, tile, 1);
    for (std::size_t item = m; item < std::min(m + lanes, slot_.items); ++item)
      for (std::size_t c = 0; c < n; ++c) pass.x[y_][item * stride + c] = tile[c * lanes + item - m];
  }
}

void LayerNorm::backward(TrainingPass& pass) const {
  pass.gradients->layer_norm({pass.d_x[x_], pass.d_x[y_], pass.d_w + gain_, pass.d_w + shift_, pass.x[x_],
                              pass.w + gain_, pass.scratch.data(), pass.vectors(slot_), slot_.axis.size(),
                              layer_epsilon});
}

std::size_t BatchNorm::add(Graph& graph, const std::string& name, std::size_t x) {
  const Slot in = graph.slot(x);
  const auto parameter = [&](const char* suffix, Init init) {
    const std::size_t added = graph.add_parameter({name + suffix, {1, 1}, in.axis, init, 1, 1, 0});
    return graph.parameter(added).offset;
  };
  const std::size_t gain = parameter("/gain", Init::one), shift = parameter("/shift", Init::zero),
                    mean = parameter("/mean", Init::statistic),
                    variance = parameter("/variance", Init::variance);
  const std::size_t y = graph.add_slot(in);
  graph.add<BatchNorm>(graph, x, y, Offsets{gain, shift, mean, variance});
  return y;
}

BatchNorm::BatchNorm(const Graph& graph, std::size_t x, std::size_t y, const Offsets& offsets)
    : Op({x}, y), x_(x), y_(y), at_(offsets), slot_(graph.slot(x)) {}

/// As one product and one sum: a = gain / sqrt(variance + epsilon), b = shift - mean a.
void BatchNorm::score(Pass& pass) const {
  const std::size_t n = slot_.size();
  const float *mean = pass.w + at_.mean, *variance = pass.w + at_.variance;
  const float *gain = pass.w + at_.gain, *shift = pass.w + at_.shift;
  float *a = pass.scratch.data(), *b = a + pass.whole(n);
  for (std::size_t i = 0; i < n; ++i) {
    a[i] = gain[i] / std::sqrt(variance[i] + static_cast<float>(batch_epsilon));
    b[i] = shift[i] - mean[i] * a[i];
  }
  if (pass.one_row) return pass.kernels->affine_row(pass.x[y_], pass.x[x_], a, b, n);
  pass.kernels->affine(pass.x[y_], pass.x[x_], a, b, pass.vectors(slot_), n);
}

/// Visits the numbers of a column of all rows, as offsets into the slot.
template <class Visit>
static void each_row(const TrainingPass& pass, const Slot& slot, std::size_t column, const Visit& visit) {
  const std::size_t lanes = pass.lanes(), step = slot.size() * lanes;
  for (std::size_t r = 0, at = column * lanes; r < pass.rows; r += lanes, at += step)
    for (std::size_t lane = 0; lane < std::min(lanes, pass.rows - r); ++lane) visit(at + lane);
}

void BatchNorm::column_forward(TrainingPass& pass, std::size_t column) const {
  const auto rows = static_cast<double>(pass.rows);
  const float* x = pass.x[x_];
  double m = static_cast<double>(pass.w[at_.mean + column]);
  double v = static_cast<double>(pass.w[at_.variance + column]);
  if (pass.rows >= fewest_rows) {
    double sum = 0, squares = 0;
    each_row(pass, slot_, column, [&](std::size_t at) { sum += static_cast<double>(x[at]); });
    const double own = sum / rows;
    each_row(pass, slot_, column, [&](std::size_t at) {
      const double difference = static_cast<double>(x[at]) - own;
      squares += difference * difference;
    });
    // by how much the moving averages should move, times rows: the optimizer averages over shards
    pass.d_w[at_.mean + column] += static_cast<float>(rows * (own - m));
    pass.d_w[at_.variance + column] += static_cast<float>(rows * (squares / (rows - 1) - v));
    m = own;
    v = squares / rows;
  }
  float *mean = pass.cache[number].data(), *inverse = mean + slot_.size();
  mean[column] = static_cast<float>(m);
  inverse[column] = static_cast<float>(1 / std::sqrt(v + batch_epsilon));
}

void BatchNorm::forward(TrainingPass& pass) const {
  const std::size_t n = slot_.size();
  const float *mean = pass.cache[number].data(), *inverse = mean + n;
  float *a = pass.scratch.data(), *b = a + pass.whole(n);
  for (std::size_t i = 0; i < n; ++i) {
    column_forward(pass, i);
    a[i] = inverse[i] * pass.w[at_.gain + i];
    b[i] = pass.w[at_.shift + i] - mean[i] * a[i];
  }
  pass.kernels->affine(pass.x[y_], pass.x[x_], a, b, pass.vectors(slot_), n);
}

/// With z = (x - mean) inverse and g = gain d_y:  d_x = inverse (g - mean(g) - z mean(g z)) over the rows; with the
/// moving averages mean and variance are constants:  d_x = inverse g
void BatchNorm::column_backward(TrainingPass& pass, std::size_t column) const {
  const auto rows = static_cast<double>(pass.rows);
  const float *x = pass.x[x_], *d_y = pass.d_x[y_];
  const auto mean = static_cast<double>(pass.cache[number][column]),
             inverse = static_cast<double>(pass.cache[number][slot_.size() + column]),
             gain = static_cast<double>(pass.w[at_.gain + column]);
  float* d_x = pass.d_x[x_];
  const auto z = [&](std::size_t at) { return (static_cast<double>(x[at]) - mean) * inverse; };
  double sum = 0, product = 0;
  each_row(pass, slot_, column, [&](std::size_t at) {
    sum += static_cast<double>(d_y[at]);
    product += static_cast<double>(d_y[at]) * z(at);
  });
  pass.d_w[at_.gain + column] += static_cast<float>(product);
  pass.d_w[at_.shift + column] += static_cast<float>(sum);
  if (pass.rows < fewest_rows) sum = product = 0;
  each_row(pass, slot_, column, [&](std::size_t at) {
    const double g = static_cast<double>(d_y[at]) - sum / rows - z(at) * product / rows;
    d_x[at] += static_cast<float>(inverse * gain * g);
  });
}

void BatchNorm::backward(TrainingPass& pass) const {
  for (std::size_t i = 0; i < slot_.size(); ++i) column_backward(pass, i);
}

}  // namespace interplay::kit
