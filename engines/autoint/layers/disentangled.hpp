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
  void score(kit::Pass& pass) const override;
  void backward(kit::TrainingPass& pass) const override;

 private:
  void center(float* x, const kit::Pass& pass) const;

  std::size_t x_, y_, n_;
  kit::Slot slot_;
};

/// out (rows, 1, H heads of dh) = U V.  u (rows, M, H): scores; V is the last third of qkv. Stands before the attention
/// over the same qkv, whose way back overwrites that slot's gradient, so that this one comes after it.
class Unary final : public kit::Op {
 public:
  /// Returns the output's slot.
  static std::size_t add(kit::Graph& graph, std::size_t u, std::size_t qkv);
  Unary(const kit::Graph& graph, std::size_t u, std::size_t qkv, std::size_t out);
  void score(kit::Pass& pass) const override;
  void backward(kit::TrainingPass& pass) const override;
  std::size_t scratch_floats(std::size_t) const override { return u_slot_.items; }
  std::size_t backward_floats(std::size_t, std::size_t) const override { return 2 * u_slot_.items; }

 private:
  void softmax(const kit::Pass& pass, std::size_t row, std::size_t head, float* weights) const;
  void score_row(kit::Pass& pass, std::size_t row, std::size_t head) const;
  void row_backward(kit::TrainingPass& pass, std::size_t row, std::size_t head) const;
  /// Where number c of V of a head lies.
  std::size_t v_at(const kit::Pass& pass, std::size_t row, std::size_t field, std::size_t head,
                   std::size_t c) const {
    return pass.at(qkv_slot_, row, field, (2 * heads_ + head) * qkv_slot_.axis.width + c);
  }

  std::size_t u_, qkv_, out_, heads_;
  kit::Slot u_slot_, qkv_slot_, out_slot_;
};

/// x (rows, M, n) += y (rows, 1, n) for each field, in place
class AddToFields final : public kit::Op {
 public:
  AddToFields(const kit::Graph& graph, std::size_t x, std::size_t y);
  void score(kit::Pass& pass) const override;
  void backward(kit::TrainingPass& pass) const override;

 private:
  std::size_t x_, y_;
  kit::Slot x_slot_, y_slot_;
};

}  // namespace interplay::autoint
