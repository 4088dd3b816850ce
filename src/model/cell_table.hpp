// The columns of one part of a scorer's cells: what all rows of a call share, or what each row has of its own.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/cell_column.hpp"

namespace interplay::core {

class CellTable {
 public:
  /// Room for max_rows rows. NOT_FOUND for a name that is none of the model's, INVALID_ARGUMENT for weights without values
  /// and for a history by labels without labels.
  CellTable(const Fitted& fitted, std::span<const std::string> names, std::int64_t max_rows);

  std::size_t size() const { return columns_.size(); }
  /// rows.first: the first cell of the first row; size() cells a row.
  void read(const CellRows& rows, const Heap& heap);

  /// The column of a field, or null.
  const CellColumn* find(std::size_t field) const { return of_field_[field]; }
  /// The column of the user's or the item's own id, or null.
  const CellColumn* id(Part of) const { return of == Part::user ? user_ : item_; }

  /// Takes note of what is unknown in the rows that were read last, each of which was scored so many times.
  void count(std::int64_t times);
  void report_unknown(Json& unknown) const;

  interplay_cell resolve(std::size_t column, const interplay_cell& value, const Heap& heap) const;

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct Place {
    std::string name;
    std::unique_ptr<CellColumn> column;  // null: the weights of another one
    std::size_t weights = none;          // which place has the weights of this one's values
    std::int64_t unknown = 0;
  };

  void add(const Fitted& fitted, const std::string& name, std::int64_t max_rows);
  void pair_weights();

  std::vector<Place> columns_;
  std::vector<const CellColumn*> of_field_;
  const CellColumn *user_ = nullptr, *item_ = nullptr;
};

}  // namespace interplay::core
