#include "kit/step.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::kit {
namespace {

/// Rows of a shard: 64 keep both of two threads busy in a batch of 256; more in large batches, whose shards, at most 64, each
/// need a gradient of the dense weights. Whole groups. A function of the batch size alone.
std::size_t rows_of_a_shard(std::int64_t batch_size, std::size_t group) {
  const auto size = static_cast<std::size_t>(batch_size);
  const std::size_t rows = std::max(std::clamp<std::size_t>((size + 15) / 16, 64, 256), (size + 63) / 64);
  return (rows + group - 1) / group * group;
}

}  // namespace

Step::Step(Run& run, const Training& training, const RowLoss& loss, Member& state, std::size_t batch_rows)
    : run_(run),
      training_(training),
      loss_(loss),
      state_(state),
      optimizer_(state.model, state.moments, training),
      shard_rows_(rows_of_a_shard(training.batch_size, loss.group())) {
  const Graph& graph = *state.model.graph;
  for (int i = 0; i < run.workers(); ++i)
    networks_.emplace_back(state.model, training.seed, loss, std::min(shard_rows_, batch_rows));
  d_slot_memory_.resize(graph.slots.size());
  d_slots_.resize(graph.slots.size());
  for (std::size_t t = 0; t < graph.tables.size(); ++t) {
    const TableSpec& spec = graph.tables[t];
    gradients_.emplace_back(state.model.tables[t].rows(), spec.width);
    d_slot_memory_[spec.slot].resize(batch_rows * graph.slot(spec.slot).items * gradient_stride(spec.width));
    d_slots_[spec.slot] = d_slot_memory_[spec.slot].data();
  }
  d_dense_.assign(shards(batch_rows), Floats(graph.dense()));
  losses_.resize(d_dense_.size());
}

void Step::make_ready(const interplay_batch& batch) {
  for (std::size_t table = 0; table < gradients_.size(); ++table) optimizer_.catch_up(table, batch);
}

Step::Sums Step::forward_backward(const interplay_batch& batch) {
  const auto rows = static_cast<std::size_t>(batch.rows);
  Sums sums;
  sums.weight = loss_.weights(batch, 0, rows);
  const BatchContext context{batch, sums.weight, static_cast<std::uint64_t>(state_.steps)};
  run_.parallel(static_cast<std::int64_t>(shards(rows)), [&](std::int64_t i, int worker) {
    const auto shard = static_cast<std::size_t>(i);
    const std::size_t begin = shard * shard_rows_, end = std::min(begin + shard_rows_, rows);
    losses_[shard] = networks_[static_cast<std::size_t>(worker)].train(context, begin, end,
                                                                       d_dense_[shard].data(), d_slots_);
  });
  for (std::size_t shard = 0; shard < shards(rows); ++shard) sums.loss += losses_[shard];
  return sums;
}

/// The dense gradients of a batch's shards, one after the other into the first one's.
void Step::reduce_dense(std::size_t rows) {
  for (std::size_t shard = 1; shard < shards(rows); ++shard)
    state_.model.kernels->axpy(d_dense_[0].data(), 1, d_dense_[shard].data(), d_dense_[0].size());
}

void Step::collect(const interplay_batch& batch, std::size_t table) {
  gradients_[table].collect(state_.model, table, batch, d_slots_[state_.model.graph->tables[table].slot]);
}

/// With clipping the whole gradient is needed before anything moves.
void Step::collect_all(const interplay_batch& batch) {
  run_.parallel(static_cast<std::int64_t>(gradients_.size()) + 1, [&](std::int64_t task, int) {
    if (task == 0) return reduce_dense(static_cast<std::size_t>(batch.rows));
    collect(batch, static_cast<std::size_t>(task - 1));
  });
}

/// What to multiply the gradient with so that its norm is at most clip_norm.
float Step::clip() const {
  double squares = 0;
  const auto add = [&](const float* x, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) squares += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  };
  for (const Parameter& p : state_.model.graph->parameters)
    if (p.trained()) add(d_dense_[0].data() + p.offset, p.size());
  for (std::size_t t = 0; t < gradients_.size(); ++t)
    for (std::size_t slot = 0; slot < gradients_[t].ids().size(); ++slot)
      add(gradients_[t].row(slot), state_.model.graph->tables[t].width);
  const double norm = std::sqrt(squares);
  return norm > training_.clip_norm ? static_cast<float>(training_.clip_norm / norm) : 1.0f;
}

/// The update's tasks share nothing: the dense weights, what the caller has to do, and each table, which then makes the next
/// batch's rows ready.
Step::Sums Step::learn(const interplay_batch& batch, double learning_rate, const interplay_batch* next,
                       const std::function<void()>& beside) {
  const auto rows = static_cast<std::size_t>(batch.rows);
  ++state_.steps;
  const Sums sums = forward_backward(batch);
  const bool clips = training_.clip_norm > 0;
  if (clips) collect_all(batch);
  const float scale = clips ? clip() : 1.0f;
  optimizer_.begin_step(learning_rate);
  run_.parallel(static_cast<std::int64_t>(gradients_.size()) + 2, [&](std::int64_t task, int) {
    if (task == 0) {
      if (!clips) reduce_dense(rows);
      return optimizer_.update_dense(d_dense_[0].data(), rows, scale);
    }
    if (task == 1) return beside();
    const auto table = static_cast<std::size_t>(task - 2);
    if (!clips) collect(batch, table);
    optimizer_.update_table(table, gradients_[table], scale);
    if (next) optimizer_.catch_up(table, *next);
  });
  return sums;
}

}  // namespace interplay::kit
