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
      items_(graph.slot(x).items),
      from_(graph.slot(x).axis),
      to_(graph.slot(y).axis) {}

/// Calls visit(index in y, index in x) for every number of an item of y.
template <class Visit>
void Relayout::each(const Visit& visit) const {
  for (std::size_t plain = 0; plain < to_.plain(); ++plain) {
    const std::size_t source = plain % from_.plain();
    visit(plain / to_.width * to_.padded + plain % to_.width,
          source / from_.width * from_.padded + source % from_.width);
  }
}

void Relayout::score(kit::TilePass& pass) const {
  const kit::Slot from{items_, from_};
  const bool plain = pass.plain(from);
  const std::size_t n = from_.plain() * (plain ? 1 : pass.lanes()), copies = to_.plain() / from_.plain();
  const float* x = pass.x[x_];
  float* y = pass.x[y_];
  for (std::size_t v = 0; v < (plain ? 1 : pass.vectors(from)); ++v, x += n)
    for (std::size_t copy = 0; copy < copies; ++copy, y += n) std::copy_n(x, n, y);
}

void Relayout::forward(kit::Pass& pass) const {
  const float* x = pass.x[x_];
  float* y = pass.x[y_];
  std::fill_n(y, pass.rows * items_ * to_.size(), 0.0f);
  for (std::size_t r = 0; r < pass.rows * items_; ++r, x += from_.size(), y += to_.size())
    each([&](std::size_t to, std::size_t from) { y[to] = x[from]; });
}

void Relayout::backward(kit::Pass& pass) const {
  float* d_x = pass.d_x[x_];
  const float* d_y = pass.d_x[y_];
  for (std::size_t r = 0; r < pass.rows * items_; ++r, d_x += from_.size(), d_y += to_.size())
    each([&](std::size_t to, std::size_t from) { d_x[from] += d_y[to]; });
}

}  // namespace interplay::autoint
