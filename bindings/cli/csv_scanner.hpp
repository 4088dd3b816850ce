// Cuts CSV text into records and fields (RFC 4180), and says by line what is wrong with it. It knows nothing of types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace interplay::cli {

struct CsvDialect {
  std::string delimiter = ",";
  /// Without quotes a '"' is a character like any other. MovieLens' "::" files need that: some titles begin with one.
  bool quotes = true;
};

/// One record. The fields live as long as the scanner's text and until the next record is read into this object.
struct CsvRecord {
  std::vector<std::string_view> fields;
  int64_t line = 0;                   ///< of its first character, from 1
  std::deque<std::string> unescaped;  ///< fields with doubled quotes; a deque, because fields point into it
};

class CsvScanner {
 public:
  static constexpr std::size_t max_field = std::size_t{16} << 20;

  /// text: valid UTF-8 without a byte order mark, borrowed. file: its name for messages.
  CsvScanner(std::string_view text, CsvDialect dialect, std::string file,
             std::size_t max_field_bytes = max_field);

  /// The next record; false at the end. Empty lines are no records. Throws DataError.
  bool next(CsvRecord& record);

 private:
  bool skip_empty_lines();
  std::string_view plain_field();
  std::string_view quoted_field(CsvRecord& record);
  std::size_t closing_quote(std::size_t from, int64_t opened, bool& doubled);
  bool at_line_end() const;
  bool at_delimiter() const;
  void end_line();
  /// A quote in the middle of a field that does not begin with one.
  [[noreturn]] void fail_quote(std::size_t begin) const;
  void check_size(std::size_t bytes, int64_t line) const;
  [[noreturn]] void fail(int64_t line, const std::string& message) const;

  std::string_view text_;
  CsvDialect dialect_;
  std::string file_;
  std::size_t max_field_;
  std::size_t at_ = 0;
  int64_t line_ = 1;
};

}  // namespace interplay::cli
