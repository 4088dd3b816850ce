// Operations that change a slot where it lies.
#pragma once

#include "kit/graph.hpp"

namespace interplay::kit {

/// x = max(x, 0)
class Relu final : public Op {
 public:
  Relu(const Graph& graph, std::size_t x)
      : Op({x}, x), x_(x), n_(graph.slot(x).size()), slot_(graph.slot(x)) {}
  void score(TilePass& pass) const override;
  void forward(Pass& pass) const override;
  void backward(Pass& pass) const override;

 private:
  std::size_t x_, n_;
  Slot slot_;
};

/// x += y
class Add final : public Op {
 public:
  Add(const Graph& graph, std::size_t x, std::size_t y)
      : Op({x, y}, x), x_(x), y_(y), n_(graph.slot(x).size()), slot_(graph.slot(x)) {}
  void score(TilePass& pass) const override;
  void forward(Pass& pass) const override;
  void backward(Pass& pass) const override;

 private:
  std::size_t x_, y_, n_;
  Slot slot_;
};

/// While training, each number is 0 with probability p, else 1 / (1 - p) times itself.
class Dropout final : public Op {
 public:
  Dropout(const Graph& graph, std::size_t x, double p) : Op({x}, x), x_(x), slot_(graph.slot(x)), p_(p) {}
  void score(TilePass&) const override {}
  void forward(Pass& pass) const override;
  void backward(Pass& pass) const override;
  std::size_t cache_floats(std::size_t rows) const override { return rows * slot_.size(); }

 private:
  std::size_t x_;
  Slot slot_;
  double p_;
};

/// mask (n, of which only the first `used` in each stretch of `stride` mean something): 0 with probability p, else
/// 1 / (1 - p); one stream for each (seed, step, row, operation), so that neither shards nor threads show
void draw_mask(float* mask, std::size_t n, std::size_t used, std::size_t stride, double p, const Pass& pass,
               std::size_t row, std::size_t op);

}  // namespace interplay::kit
