// Operations that change a slot where it lies.
#pragma once

#include "kit/graph.hpp"

namespace interplay::kit {

/// x = max(x, 0)
class Relu final : public Op {
 public:
  Relu(const Graph& graph, std::size_t x) : Op({x}, x), x_(x), slot_(graph.slot(x)) {}
  void score(Pass& pass) const override;
  void backward(TrainingPass& pass) const override;

 private:
  std::size_t x_;
  Slot slot_;
};

/// x += y
class Add final : public Op {
 public:
  Add(const Graph& graph, std::size_t x, std::size_t y) : Op({x, y}, x), x_(x), y_(y), slot_(graph.slot(x)) {}
  void score(Pass& pass) const override;
  void backward(TrainingPass& pass) const override;

 private:
  std::size_t x_, y_;
  Slot slot_;
};

/// While training, each number is 0 with probability p, else 1 / (1 - p) times itself.
class Dropout final : public Op {
 public:
  Dropout(const Graph& graph, std::size_t x, double p) : Op({x}, x), x_(x), slot_(graph.slot(x)), p_(p) {}
  void score(Pass&) const override {}
  void forward(TrainingPass& pass) const override;
  void backward(TrainingPass& pass) const override;
  std::size_t cache_floats(std::size_t tiles, std::size_t lanes) const override {
    return tiles * slot_.size() * lanes;
  }

 private:
  std::size_t x_;
  Slot slot_;
  double p_;
};

/// mask (tiles, n, W): 0 with probability p, else 1 / (1 - p); one stream for each (seed, step, row, operation), so that
/// neither shards nor threads show
void draw_masks(float* mask, std::size_t n, double p, const TrainingPass& pass, std::size_t op);

}  // namespace interplay::kit
