// Named columns of equal length, one chunk: what crosses the border in both directions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/array.hpp"

namespace interplay::core {

enum class Type : std::int32_t { int64 = 1, int32 = 2, float32 = 3, float64 = 4, bool8 = 5, string = 6 };
const char* type_name(Type type);
std::size_t type_size(Type type);  // bytes of one value; 1 for string

struct Column {
  std::string name;
  Type type = Type::int64;
  std::int64_t rows = 0;
  std::int64_t n_values = 0;
  Array<std::byte> values;             // n_values of `type`; string: the bytes
  Array<std::int64_t> string_offsets;  // string: n_values + 1
  Array<std::int64_t> row_offsets;     // multi-valued: rows + 1, from 0 to n_values
  Array<std::uint8_t> valid;           // rows, or empty: no nulls
  Array<float> weights;                // multi-valued, optional: n_values (from list<struct<value, weight>>)

  bool multi_valued() const { return !row_offsets.empty(); }
  bool is_null(std::int64_t row) const { return !valid.empty() && valid[static_cast<std::size_t>(row)] == 0; }
  bool is_integer() const { return type == Type::int64 || type == Type::int32 || type == Type::bool8; }
  /// Value i widened; for the integer types.
  std::int64_t integer(std::int64_t i) const;
  /// Value i as a double; for all but string.
  double number(std::int64_t i) const;
  std::string_view text(std::int64_t i) const;
  /// Values row r has: [first, last). One value for a single-valued column.
  std::int64_t first(std::int64_t row) const {
    return multi_valued() ? row_offsets[static_cast<std::size_t>(row)] : row;
  }
  std::int64_t last(std::int64_t row) const {
    return multi_valued() ? row_offsets[static_cast<std::size_t>(row) + 1] : row + 1;
  }
};

/// Checks lengths, offsets (ascending, from 0 to the end), row counts, UTF-8 and bool values; throws BAD_DATA naming the
/// column, the place, what was expected and found.
void check_column(const Column& column, std::int64_t table_rows);

class Table {
 public:
  explicit Table(std::int64_t rows);  // throws INVALID_ARGUMENT when negative

  std::int64_t rows() const { return rows_; }
  const std::vector<Column>& columns() const { return columns_; }
  std::vector<std::string> names() const;
  /// Checked; a name that is empty or taken is INVALID_ARGUMENT.
  void add(Column column);
  /// The same for a column whose arrays are borrowed for the call (no owner): checked first, then copied.
  void add_copy(const Column& borrowed);
  /// null when there is none
  const Column* find(std::string_view name) const;
  /// NOT_FOUND with the names that are there and the nearest
  const Column& at(std::string_view name) const;

 private:
  void check(const Column& column) const;

  std::int64_t rows_;
  std::vector<Column> columns_;
};

/// Columns made from vectors, for results.
Column make_column(std::string name, std::vector<std::int64_t>&& values);
Column make_column(std::string name, std::vector<std::int32_t>&& values);
Column make_column(std::string name, std::vector<float>&& values);
Column make_column(std::string name, const std::vector<std::string_view>& values);

}  // namespace interplay::core
