#include "kit/ops/linear.hpp"

#include "kit/gemm.hpp"

#include <algorithm>

namespace interplay::kit {
namespace {

std::vector<std::size_t> inputs(std::size_t x, std::size_t residual) {
  if (residual == no_slot) return {x};
  return {x, residual};
}

/// The first table of a slot whose items are embeddings, each on its own in `out`.
std::size_t first_table(const Graph& graph, const Slot& out, std::size_t x) {
  for (std::size_t t = 0; t < graph.tables.size() && out.items > 1; ++t)
    if (graph.tables[t].slot == x) return t;
  return no_slot;
}

}  // namespace

std::size_t Linear::add(Graph& graph, const std::string& name, std::size_t x, const Axis& columns,
                        const LinearOptions& options, std::size_t fan_out) {
  const Slot& in = graph.slot(x);
  const Axis rows = options.flatten ? in.flat() : in.axis;
  const std::size_t items = options.flatten ? 1 : in.items;
  const std::size_t weight = graph.add_parameter(
      {name, rows, columns, Init::glorot, rows.size(), fan_out ? fan_out : columns.size(), 0});
  std::size_t bias = 0;
  if (options.bias) bias = graph.add_parameter({name + "_bias", {1, 1}, columns, Init::zero, 1, 1, 0});
  const std::size_t y = graph.add_slot({items, columns});
  graph.add<Linear>(graph, x, y, weight, bias, options);
  return y;
}

Linear::Linear(const Graph& graph, std::size_t x, std::size_t y, std::size_t weight, std::size_t bias,
               const LinearOptions& options)
    : Op(inputs(x, options.residual), y),
      x_(x),
      y_(y),
      residual_(options.residual),
      k_(graph.parameter(weight).rows.size()),
      n_(graph.parameter(weight).columns.size()),
      table_(options.residual == no_slot ? first_table(graph, graph.slot(y), x) : no_slot),
      in_(graph.slot(x)),
      out_(graph.slot(y)),
      weight_(graph.parameter(weight).offset),
      bias_(options.bias ? graph.parameter(bias).offset : 0),
      has_bias_(options.bias),
      relu_(options.relu) {}

/// One row's items one behind the other.
const float* Linear::flattened(Pass& pass) const {
  const std::size_t n = in_.axis.size(), stride = pass.stride(in_);
  if (in_.items == out_.items || n == stride) return pass.x[x_];
  float* flat = pass.scratch.data();
  for (std::size_t item = 0; item < in_.items; ++item)
    std::copy_n(pass.x[x_] + item * stride, n, flat + item * n);
  return flat;
}

void Linear::score(Pass& pass) const {
  TileLinear s{pass.x[y_],
               pass.x[x_],
               pass.w + weight_,
               has_bias_ ? pass.w + bias_ : nullptr,
               residual_ != no_slot ? pass.x[residual_] : nullptr,
               pass.vectors(out_),
               k_,
               n_,
               relu_};
  if (!pass.one_row) return score_tiles(pass, s);
  s.x = flattened(pass);
  s.vectors = out_.items;
  pass.kernels->linear_row(s);
}

/// Of embeddings that all rows share, a user's in a ranking, one tile's product serves all tiles.
void Linear::score_tiles(Pass& pass, TileLinear s) const {
  const std::size_t items = out_.items, x = k_ * pass.lanes(), y = n_ * pass.lanes();
  const auto shared = [&](std::size_t item) { return pass.shared[table_ + item] != 0; };
  bool any = false;
  for (std::size_t item = 0; table_ != no_slot && item < items; ++item) any = any || shared(item);
  if (!any || pass.tiles == 1) return pass.kernels->linear(s);
  s.vectors = items;
  pass.kernels->linear(s);
  for (std::size_t t = 1; t < pass.tiles; ++t)
    for (std::size_t item = 0, end = 0; item < items; item = end) {
      for (end = item + 1; end < items && shared(end) == shared(item); ++end) continue;
      const float* first = pass.x[y_] + item * y;
      s.vectors = end - item;
      s.x = pass.x[x_] + (t * items + item) * x;
      s.y = pass.x[y_] + (t * items + item) * y;
      if (shared(item))
        std::copy_n(first, s.vectors * y, s.y);
      else
        pass.kernels->linear(s);
    }
}

/// Weights that no near cache holds: there OpenBLAS's blocks win (towers of 1,024 by 1,024: 12 % of an epoch; at 400 by 400
/// both are alike).
bool Linear::wide() const { return out_.items == 1 && k_ * n_ >= std::size_t{1} << 17; }

std::size_t Linear::scratch_floats(std::size_t) const { return in_.size(); }

std::size_t Linear::backward_floats(std::size_t tiles, std::size_t lanes) const {
  const std::size_t stride = (n_ + lanes - 1) / lanes * lanes;
  return std::max(tiles * out_.items * (stride + (wide() ? k_ : 0)), n_) * lanes;
}

/// d_b = the sum of d_y
void Linear::bias_backward(TrainingPass& pass) const {
  const std::size_t n = n_ * pass.lanes();
  float* sums = pass.scratch.data();
  std::fill_n(sums, n, 0.0f);
  for (std::size_t v = 0; v < pass.vectors(out_); ++v) pass.kernels->add(sums, pass.d_x[y_] + v * n, n);
  pass.gradients->lane_sums(pass.d_w + bias_, sums, n_);
}

/// d_W = x^T d_y, row by row.
void Linear::weights_backward(TrainingPass& pass) const {
  const std::size_t vectors = pass.vectors(out_), lanes = pass.lanes(), stride = wide() ? n_ : pass.whole(n_);
  const auto by_rows = [&](float* rows, std::size_t width, const float* x, std::size_t n) {
    for (std::size_t v = 0; v < vectors; ++v)
      pass.gradients->turn_back(rows + v * lanes * width, width, x + v * n * lanes, n);
  };
  float* d_y = pass.scratch.data();
  if (stride > n_) std::fill_n(d_y, vectors * lanes * stride, 0.0f);
  by_rows(d_y, stride, pass.d_x[y_], n_);
  if (!wide()) return pass.gradients->outer({pass.d_w + weight_, pass.x[x_], d_y, vectors, k_, n_, stride});
  float* x = d_y + vectors * lanes * n_;
  by_rows(x, k_, pass.x[x_], k_);
  gemm_tn(pass.d_w + weight_, x, d_y, k_, n_, vectors * lanes, 1);
}

/// d_x = d_y W^T
void Linear::backward(TrainingPass& pass) const {
  float *d_y = pass.d_x[y_], *d_x = pass.d_x[x_];
  if (relu_) pass.gradients->relu(d_y, pass.x[y_], pass.floats(out_));
  if (residual_ != no_slot) pass.kernels->add(pass.d_x[residual_], d_y, pass.floats(out_));
  if (has_bias_) bias_backward(pass);
  weights_backward(pass);
  pass.gradients->linear({d_x, d_y, pass.w + weight_, nullptr, d_x, pass.vectors(out_), n_, k_, false});
}

}  // namespace interplay::kit
