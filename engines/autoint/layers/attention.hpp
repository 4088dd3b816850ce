// One layer's attention of all heads.                                                            Eq. (5)-(7)
//   A_h = softmax(Q_h K_h^T scale),  out = [A_1 V_1; ...; A_H V_H]
#pragma once

#include "kit/graph.hpp"

namespace interplay::autoint {

///   qkv (rows, M, [Q heads, K heads, V heads] of dh)  ->  out (rows, M, H heads of dh)
class Attention final : public kit::Op {
 public:
  struct Options {
    bool scaled = true;     // by 1 / sqrt(dh)
    double dropout = 0;     // of the attention weights
    std::size_t layer = 0;  // of explain's output
  };
  /// Returns the output's slot.
  static std::size_t add(kit::Graph& graph, std::size_t qkv, const Options& options);
  Attention(const kit::Graph& graph, std::size_t qkv, std::size_t out, const Options& options);

  void score(kit::Pass& pass) const override;
  void forward(kit::TrainingPass& pass) const override;
  void backward(kit::TrainingPass& pass) const override;
  /// A before dropout (tiles, H, M, M, W), and then the mask likewise.
  std::size_t cache_floats(std::size_t tiles, std::size_t lanes) const override {
    return tiles * square() * lanes * (options_.dropout > 0 ? 2 : 1);
  }
  std::size_t scratch_floats(std::size_t lanes) const override {
    return (4 * fields_ + 2 * head_dim_) * lanes;
  }
  std::size_t backward_floats(std::size_t, std::size_t lanes) const override {
    return 2 * fields_ * fields_ * lanes;
  }

 private:
  /// Attention weights of a row.
  std::size_t square() const { return heads_ * fields_ * fields_; }
  kit::TileAttention tiles(kit::Pass& pass) const;
  void show(const kit::Pass& pass) const;

  std::size_t qkv_, out_, fields_, heads_, head_dim_;
  float scale_;
  Options options_;
};

}  // namespace interplay::autoint
