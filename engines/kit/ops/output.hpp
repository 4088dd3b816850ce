// What ends in the logit.
#pragma once

#include "kit/graph.hpp"

namespace interplay::kit {

/// logit += b
class Bias final : public Op {
 public:
  /// Parameter "bias", which starts at the prior.
  static void add(Graph& graph);
  explicit Bias(std::size_t offset) : Op({}, Graph::logit), offset_(offset) {}
  void score(Pass& pass) const override;
  void backward(TrainingPass& pass) const override;

 private:
  std::size_t offset_;
};

/// logit += w . x over all items of a row, item by item
class Readout final : public Op {
 public:
  /// Parameter <name> (items, width).
  static void add(Graph& graph, const std::string& name, std::size_t x, std::size_t fan_in);
  Readout(const Graph& graph, std::size_t x, std::size_t weight);
  void score(Pass& pass) const override;
  void backward(TrainingPass& pass) const override;

 private:
  std::size_t x_, weight_;
  Slot slot_;
};

/// logit += the sum of x: a first-order term, when x holds one number a field
class Sum final : public Op {
 public:
  Sum(const Graph& graph, std::size_t x) : Op({x}, Graph::logit), x_(x), slot_(graph.slot(x)) {}
  void score(Pass& pass) const override;
  void backward(TrainingPass& pass) const override;

 private:
  std::size_t x_;
  Slot slot_;
};

}  // namespace interplay::kit
