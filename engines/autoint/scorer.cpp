#include "scorer.hpp"

#include "layers/embedding.hpp"
#include "layers/output.hpp"

#include <algorithm>
#include <string>

namespace interplay::autoint {
namespace {

/// Activations of a block: about a level 1 cache. 8 kB to 96 kB measured alike, with 2, 10 and 39 fields.
constexpr std::size_t block_bytes = 32 * 1024;

std::size_t rows_of_a_block(const Shape& s) {
  const std::size_t row_bytes = s.M * (s.dp + 4 * s.Ap) * sizeof(float);
  return std::clamp<std::size_t>(block_bytes / std::max<std::size_t>(row_bytes, 1), 1, 256);
}

}  // namespace

Scorer::Scorer(const Model& model) : block_(rows_of_a_block(model.shape)) {
  const Shape& s = model.shape;
  e_.resize(block_ * s.M * s.dp);
  qkv_.resize(block_ * s.M * 3 * s.Ap);
  a_.resize(s.H * s.M * s.Mp);
  joined_.resize(block_ * s.M * s.Ap);
}

void Scorer::interact(const Model& model, std::size_t layer, std::size_t rows) {
  const Shape& s = model.shape;
  const Kernels& k = *model.kernels;
  const float* w_qkv = model.dense.data() + s.qkv(layer);
  const float* w_o = model.dense.data() + s.projection(layer);
  k.matmul(qkv_.data(), 3 * s.Ap, e_.data(), s.dp, w_qkv, 3 * s.Ap, rows * s.M, s.dp, 3 * s.Ap);
  for (std::size_t r = 0; r < rows; ++r)
    k.attention(joined_.data() + r * s.M * s.Ap, a_.data(), qkv_.data() + r * s.M * 3 * s.Ap, nullptr,
                nullptr, s.attention(), 1);
  // in place: an element of the residual is read just before it is overwritten
  k.matmul_relu(e_.data(), s.dp, joined_.data(), s.Ap, w_o, s.dp, rows * s.M, s.Ap, s.dp, e_.data(), s.dp);
}

void Scorer::check(const Model& model, const interplay_batch& batch) const {
  if (batch.n_fields != model.shape.M)
    throw Error(INTERPLAY_INVALID_ARGUMENT, "expected a batch of " + std::to_string(model.shape.M) +
                                                " fields, found " + std::to_string(batch.n_fields));
}

void Scorer::score(const Model& model, const interplay_batch& batch, float* out) {
  const Shape& s = model.shape;
  check(model, batch);
  const auto rows = static_cast<std::size_t>(batch.rows);
  std::fill_n(out, rows, model.bias());
  for (std::size_t begin = 0; begin < rows; begin += block_) {
    const std::size_t n = std::min(block_, rows - begin);
    embed(e_.data(), model, batch, begin, begin + n, nullptr);
    add_logits(out + begin, e_.data(), model.dense.data() + s.output(0), model, n);
    for (std::size_t layer = 0; layer < s.L; ++layer) {
      interact(model, layer, n);
      add_logits(out + begin, e_.data(), model.dense.data() + s.output(layer + 1), model, n);
    }
  }
}

}  // namespace interplay::autoint
