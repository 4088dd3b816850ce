// A CSV file as typed columns, chunk by chunk. The first scan checks every row and finds the columns' types, so nothing
// is handed on from a file that turns out broken at its end; the second one fills the chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "csv_column.hpp"
#include "csv_scanner.hpp"

namespace interplay::cli {

struct CsvOptions {
  std::string delimiter;                     ///< empty: by the file's ending, see delimiter_of
  std::vector<std::string> names;            ///< not empty: the file has no header, these are its columns
  std::map<std::string, CellType> types;     ///< columns whose type is not inferred
  std::set<std::string> learned;             ///< those of them whose type a model says, for messages
  std::map<std::string, std::string> lists;  ///< multi-valued columns and what separates their values
  std::vector<std::string> nulls;            ///< texts that mean null, beside the empty one
  std::size_t max_field = CsvScanner::max_field;
};

/// "," for .csv and anything else, tab for .tsv and .tab, "::" for .dat.
std::string delimiter_of(std::string_view path);

class CsvReader {
 public:
  /// Reads the file ("-": standard input). Throws DataError.
  static CsvReader open(const std::string& path, const CsvOptions& options);
  /// The same for text in memory; file is its name for messages.
  CsvReader(std::string text, std::string file, const CsvOptions& options);

  /// Before the first chunk only: the scanners look into this object's text.
  CsvReader(CsvReader&&) = default;
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  const std::string& file() const { return file_; }
  const CsvDialect& dialect() const { return dialect_; }
  const std::vector<CsvColumnPlan>& columns() const { return plans_; }
  std::vector<std::string> names() const;
  bool has(std::string_view name) const;
  int64_t rows() const { return rows_; }
  /// Whether this text means no value.
  bool is_null(std::string_view cell) const;
  /// Fills `columns` with the next rows, at most max_rows; returns how many, 0 at the end.
  int64_t next(int64_t max_rows, std::vector<CsvColumn>& columns);
  /// The rows as text, from the first one, header excluded. Borrowed from this reader.
  CsvScanner records() const;
  /// The line where a row stands, from 0, header excluded.
  int64_t line_of(int64_t row) const;

 private:
  void check_encoding() const;
  void read_header(const CsvOptions& options);
  void infer();
  void infer_cell(CsvColumnPlan& plan, std::string_view cell) const;
  void check_length(const CsvRecord& record) const;
  [[noreturn]] void fail_cell(const CsvColumnPlan& plan, std::string_view cell) const;
  [[noreturn]] void fail(int64_t line, const std::string& message) const;

  std::string text_;
  std::string file_;
  CsvDialect dialect_;
  std::vector<std::string> nulls_;
  std::size_t max_field_;
  std::size_t start_ = 0;  ///< behind the byte order mark
  bool has_header_ = true;
  std::vector<CsvColumnPlan> plans_;
  int64_t rows_ = 0;
  CsvScanner chunks_;
  bool chunks_started_ = false;
  CsvRecord record_;
};

}  // namespace interplay::cli
