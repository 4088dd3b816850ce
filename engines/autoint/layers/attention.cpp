#include "layers/attention.hpp"

#include "kit/ops/elementwise.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::autoint {

using kit::Graph;
using kit::Pass;
using kit::Slot;
using kit::TrainingPass;

std::size_t Attention::add(Graph& graph, std::size_t qkv, const Options& options) {
  const Slot in = graph.slot(qkv);
  const std::size_t out = graph.add_slot({in.items, {in.axis.groups / 3, in.axis.width}});
  graph.add<Attention>(graph, qkv, out, options);
  return out;
}

Attention::Attention(const Graph& graph, std::size_t qkv, std::size_t out, const Options& options)
    : Op({qkv}, out),
      qkv_(qkv),
      out_(out),
      fields_(graph.slot(out).items),
      heads_(graph.slot(out).axis.groups),
      head_dim_(graph.slot(out).axis.width),
      scale_(static_cast<float>(options.scaled ? 1.0 / std::sqrt(static_cast<double>(head_dim_)) : 1.0)),
      options_(options) {}

kit::TileAttention Attention::tiles(Pass& pass) const {
  return {pass.x[out_], pass.x[qkv_], pass.scratch.data(), nullptr, nullptr, pass.tiles,
          fields_,      heads_,       head_dim_,           scale_};
}

/// From the block's weights (tiles, H, M, M, W) to the caller's (rows, layers, H, M, M).
void Attention::show(const Pass& pass) const {
  const std::size_t w = pass.lanes(), n = square();
  for (std::size_t r = 0; r < pass.rows; ++r)
    for (std::size_t i = 0; i < n; ++i)
      pass.attention[(r * pass.attention_layers + options_.layer) * n + i] =
          pass.attention_weights[(r / w * n + i) * w + r % w];
}

void Attention::score(Pass& pass) const {
  kit::TileAttention s = tiles(pass);
  if (!pass.one_row) {
    if (pass.attention) s.weights = pass.attention_weights.data();
    pass.kernels->attention(s);
    if (pass.attention) show(pass);
  } else {
    pass.kernels->attention_row(s);
  }
}

void Attention::forward(TrainingPass& pass) const {
  kit::TileAttention s = tiles(pass);
  s.weights = pass.cache[number].data();
  if (options_.dropout > 0) {
    float* mask = s.weights + pass.tiles * square() * pass.lanes();
    kit::draw_masks(mask, square(), options_.dropout, pass, number);
    s.mask = mask;
  }
  pass.kernels->attention(s);
}

void Attention::backward(TrainingPass& pass) const {
  const float* a = pass.cache[number].data();
  const float* mask = options_.dropout > 0 ? a + pass.tiles * square() * pass.lanes() : nullptr;
  // whoever else reads qkv comes before, and so adds to its gradient after this has written it
  pass.gradients->attention({pass.d_x[qkv_], pass.d_x[out_], pass.x[qkv_], a, mask, pass.scratch.data(),
                             pass.tiles, fields_, heads_, head_dim_, scale_});
}

}  // namespace interplay::autoint
