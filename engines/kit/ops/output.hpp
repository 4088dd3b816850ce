// What ends in the logit.
#pragma once

#include "kit/graph.hpp"

namespace interplay::kit {

/// logit += b
class Bias final : public Op {
 public:
  /// Parameter "bias", which starts at the prior.
  static void add(Graph& graph);
  Bias(std::size_t offset, std::size_t plain) : Op({}, Graph::logit), offset_(offset), plain_(plain) {}
  void score(TilePass& pass) const override;
  void forward(Pass& pass) const override;
  void backward(Pass& pass) const override;

 private:
  std::size_t offset_, plain_;
};

/// logit += w . x over all items of a row; scoring, item by item
class Readout final : public Op {
 public:
  /// Parameter <name> (items, width).
  static void add(Graph& graph, const std::string& name, std::size_t x, std::size_t fan_in);
  Readout(const Graph& graph, std::size_t x, std::size_t weight);
  void score(TilePass& pass) const override;
  void forward(Pass& pass) const override;
  void backward(Pass& pass) const override;

 private:
  std::size_t x_, n_, weight_, plain_weight_;
  Slot slot_;
};

/// logit += the sum of x: a first-order term, when x holds one number a field
class Sum final : public Op {
 public:
  Sum(const Graph& graph, std::size_t x)
      : Op({x}, Graph::logit), x_(x), n_(graph.slot(x).size()), slot_(graph.slot(x)) {}
  void score(TilePass& pass) const override;
  void forward(Pass& pass) const override;
  void backward(Pass& pass) const override;

 private:
  std::size_t x_, n_;
  Slot slot_;
};

}  // namespace interplay::kit
