// The hot path: one thread's scratch for scoring one model. All that names and options say is found out when it is opened,
// and a block of rows is scored then, so that a call allocates nothing, locks nothing, starts nothing, parses nothing.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/cell_table.hpp"
#include "model/ranking.hpp"

namespace interplay::core {

/// The cells of one call. rows: null in a ranking of the catalogue, and where there are none.
struct CellCall {
  const interplay_cell* shared = nullptr;
  const interplay_cell* rows = nullptr;
  std::size_t n_rows = 0;
  Heap heap;
};

struct ScorerOptions {
  std::int64_t max_rows = block_rows;
  bool logits = false;
  std::optional<bool> exclude_seen;  // nullopt: from rankings of the catalogue, not of given rows

  static ScorerOptions parse(const Json& options);
};

class Scorer {
 public:
  Scorer(const Model& model, std::span<const std::string> shared, std::span<const std::string> row,
         const ScorerOptions& options);

  std::size_t shared_columns() const { return shared_.size(); }
  std::size_t row_columns() const { return row_.size(); }

  /// out (call.n_rows)
  void score(const CellCall& call, float* out);
  /// The k best, best first; they live until the next call. Positions are rows of the call.
  std::span<const Ranked> top_of_rows(const CellCall& call, std::size_t k);
  /// The same with the whole catalogue; positions are its indices.
  std::span<const Ranked> top_of_catalogue(const CellCall& call, std::size_t k);
  /// A rank value as the output that was asked for.
  float output(float rank_value) const { return options_.logits ? rank_value : scratch_.score(rank_value); }

  interplay_cell resolve(std::size_t column, const interplay_cell& value, const Heap& heap) const;
  /// The key of an item by its index in the catalogue; INVALID_ARGUMENT for an index that there is not.
  Key item(std::int64_t index) const;
  Json stats() const;

 private:
  Source source_of(std::size_t field, bool catalogue) const;
  RowSet make_set(bool catalogue) const;
  RowScorer& catalogue();
  void share(RowSet& set, const CellCall& call);
  std::span<const std::int64_t> read_rows(const CellCall& call, std::size_t first);
  void choose_unseen(const RowSet& set, std::span<const std::int64_t> rows);
  void require_seen(bool asked) const;
  void count(const CellTable* rows, std::size_t n);

  Model model_;  // kept alive
  const Fitted& fitted_;
  ScorerOptions options_;
  CellTable shared_, row_;
  Scratch scratch_;
  RowScorer given_;
  std::unique_ptr<RowScorer> catalogue_;        // from the first ranking of the catalogue on
  std::vector<std::int64_t> numbers_, chosen_;  // 0, 1, ...; the rows to rank
  TopK best_{0};
  std::int64_t scored_ = 0;
};

}  // namespace interplay::core
