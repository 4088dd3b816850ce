#include "layers/embedding.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::autoint {
namespace {

/// Calls visit(id, coefficient) for each table row that takes part in one row's embedding: e = sum of
/// coefficient V[id]. Both directions use it, so that the gradient cannot drift from the forward pass.
template <class Visit>
void for_each_part(std::int32_t kind, const interplay_values& values, std::size_t row, std::size_t table_rows,
                   const Visit& visit) {
  const auto known = [&](std::int32_t id) {
    const auto index = static_cast<std::size_t>(static_cast<std::uint32_t>(id));
    return index < table_rows ? index : 0;
  };
  if (kind == INTERPLAY_CATEGORY) {
    visit(known(values.ids[row]), 1.0f);
  } else if (kind == INTERPLAY_NUMBER) {
    const float x = values.numbers[row];
    std::isfinite(x) ? visit(std::size_t{0}, x) : visit(std::size_t{1}, 1.0f);
  } else {
    const std::int32_t begin = values.offsets[row], end = values.offsets[row + 1];
    const float mean = static_cast<float>(1.0 / (end - begin));  // unused when the list is empty
    for (std::int32_t i = begin; i < end; ++i)
      visit(known(values.ids[i]), values.numbers ? values.numbers[i] : mean);
  }
}

struct Source {
  const Table& table;
  std::size_t field, d, dp;
  const RowFactor* factor;
};

/// e (dp) = the embedding of one row's value
void embed_value(float* e, std::int32_t kind, const interplay_values& values, std::size_t row,
                 const Source& s) {
  bool first = true;
  for_each_part(kind, values, row, s.table.rows(), [&](std::size_t id, float coefficient) {
    const float* v = s.table.data() + id * s.d;
    const float scale = s.factor ? coefficient * (*s.factor)(s.field, id) : coefficient;
    if (first)
      for (std::size_t c = 0; c < s.d; ++c) e[c] = scale * v[c];
    else
      for (std::size_t c = 0; c < s.d; ++c) e[c] += scale * v[c];
    first = false;
  });
  std::fill(e + (first ? 0 : s.d), e + s.dp, 0.0f);
}

}  // namespace

void embed(float* e, const Model& model, const interplay_batch& batch, std::size_t begin, std::size_t end,
           const RowFactor* factor) {
  const Shape& s = model.shape;
  for (std::size_t f = 0; f < s.M; ++f) {
    const interplay_values& values = batch.fields[f];
    const Source source{model.tables[f], f, s.d, s.dp, factor};
    const bool shared = values.rows == 1;  // a ranking call's user: looked up once, copied to every row
    float* first = e + f * s.dp;
    for (std::size_t row = begin; row < end; ++row) {
      float* target = e + ((row - begin) * s.M + f) * s.dp;
      if (shared && row != begin)
        std::copy_n(first, s.dp, target);
      else
        embed_value(target, model.kinds[f], values, shared ? 0 : row, source);
    }
  }
}

void TableGradient::add(const Kernels& k, std::size_t id, float coefficient, const float* d_e) {
  std::int32_t& slot = slot_of_[id];
  if (slot < 0) {
    slot = static_cast<std::int32_t>(ids_.size());
    ids_.push_back(id);
    if (sums_.size() < ids_.size() * dp_) sums_.resize(2 * ids_.size() * dp_);
    std::fill_n(sums_.data() + (ids_.size() - 1) * dp_, dp_, 0.0f);
  }
  k.axpy(sums_.data() + static_cast<std::size_t>(slot) * dp_, coefficient, d_e, dp_);
}

void TableGradient::collect(const Model& model, const interplay_batch& batch, std::size_t field,
                            const float* d_e) {
  for (const std::size_t id : ids_) slot_of_[id] = -1;
  ids_.clear();
  const Shape& s = model.shape;
  const interplay_values& values = batch.fields[field];
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row) {
    const float* d_row = d_e + (row * s.M + field) * s.dp;
    for_each_part(model.kinds[field], values, values.rows == 1 ? 0 : row, model.tables[field].rows(),
                  [&](std::size_t id, float coefficient) { add(*model.kernels, id, coefficient, d_row); });
  }
}

}  // namespace interplay::autoint
