#include "kit/ops/norm.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::kit {
namespace {

constexpr double layer_epsilon = 1e-8, batch_epsilon = 1e-5;
constexpr std::size_t fewest_rows = 16;

/// Calls visit(i) for every used number of a vector.
template <class Visit>
void each(const Axis& axis, const Visit& visit) {
  for (std::size_t g = 0; g < axis.groups; ++g)
    for (std::size_t c = 0; c < axis.width; ++c) visit(g * axis.padded + c);
}

}  // namespace

std::size_t LayerNorm::add(Graph& graph, const std::string& name, std::size_t x) {
  const Slot in = graph.slot(x);
  const std::size_t gain = graph.add_parameter({name + "/gain", {1, 1, 1}, in.axis, Init::one, 1, 1, 0});
  const std::size_t shift = graph.add_parameter({name + "/shift", {1, 1, 1}, in.axis, Init::zero, 1, 1, 0});
  const std::size_t y = graph.add_slot(in);
  graph.add<LayerNorm>(graph, x, y, gain, shift);
  return y;
}

LayerNorm::LayerNorm(const Graph& graph, std::size_t x, std::size_t y, std::size_t gain, std::size_t shift)
    : Op({x}, y),
      x_(x),
      y_(y),
      items_(graph.slot(x).items),
      gain_(graph.parameter(gain).offset),
      shift_(graph.parameter(shift).offset),
      plain_gain_(graph.parameter(gain).plain_offset),
      plain_shift_(graph.parameter(shift).plain_offset),
      axis_(graph.slot(x).axis) {}

LayerNorm::Moments LayerNorm::moments(const float* x) const {
  const auto n = static_cast<double>(axis_.plain());
  double sum = 0, squares = 0;
  each(axis_, [&](std::size_t i) { sum += static_cast<double>(x[i]); });
  const double mean = sum / n;
  each(axis_, [&](std::size_t i) {
    const double difference = static_cast<double>(x[i]) - mean;
    squares += difference * difference;
  });
  return {mean, 1 / std::sqrt(squares / n + layer_epsilon)};
}

void LayerNorm::score(TilePass& pass) const {
  const Slot slot{items_, axis_};
  const std::size_t n = axis_.plain();
  const float *gain = pass.w + plain_gain_, *shift = pass.w + plain_shift_;
  const auto normalise = [&](float* y, const float* x, std::size_t vectors) {
    pass.kernels->layer_norm(y, x, gain, shift, vectors, n, static_cast<float>(layer_epsilon));
  };
  if (!pass.plain(slot)) return normalise(pass.x[y_], pass.x[x_], pass.vectors(slot));
  // one plain vector: in the first lane
  float* lane = pass.scratch.data();
  std::fill_n(lane, n * pass.lanes(), 0.0f);
  for (std::size_t c = 0; c < n; ++c) lane[c * pass.lanes()] = pass.x[x_][c];
  normalise(lane, lane, 1);
  for (std::size_t c = 0; c < n; ++c) pass.x[y_][c] = lane[c * pass.lanes()];
}

void LayerNorm::forward(Pass& pass) const {
  const float *x = pass.x[x_], *gain = pass.w + gain_, *shift = pass.w + shift_;
  float* y = pass.x[y_];
  const std::size_t n = axis_.size();
  for (std::size_t r = 0; r < pass.rows * items_; ++r, x += n, y += n) {
    const Moments m = moments(x);
    for (std::size_t i = 0; i < n; ++i) y[i] = 0;
    each(axis_, [&](std::size_t i) {
      y[i] = static_cast<float>((static_cast<double>(x[i]) - m.mean) * m.inverse) * gain[i] + shift[i];
    });
  }
}

/// With z = (x - mean) inverse and g = gain d_y:  d_x = inverse (g - mean(g) - z mean(g z))
void LayerNorm::backward(Pass& pass) const {
  const float *x = pass.x[x_], *d_y = pass.d_x[y_], *gain = pass.w + gain_;
  float *d_x = pass.d_x[x_], *d_gain = pass.d_w + gain_, *d_shift = pass.d_w + shift_;
  const std::size_t n = axis_.size();
  const auto count = static_cast<double>(axis_.plain());
  for (std::size_t r = 0; r < pass.rows * items_; ++r, x += n, d_y += n, d_x += n) {
    const Moments m = moments(x);
    const auto z = [&](std::size_t i) { return (static_cast<double>(x[i]) - m.mean) * m.inverse; };
    double sum = 0, product = 0;
    each(axis_, [&](std::size_t i) {
      const double g = static_cast<double>(gain[i]) * static_cast<double>(d_y[i]);
      sum += g;
      product += g * z(i);
      d_gain[i] += static_cast<float>(static_cast<double>(d_y[i]) * z(i));
      d_shift[i] += d_y[i];
    });
    each(axis_, [&](std::size_t i) {
      const double g = static_cast<double>(gain[i]) * static_cast<double>(d_y[i]);
      d_x[i] += static_cast<float>(m.inverse * (g - sum / count - z(i) * product / count));
    });
  }
}

std::size_t BatchNorm::add(Graph& graph, const std::string& name, std::size_t x) {
  const Slot in = graph.slot(x);
  const auto parameter = [&](const char* suffix, Init init) {
    return graph.add_parameter({name + suffix, {1, 1, 1}, in.axis, init, 1, 1, 0});
  };
  const std::size_t gain = parameter("/gain", Init::one), shift = parameter("/shift", Init::zero),
                    mean = parameter("/mean", Init::statistic),
                    variance = parameter("/variance", Init::variance);
  const auto offsets = [&](std::size_t Parameter::*offset) {
    return Offsets{graph.parameter(gain).*offset, graph.parameter(shift).*offset,
                   graph.parameter(mean).*offset, graph.parameter(variance).*offset};
  };
  const std::size_t y = graph.add_slot(in);
  graph.add<BatchNorm>(graph, x, y, offsets(&Parameter::offset), offsets(&Parameter::plain_offset));
  return y;
}

BatchNorm::BatchNorm(const Graph& graph, std::size_t x, std::size_t y, const Offsets& offsets,
                     const Offsets& plain)
    : Op({x}, y), x_(x), y_(y), at_(offsets), plain_(plain), axis_(graph.slot(x).axis) {}

/// As one product and one sum: a = gain / sqrt(variance + epsilon), b = shift - mean a.
void BatchNorm::score(TilePass& pass) const {
  const std::size_t n = axis_.plain();
  const float *mean = pass.w + plain_.mean, *variance = pass.w + plain_.variance;
  const float *gain = pass.w + plain_.gain, *shift = pass.w + plain_.shift;
  float *a = pass.scratch.data(), *b = a + pass.whole(n);
  for (std::size_t i = 0; i < n; ++i) {
    a[i] = gain[i] / std::sqrt(variance[i] + static_cast<float>(batch_epsilon));
    b[i] = shift[i] - mean[i] * a[i];
  }
  const Slot slot{1, axis_};
  if (pass.plain(slot)) return pass.kernels->affine_row(pass.x[y_], pass.x[x_], a, b, n);
  pass.kernels->affine(pass.x[y_], pass.x[x_], a, b, pass.vectors(slot), n);
}

void BatchNorm::forward(Pass& pass) const {
  const std::size_t n = axis_.size();
  const auto rows = static_cast<double>(pass.rows);
  const float* x = pass.x[x_];
  float *mean = pass.cache[number].data(), *inverse = mean + n;
  for (std::size_t i = 0; i < n; ++i) {
    double m = static_cast<double>(pass.w[at_.mean + i]), v = static_cast<double>(pass.w[at_.variance + i]);
    if (pass.rows >= fewest_rows) {
      double sum = 0, squares = 0;
      for (std::size_t r = 0; r < pass.rows; ++r) sum += static_cast<double>(x[r * n + i]);
      const double own = sum / rows;
      for (std::size_t r = 0; r < pass.rows; ++r) {
        const double difference = static_cast<double>(x[r * n + i]) - own;
        squares += difference * difference;
      }
      // by how much the moving averages should move, times rows: the optimizer averages over shards
      pass.d_w[at_.mean + i] += static_cast<float>(rows * (own - m));
      pass.d_w[at_.variance + i] += static_cast<float>(rows * (squares / (rows - 1) - v));
      m = own;
      v = squares / rows;
    }
    mean[i] = static_cast<float>(m);
    inverse[i] = static_cast<float>(1 / std::sqrt(v + batch_epsilon));
  }
  const float *gain = pass.w + at_.gain, *shift = pass.w + at_.shift;
  float* y = pass.x[y_];
  for (std::size_t r = 0; r < pass.rows; ++r, x += n, y += n)
    for (std::size_t i = 0; i < n; ++i) y[i] = (x[i] - mean[i]) * inverse[i] * gain[i] + shift[i];
}

/// With z = (x - mean) inverse and g = gain d_y:  d_x = inverse (g - mean(g) - z mean(g z)) over the rows; with the
/// moving averages mean and variance are constants:  d_x = inverse g
void BatchNorm::backward(Pass& pass) const {
  const std::size_t n = axis_.size();
  const auto rows = static_cast<double>(pass.rows);
  const float *x = pass.x[x_], *d_y = pass.d_x[y_], *mean = pass.cache[number].data(), *inverse = mean + n;
  float* d_x = pass.d_x[x_];
  for (std::size_t i = 0; i < n; ++i) {
    const double gain = static_cast<double>(pass.w[at_.gain + i]);
    const auto z = [&](std::size_t r) { return static_cast<double>((x[r * n + i] - mean[i]) * inverse[i]); };
    double sum = 0, product = 0;
    for (std::size_t r = 0; r < pass.rows; ++r) {
      sum += static_cast<double>(d_y[r * n + i]);
      product += static_cast<double>(d_y[r * n + i]) * z(r);
    }
    pass.d_w[at_.gain + i] += static_cast<float>(product);
    pass.d_w[at_.shift + i] += static_cast<float>(sum);
    if (pass.rows < fewest_rows) sum = product = 0;
    for (std::size_t r = 0; r < pass.rows; ++r)
      d_x[r * n + i] +=
          static_cast<float>(static_cast<double>(inverse[i]) * gain *
                             (static_cast<double>(d_y[r * n + i]) - sum / rows - z(r) * product / rows));
  }
}

}  // namespace interplay::kit
