#include "kit/scorer.hpp"

#include "kit/embedding.hpp"

#include <algorithm>
#include <string>

namespace interplay::kit {
namespace {

/// Activations of a block: about a level 1 cache. 8 kB to 96 kB measured alike, with 2, 10 and 39 fields.
constexpr std::size_t block_bytes = 32 * 1024;

}  // namespace

Scorer::Scorer(const Model& model) {
  const Graph& graph = *model.graph;
  const std::vector<std::size_t> buffers = graph.buffers();
  std::vector<std::size_t> sizes;  // floats a row, by buffer
  for (std::size_t slot = 0; slot < graph.slots.size(); ++slot) {
    if (buffers[slot] == no_slot) continue;
    sizes.resize(std::max(sizes.size(), buffers[slot] + 1));
    sizes[buffers[slot]] = graph.slot(slot).size();
  }
  std::size_t row = 0;
  for (const std::size_t size : sizes) row += size;
  block_ = std::clamp<std::size_t>(block_bytes / std::max<std::size_t>(row * sizeof(float), 1), 1, 256);
  for (const std::size_t size : sizes) memory_.emplace_back(block_ * size);
  for (std::size_t slot = 0; slot < graph.slots.size(); ++slot)
    pass_.x.push_back(buffers[slot] == no_slot ? nullptr : memory_[buffers[slot]].data());
  pass_.scratch.resize(graph.scratch_floats());
  pass_.kernels = model.kernels;
}

void Scorer::check(const Model& model, const interplay_batch& batch) const {
  if (batch.n_fields != model.kinds.size())
    throw Error(INTERPLAY_INVALID_ARGUMENT, "expected a batch of " + std::to_string(model.kinds.size()) +
                                                " fields, found " + std::to_string(batch.n_fields));
}

void Scorer::block(const Model& model, const interplay_batch& batch, std::size_t begin, std::size_t rows) {
  pass_.w = model.dense.data();
  pass_.rows = rows;
  std::fill_n(pass_.x[Graph::logit], rows, 0.0f);
  embed(pass_, model, batch, begin);
  for (const auto& op : model.graph->ops) op->infer(pass_);
}

/// out += share * logits
void Scorer::add(const Model& model, const interplay_batch& batch, float share, float* out) {
  check(model, batch);
  const auto rows = static_cast<std::size_t>(batch.rows);
  for (std::size_t begin = 0; begin < rows; begin += block_) {
    const std::size_t n = std::min(block_, rows - begin);
    block(model, batch, begin, n);
    for (std::size_t i = 0; i < n; ++i) out[begin + i] += share * pass_.x[Graph::logit][i];
  }
}

void Scorer::score(const Model& model, const interplay_batch& batch, float* out) {
  std::fill_n(out, batch.rows, 0.0f);
  add(model, batch, 1, out);
}

void Scorer::score(std::span<const Member> members, const interplay_batch& batch, float* out) {
  std::fill_n(out, batch.rows, 0.0f);
  const float share = 1.0f / static_cast<float>(members.size());
  for (const Member& member : members) add(member.model, batch, share, out);
}

void Scorer::attention(const Model& model, const interplay_batch& batch, float* out) {
  check(model, batch);
  const auto rows = static_cast<std::size_t>(batch.rows), fields = model.kinds.size();
  const auto layers = static_cast<std::size_t>(model.graph->attention_layers);
  const std::size_t row_floats =
      layers * static_cast<std::size_t>(model.graph->attention_heads) * fields * fields;
  pass_.attention_layers = layers;
  for (std::size_t begin = 0; begin < rows; begin += block_) {
    pass_.attention = out + begin * row_floats;
    block(model, batch, begin, std::min(block_, rows - begin));
  }
  pass_.attention = nullptr;
}

}  // namespace interplay::kit
