// The columns of one data set as `interplay audit` looks at them: codes and numbers in flat arrays, users' and items'
// columns reached through a row of theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "csv_column.hpp"
#include "data_options.hpp"

namespace interplay::cli {

/// Values to 0, 1, 2, ... in the order of their first sight. An integer and the text that spells it are one value.
class Codes {
 public:
  static constexpr int32_t none = -1;

  int32_t code(int64_t value);
  int32_t code(std::string_view text);
  int32_t size() const { return size_; }

 private:
  std::unordered_map<int64_t, int32_t> integers_;
  std::unordered_map<std::string, int32_t> texts_;
  int32_t size_ = 0;
};

/// One column of one file. Null: code -1, or NaN where it is a number.
struct AuditColumn {
  enum class Kind { category, categories, number };
  std::string name;
  std::string part;  ///< "interactions", "users" or "items"
  Kind kind = Kind::category;
  bool whole_numbers = false;    ///< categories that are integers in the file: they may be quantities
  std::vector<int32_t> codes;    ///< categories: one a row; lists: all of them
  std::vector<int64_t> offsets;  ///< lists: one more than rows
  std::vector<double> numbers;   ///< of a number, and beside the codes where whole_numbers
  int64_t rows = 0;
  int64_t nulls = 0;
  int64_t distinct = 0;  ///< values, less null

  std::string title() const { return part == "interactions" ? name : part + "." + name; }
};

/// The rows of the ratings. `user` and `item` are codes, empty without the role; label and time likewise, NaN for null.
struct AuditTable {
  int64_t rows = 0;
  std::string user_name, item_name, label_name, time_name;
  std::vector<int32_t> user, item;
  int32_t users = 0, items = 0;  ///< codes there are, those of the users' and items' files included
  std::vector<double> label, time;
  std::vector<AuditColumn> columns;  ///< features, in the order of the files
  std::vector<int32_t> users_row,
      items_row;  ///< code to the row of the users' or items' file, -1 where none; empty: no file
  int64_t repeated_users = 0, repeated_items = 0;  ///< rows of the side files whose id was there before
  int64_t null_users = 0, null_items = 0, null_labels = 0;  ///< rows of the ratings

  /// The row of the column's own file that belongs to a row of the ratings; -1 where there is none.
  int64_t row_of(const AuditColumn& column, int64_t row) const;
};

/// Reads the files. Throws DataError.
AuditTable read_audit_table(const DataOptions& options);

}  // namespace interplay::cli
