#include "model/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

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

RowScorer::RowScorer(Scratch& scratch, RowSet set, std::int64_t block)
    : scratch_(scratch), set_(std::move(set)), batch_(set_, block), block_(static_cast<std::size_t>(block)) {
  for (std::size_t f = 0; f < set_.sources.size() && !own_batch_; ++f)
    if (set_.lists[f].history && set_.sources[f].by == By::fixed)
      own_batch_ = std::make_unique<Batch>(set_, block, FixedHistories::without_own);
  if (!own_batch_) return;
  const auto most = static_cast<std::size_t>(std::max(block, set_.rows));
  others_.reserve(most);
  own_.reserve(most);
}

void RowScorer::warm_up() {
  const auto n = std::min(static_cast<std::int64_t>(block_), set_.rows);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  const auto nothing = [](auto, auto) {};
  score_in(batch_, rows, nothing);
  if (own_batch_) score_in(*own_batch_, rows, nothing);
}

void RowScorer::find_met() {
  met_items_.clear();
  met_users_.clear();
  for (std::size_t f = 0; f < set_.sources.size(); ++f) {
    const Source& source = set_.sources[f];
    if (!set_.lists[f].history || source.by != By::fixed) continue;
    const Part of = set_.lists[f].history->of;
    std::vector<std::int32_t>& met = of == Part::user ? met_items_ : met_users_;
    if (source.column == nullptr) {
      const auto list = set_.histories->lists().side(of).of(source.fixed).ids;
      met.insert(met.end(), list.begin(), list.end());
    } else if (source.fixed >= 0 && source.fixed < source.column->rows()) {
      const auto row = static_cast<std::size_t>(source.fixed);
      met.insert(met.end(), source.column->ids.begin() + source.column->offsets[row],
                 source.column->ids.begin() + source.column->offsets[row + 1]);
    }
  }
  std::sort(met_items_.begin(), met_items_.end());
  std::sort(met_users_.begin(), met_users_.end());
}

bool RowScorer::has_met(std::int64_t row) const {
  const auto at = static_cast<std::size_t>(row);
  const auto among = [&](const std::vector<std::int32_t>& met, Part of, std::int32_t index) {
    if (met.empty()) return false;
    const std::int32_t id = set_.histories->id(of, index);
    return id != 0 && std::binary_search(met.begin(), met.end(), id);
  };
  return among(met_items_, Part::item, set_.item.empty() ? set_.fixed_item : set_.item[at]) ||
         among(met_users_, Part::user, set_.user.empty() ? set_.fixed_user : set_.user[at]);
}

void RowScorer::score(std::span<const std::int64_t> chosen, Visit visit) {
  if (!own_batch_) return score_in(batch_, chosen, visit);
  // To find out which of a few rows need their own list costs more than to give it to each of them.
  constexpr std::size_t few = 4;
  if (chosen.size() <= few) return score_in(*own_batch_, chosen, visit);
  find_met();
  if (met_items_.empty() && met_users_.empty()) return score_in(batch_, chosen, visit);
  others_.clear();
  own_.clear();
  for (const std::int64_t row : chosen) (has_met(row) ? own_ : others_).push_back(row);
  score_in(batch_, others_, visit);
  score_in(*own_batch_, own_, visit);
}

void RowScorer::score_in(Batch& batch, std::span<const std::int64_t> chosen, Visit visit) {
  for (std::size_t first = 0; first < chosen.size(); first += block_) {
    const auto rows = chosen.subspan(first, std::min(block_, chosen.size() - first));
    batch.fill(rows, Drawing{}, 0);
    visit(rows, scratch_.rank_values(batch));
  }
}

Ranker::Ranker(const Model& model, const Fitted& fitted, const Candidates& candidates,
               const EncodedTable* requests)
    : scratch_(*model.engine, fitted, block_rows),
      rows_(scratch_, ranking_set(fitted, candidates, requests, from_request_), block_rows) {}

void Ranker::rank(std::int64_t request, std::int32_t user, std::span<const std::int64_t> chosen,
                  Visit visit) {
  RowSet& set = rows_.set();
  set.fixed_user = user;
  for (std::size_t f = 0; f < set.sources.size(); ++f)
    if (set.sources[f].by == By::fixed) set.sources[f].fixed = from_request_[f] ? request : user;
  rows_.score(chosen, visit);
}

void TopK::reset(std::size_t k) {
  k_ = k;
  heap_.clear();
  heap_.reserve(k);
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

std::span<const Ranked> TopK::sorted() {
  std::sort_heap(heap_.begin(), heap_.end());
  return heap_;
}

std::vector<Ranked> TopK::take() {
  (void)sorted();
  return std::exchange(heap_, {});
}

}  // namespace interplay::core
