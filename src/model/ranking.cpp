#include "model/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace interplay::core {
namespace {

RowSet ranking_set(const Fitted& fitted, const Candidates& candidates, const EncodedTable* requests,
                   std::vector<bool>& from_request) {
  RowSet set;
  set.fields = describe(fitted.fields);
  const bool has_user = requests == nullptr || !requests->user.empty();
  for (std::size_t f = 0; f < fitted.fields.size(); ++f) {
    const Field& field = fitted.fields[f];
    set.lists.push_back(list_rule(field));
    from_request.push_back(false);
    const EncodedTable* const table = candidates.table;
    if (table != nullptr && table->columns[f]) {
      set.sources.push_back({&*table->columns[f], By::row, -1});
    } else if (field.of != Part::item && requests != nullptr && requests->columns[f]) {
      from_request.back() = true;
      set.sources.push_back({&*requests->columns[f], By::fixed, -1});
    } else if (field.of == Part::item) {
      set.sources.push_back({catalogue_column(fitted, f), By::item, -1});
    } else {
      const bool known = field.of == Part::user && has_user;
      set.sources.push_back({known ? catalogue_column(fitted, f) : nullptr, By::fixed, -1});
    }
  }
  set.item = candidates.items;
  set.histories = fitted.catalogue.histories;
  set.rows = static_cast<std::int64_t>(candidates.items.size());
  return set;
}

}  // namespace

Candidates present_items(const Fitted& fitted) {
  Candidates candidates;
  const auto& present = fitted.catalogue.items.present;
  for (std::size_t i = 0; i < present.size(); ++i)
    if (present[i] != 0) candidates.items.push_back(static_cast<std::int32_t>(i));
  return candidates;
}

Ranker::Ranker(const Model& model, const Fitted& fitted, const Candidates& candidates,
               const EncodedTable* requests)
    : set_(ranking_set(fitted, candidates, requests, from_request_)),
      scratch_(*model.engine, fitted, block_rows),
      values_(static_cast<std::size_t>(block_rows)) {
  batch_ = std::make_unique<Batch>(set_, block_rows);
  own_set_ = set_;
  for (std::size_t f = 0; f < set_.sources.size(); ++f)
    if (set_.lists[f].history && set_.sources[f].by == By::fixed) own_set_.sources[f].by = By::each;
}

std::vector<std::int32_t> Ranker::ids_in_histories() const {
  std::vector<std::int32_t> ids;
  for (std::size_t f = 0; f < set_.sources.size(); ++f) {
    const Source& source = set_.sources[f];
    if (!set_.lists[f].history || source.by != By::fixed) continue;
    if (source.column != nullptr) {
      const auto row = static_cast<std::size_t>(source.fixed);
      ids.insert(ids.end(), source.column->ids.begin() + source.column->offsets[row],
                 source.column->ids.begin() + source.column->offsets[row + 1]);
    } else {
      const auto list = set_.histories->lists().users.of(source.fixed).ids;
      ids.insert(ids.end(), list.begin(), list.end());
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

void Ranker::rank(std::int64_t request, std::int32_t user, std::span<const std::int64_t> chosen,
                  const Visit& visit) {
  for (RowSet* const set : {&set_, &own_set_}) {
    set->fixed_user = user;
    for (std::size_t f = 0; f < set->sources.size(); ++f)
      if (set->sources[f].by == By::fixed || set->sources[f].by == By::each)
        set->sources[f].fixed = from_request_[f] ? request : user;
  }
  const std::vector<std::int32_t> met = ids_in_histories();
  if (met.empty()) return rank_in(*batch_, chosen, visit);
  std::vector<std::int64_t> others, own;
  for (const std::int64_t position : chosen) {
    const std::int32_t id = set_.histories->id(Part::item, set_.item[static_cast<std::size_t>(position)]);
    (id != 0 && std::binary_search(met.begin(), met.end(), id) ? own : others).push_back(position);
  }
  rank_in(*batch_, others, visit);
  if (own.empty()) return;
  if (!own_batch_) own_batch_ = std::make_unique<Batch>(own_set_, block_rows);
  rank_in(*own_batch_, own, visit);
}

void Ranker::rank_in(Batch& batch, std::span<const std::int64_t> chosen, const Visit& visit) {
  for (std::size_t first = 0; first < chosen.size(); first += static_cast<std::size_t>(block_rows)) {
    const auto positions =
        chosen.subspan(first, std::min(static_cast<std::size_t>(block_rows), chosen.size() - first));
    batch.fill(positions, Drawing{}, 0);
    scratch_.rank_values(batch, values_.data());
    visit(positions, std::span<const float>(values_).first(positions.size()));
  }
}

void TopK::offer(float value, std::int64_t position) {
  if (std::isnan(value))
    value = -std::numeric_limits<float>::infinity();  // NaN has no order; it belongs last
  const Ranked candidate{value, position};
  if (heap_.size() < k_) {
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end());
  } else if (k_ > 0 && candidate < heap_.front()) {
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.back() = candidate;
    std::push_heap(heap_.begin(), heap_.end());
  }
}

std::vector<Ranked> TopK::take() {
  std::sort_heap(heap_.begin(), heap_.end());
  return std::exchange(heap_, {});
}

}  // namespace interplay::core
