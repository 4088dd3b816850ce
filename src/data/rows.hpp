// Encoded rows, joined with users and items on demand: what fit trains on and predict scores, and how a batch is filled.
#pragma once

#include <interplay/engine.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "data/encoded.hpp"
#include "data/field.hpp"
#include "data/history.hpp"

namespace interplay::core {

/// Which row of its column a field takes for a given row.
enum class By : std::uint8_t {
  row,    // the row itself
  user,   // the row's user
  item,   // the row's item
  fixed,  // always the same one: the batch gets it once (the user's part of a ranking call)
};

struct Source {
  const EncodedColumn* column = nullptr;  // null: unknown everywhere; of a history: from the histories
  By by = By::row;
  std::int64_t fixed = -1;
};

/// What users have seen: items of user u are items[offsets[u]] .. items[offsets[u + 1] - 1], ascending.
struct Seen {
  Array<std::int64_t> offsets;
  Array<std::int32_t> items;

  std::span<const std::int32_t> of(std::int64_t user) const;
  bool contains(std::int64_t user, std::int32_t item) const;
};

/// Draws a batch_fill needs; see engine.h.
struct Drawing {
  std::uint64_t seed = 0;
  double unknown_rate = 0;
  std::int64_t negatives = 0;                // drawn rows for each row of data
  std::span<const std::int32_t> drawn_from;  // items that may be drawn, in the order of the catalogue
  std::span<const double> popularity;        // running sums of their weights; empty: all alike
  const Seen* seen = nullptr;                // what is not drawn, or null
};

/// How a field's values become what an engine sees, beyond its kind.
struct ListRule {
  bool weighted = false;
  Combiner combiner = Combiner::mean;
  std::optional<HistoryRule> history;

  bool has_coefficients() const { return weighted || combiner != Combiner::mean || history; }
};
ListRule list_rule(const Field& field);

struct RowSet {
  std::vector<interplay_field> fields;         // names borrowed from the model's fields
  std::vector<ListRule> lists;                 // of each field
  std::vector<Source> sources;                 // of each field
  std::int64_t rows = 0;                       // of data; with negatives there are more to fill
  std::vector<std::int32_t> user, item;        // index in the catalogue or -1; empty: no such role
  std::vector<float> label, weight;            // empty: none
  std::shared_ptr<const Histories> histories;  // null: no field is one
  std::vector<std::int32_t>
      event;  // of each row that is learned from: its place in the histories' log; empty: others
  // The user, and the item, of every row, where `user` or `item` is empty: in a ranking call.
  std::int32_t fixed_user = -1, fixed_item = -1;
};

std::vector<interplay_field> describe(const std::vector<Field>& fields);

std::vector<double> running_sums(std::span<const std::int64_t> counts, double power);

/// What rows show of a history that is fixed.
enum class FixedHistories : std::uint8_t {
  whole,        // all of it: the batch gets it once, for rows whose own pair does not stand in it
  without_own,  // each row its own list, which lacks the row's own pair
};

/// A batch and its memory, grown at first use and then reused.
class Batch : public interplay_batch {
 public:
  Batch(const RowSet& set, std::int64_t max_rows, FixedHistories histories = FixedHistories::whole);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  /// Rows of the set in any order; those from rows.rows on are negatives. draw: see engine.h.
  void fill(std::span<const std::int64_t> chosen, const Drawing& drawing, std::uint64_t draw);
  /// rows first .. first + n - 1, nothing drawn
  void fill(std::int64_t first, std::int64_t n);
  std::int64_t capacity() const { return capacity_; }

 private:
  bool once(std::size_t field) const;
  void fill_field(std::size_t field, std::span<const std::int64_t> chosen);
  void fill_history(std::size_t field, std::span<const std::int64_t> chosen, const Drawing& drawing,
                    std::uint64_t draw);
  void show_given(std::size_t field, std::size_t i);
  void show_whole(std::size_t field, std::size_t i);
  void show_while_learning(std::size_t field, std::size_t i, std::int64_t chosen, const Drawing& drawing,
                           std::uint64_t draw);
  std::int32_t own_id(Part of, std::size_t i) const;
  std::int32_t draw_item(std::size_t i, std::int64_t chosen, const Drawing& drawing,
                         std::uint64_t draw) const;
  void fill_rows(std::span<const std::int64_t> chosen, const Drawing& drawing, std::uint64_t draw);
  void mask(std::span<const std::int64_t> chosen, const Drawing& drawing, std::uint64_t draw);
  void publish();

  const RowSet& set_;
  std::int64_t capacity_;
  FixedHistories histories_;
  std::vector<FieldBuffer> buffers_;
  std::vector<interplay_values> values_;
  std::vector<std::int32_t> users_, items_;
  std::vector<float> labels_, weights_;
  std::vector<std::int64_t> chosen_, data_row_;
  std::shared_ptr<const HistoryLists> orders_;  // of the draw that is filled
};

}  // namespace interplay::core

/// The engine's view of a RowSet.
struct interplay_view {
  const interplay::core::RowSet* set = nullptr;
  interplay_objective objective{};
  interplay::core::Drawing drawing;

  std::int64_t rows() const { return set->rows * (1 + drawing.negatives); }
};
