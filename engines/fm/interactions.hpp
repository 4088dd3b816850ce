// The second-order term of a factorization machine.                                      Rendle, ICDM 2010, Eq. (1)
#pragma once

#include "kit/graph.hpp"

namespace interplay::fm {

///   logit += sum over i < j of <e_i, e_j> = 1/2 sum over c of ((sum over i of e_ic)^2 - sum over i of e_ic^2)
///   e (rows, M, d)
class Interactions final : public kit::Op {
 public:
  Interactions(const kit::Graph& graph, std::size_t e)
      : Op({e}, kit::Graph::logit), e_(e), slot_(graph.slot(e)) {}
  void score(kit::Pass& pass) const override;
  void backward(kit::TrainingPass& pass) const override;

 private:
  std::size_t e_;
  kit::Slot slot_;
};

}  // namespace interplay::fm
