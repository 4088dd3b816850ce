// Disentangled attention: what two fields say together, apart from what each says to all.
//                                                             DESTINE, Xu et al., CIKM 2021, Eq. (4)-(7)
//   A_h = softmax((Q_h - mean Q_h) (K_h - mean K_h)^T scale),  U_h = softmax over fields of E w_h
//   out_h = A_h V_h + U_h V_h, the second the same for every field
#pragma once

#include "kit/graph.hpp"

namespace interplay::autoint {

/// y = x (rows, M, axis) whose first `groups` stretches lose their mean over the M fields.
class CenterFields final : public kit::Op {
 public:
  /// Returns the output's slot.
  static std::size_t add(kit::Graph& graph, std::size_t x, std::size_t groups);
  CenterFields(const kit::Graph& graph, std::size_t x, std::size_t y, std::size_t groups);
  void score(kit::TilePass& pass) const override;
  void forward(kit::Pass& pass) const override;
  void backward(kit::Pass& pass) const override;

 private:
  void center(float* x, std::size_t rows) const;

  std::size_t x_, y_, items_, stride_, n_;
  kit::Slot slot_;
  std::size_t plain_n_;
};

/// out (rows, 1, H heads of dh) = U V.  u (rows, M, H): scores; V is the last third of qkv. Stands before the attention
/// over the same qkv, whose way back overwrites that slot's gradient, so that this one comes after it.
class Unary final : public kit::Op {
 public:
  /// Returns the output's slot.
  static std::size_t add(kit::Graph& graph, std::size_t u, std::size_t qkv);
  Unary(const kit::Graph& graph, std::size_t u, std::size_t qkv, std::size_t out);
  void score(kit::TilePass& pass) const override;
  void forward(kit::Pass& pass) const override;
  void backward(kit::Pass& pass) const override;
  std::size_t scratch_floats() const override { return 2 * items_; }
  std::size_t score_floats(std::size_t) const override { return items_; }

 private:
  void softmax(const float* u, std::size_t head, float* weights) const;
  void score_row(kit::TilePass& pass, std::size_t row, std::size_t head) const;

  std::size_t u_, qkv_, out_, items_, heads_, u_stride_, dh_;
  kit::Slot u_slot_, qkv_slot_, out_slot_;
};

/// x (rows, M, n) += y (rows, 1, n) for each field, in place
class AddToFields final : public kit::Op {
 public:
  AddToFields(const kit::Graph& graph, std::size_t x, std::size_t y);
  void score(kit::TilePass& pass) const override;
  void forward(kit::Pass& pass) const override;
  void backward(kit::Pass& pass) const override;

 private:
  std::size_t x_, y_, items_, n_;
  kit::Slot x_slot_, y_slot_;
};

}  // namespace interplay::autoint
