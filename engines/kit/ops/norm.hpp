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
  void score(TilePass& pass) const override;
  void forward(Pass& pass) const override;
  void backward(Pass& pass) const override;
  std::size_t score_floats(std::size_t lanes) const override { return axis_.plain() * lanes; }

 private:
  struct Moments {
    double mean, inverse;  // 1 / sqrt(variance + epsilon)
  };
  Moments moments(const float* x) const;

  std::size_t x_, y_, items_, gain_, shift_, plain_gain_, plain_shift_;
  Axis axis_;
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
  BatchNorm(const Graph& graph, std::size_t x, std::size_t y, const Offsets& offsets, const Offsets& plain);
  void score(TilePass& pass) const override;
  void forward(Pass& pass) const override;
  void backward(Pass& pass) const override;
  std::size_t cache_floats(std::size_t) const override { return 2 * axis_.size(); }
  std::size_t score_floats(std::size_t lanes) const override { return 2 * (axis_.plain() + lanes); }

 private:
  std::size_t x_, y_;
  Offsets at_, plain_;
  Axis axis_;
};

}  // namespace interplay::kit
