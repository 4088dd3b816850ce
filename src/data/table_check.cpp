// What a column must fulfil before anything reads it. Nothing here allocates by a number that is not yet checked.
#include <limits>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "data/table.hpp"

namespace interplay::core {

namespace {

class Checker {
 public:
  explicit Checker(const Column& column) : column_(column) {}

  void check(std::int64_t table_rows) const {
    check_type();
    if (column_.rows != table_rows)
      expected(std::to_string(table_rows) + " rows, as the table has", column_.rows);
    if (column_.n_values < 0) expected("0 values or more", column_.n_values);
    check_lengths();
    if (column_.multi_valued()) {
      check_offsets(column_.row_offsets, column_.n_values, "row offset", "n_values");
    }
    if (column_.type == Type::string) {
      check_offsets(column_.string_offsets, signed_size(column_.values.size()), "string offset", "n_bytes");
      check_text();
    }
    if (column_.type == Type::bool8) check_bools();
  }

 private:
  [[noreturn]] void refuse(const std::string& text, std::int64_t row = -1) const {
    Json detail = members({{"column", column_.name}});
    if (row >= 0) detail["row"] = row;
    fail(INTERPLAY_BAD_DATA, "column " + in_quotes(column_.name) + ": " + text, dump_json(detail));
  }
  [[noreturn]] void expected(const std::string& what, std::int64_t found) const {
    refuse("expected " + what + ", found " + std::to_string(found));
  }
  static std::int64_t signed_size(std::size_t size) { return static_cast<std::int64_t>(size); }

  void check_type() const {
    const auto number = static_cast<std::int32_t>(column_.type);
    if (number >= 1 && number <= 6) return;
    fail(INTERPLAY_INVALID_ARGUMENT,
         "column " + in_quotes(column_.name) + ": a type is 1 (int64) to 6 (string), found " +
             std::to_string(number),
         dump_json(members({{"column", column_.name}})));
  }

  void check_lengths() const {
    const std::int64_t n = column_.n_values;
    if (!column_.multi_valued() && n != column_.rows) {
      expected(
          "as many values as rows (" + std::to_string(column_.rows) + ") in a column without row offsets", n);
    }
    if (column_.multi_valued() && !one_more(column_.row_offsets.size(), column_.rows)) {
      expected("one row offset more than rows (" + std::to_string(column_.rows) + ")",
               signed_size(column_.row_offsets.size()));
    }
    if (!column_.valid.empty() && signed_size(column_.valid.size()) != column_.rows) {
      expected("one validity byte for each of " + std::to_string(column_.rows) + " rows",
               signed_size(column_.valid.size()));
    }
    if (!column_.weights.empty() && (!column_.multi_valued() || signed_size(column_.weights.size()) != n)) {
      expected("one weight for each of " + std::to_string(n) + " values of a multi-valued column",
               signed_size(column_.weights.size()));
    }
    if (column_.type == Type::string) {
      if (one_more(column_.string_offsets.size(), n)) return;
      expected("one string offset more than values (" + std::to_string(n) + ")",
               signed_size(column_.string_offsets.size()));
    }
    const auto width = signed_size(type_size(column_.type));
    const bool fits = n <= std::numeric_limits<std::int64_t>::max() / width;
    if (!fits || signed_size(column_.values.size()) != n * width) {
      refuse("expected " + std::to_string(n) + " values of " + std::to_string(width) + " bytes, found " +
             std::to_string(column_.values.size()) + " bytes");
    }
  }

  /// size == n + 1, where n may be the largest integer
  static bool one_more(std::size_t size, std::int64_t n) { return size > 0 && signed_size(size - 1) == n; }

  void check_offsets(const Array<std::int64_t>& offsets, std::int64_t end, const char* what,
                     const char* bound) const {
    const auto place = [&](std::size_t i) { return std::string(what) + " " + std::to_string(i); };
    if (offsets[0] != 0) expected(place(0) + " to be 0", offsets[0]);
    for (std::size_t i = 1; i < offsets.size(); ++i) {
      if (offsets[i] < offsets[i - 1]) {
        expected(place(i) + " to be at least the one before, " + std::to_string(offsets[i - 1]), offsets[i]);
      }
    }
    const std::size_t last = offsets.size() - 1;
    if (offsets[last] != end) {
      expected(place(last) + ", the last, to be " + bound + ", " + std::to_string(end), offsets[last]);
    }
  }

  void check_bools() const {
    for (std::int64_t i = 0; i < column_.n_values; ++i) {
      if (column_.integer(i) > 1 && !hidden(i)) {
        refuse("value " + std::to_string(i) + " of a bool8 must be 0 or 1, found " +
                   std::to_string(column_.integer(i)),
               row_of(i));
      }
    }
  }

  /// The whole buffer at once, then only where offsets cut; the slow way is for finding the words of the error.
  void check_text() const {
    const std::string_view all(reinterpret_cast<const char*>(column_.values.data()), column_.values.size());
    bool good = find_invalid_utf8(all) == all_valid;
    for (std::size_t i = 0; good && i < column_.string_offsets.size(); ++i) {
      const auto at = static_cast<std::size_t>(column_.string_offsets[i]);
      good = at == all.size() || (static_cast<unsigned char>(all[at]) & 0xc0) != 0x80;
    }
    for (std::int64_t i = 0; !good && i < column_.n_values; ++i) {
      const std::size_t bad = find_invalid_utf8(column_.text(i));
      if (bad == all_valid || hidden(i)) continue;
      const std::int64_t row = row_of(i);
      refuse(
          "row " + std::to_string(row) +
              (column_.multi_valued() ? ", value " + std::to_string(i - column_.first(row)) : std::string()) +
              " is not UTF-8 from byte " + std::to_string(bad) + " of " +
              std::to_string(column_.text(i).size()) + " on; convert the column to UTF-8",
          row);
    }
  }

  /// Values of null rows are never read, so what a producer left there does not matter.
  bool hidden(std::int64_t value) const { return !column_.valid.empty() && column_.is_null(row_of(value)); }

  std::int64_t row_of(std::int64_t value) const {
    if (!column_.multi_valued()) return value;
    std::int64_t low = 0, high = column_.rows;  // the row is in [low, high)
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      (column_.first(middle) <= value ? low : high) = middle;
    }
    return low;
  }

  const Column& column_;
};

}  // namespace

void check_column(const Column& column, std::int64_t table_rows) { Checker(column).check(table_rows); }

}  // namespace interplay::core
