// One column of cells, read a block of rows at a time into what the model's fields see. The meaning is that of a table's
// column, see encode and encode_history; the memory is kept from block to block.
#pragma once

#include <string>
#include <vector>

#include "model/cells.hpp"
#include "model/model.hpp"

namespace interplay::core {

/// Some rows of cells, one column of them: cell i is first[i * stride].
struct CellRows {
  const interplay_cell* first = nullptr;
  std::size_t stride = 0;
  std::size_t rows = 0;
  std::int64_t number = CellPlace::shared;  // of the first row in messages

  const interplay_cell& operator[](std::size_t i) const { return first[i * stride]; }
  std::int64_t row(std::size_t i) const {
    return number < 0 ? number : number + static_cast<std::int64_t>(i);
  }
};

class CellColumn {
 public:
  /// Room for max_rows rows. What the column is follows from the field: an id, a history, or values.
  CellColumn(const Fitted& fitted, std::size_t field, std::int64_t max_rows);
  CellColumn(const CellColumn&) = delete;
  CellColumn& operator=(const CellColumn&) = delete;

  const std::string& name() const { return field_.name; }
  const Field& field() const { return field_; }
  /// The column of the weights of its values; "" where they have none.
  const std::string& weights_name() const { return weights_name_; }

  /// weights: null where they are not given.
  void read(const CellRows& cells, const CellRows* weights, const Heap& heap);

  /// The rows that were read last. Of an id: their indices in the catalogue, -1 for unknown ones.
  const EncodedColumn& values() const { return values_; }
  const std::vector<std::int32_t>& indices() const { return ids_; }
  /// Rows with a value that the model does not know; of a number, rows without one.
  std::int64_t unknown() const { return unknown_; }

  /// A value, or one value of a list, as an ID cell; a number as it is.
  interplay_cell resolve(const interplay_cell& cell, const Heap& heap) const;

 private:
  std::int32_t index(const interplay_cell& cell, const Heap& heap, const CellPlace& place) const;
  bool is_known(std::int32_t index) const;
  std::int32_t own_index(const interplay_cell& cell, const Heap& heap, const CellPlace& place) const;
  std::int32_t id(const interplay_cell& cell, const Heap& heap, const CellPlace& place) const;
  double number(const interplay_cell& cell, const CellPlace& place) const;
  CellList begin_list(const interplay_cell& cell, const Heap& heap, const CellPlace& place) const;
  void read_value(const interplay_cell& cell, const Heap& heap, const CellPlace& place);
  void read_list(const interplay_cell& cell, const interplay_cell* weights, const Heap& heap,
                 CellPlace place);
  void read_history(const interplay_cell& cell, const interplay_cell* labels, const Heap& heap,
                    CellPlace place);

  const Field& field_;
  const Entities* entities_ = nullptr;  // of an id, and of the ids in a history
  std::uint32_t owner_;                 // of its ID cells: the number of the field that has the ids, from 1
  LabelScale scale_;                    // of a history
  std::string weights_name_;
  std::vector<std::int32_t> ids_;
  std::vector<std::int64_t> offsets_;
  std::vector<float> numbers_;
  EncodedColumn values_;  // borrows these three
  std::int64_t unknown_ = 0;
};

}  // namespace interplay::core
