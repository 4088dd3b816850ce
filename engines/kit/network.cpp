#include "kit/network.hpp"

#include <algorithm>

namespace interplay::kit {

Network::Network(const Model& model, std::uint64_t seed, const RowLoss& loss, std::size_t max_rows)
    : model_(model), loss_(loss) {
  const Graph& graph = *model.graph;
  for (const Slot& slot : graph.slots) {
    x_.emplace_back(max_rows * slot.size());
    d_x_.emplace_back(max_rows * slot.size());
  }
  for (Floats& x : x_) pass_.x.push_back(x.data());
  pass_.d_x.resize(graph.slots.size());
  for (const auto& op : graph.ops) pass_.cache.emplace_back(op->cache_floats(max_rows));
  pass_.scratch.resize(graph.scratch_floats());
  pass_.kernels = model.kernels;
  pass_.seed = seed;
}

const float* Network::forward(const BatchContext& context, std::size_t begin, std::size_t end) {
  pass_.w = model_.dense.data();
  pass_.rows = end - begin;
  pass_.step = context.step;
  pass_.first_row = begin;
  std::fill_n(pass_.x[Graph::logit], pass_.rows, 0.0f);
  embed(pass_, model_, context.batch, begin);
  for (const auto& op : model_.graph->ops) op->forward(pass_);
  return pass_.x[Graph::logit];
}

double Network::train(const BatchContext& context, std::size_t begin, std::size_t end, float* d_dense,
                      const std::vector<float*>& d_slots) {
  const Graph& graph = *model_.graph;
  std::fill_n(d_dense, graph.dense(), 0.0f);
  pass_.d_w = d_dense;
  forward(context, begin, end);
  for (std::size_t slot = 0; slot < graph.slots.size(); ++slot) {
    const std::size_t size = graph.slot(slot).size();
    pass_.d_x[slot] = d_slots[slot] ? d_slots[slot] + begin * size : d_x_[slot].data();
    if (slot != Graph::logit) std::fill_n(pass_.d_x[slot], pass_.rows * size, 0.0f);
  }
  const double scale = context.weight_sum > 0 ? 1 / context.weight_sum : 0;
  const double total =
      loss_.sum(context.batch, begin, end, pass_.x[Graph::logit], scale, pass_.d_x[Graph::logit]);
  for (auto op = graph.ops.rbegin(); op != graph.ops.rend(); ++op) (*op)->backward(pass_);
  return total;
}

}  // namespace interplay::kit
