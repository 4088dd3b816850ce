#include "kit/ops/linear.hpp"

#include "kit/gemm.hpp"

namespace interplay::kit {
namespace {

std::vector<std::size_t> inputs(std::size_t x, std::size_t residual) {
  if (residual == no_slot) return {x};
  return {x, residual};
}

}  // namespace

std::size_t Linear::add(Graph& graph, const std::string& name, std::size_t x, const Axis& columns,
                        const LinearOptions& options, std::size_t fan_out) {
  const Slot& in = graph.slot(x);
  const Axis rows = options.flatten ? in.flat() : in.axis;
  const std::size_t items = options.flatten ? 1 : in.items;
  const std::size_t weight = graph.add_parameter(
      {name, rows, columns, Init::glorot, rows.plain(), fan_out ? fan_out : columns.plain(), 0});
  std::size_t bias = 0;
  if (options.bias) bias = graph.add_parameter({name + "_bias", {1, 1, 1}, columns, Init::zero, 1, 1, 0});
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
      items_(graph.slot(y).items),
      k_(graph.parameter(weight).rows.size()),
      n_(graph.parameter(weight).columns.size()),
      in_(graph.slot(x)),
      out_(graph.slot(y)),
      weight_(graph.parameter(weight).offset),
      bias_(options.bias ? graph.parameter(bias).offset : 0),
      plain_weight_(graph.parameter(weight).plain_offset),
      plain_bias_(options.bias ? graph.parameter(bias).plain_offset : 0),
      has_bias_(options.bias),
      relu_(options.relu) {}

/// Bias, residual and ReLU, where the product did not take them along.
void Linear::finish(Pass& pass) const {
  const std::size_t rows = pass.rows * items_;
  float* y = pass.x[y_];
  if (has_bias_)
    for (std::size_t r = 0; r < rows; ++r) pass.kernels->axpy(y + r * n_, 1, pass.w + bias_, n_);
  if (residual_ != no_slot && relu_) return pass.kernels->add_relu(y, pass.x[residual_], rows * n_);
  if (residual_ != no_slot) pass.kernels->axpy(y, 1, pass.x[residual_], rows * n_);
  if (relu_) pass.kernels->tiles.relu(y, rows * n_);
}

/// One row's items one behind the other.
const float* Linear::flattened(TilePass& pass) const {
  if (pass.plain(in_)) return pass.x[x_];
  float* flat = pass.scratch.data();
  for (std::size_t item = 0, i = 0; item < in_.items; ++item)
    for (std::size_t c = 0; c < in_.axis.plain(); ++c, ++i) flat[i] = pass.x[x_][pass.at(in_, 0, item, c)];
  return flat;
}

void Linear::score(TilePass& pass) const {
  const bool flattens = items_ != in_.items;
  TileLinear s{pass.x[y_],
               pass.x[x_],
               pass.w + plain_weight_,
               has_bias_ ? pass.w + plain_bias_ : nullptr,
               residual_ != no_slot ? pass.x[residual_] : nullptr,
               pass.vectors(out_),
               flattens ? in_.flat().plain() : in_.axis.plain(),
               out_.axis.plain(),
               relu_};
  if (!pass.plain(out_)) return pass.kernels->linear(s);
  s.x = flattened(pass);
  pass.kernels->linear_row(s);
}

void Linear::forward(Pass& pass) const {
  gemm(pass.x[y_], pass.x[x_], pass.w + weight_, pass.rows * items_, n_, k_, 0);
  finish(pass);
}

void Linear::backward(Pass& pass) const {
  const std::size_t rows = pass.rows * items_;
  const Kernels& k = *pass.kernels;
  float* d_y = pass.d_x[y_];
  if (relu_) k.d_relu(d_y, pass.x[y_], rows * n_);
  if (residual_ != no_slot) k.axpy(pass.d_x[residual_], 1, d_y, rows * n_);
  if (has_bias_)
    for (std::size_t r = 0; r < rows; ++r) k.axpy(pass.d_w + bias_, 1, d_y + r * n_, n_);
  gemm_tn(pass.d_w + weight_, pass.x[x_], d_y, k_, n_, rows, 1);
  gemm_nt(pass.d_x[x_], d_y, pass.w + weight_, rows, k_, n_, 1);
}

}  // namespace interplay::kit
