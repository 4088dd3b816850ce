// What type a column of text has, and the column's values once that is known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interplay::cli {

/// In this order: a column has the first type that all its cells fit.
enum class CellType { integer, real, text };

/// "int", "float", "string": the words of --type.
const char* type_word(CellType type);
std::optional<CellType> type_from_word(std::string_view word);

/// The first type that this cell fits. Numbers in a spelling that would not come back are text: 007 (a zip code keeps
/// its zeros), +1, and integers beyond 64 bits (an id must not lose digits). So are nan and inf.
CellType type_of_cell(std::string_view cell);

/// How one column is read.
struct CsvColumnPlan {
  std::string name;
  CellType type = CellType::integer;
  bool forced = false;     ///< by --type or by the model: nothing is inferred
  bool any_value = false;  ///< some cell was not null
  bool learned = false;    ///< forced by the model
  std::string separator;   ///< not empty: a multi-valued column
};

/// The values of one column, laid out as interplay_table_add takes them.
struct CsvColumn {
  CsvColumnPlan plan;
  std::vector<int64_t> integers;
  std::vector<double> reals;
  std::string bytes;
  std::vector<int64_t> offsets{0};      ///< text: one more than there are values
  std::vector<int64_t> row_offsets{0};  ///< multi-valued: one more than there are rows
  std::vector<uint8_t> valid;           ///< a byte a row
  bool any_null = false;

  /// False when the cell does not fit the type; then it is not appended.
  bool append(std::string_view cell);
  void append_null();
  void clear();

 private:
  bool append_value(std::string_view value);
  int64_t n_values() const;
};

/// Calls visit(value) for each value of a multi-valued cell until it returns false; empty values are left out.
template <class Visit>
bool each_value(std::string_view cell, std::string_view separator, Visit visit) {
  for (;;) {
    const std::size_t length = cell.find(separator);
    const std::string_view value = cell.substr(0, length);
    if (!value.empty() && !visit(value)) return false;
    if (length == std::string_view::npos) return true;
    cell.remove_prefix(length + separator.size());
  }
}

}  // namespace interplay::cli
