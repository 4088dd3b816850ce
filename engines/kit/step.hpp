// One step of training: forward and backward over the shards of a batch, then the update of what the batch names.
#pragma once

#include "kit/network.hpp"
#include "kit/state.hpp"

#include <functional>
#include <vector>

namespace interplay::kit {

class Step {
 public:
  /// batch_rows: of the largest batch. Everything is borrowed.
  Step(Run& run, const Training& training, const RowLoss& loss, Member& state, std::size_t batch_rows);

  /// The sum of the rows' weighted losses, and that of their weights.
  struct Sums {
    double loss = 0, weight = 0;
  };
  /// Moves the weights against the gradient of the batch's mean loss, at this learning rate. Its rows of tables must be ready.
  /// next     the following batch, whose rows are made ready meanwhile; or NULL
  /// beside   done on another thread, where there is one, beside the update
  Sums learn(const interplay_batch& batch, double learning_rate, const interplay_batch* next,
             const std::function<void()>& beside);
  /// Makes the rows of tables that a batch names ready: what the optimizer has put off for them is done.
  void make_ready(const interplay_batch& batch);
  /// The same for all rows; before anybody else looks at the model.
  void flush() { optimizer_.flush(); }

 private:
  Sums forward_backward(const interplay_batch& batch);
  void reduce_dense(std::size_t rows);
  void collect(const interplay_batch& batch, std::size_t table);
  void collect_all(const interplay_batch& batch);
  float clip() const;
  std::size_t shards(std::size_t rows) const { return (rows + shard_rows_ - 1) / shard_rows_; }

  Run& run_;
  const Training& training_;
  const RowLoss& loss_;
  Member& state_;
  Optimizer optimizer_;
  std::size_t shard_rows_;
  std::vector<Network> networks_;         // by worker
  std::vector<TableGradient> gradients_;  // by table
  std::vector<Floats> d_dense_;           // by shard
  std::vector<Floats> d_slot_memory_;     // by slot: (batch rows, items, gradient_stride) where it has tables
  std::vector<float*> d_slots_;
  std::vector<double> losses_;  // by shard
};

}  // namespace interplay::kit
