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
  Attention(std::size_t qkv, std::size_t out, const kit::AttentionShape& shape, std::size_t head_dim,
            const Options& options);

  void score(kit::TilePass& pass) const override;
  void forward(kit::Pass& pass) const override;
  void backward(kit::Pass& pass) const override;
  /// A before dropout (rows, H, M, Mp), and then the mask likewise.
  std::size_t cache_floats(std::size_t rows) const override;
  std::size_t scratch_floats() const override;
  std::size_t score_floats(std::size_t lanes) const override { return 4 * shape_.M * lanes; }

 private:
  std::size_t square() const { return shape_.H * shape_.M * shape_.Mp; }
  void show(const kit::TilePass& pass) const;

  std::size_t qkv_, out_;
  kit::AttentionShape shape_;
  std::size_t head_dim_;
  Options options_;
};

}  // namespace interplay::autoint
