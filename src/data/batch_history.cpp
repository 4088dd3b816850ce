// How a batch is filled with histories, and with the items that are drawn as negatives.
//
// What a row that is learned from may see of a history must not give its label away:
// - of a history with labels, only what is earlier than the row, by time or by an order that each draw shuffles. All but the
//   row itself would not do: sum - own label x vector, where the sum is the same in all rows of a user, is the label again;
// - of a plain one, all but the row's own pair, or with time what is earlier. A row that is drawn as a negative has no own
//   entry to lose, so it loses as many others as the row that it was drawn for: or the length would be the label.
// All other rows see the whole history but their own pair, as they would have been learned from.
#include <interplay/sdk/random.hpp>

#include <algorithm>
#include <cmath>

#include "data/rows.hpp"

namespace interplay::core {
namespace {

Part other_of(Part of) { return of == Part::user ? Part::item : Part::user; }

std::int64_t count(std::span<const std::int32_t> ids, std::int64_t visible, std::int32_t id) {
  return id == 0 ? 0 : std::count(ids.begin(), ids.begin() + visible, id);
}

std::int64_t visible_of(const HistoryList& list, const HistoryRule& rule, std::int32_t key) {
  if (!rule.earlier) return static_cast<std::int64_t>(list.ids.size());
  return std::lower_bound(list.keys.begin(), list.keys.end(), key) - list.keys.begin();
}

}  // namespace

std::int32_t Batch::own_id(Part of, std::size_t i) const {
  if (of == Part::item) return set_.histories->id(of, items_.empty() ? set_.fixed_item : items_[i]);
  return set_.histories->id(of, users_.empty() ? set_.fixed_user : users_[i]);
}

void Batch::show_given(std::size_t field, std::size_t i) {
  const Source& source = set_.sources[field];
  const HistoryRule& rule = *set_.lists[field].history;
  const EncodedColumn& column = *source.column;
  const std::int64_t row = source.by == By::row ? data_row_[i] : source.fixed;
  if (row < 0 || row >= column.rows()) return;
  const auto end = static_cast<std::int64_t>(column.ids.size());
  const std::int64_t first = std::clamp<std::int64_t>(column.offsets[static_cast<std::size_t>(row)], 0, end);
  const std::int64_t last =
      std::clamp<std::int64_t>(column.offsets[static_cast<std::size_t>(row) + 1], first, end);
  const auto at = static_cast<std::size_t>(first), n = static_cast<std::size_t>(last - first);
  const bool by_label = rule.labels && column.numbers.size() == column.ids.size();
  Showing showing;
  showing.visible = last - first;
  showing.own = once(field) ? 0 : own_id(other_of(rule.of), i);
  showing.max_length = rule.max_length;
  show({column.ids.span().subspan(at, n),
        by_label ? column.numbers.span().subspan(at, n) : std::span<const float>(),
        {}},
       showing, by_label, buffers_[field].ids, buffers_[field].numbers);
}

void Batch::show_whole(std::size_t field, std::size_t i) {
  const Source& source = set_.sources[field];
  const HistoryRule& rule = *set_.lists[field].history;
  std::int64_t whose = -1;
  if (source.by == By::fixed) whose = source.fixed;
  if (source.by == By::user && !users_.empty()) whose = users_[i];
  if (source.by == By::item && !items_.empty()) whose = items_[i];
  const HistoryList list = set_.histories->lists().side(rule.of).of(whose);
  Showing showing;
  showing.visible = static_cast<std::int64_t>(list.ids.size());
  showing.own = once(field) ? 0 : own_id(other_of(rule.of), i);
  showing.max_length = rule.max_length;
  show(list, showing, rule.labels, buffers_[field].ids, buffers_[field].numbers);
}

void Batch::show_while_learning(std::size_t field, std::size_t i, std::int64_t chosen, const Drawing& drawing,
                                std::uint64_t draw) {
  const HistoryRule& rule = *set_.lists[field].history;
  const auto side = static_cast<std::uint64_t>(rule.of);
  // So that an empty history is learned from too; both histories of a user at once, as when nothing is known of him.
  if (draw != 0 && drawing.unknown_rate > 0) {
    Random random(drawing.seed, Purpose::drop_history, draw, static_cast<std::uint64_t>(chosen) * 4 + side);
    if (static_cast<double>(random.uniform()) < drawing.unknown_rate) return;
  }
  const auto row = static_cast<std::size_t>(data_row_[i]);
  const std::int32_t key = orders_->key[static_cast<std::size_t>(set_.event[row])];
  const HistorySide& lists = orders_->side(rule.of);
  const HistoryList list = lists.of(rule.of == Part::user ? users_[i] : items_[i]);
  const Part other = other_of(rule.of);
  Showing showing;
  showing.visible = visible_of(list, rule, key);
  showing.own = own_id(other, i);
  showing.max_length = rule.max_length;
  showing.around = !rule.earlier && !set_.histories->has_time();
  if (chosen >= set_.rows) {
    const HistoryList data_list = lists.of(rule.of == Part::user ? set_.user[row] : set_.item[row]);
    const std::int32_t data_own =
        set_.histories->id(other, other == Part::user ? set_.user[row] : set_.item[row]);
    const std::int64_t lost = count(data_list.ids, visible_of(data_list, rule, key), data_own);
    showing.extra = std::max<std::int64_t>(0, lost - count(list.ids, showing.visible, showing.own));
  }
  if (showing.visible > 0 && (showing.around || showing.extra > 0)) {
    Random random(drawing.seed, Purpose::history_choice, draw, static_cast<std::uint64_t>(chosen) * 4 + side);
    showing.start = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(showing.visible)));
  }
  show(list, showing, rule.labels, buffers_[field].ids, buffers_[field].numbers);
}

void Batch::fill_history(std::size_t field, std::span<const std::int64_t> chosen, const Drawing& drawing,
                         std::uint64_t draw) {
  FieldBuffer& buffer = buffers_[field];
  const Source& source = set_.sources[field];
  buffer.clear();
  const std::size_t n = once(field) ? 1 : chosen.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (source.column != nullptr)
      show_given(field, i);
    else if (orders_)
      show_while_learning(field, i, chosen[i], drawing, draw);
    else if (set_.histories)
      show_whole(field, i);
    buffer.offsets.push_back(static_cast<std::int32_t>(buffer.ids.size()));
  }
}

std::vector<double> running_sums(std::span<const std::int64_t> counts, double power) {
  std::vector<double> sums;
  double total = 0;
  for (const std::int64_t count : counts)
    sums.push_back(total += count > 0 ? std::pow(static_cast<double>(count), power) : 0.0);
  return sums;
}

std::int32_t Batch::draw_item(std::size_t i, std::int64_t chosen, const Drawing& drawing,
                              std::uint64_t draw) const {
  Random random(drawing.seed, Purpose::negatives, draw, static_cast<std::uint64_t>(chosen));
  const auto& candidates = drawing.drawn_from;
  const auto& sums = drawing.popularity;
  const auto free = [&](std::int32_t item) {
    return drawing.seen == nullptr || users_.empty() || !drawing.seen->contains(users_[i], item);
  };
  const bool by_popularity = !sums.empty() && sums.back() > 0;
  for (int attempt = 0; attempt < 32; ++attempt) {
    std::size_t at = 0;
    if (by_popularity) {
      const double u = static_cast<double>(random.bits() >> 11) * 0x1p-53 * sums.back();
      at = static_cast<std::size_t>(std::upper_bound(sums.begin(), sums.end() - 1, u) - sums.begin());
    } else {
      at = random.below(candidates.size());
    }
    if (free(candidates[at])) return candidates[at];
  }
  // The user has seen nearly everything: the next one that he has not, or any if he has seen all.
  const std::size_t start = random.below(candidates.size());
  for (std::size_t step = 0; step < candidates.size(); ++step)
    if (const std::int32_t item = candidates[(start + step) % candidates.size()]; free(item)) return item;
  return candidates[start];
}

}  // namespace interplay::core
