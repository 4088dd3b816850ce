// Layer normalisation (Ba, Kiros and Hinton 2016) and batch normalisation (Ioffe and Szegedy 2015).
#pragma once

#include "kit/graph.hpp"

namespace interplay::kit {

///   y = gain (x - mean) / sqrt(variance + 1e-8) + shift, mean and variance over one item's numbers
class LayerNorm final : public Op {
 public:
  /// Parameters <name>/gain and <name>/shift (1, width). Returns the output's slot.
  static std::size_t add(Graph& graph, const std::string& name, std::size_t x);
  LayerNorm(const Graph& graph, std::size_t x, std::size_t y, std::size_t gain, std::size_t shift);
  void score(Pass& pass) const override;
  void backward(TrainingPass& pass) const override;
  std::size_t scratch_floats(std::size_t lanes) const override { return slot_.axis.size() * lanes; }
  std::size_t backward_floats(std::size_t, std::size_t lanes) const override {
    return 2 * slot_.axis.size() * lanes;
  }

 private:
  std::size_t x_, y_, gain_, shift_;
  Slot slot_;
};

///   y = gain (x - mean) / sqrt(variance + 1e-5) + shift, mean and variance of each number over the rows of a shard while
/// training (of its own shard: "ghost" batches, Hoffer et al. 2017, the same for any number of threads), and their
/// moving averages otherwise. A shard of fewer than 16 rows, the tail of an epoch say, uses the moving averages.
class BatchNorm final : public Op {
 public:
  /// Parameters <name>/gain, shift, mean and variance (1, width). Returns the output's slot; one item a row.
  static std::size_t add(Graph& graph, const std::string& name, std::size_t x);
  struct Offsets {
    std::size_t gain, shift, mean, variance;
  };
  BatchNorm(const Graph& graph, std::size_t x, std::size_t y, const Offsets& offsets);
  void score(Pass& pass) const override;
  void forward(TrainingPass& pass) const override;
  void backward(TrainingPass& pass) const override;
  std::size_t cache_floats(std::size_t, std::size_t) const override { return 2 * slot_.size(); }
  std::size_t scratch_floats(std::size_t lanes) const override { return 2 * (slot_.size() + lanes); }
  std::size_t fewest_tiles() const override { return SIZE_MAX; }  // its moments are of all rows of a shard

 private:
  void column_forward(TrainingPass& pass, std::size_t column) const;
  void column_backward(TrainingPass& pass, std::size_t column) const;

  std::size_t x_, y_;
  Offsets at_;
  Slot slot_;
};

}  // namespace interplay::kit
