#include "layers/attention.hpp"

#include "kit/ops/elementwise.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::autoint {

using kit::AttentionShape;
using kit::Graph;
using kit::Pass;
using kit::Slot;

std::size_t Attention::add(Graph& graph, std::size_t qkv, const Options& options) {
  const Slot in = graph.slot(qkv);
  const std::size_t heads = in.axis.groups / 3;
  const double scale = options.scaled ? 1.0 / std::sqrt(static_cast<double>(in.axis.width)) : 1.0;
  const AttentionShape shape{in.items, heads, in.axis.padded, graph.axis(in.items).padded,
                             static_cast<float>(scale)};
  const std::size_t out = graph.add_slot({in.items, graph.axis(in.axis.width, heads)});
  graph.add<Attention>(qkv, out, shape, in.axis.width, options);
  return out;
}

Attention::Attention(std::size_t qkv, std::size_t out, const AttentionShape& shape, std::size_t head_dim,
                     const Options& options)
    : Op({qkv}, out), qkv_(qkv), out_(out), shape_(shape), head_dim_(head_dim), options_(options) {}

std::size_t Attention::cache_floats(std::size_t rows) const {
  return rows * square() * (options_.dropout > 0 ? 2 : 1);
}

std::size_t Attention::scratch_floats() const { return 2 * shape_.M * shape_.Mp; }

/// From the block's weights (tiles, H, M, M, W) to the caller's (rows, layers, H, M, M).
void Attention::show(const kit::TilePass& pass) const {
  const std::size_t w = pass.lanes(), n = shape_.H * shape_.M * shape_.M;
  for (std::size_t r = 0; r < pass.rows; ++r)
    for (std::size_t i = 0; i < n; ++i)
      pass.attention[(r * pass.attention_layers + options_.layer) * n + i] =
          pass.attention_weights[(r / w * n + i) * w + r % w];
}

void Attention::score(kit::TilePass& pass) const {
  const std::size_t width = shape_.H * head_dim_;
  kit::TileAttention s{pass.x[out_], pass.x[qkv_], pass.scratch.data(), nullptr,     pass.tiles,
                       shape_.M,     shape_.H,     head_dim_,           shape_.scale};
  if (!pass.one_row) {
    if (pass.attention) s.weights = pass.attention_weights.data();
    pass.kernels->attention(s);
    if (pass.attention) show(pass);
  } else if (shape_.M == 1) {  // it attends to itself with weight 1
    std::copy_n(pass.x[qkv_] + 2 * width, width, pass.x[out_]);
  } else {
    pass.kernels->attention_row(s);
  }
}

void Attention::forward(Pass& pass) const {
  float* a = pass.cache[number].data();
  float* mask = options_.dropout > 0 ? a + pass.rows * square() : nullptr;
  if (mask)
    for (std::size_t r = 0; r < pass.rows; ++r)
      kit::draw_mask(mask + r * square(), square(), shape_.M, shape_.Mp, options_.dropout, pass, r, number);
  pass.kernels->attention(pass.x[out_], a, pass.x[qkv_], mask, pass.scratch.data(), shape_, pass.rows);
}

void Attention::backward(Pass& pass) const {
  const float* a = pass.cache[number].data();
  const float* mask = options_.dropout > 0 ? a + pass.rows * square() : nullptr;
  // nobody else reads qkv, so its gradient may be overwritten
  pass.kernels->d_attention(pass.d_x[qkv_], pass.d_x[out_], a, pass.x[qkv_], mask, pass.scratch.data(),
                            shape_, pass.rows);
}

}  // namespace interplay::autoint
