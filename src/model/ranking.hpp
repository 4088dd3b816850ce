// Scoring items for one user after another: the loop under recommend and under ranking metrics.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

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

/// One thread's ranker. Memory: one block of rows, whatever the number of candidates.
class Ranker {
 public:
  Ranker(const Model& model, const Fitted& fitted, const Candidates& candidates,
         const EncodedTable* requests);

  /// Rank values of the chosen candidates for one request, block by block: visit(positions in Candidates, values).
  /// request: a row of `requests`, or -1; user: index in the catalogue, or -1.
  using Visit = std::function<void(std::span<const std::int64_t> positions, std::span<const float> values)>;
  void rank(std::int64_t request, std::int32_t user, std::span<const std::int64_t> chosen,
            const Visit& visit);

  float score(float rank_value) const { return scratch_.score(rank_value); }

 private:
  void rank_in(Batch& batch, std::span<const std::int64_t> chosen, const Visit& visit);
  std::vector<std::int32_t> ids_in_histories() const;

  std::vector<bool> from_request_;  // of each field: its value is the request's own
  RowSet set_;
  std::unique_ptr<Batch> batch_;
  // The same for candidates that stand in the user's history: each row has it without its own item, as predict does.
  RowSet own_set_;
  std::unique_ptr<Batch> own_batch_;
  Scratch scratch_;
  std::vector<float> values_;
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
  void offer(float value, std::int64_t position);
  /// Best first; empties the collector.
  std::vector<Ranked> take();

 private:
  std::size_t k_;
  std::vector<Ranked> heap_;  // the worst kept one on top
};

}  // namespace interplay::core
