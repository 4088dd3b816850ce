#include "data/history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"

namespace interplay::core {

LabelScale scale_of(std::span<const float> labels) {
  LabelScale scale;
  if (labels.empty()) return scale;
  const auto n = static_cast<double>(labels.size());
  double sum = 0, squares = 0;
  for (const float label : labels) sum += static_cast<double>(label);
  scale.mean = sum / n;
  for (const float label : labels) {
    const double d = static_cast<double>(label) - scale.mean;
    squares += d * d;
  }
  // Equal labels say nothing: they all become 0, or as good as that.
  if (squares > 0) scale.deviation = std::sqrt(squares / n);
  return scale;
}

HistoryList HistorySide::of(std::int64_t index) const {
  if (index < 0 || index + 1 >= static_cast<std::int64_t>(offsets.size())) return {};
  const auto first = static_cast<std::size_t>(offsets[static_cast<std::size_t>(index)]);
  const auto n = static_cast<std::size_t>(offsets[static_cast<std::size_t>(index) + 1]) - first;
  return {std::span(ids).subspan(first, n), std::span(labels).subspan(first, n),
          std::span(keys).subspan(first, n)};
}

std::vector<std::int32_t> draw_order(std::int64_t n, std::int64_t fixed, std::uint64_t seed,
                                     std::uint64_t draw) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  Random random(seed, Purpose::history_order, draw);
  shuffle(std::span(order).subspan(static_cast<std::size_t>(std::min(fixed, n))), random);
  return order;
}

Histories::Histories(EventLog log, LabelScale scale, Array<std::int32_t> user_ids,
                     Array<std::int32_t> item_ids, std::int64_t first_trained)
    : log_(std::move(log)),
      scale_(scale),
      user_ids_(std::move(user_ids)),
      item_ids_(std::move(item_ids)),
      first_trained_(std::min(first_trained, log_.size())) {
  if (log_.size() > std::numeric_limits<std::int32_t>::max())
    fail(INTERPLAY_UNSUPPORTED, "histories of " + std::to_string(log_.size()) +
                                    " interactions, at most 2^31 - 1 are supported; leave \"histories\" out");
  std::vector<std::int32_t> order(static_cast<std::size_t>(log_.size()));
  std::iota(order.begin(), order.end(), 0);
  lists_ = std::make_shared<const HistoryLists>(make_lists(order));
}

std::int32_t Histories::id(Part of, std::int64_t index) const {
  const Array<std::int32_t>& ids = of == Part::user ? user_ids_ : item_ids_;
  return index < 0 || index >= static_cast<std::int64_t>(ids.size()) ? 0
                                                                     : ids[static_cast<std::size_t>(index)];
}

std::shared_ptr<const HistoryLists> Histories::lists(std::uint64_t seed, std::uint64_t draw) const {
  if (has_time() || draw == 0) return lists_;
  const std::lock_guard lock(mutex_);
  for (const Drawn* known : {&newest_, &before_})
    if (known->lists && known->seed == seed && known->draw == draw) return known->lists;
  auto made =
      std::make_shared<const HistoryLists>(make_lists(draw_order(log_.size(), first_trained_, seed, draw)));
  before_ = std::move(newest_);
  newest_ = {seed, draw, made};
  return made;
}

HistoryLists Histories::make_lists(std::span<const std::int32_t> order) const {
  HistoryLists lists;
  lists.key.resize(order.size());
  std::int32_t key = -1;
  for (std::size_t place = 0; place < order.size(); ++place) {
    const auto event = static_cast<std::size_t>(order[place]);
    // Events of the same time share a key, so that none of them is earlier than another.
    if (!has_time() || place == 0 ||
        log_.time[event] != log_.time[static_cast<std::size_t>(order[place - 1])])
      ++key;
    lists.key[event] = key;
  }
  lists.users = make_side(Part::user, order, lists.key);
  lists.items = make_side(Part::item, order, lists.key);
  return lists;
}

HistorySide Histories::make_side(Part of, std::span<const std::int32_t> order,
                                 std::span<const std::int32_t> key) const {
  const Array<std::int32_t>& whose = of == Part::user ? log_.user : log_.item;
  const Array<std::int32_t>& others = of == Part::user ? log_.item : log_.user;
  const Part other = of == Part::user ? Part::item : Part::user;
  std::int32_t last = -1;
  for (const std::int32_t index : whose) last = std::max(last, index);
  HistorySide side;
  side.offsets.assign(static_cast<std::size_t>(last) + 2, 0);
  const auto shown = [&](std::size_t event) { return whose[event] >= 0 && id(other, others[event]) != 0; };
  for (std::size_t event = 0; event < whose.size(); ++event)
    if (shown(event)) ++side.offsets[static_cast<std::size_t>(whose[event]) + 1];
  std::partial_sum(side.offsets.begin(), side.offsets.end(), side.offsets.begin());
  const auto n = static_cast<std::size_t>(side.offsets.back());
  side.ids.resize(n), side.keys.resize(n), side.labels.resize(n);
  std::vector<std::int64_t> next(side.offsets.begin(), side.offsets.end() - 1);
  for (const std::int32_t position : order) {
    const auto event = static_cast<std::size_t>(position);
    if (!shown(event)) continue;
    const auto at = static_cast<std::size_t>(next[static_cast<std::size_t>(whose[event])]++);
    side.ids[at] = id(other, others[event]);
    side.keys[at] = key[event];
    const float label = log_.label.empty() ? 0.0F : log_.label[event];
    // A label that nobody knows counts as the mean.
    side.labels[at] =
        log_.label.empty() || std::isnan(label) ? 0.0F : scale_.standard(static_cast<double>(label));
  }
  return side;
}

namespace {

/// visit(position, is shown) for entries, those that are shown in the order of the list.
template <class Visit>
void visit_last(const HistoryList& list, const Showing& s, const Visit& visit) {
  const auto shown = [&](std::int64_t at) {
    const std::int64_t behind = at >= s.start ? at - s.start : at - s.start + s.visible;
    return list.ids[static_cast<std::size_t>(at)] != s.own && behind >= s.extra;
  };
  std::int64_t first = s.visible;
  if (s.visible <= s.max_length) first = 0;
  for (std::int64_t taken = 0; first > 0 && taken < s.max_length;) taken += shown(--first) ? 1 : 0;
  for (; first < s.visible; ++first) visit(static_cast<std::size_t>(first), shown(first));
}

template <class Visit>
void visit_around(const HistoryList& list, const Showing& s, const Visit& visit) {
  std::int64_t skip = s.extra, taken = 0;
  const auto stretch = [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t at = from; at < to && taken < s.max_length; ++at) {
      const auto position = static_cast<std::size_t>(at);
      const bool other = list.ids[position] != s.own, shown = other && skip <= 0;
      skip -= other ? 1 : 0;
      visit(position, shown);
      taken += shown ? 1 : 0;
    }
  };
  stretch(s.start, s.visible);
  stretch(0, s.start);
}

}  // namespace

void show(const HistoryList& list, const Showing& showing, bool labels, std::vector<std::int32_t>& ids,
          std::vector<float>& coefficients) {
  const std::size_t before = ids.size();
  const auto most = static_cast<std::size_t>(
      std::clamp<std::int64_t>(showing.visible, 0, std::max<std::int32_t>(showing.max_length, 0)));
  ids.resize(before + most + 1);  // what is not shown is written, too, and then written over
  coefficients.resize(before + most + 1);
  std::int32_t* id = ids.data() + before;
  float* coefficient = coefficients.data() + before;
  std::size_t n = 0;
  const auto visit = [&](std::size_t position, bool shown) {
    id[n] = list.ids[position];
    coefficient[n] = labels ? list.labels[position] : 1.0F;
    n += shown ? 1 : 0;
  };
  showing.around ? visit_around(list, showing, visit) : visit_last(list, showing, visit);
  ids.resize(before + n), coefficients.resize(before + n);
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(n)));
  for (std::size_t i = 0; i < n; ++i) coefficient[i] *= scale;
}

}  // namespace interplay::core
