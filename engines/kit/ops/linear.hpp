// y = x W, and what often comes with it: a bias, a residual, a ReLU.
#pragma once

#include "kit/graph.hpp"

namespace interplay::kit {

struct LinearOptions {
  bool bias = false;
  bool relu = false;
  std::size_t residual = no_slot;  // added before the ReLU; a slot like the output's
  bool flatten = false;            // all items of a row are one vector
};

///   y (rows, items, n) = relu(x (rows, items, k) W (k, n) + b (n) + residual (rows, items, n))
class Linear final : public Op {
 public:
  /// parameters: <name> (k, n) and, with a bias, <name>_bias (1, n). fan_out: 0, or that of one of several matrices that
  /// lie side by side.
  static std::size_t add(Graph& graph, const std::string& name, std::size_t x, const Axis& columns,
                         const LinearOptions& options, std::size_t fan_out = 0);
  Linear(const Graph& graph, std::size_t x, std::size_t y, std::size_t weight, std::size_t bias,
         const LinearOptions& options);

  void score(Pass& pass) const override;
  void backward(TrainingPass& pass) const override;
  std::size_t scratch_floats(std::size_t lanes) const override;
  std::size_t backward_floats(std::size_t tiles, std::size_t lanes) const override;
  std::optional<Projection> projection() const override {
    if (table_ == no_slot || has_bias_ || relu_) return std::nullopt;
    return Projection{table_, weight_};
  }
  /// The wide weights of a tower come from far away: for several vectors at a time.
  std::size_t fewest_tiles() const override { return out_.items == 1 ? 4 : 1; }

 private:
  const float* flattened(Pass& pass) const;
  void score_tiles(Pass& pass, TileLinear s) const;
  bool wide() const;
  void bias_backward(TrainingPass& pass) const;
  void weights_backward(TrainingPass& pass) const;

  std::size_t x_, y_, residual_;
  std::size_t k_, n_;
  std::size_t table_;  // the first of the tables that it reads, or no_slot
  Slot in_, out_;
  std::size_t weight_, bias_;  // offsets
  bool has_bias_, relu_;
};

}  // namespace interplay::kit
