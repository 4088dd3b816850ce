#include "kit/scorer.hpp"

#include "kit/embedding.hpp"

#include <algorithm>
#include <string>

namespace interplay::kit {
namespace {

/// Activations of a block, to stay well inside a level 2 cache.
constexpr std::size_t block_bytes = 192 * 1024;
constexpr std::size_t most_tiles = 8;

}  // namespace

Scorer::Scorer(const Model& model, std::size_t most_rows) : fields_(model.kinds.size()) {
  const Graph& graph = *model.graph;
  pass_.kernels = &model.kernels->tiles;
  const std::size_t lanes = pass_.lanes();
  const std::vector<std::size_t> buffers = graph.buffers();
  std::vector<std::size_t> sizes;  // floats a row, by buffer
  for (std::size_t slot = 0; slot < graph.slots.size(); ++slot) {
    if (buffers[slot] == no_slot) continue;
    sizes.resize(std::max(sizes.size(), buffers[slot] + 1));
    sizes[buffers[slot]] = graph.slot(slot).size();
  }
  std::size_t row = 0;
  for (const std::size_t size : sizes) row += size;
  tiles_ = std::clamp<std::size_t>(block_bytes / (row * lanes * sizeof(float)), 1, most_tiles);
  tiles_ = std::min(tiles_, std::max<std::size_t>(most_rows / lanes, 1));
  for (const std::size_t size : sizes) memory_.emplace_back(tiles_ * size * lanes);
  for (std::size_t slot = 0; slot < graph.slots.size(); ++slot)
    pass_.x.push_back(buffers[slot] == no_slot ? nullptr : memory_[buffers[slot]].data());
  pass_.scratch.resize(std::max(graph.scratch_floats(lanes), embed_floats(model, lanes)));
  pass_.addresses.resize(lanes);
}

void Scorer::check(const Model& model, const interplay_batch& batch) const {
  if (batch.n_fields != model.kinds.size())
    throw Error(INTERPLAY_INVALID_ARGUMENT, "expected a batch of " + std::to_string(model.kinds.size()) +
                                                " fields, found " + std::to_string(batch.n_fields));
}

/// Whole tiles first. What does not fill one goes row by row if that is less work. With 16 lanes a tile takes as long as 6
/// rows alone of 2 fields, 10 of 7, 12 of 39.
std::size_t Scorer::next_rows(std::size_t left) const {
  const std::size_t lanes = pass_.lanes();
  if (left >= lanes) return std::min(left / lanes, tiles_) * lanes;
  return left == 1 || 16 * left <= lanes * (fields_ < 4 ? 5 : 9) ? 1 : left;
}

void Scorer::block(const Model& model, const interplay_batch& batch, std::size_t begin) {
  pass_.tiles = pass_.groups(pass_.rows);
  std::fill_n(pass_.x[Graph::logit], pass_.computed(), 0.0f);
  embed(pass_, model, batch, begin);
  for (const auto& op : model.graph->ops) {
    const bool projected = !model.projected.empty() && !model.projected[op->number].empty();
    projected ? embed_projected(pass_, model, batch, begin, *op) : op->score(pass_);
  }
}

/// out += share * logits
void Scorer::add(const Model& model, const interplay_batch& batch, float share, float* out) {
  check(model, batch);
  pass_.w = model.dense.data();
  const auto rows = static_cast<std::size_t>(batch.rows);
  for (std::size_t begin = 0; begin < rows; begin += pass_.rows) {
    pass_.rows = next_rows(rows - begin);
    pass_.one_row = pass_.rows == 1;
    block(model, batch, begin);
    for (std::size_t i = 0; i < pass_.rows; ++i) out[begin + i] += share * pass_.x[Graph::logit][i];
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
  const auto rows = static_cast<std::size_t>(batch.rows), lanes = pass_.lanes();
  const auto layers = static_cast<std::size_t>(model.graph->attention_layers);
  const std::size_t layer_floats = static_cast<std::size_t>(model.graph->attention_heads) * fields_ * fields_;
  pass_.w = model.dense.data();
  pass_.one_row = false;
  pass_.attention_layers = layers;
  pass_.attention_weights.resize(tiles_ * layer_floats * lanes);
  for (std::size_t begin = 0; begin < rows; begin += pass_.rows) {
    pass_.rows = std::min(rows - begin, tiles_ * lanes);
    pass_.attention = out + begin * layers * layer_floats;
    block(model, batch, begin);
  }
  pass_.attention = nullptr;
}

}  // namespace interplay::kit
