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
  graph.add<Attention>(qkv, out, shape, options);
  return out;
}

Attention::Attention(std::size_t qkv, std::size_t out, const AttentionShape& shape, const Options& options)
    : Op({qkv}, out), qkv_(qkv), out_(out), shape_(shape), options_(options) {}

std::size_t Attention::cache_floats(std::size_t rows) const {
  return rows * square() * (options_.dropout > 0 ? 2 : 1);
}

std::size_t Attention::scratch_floats() const { return std::max(square(), 2 * shape_.M * shape_.Mp); }

/// out (H, M, M) = a (H, M, Mp) without its padding
void Attention::show(float* out, const float* a) const {
  for (std::size_t i = 0; i < shape_.H * shape_.M; ++i)
    std::copy_n(a + i * shape_.Mp, shape_.M, out + i * shape_.M);
}

void Attention::infer(Pass& pass) const {
  const std::size_t in = shape_.M * 3 * shape_.H * shape_.dh, out = in / 3,
                    shown = shape_.H * shape_.M * shape_.M;
  for (std::size_t r = 0; r < pass.rows; ++r) {
    pass.kernels->attention(pass.x[out_] + r * out, pass.scratch.data(), pass.x[qkv_] + r * in, nullptr,
                            nullptr, shape_, 1);
    if (pass.attention)
      show(pass.attention + (r * pass.attention_layers + options_.layer) * shown, pass.scratch.data());
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
