// Scoring items for one user after another: the loop under recommend, under ranking metrics, and under the scorer.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/function_ref.hpp"
#include "model/join.hpp"
#include "model/scoring.hpp"

namespace interplay::core {

/// The candidates of a ranking: what is the same for every user.
struct Candidates {
  std::vector<std::int32_t> items;  // index in the catalogue, or -1
  const EncodedTable* table =
      nullptr;  // features and context of the candidates, row by row; null: all from the catalogue
};

/// The catalogue's items that are present, in its order.
Candidates present_items(const Fitted& fitted);

/// Gets rank values block by block, of rows in any order.
using Visit = FunctionRef<void(std::span<const std::int64_t> rows, std::span<const float> values)>;

/// One thread's scoring of rows that share a part, such as the user of a ranking call, which is the fixed sources of their
/// set. Each row has the bits that it has alone. Memory: one block of rows, whatever their number; nothing is allocated
/// once that has grown.
class RowScorer {
 public:
  RowScorer(Scratch& scratch, RowSet set, std::int64_t block);
  RowScorer(const RowScorer&) = delete;
  RowScorer& operator=(const RowScorer&) = delete;

  /// Between calls rows, users, items and what is fixed may change, but not where a field's values come from.
  RowSet& set() { return set_; }
  void score(std::span<const std::int64_t> chosen, Visit visit);
  /// Scores the set's first rows, a block at most, whatever they are: what grows has grown then, and its memory is there.
  void warm_up();

 private:
  void score_in(Batch& batch, std::span<const std::int64_t> chosen, Visit visit);
  void find_met();
  bool has_met(std::int64_t row) const;

  Scratch& scratch_;
  RowSet set_;
  Batch batch_;
  std::unique_ptr<Batch> own_batch_;  // null: no history is fixed
  // What stands in the histories that are fixed, sorted. A row with one of these has the list without its own pair, as
  // predict does.
  std::vector<std::int32_t> met_items_, met_users_;
  std::vector<std::int64_t> others_, own_;
  std::size_t block_;
};

/// One thread's ranker.
class Ranker {
 public:
  Ranker(const Model& model, const Fitted& fitted, const Candidates& candidates,
         const EncodedTable* requests);

  /// Rank values of the chosen candidates, by position, for one request.
  /// request: a row of `requests`, or -1; user: index in the catalogue, or -1.
  void rank(std::int64_t request, std::int32_t user, std::span<const std::int64_t> chosen, Visit visit);

  float score(float rank_value) const { return scratch_.score(rank_value); }

 private:
  std::vector<bool> from_request_;  // of each field: its value is the request's own
  Scratch scratch_;
  RowScorer rows_;
};

/// A candidate and its rank value; the better one first, ties by position.
struct Ranked {
  float value;
  std::int64_t position;
  bool operator<(const Ranked& other) const {
    return value != other.value ? value > other.value : position < other.position;
  }
};

/// Keeps the k best of what it is shown.
class TopK {
 public:
  explicit TopK(std::size_t k) : k_(k) {}
  /// Begins anew, in the memory of before.
  void reset(std::size_t k);
  void offer(float value, std::int64_t position);
  /// Best first; then reset.
  std::span<const Ranked> sorted();
  /// Best first; empties the collector.
  std::vector<Ranked> take();

 private:
  std::size_t k_;
  std::vector<Ranked> heap_;  // the worst kept one on top
};

}  // namespace interplay::core
