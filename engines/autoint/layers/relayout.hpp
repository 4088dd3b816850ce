// The same numbers in another layout: a vector cut into heads, once or several times side by side.
#pragma once

#include "kit/graph.hpp"

namespace interplay::autoint {

///   y (rows, items, copies x n) = [x, ..., x], x (rows, items, n)
class Relayout final : public kit::Op {
 public:
  /// Returns the output's slot. axis: of all copies together.
  static std::size_t add(kit::Graph& graph, std::size_t x, const kit::Axis& axis);
  Relayout(const kit::Graph& graph, std::size_t x, std::size_t y);

  void score(kit::Pass& pass) const override;
  void backward(kit::TrainingPass& pass) const override;

 private:
  std::size_t x_, y_, copies_;
  kit::Slot from_;
};

}  // namespace interplay::autoint
