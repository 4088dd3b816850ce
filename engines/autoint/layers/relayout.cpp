#include "layers/relayout.hpp"

#include <algorithm>

namespace interplay::autoint {

std::size_t Relayout::add(kit::Graph& graph, std::size_t x, const kit::Axis& axis) {
  const std::size_t y = graph.add_slot({graph.slot(x).items, axis});
  graph.add<Relayout>(graph, x, y);
  return y;
}

Relayout::Relayout(const kit::Graph& graph, std::size_t x, std::size_t y)
    : Op({x}, y),
      x_(x),
      y_(y),
      copies_(graph.slot(y).axis.size() / graph.slot(x).axis.size()),
      from_(graph.slot(x)) {}

void Relayout::score(kit::Pass& pass) const {
  const std::size_t size = from_.axis.size(), n = size * (pass.one_row ? 1 : pass.lanes());
  const std::size_t from = pass.one_row ? pass.whole(n) : n,
                    to = pass.one_row ? pass.whole(copies_ * n) : copies_ * n;
  const float* x = pass.x[x_];
  float* y = pass.x[y_];
  for (std::size_t v = 0; v < (pass.one_row ? from_.items : pass.vectors(from_)); ++v, x += from, y += to)
    for (std::size_t copy = 0; copy < copies_; ++copy) std::copy_n(x, n, y + copy * n);
}

void Relayout::backward(kit::TrainingPass& pass) const {
  const std::size_t n = from_.axis.size() * pass.lanes();
  float* d_x = pass.d_x[x_];
  const float* d_y = pass.d_x[y_];
  for (std::size_t v = 0; v < pass.vectors(from_); ++v, d_x += n)
    for (std::size_t copy = 0; copy < copies_; ++copy, d_y += n) pass.kernels->add(d_x, d_y, n);
}

}  // namespace interplay::autoint
