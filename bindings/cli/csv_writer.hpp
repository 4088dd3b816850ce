// Puts fields together as CSV text that CsvReader reads back as they were.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "csv_scanner.hpp"

namespace interplay::cli {

class CsvWriter {
 public:
  explicit CsvWriter(CsvDialect dialect) : dialect_(std::move(dialect)) {}

  /// Throws DataError for a field that the dialect cannot hold: without quotes, one with a delimiter or a line break.
  CsvWriter& field(std::string_view text);
  void end_row();
  /// What was written since the last call.
  std::string take();
  std::size_t size() const { return out_.size(); }

 private:
  bool needs_quotes(std::string_view text) const;

  CsvDialect dialect_;
  std::string out_;
  std::size_t fields_ = 0;  ///< of the row that is being written
  std::size_t row_begin_ = 0;
};

}  // namespace interplay::cli
