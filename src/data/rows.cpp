#include "data/rows.hpp"

#include <interplay/sdk/random.hpp>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace interplay::core {

std::span<const std::int32_t> Seen::of(std::int64_t user) const {
  if (user < 0 || user + 1 >= static_cast<std::int64_t>(offsets.size())) return {};
  // Clamped: a mapped file may not have been verified.
  const auto end = static_cast<std::int64_t>(items.size());
  const std::int64_t first = std::clamp<std::int64_t>(offsets[static_cast<std::size_t>(user)], 0, end);
  const std::int64_t last = std::clamp<std::int64_t>(offsets[static_cast<std::size_t>(user) + 1], first, end);
  return items.span().subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
}

bool Seen::contains(std::int64_t user, std::int32_t item) const {
  const auto list = of(user);
  return std::binary_search(list.begin(), list.end(), item);
}

ListRule list_rule(const Field& field) { return {field.weighted, field.options.combiner, field.history}; }

std::vector<interplay_field> describe(const std::vector<Field>& fields) {
  std::vector<interplay_field> described;
  for (const Field& field : fields)
    described.push_back({field.name.c_str(), static_cast<std::int32_t>(field.kind),
                         static_cast<std::int32_t>(field.of), field.cardinality(), field.is_id ? 1 : 0});
  return described;
}

Batch::Batch(const RowSet& set, std::int64_t max_rows, FixedHistories histories)
    : interplay_batch{}, set_(set), capacity_(max_rows), histories_(histories), values_(set.fields.size()) {
  if (max_rows < 1) fail(INTERPLAY_INVALID_ARGUMENT, "a batch needs room for at least one row");
  struct_size = sizeof(interplay_batch);
  n_fields = static_cast<std::uint32_t>(set.fields.size());
  for (std::size_t f = 0; f < set.fields.size(); ++f)
    buffers_.emplace_back(static_cast<Kind>(set.fields[f].kind), set.lists[f].has_coefficients(),
                          once(f) ? 1 : max_rows);
}

/// Does the batch get this field once for all rows?
bool Batch::once(std::size_t field) const {
  return set_.sources[field].by == By::fixed &&
         !(set_.lists[field].history && histories_ == FixedHistories::without_own);
}

void Batch::fill_rows(std::span<const std::int64_t> chosen, const Drawing& drawing, std::uint64_t draw) {
  data_row_.resize(chosen.size());
  users_.resize(set_.user.empty() ? 0 : chosen.size());
  items_.resize(set_.item.empty() ? 0 : chosen.size());
  labels_.resize(set_.label.empty() ? 0 : chosen.size());
  weights_.resize(set_.weight.empty() ? 0 : chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const bool drawn = chosen[i] >= set_.rows;
    const auto row =
        static_cast<std::size_t>(drawn ? (chosen[i] - set_.rows) / drawing.negatives : chosen[i]);
    data_row_[i] = static_cast<std::int64_t>(row);
    if (!set_.user.empty()) users_[i] = set_.user[row];
    if (!set_.item.empty()) items_[i] = set_.item[row];
    if (!set_.label.empty()) labels_[i] = drawn ? 0.0F : set_.label[row];
    if (!set_.weight.empty()) weights_[i] = set_.weight[row];
    if (!drawn) continue;
    items_[i] = draw_item(i, chosen[i], drawing, draw);
  }
}

void Batch::fill_field(std::size_t field, std::span<const std::int64_t> chosen) {
  const Source& source = set_.sources[field];
  FieldBuffer& buffer = buffers_[field];
  buffer.clear();
  static const EncodedColumn nothing{};
  const EncodedColumn& column = source.column != nullptr ? *source.column : nothing;
  const bool there = source.column != nullptr;
  if (source.by == By::fixed) buffer.add(column, there ? source.fixed : -1);
  for (std::size_t i = 0; i < chosen.size() && source.by != By::fixed; ++i) {
    const std::int64_t at = source.by == By::row    ? data_row_[i]
                            : source.by == By::user ? users_[i]
                                                    : items_[i];
    buffer.add(column, there ? at : -1);
  }
  if (buffer.kind == Kind::categories && buffer.weighted) buffer.combine_weights(set_.lists[field].combiner);
}

namespace {

/// Long lists are masked four ids a draw: to 16 bits.
void mask_many(Random& random, double rate, std::span<std::int32_t> ids) {
  const auto below = static_cast<std::uint64_t>(std::lround(rate * 65536));
  for (std::size_t first = 0; first < ids.size(); first += 4) {
    std::uint64_t bits = random.bits();
    for (std::size_t k = first; k < std::min(first + 4, ids.size()); ++k, bits >>= 16)
      if ((bits & 0xffff) < below) ids[k] = 0;
  }
}

}  // namespace

void Batch::mask(std::span<const std::int64_t> chosen, const Drawing& drawing, std::uint64_t draw) {
  if (drawing.unknown_rate <= 0 || draw == 0) return;
  for (std::size_t f = 0; f < buffers_.size(); ++f) {
    FieldBuffer& buffer = buffers_[f];
    if (buffer.kind == Kind::number || set_.sources[f].by == By::fixed) continue;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      Random random(drawing.seed, Purpose::mask_unknown, draw,
                    static_cast<std::uint64_t>(chosen[i]) * buffers_.size() + f);
      const bool single = buffer.kind == Kind::category;
      const std::size_t first = single ? i : static_cast<std::size_t>(buffer.offsets[i]);
      const std::size_t last = single ? i + 1 : static_cast<std::size_t>(buffer.offsets[i + 1]);
      if (set_.lists[f].history) {
        mask_many(random, drawing.unknown_rate, {buffer.ids.data() + first, buffer.ids.data() + last});
        continue;
      }
      for (std::size_t k = first; k < last; ++k)
        if (static_cast<double>(random.uniform()) < drawing.unknown_rate) buffer.ids[k] = 0;
    }
  }
}

void Batch::publish() {
  for (std::size_t f = 0; f < buffers_.size(); ++f) {
    const FieldBuffer& buffer = buffers_[f];
    values_[f] = {once(f) ? 1 : rows, buffer.kind == Kind::number ? nullptr : buffer.ids.data(),
                  buffer.kind == Kind::number || buffer.weighted ? buffer.numbers.data() : nullptr,
                  buffer.kind == Kind::categories ? buffer.offsets.data() : nullptr};
  }
  fields = values_.data();
  labels = labels_.empty() ? nullptr : labels_.data();
  weights = weights_.empty() ? nullptr : weights_.data();
  users = users_.empty() ? nullptr : users_.data();
  items = items_.empty() ? nullptr : items_.data();
}

void Batch::fill(std::span<const std::int64_t> chosen, const Drawing& drawing, std::uint64_t draw) {
  const std::int64_t all = set_.rows * (1 + drawing.negatives);
  if (static_cast<std::int64_t>(chosen.size()) > capacity_)
    fail(INTERPLAY_INVALID_ARGUMENT,
         "a batch for " + std::to_string(capacity_) + " rows cannot hold " + std::to_string(chosen.size()));
  for (const std::int64_t row : chosen)
    if (row < 0 || row >= all)
      fail(INTERPLAY_INVALID_ARGUMENT,
           "row " + std::to_string(row) + " of a view with " + std::to_string(all) + " rows");
  rows = static_cast<std::int64_t>(chosen.size());
  fill_rows(chosen, drawing, draw);
  if (set_.histories) orders_ = set_.event.empty() ? nullptr : set_.histories->lists(drawing.seed, draw);
  for (std::size_t f = 0; f < buffers_.size(); ++f)
    set_.lists[f].history ? fill_history(f, chosen, drawing, draw) : fill_field(f, chosen);
  mask(chosen, drawing, draw);
  publish();
}

void Batch::fill(std::int64_t first, std::int64_t n) {
  chosen_.resize(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < chosen_.size(); ++i) chosen_[i] = first + static_cast<std::int64_t>(i);
  fill(chosen_, Drawing{}, 0);
}

}  // namespace interplay::core
