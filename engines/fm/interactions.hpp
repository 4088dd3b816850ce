// The second-order term of a factorization machine.                                      Rendle, ICDM 2010, Eq. (1)
#pragma once

#include "kit/graph.hpp"

namespace interplay::fm {

///   logit += sum over i < j of <e_i, e_j> = 1/2 sum over c of ((sum over i of e_ic)^2 - sum over i of e_ic^2)
///   e (rows, M, d)
class Interactions final : public kit::Op {
 public:
  Interactions(const kit::Graph& graph, std::size_t e);
  void score(kit::TilePass& pass) const override;
  void forward(kit::Pass& pass) const override;
  void backward(kit::Pass& pass) const override;
  std::size_t scratch_floats() const override { return d_; }

 private:
  const float* sum_over_fields(kit::Pass& pass, std::size_t row) const;

  std::size_t e_, fields_, d_;
  kit::Slot slot_;
};

}  // namespace interplay::fm
