#include "kit/embedding.hpp"

#include <algorithm>

namespace interplay::kit {
namespace {

/// e (padded) = the embedding of one row's value
void embed_value(float* e, std::size_t padded, std::int32_t kind, const interplay_values& values,
                 std::size_t row, const Table& table, const TableSpec& spec) {
  const std::size_t d = spec.width;
  bool first = true;
  for_each_part(kind, spec.shifted, values, row, table.rows(), [&](std::size_t id, float coefficient) {
    const float* v = table.data() + id * d;
    if (first)
      for (std::size_t c = 0; c < d; ++c) e[c] = coefficient * v[c];
    else
      for (std::size_t c = 0; c < d; ++c) e[c] += coefficient * v[c];
    first = false;
  });
  std::fill(e + (first ? 0 : d), e + padded, 0.0f);
}

}  // namespace

void embed(Pass& pass, const Model& model, const interplay_batch& batch, std::size_t begin) {
  for (std::size_t t = 0; t < model.tables.size(); ++t) {
    const TableSpec& spec = model.graph->tables[t];
    const Slot& slot = model.graph->slot(spec.slot);
    const interplay_values& values = batch.fields[spec.field];
    const std::int32_t kind = model.kinds[spec.field];
    const bool shared = values.rows == 1;  // a ranking call's user: looked up once, copied to every row
    const std::size_t padded = slot.axis.padded;
    float* first = pass.x[spec.slot] + spec.position * padded;
    for (std::size_t r = 0; r < pass.rows; ++r) {
      float* target = first + r * slot.size();
      if (shared && r > 0)
        std::copy_n(first, padded, target);
      else
        embed_value(target, padded, kind, values, shared ? 0 : begin + r, model.tables[t], spec);
    }
  }
}

void TableGradient::add(const Kernels& k, std::size_t id, float coefficient, const float* d_e) {
  std::int32_t& slot = slot_of_[id];
  if (slot < 0) {
    slot = static_cast<std::int32_t>(ids_.size());
    ids_.push_back(id);
    if (sums_.size() < ids_.size() * padded_) sums_.resize(2 * ids_.size() * padded_);
    std::fill_n(sums_.data() + (ids_.size() - 1) * padded_, padded_, 0.0f);
  }
  k.axpy(sums_.data() + static_cast<std::size_t>(slot) * padded_, coefficient, d_e, padded_);
}

void TableGradient::collect(const Model& model, std::size_t table, const interplay_batch& batch,
                            const float* d_slot) {
  for (const std::size_t id : ids_) slot_of_[id] = -1;
  ids_.clear();
  const TableSpec& spec = model.graph->tables[table];
  const Slot& slot = model.graph->slot(spec.slot);
  const interplay_values& values = batch.fields[spec.field];
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row) {
    const float* d_row = d_slot + row * slot.size() + spec.position * slot.axis.padded;
    for_each_part(model.kinds[spec.field], spec.shifted, values, values.rows == 1 ? 0 : row,
                  model.tables[table].rows(),
                  [&](std::size_t id, float coefficient) { add(*model.kernels, id, coefficient, d_row); });
  }
}

}  // namespace interplay::kit
