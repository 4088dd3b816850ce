// The attention weights themselves, for explaining a score. The same kernels as Scorer::score, row by row.
#include "layers/embedding.hpp"
#include "scorer.hpp"

#include <algorithm>

namespace interplay::autoint {

void Scorer::attention(const Model& model, const interplay_batch& batch, float* out) {
  const Shape& s = model.shape;
  check(model, batch);
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row) {
    embed(e_.data(), model, batch, row, row + 1, nullptr);
    for (std::size_t layer = 0; layer < s.L; ++layer) {
      interact(model, layer, 1);  // leaves this row's weights in a_ (H, M, Mp)
      for (std::size_t i = 0; i < s.H * s.M; ++i, out += s.M) std::copy_n(&a_[i * s.Mp], s.M, out);
    }
  }
}

}  // namespace interplay::autoint
