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

  void score(kit::TilePass& pass) const override;
  void forward(kit::Pass& pass) const override;
  void backward(kit::Pass& pass) const override;

 private:
  template <class Visit>
  void each(const Visit& visit) const;

  std::size_t x_, y_, items_;
  kit::Axis from_, to_;
};

}  // namespace interplay::autoint
