#include "kit/embedding.hpp"

#include <algorithm>

namespace interplay::kit {

void Parts::read(std::int32_t kind, bool shifted, const interplay_values& values, std::size_t row,
                 std::size_t table_rows) {
  if (kind == INTERPLAY_CATEGORIES) return read_list(values, row, table_rows);
  if (kind == INTERPLAY_CATEGORY) {
    own_ids_ = {static_cast<std::int32_t>(known_id(values.ids[row], table_rows))};
    own_coefficients_ = {1};
  } else if (const float x = values.numbers[row]; !(x - x == 0)) {  // not finite
    own_ids_ = {1};
    own_coefficients_ = {1};
  } else if (shifted) {
    own_ids_ = {0, 2};
    own_coefficients_ = {x, 1};
  } else {
    own_ids_ = {0};
    own_coefficients_ = {x};
  }
  n_ = own_ids_.size();
  ids_ = own_ids_.data();
  coefficients_ = own_coefficients_.data();
}

void Parts::read_list(const interplay_values& values, std::size_t row, std::size_t table_rows) {
  const std::int32_t begin = values.offsets[row];
  n_ = static_cast<std::size_t>(std::max(values.offsets[row + 1] - begin, 0));
  ids_ = values.ids + begin;
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < n_; ++i) largest = std::max(largest, static_cast<std::uint32_t>(ids_[i]));
  if (largest >= table_rows) {
    own_ids_.assign(ids_, ids_ + n_);
    for (std::int32_t& id : own_ids_) id = static_cast<std::int32_t>(known_id(id, table_rows));
    ids_ = own_ids_.data();
  }
  if (!values.numbers) own_coefficients_.assign(n_, n_ > 0 ? 1.0f / static_cast<float>(n_) : 0.0f);
  coefficients_ = values.numbers ? values.numbers + begin : own_coefficients_.data();
}

namespace {

/// Rows of a table on their way to one item of a slot.
struct Lookup {
  const Table& table;
  const TableSpec& spec;
  std::size_t slot, width;
  bool shared;  // by all rows of the batch
};

/// Where the embedding of one row's value lies: in the table, or widened or added up at `own`.
const float* address(float* own, Pass& pass, const Model& model, const Lookup& lookup,
                     const interplay_batch& batch, std::size_t row) {
  const TableSpec& spec = lookup.spec;
  const Table& of = lookup.table;
  const interplay_values& values = batch.fields[spec.field];
  const std::size_t at = values.rows == 1 ? 0 : row;
  if (model.kinds[spec.field] == INTERPLAY_CATEGORY) {
    const std::size_t id = known_id(values.ids[at], of.rows());
    if (!of.narrow()) return of.data() + id * lookup.width;
    of.widen(own, id);
    return own;
  }
  Parts& parts = pass.parts;
  parts.read(model.kinds[spec.field], spec.shifted, values, at, of.rows());
  const bool narrow = of.narrow();
  if (narrow) pass.widened.read(of, {parts.ids(), parts.size()});
  model.kernels->gather(own, narrow ? pass.widened.rows() : of.data(), lookup.width,
                        narrow ? pass.widened.ids() : parts.ids(), parts.coefficients(), parts.size());
  return own;
}

void embed_tiles(Pass& pass, const Model& model, const Lookup& lookup, const interplay_batch& batch,
                 std::size_t begin) {
  const std::size_t w = pass.lanes(), vector = lookup.width * w;
  const std::size_t step = model.graph->slot(lookup.slot).items * vector;
  float* x = pass.x[lookup.slot] + lookup.spec.position * vector;
  for (std::size_t t = 0; t < pass.tiles; ++t) {
    if (lookup.shared && t > 0) {
      std::copy_n(x, vector, x + t * step);
      continue;
    }
    for (std::size_t lane = 0; lane < w; ++lane) {
      const std::size_t row = std::min(t * w + lane, pass.rows - 1);
      const bool again = lane > 0 && (lookup.shared || row < t * w + lane);
      pass.addresses[lane] =
          again ? pass.addresses[lane - 1]
                : address(pass.scratch.data() + lane * lookup.width, pass, model, lookup, batch, begin + row);
    }
    pass.kernels->turn(x + t * step, pass.addresses.data(), lookup.width);
  }
}

void embed_row(Pass& pass, const Model& model, const Lookup& lookup, const interplay_batch& batch,
               std::size_t row) {
  const std::size_t at = lookup.spec.position * pass.stride(model.graph->slot(lookup.slot));
  float* x = pass.x[lookup.slot] + at;
  const float* e = address(x, pass, model, lookup, batch, row);
  if (e != x) std::copy_n(e, lookup.width, x);
}

void embed_item(Pass& pass, const Model& model, const Lookup& lookup, const interplay_batch& batch,
                std::size_t begin) {
  pass.one_row ? embed_row(pass, model, lookup, batch, begin)
               : embed_tiles(pass, model, lookup, batch, begin);
}

}  // namespace

void embed(Pass& pass, const Model& model, const interplay_batch& batch, std::size_t begin) {
  pass.shared.resize(model.tables.size());
  for (std::size_t t = 0; t < model.tables.size(); ++t) {
    const TableSpec& spec = model.graph->tables[t];
    pass.shared[t] = batch.fields[spec.field].rows == 1;
    embed_item(pass, model, {model.tables[t], spec, spec.slot, spec.width, pass.shared[t] != 0}, batch,
               begin);
  }
}

void embed_projected(Pass& pass, const Model& model, const interplay_batch& batch, std::size_t begin,
                     const Op& op) {
  const std::vector<Table>& tables = model.projected[op.number];
  const std::size_t first = op.projection()->table, slot = op.writes();
  for (std::size_t i = 0; i < tables.size(); ++i)
    embed_item(pass, model,
               {tables[i], model.graph->tables[first + i], slot, model.graph->slot(slot).axis.size(),
                pass.shared[first + i] != 0},
               batch, begin);
}

std::size_t embed_floats(const Model& model, std::size_t lanes) {
  const Graph& graph = *model.graph;
  std::size_t widest = 0;
  for (const TableSpec& spec : graph.tables) widest = std::max(widest, spec.width);
  for (std::size_t op = 0; op < model.projected.size(); ++op)
    if (!model.projected[op].empty())
      widest = std::max(widest, graph.slot(graph.ops[op]->writes()).axis.size());
  return lanes * widest;
}

void turn_back(float* rows, TrainingPass& pass, std::size_t slot, const Slot& of) {
  const std::size_t w = pass.lanes(), width = of.axis.size(), stride = gradient_stride(width);
  const std::size_t row = of.items * stride;
  float* turned = pass.scratch.data();  // of a tile that is not full
  for (std::size_t t = 0; t < pass.tiles; ++t)
    for (std::size_t item = 0; item < of.items; ++item) {
      const float* x = pass.d_x[slot] + (t * of.items + item) * width * w;
      float* target = rows + t * w * row + item * stride;
      if (const std::size_t left = pass.rows - t * w; left < w) {
        pass.gradients->turn_back(turned, width, x, width);
        for (std::size_t r = 0; r < left; ++r) std::copy_n(turned + r * width, width, target + r * row);
      } else {
        pass.gradients->turn_back(target, row, x, width);
      }
    }
}

std::int32_t TableGradient::slot(std::size_t id) {
  std::int32_t& slot = slot_of_[id];
  if (slot < 0) {
    slot = static_cast<std::int32_t>(ids_.size());
    ids_.push_back(id);
    if (sums_.size() < ids_.size() * stride_) sums_.resize(2 * ids_.size() * stride_);
    std::fill_n(sums_.data() + (ids_.size() - 1) * stride_, stride_, 0.0f);
  }
  return slot;
}

void TableGradient::collect(const Model& model, std::size_t table, const interplay_batch& batch,
                            const float* d_slot) {
  for (const std::size_t id : ids_) slot_of_[id] = -1;
  ids_.clear();
  const TableSpec& spec = model.graph->tables[table];
  const Slot& of = model.graph->slot(spec.slot);
  const interplay_values& values = batch.fields[spec.field];
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row) {
    parts_.read(model.kinds[spec.field], spec.shifted, values, values.rows == 1 ? 0 : row,
                model.tables[table].rows());
    slots_.resize(parts_.size());
    for (std::size_t i = 0; i < parts_.size(); ++i)
      slots_[i] = slot(static_cast<std::size_t>(parts_.ids()[i]));
    model.kernels->scatter(sums_.data(), stride_, slots_.data(), parts_.coefficients(), parts_.size(),
                           d_slot + (row * of.items + spec.position) * stride_);
  }
}

}  // namespace interplay::kit
