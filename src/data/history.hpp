// Histories: what a user has done and who has met an item, as lists of ids that are built from the interactions. A log holds
// the events in the order in which they count as having happened; the lists of both sides are made from it.
#pragma once

#include <interplay/sdk/random.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/array.hpp"
#include "data/schema.hpp"

namespace interplay::core {

/// Interactions, by index in the catalogue.
struct EventLog {
  Array<std::int32_t> user, item;
  Array<float> label;  // as given; NaN: not known; empty: the data have no labels
  Array<double> time;  // ascending; empty: the data have no time, and the order is that of the log

  std::int64_t size() const { return static_cast<std::int64_t>(user.size()); }
};

/// Labels are shown as (label - mean) / deviation, both of the training rows of the first fit.
struct LabelScale {
  double mean = 0, deviation = 1;

  float standard(double label) const { return static_cast<float>((label - mean) / deviation); }
};
LabelScale scale_of(std::span<const float> labels);

/// One list: ids of the other side, none of them 0, with the standardised labels and what orders them.
struct HistoryList {
  std::span<const std::int32_t> ids;
  std::span<const float> labels;
  std::span<const std::int32_t> keys;  // ascending; equal ones happened at the same time
};

/// The lists of all users, or of all items, one behind the other.
struct HistorySide {
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> ids, keys;
  std::vector<float> labels;

  /// Empty for an index that there is not.
  HistoryList of(std::int64_t index) const;
};

struct HistoryLists {
  HistorySide users, items;
  std::vector<std::int32_t> key;  // of each event of the log

  const HistorySide& side(Part of) const { return of == Part::user ? users : items; }
};

/// A log with its lists, under the ids that the catalogue gives. Immutable, but for the newest orders that it remembers.
class Histories {
 public:
  /// user_ids, item_ids: what the engine knows users and items as, 0 for unknown ones, which no list shows. The events from
  /// first_trained on are those that are learned from: without time, only their order is drawn anew.
  Histories(EventLog log, LabelScale scale, Array<std::int32_t> user_ids, Array<std::int32_t> item_ids,
            std::int64_t first_trained);

  const EventLog& log() const { return log_; }
  const LabelScale& scale() const { return scale_; }
  bool has_time() const { return !log_.time.empty(); }
  /// The id of a user or item; 0 for an index that there is not.
  std::int32_t id(Part of, std::int64_t index) const;

  /// The lists in the log's order.
  const HistoryLists& lists() const { return *lists_; }
  /// With time, or for draw 0, the same; otherwise the order of (seed, draw).
  std::shared_ptr<const HistoryLists> lists(std::uint64_t seed, std::uint64_t draw) const;

 private:
  HistoryLists make_lists(std::span<const std::int32_t> order) const;
  HistorySide make_side(Part of, std::span<const std::int32_t> order,
                        std::span<const std::int32_t> key) const;

  EventLog log_;
  LabelScale scale_;
  Array<std::int32_t> user_ids_, item_ids_;
  std::int64_t first_trained_;
  std::shared_ptr<const HistoryLists> lists_;

  // One batch may still be filled for an epoch while the first of the next one is.
  struct Drawn {
    std::uint64_t seed = 0, draw = 0;
    std::shared_ptr<const HistoryLists> lists;
  };
  mutable std::mutex mutex_;
  mutable Drawn newest_, before_;
};

/// Positions 0 .. n - 1 in the order of (seed, draw), of which the first `fixed` stay where they are.
std::vector<std::int32_t> draw_order(std::int64_t n, std::int64_t fixed, std::uint64_t seed,
                                     std::uint64_t draw);

/// Which entries of a list one row shows.
struct Showing {
  std::int64_t visible = 0;     // entries 0 .. visible - 1 count
  std::int32_t own = 0;         // entries with this id are left out
  std::int64_t extra = 0;       // and so many others, from `start` on around the list
  std::int64_t start = 0;       // 0 .. visible - 1
  bool around = false;          // take entries from `start` on around the list, else the last ones
  std::int32_t max_length = 0;  // at most so many are shown
};

/// Appends ids to `ids` and 1 / sqrt(n), or label / sqrt(n) with `labels`, to `coefficients`; n: how many are shown.
void show(const HistoryList& list, const Showing& showing, bool labels, std::vector<std::int32_t>& ids,
          std::vector<float>& coefficients);

}  // namespace interplay::core
