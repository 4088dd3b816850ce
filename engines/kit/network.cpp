#include "kit/network.hpp"

#include <algorithm>

namespace interplay::kit {
namespace {

/// Activations and their gradients, to stay inside a level 2 cache.
constexpr std::size_t block_bytes = 512 * 1024;

std::size_t rows_of_a_block(const Graph& graph, const RowLoss& loss, std::size_t lanes, std::size_t shard) {
  if (loss.group() > 1) return shard;
  std::size_t row = 0, fewest = 1;
  for (const Slot& slot : graph.slots) row += 2 * slot.size() * sizeof(float);
  for (const auto& op : graph.ops) fewest = std::max(fewest, op->fewest_tiles());
  const std::size_t tiles = std::max(block_bytes / (row * lanes), fewest);
  return tiles < shard / lanes ? tiles * lanes : shard;
}

}  // namespace

Network::Network(const Model& model, std::uint64_t seed, const RowLoss& loss, std::size_t max_rows)
    : model_(model), loss_(loss) {
  const Graph& graph = *model.graph;
  pass_.kernels = &model.kernels->tiles;
  pass_.gradients = &model.kernels->gradients;
  pass_.seed = seed;
  const std::size_t lanes = pass_.lanes();
  block_rows_ = rows_of_a_block(graph, loss, lanes, max_rows);
  const std::size_t tiles = (block_rows_ + lanes - 1) / lanes;
  for (const Slot& slot : graph.slots) {
    x_.emplace_back(tiles * slot.size() * lanes);
    d_x_.emplace_back(tiles * slot.size() * lanes);
  }
  for (Floats& x : x_) pass_.x.push_back(x.data());
  for (Floats& d_x : d_x_) pass_.d_x.push_back(d_x.data());
  for (const auto& op : graph.ops) pass_.cache.emplace_back(op->cache_floats(tiles, lanes));
  pass_.scratch.resize(std::max(
      {graph.scratch_floats(lanes), graph.backward_floats(tiles, lanes), embed_floats(model, lanes)}));
  pass_.addresses.resize(lanes);
}

const float* Network::forward(const BatchContext& context, std::size_t begin, std::size_t end) {
  pass_.w = model_.dense.data();
  pass_.rows = end - begin;
  pass_.tiles = (pass_.rows + pass_.lanes() - 1) / pass_.lanes();
  pass_.step = context.step;
  pass_.first_row = begin;
  std::fill_n(pass_.x[Graph::logit], pass_.computed(), 0.0f);
  embed(pass_, model_, context.batch, begin);
  for (const auto& op : model_.graph->ops) op->forward(pass_);
  return pass_.x[Graph::logit];
}

double Network::block(const BatchContext& context, std::size_t begin, std::size_t end,
                      const std::vector<float*>& d_slots) {
  const Graph& graph = *model_.graph;
  forward(context, begin, end);
  for (std::size_t slot = 0; slot < graph.slots.size(); ++slot)
    std::fill_n(pass_.d_x[slot], pass_.floats(graph.slot(slot)), 0.0f);
  const double scale = context.weight_sum > 0 ? 1 / context.weight_sum : 0;
  const double total =
      loss_.sum(context.batch, begin, end, pass_.x[Graph::logit], scale, pass_.d_x[Graph::logit]);
  for (auto op = graph.ops.rbegin(); op != graph.ops.rend(); ++op) (*op)->backward(pass_);
  for (std::size_t slot = 0; slot < graph.slots.size(); ++slot) {
    const Slot& of = graph.slot(slot);
    if (d_slots[slot])
      turn_back(d_slots[slot] + begin * of.items * gradient_stride(of.axis.size()), pass_, slot, of);
  }
  return total;
}

double Network::train(const BatchContext& context, std::size_t begin, std::size_t end, float* d_dense,
                      const std::vector<float*>& d_slots) {
  std::fill_n(d_dense, model_.graph->dense(), 0.0f);
  pass_.d_w = d_dense;
  double total = 0;
  for (std::size_t row = begin; row < end; row += block_rows_)
    total += block(context, row, std::min(row + block_rows_, end), d_slots);
  return total;
}

}  // namespace interplay::kit
