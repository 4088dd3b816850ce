// The CSV files of one command as datasets of one schema.
#pragma once

#include <interplay/interplay.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "csv_reader.hpp"
#include "data_options.hpp"
#include "json.hpp"

namespace interplay::cli {

/// The files of DataOptions as datasets of one schema.
class DataFiles {
 public:
  /// options is borrowed.
  DataFiles(const DataOptions& options, Json schema) : options_(options), schema_(std::move(schema)) {}

  const Json& schema() const { return schema_; }
  /// The ratings with users and items, sealed; an id that is text in one file and looks like a number in the other is
  /// text in both.
  Dataset read_ratings();
  /// Rows of another file, with the types that read_ratings found. Only what is a number in any case may be whole in one
  /// file and not in the other.
  Dataset read_valid(const std::string& path) const;

 private:
  Dataset read(const std::string& rows_role, const std::string& rows,
               const std::map<std::string, CellType>& types) const;

  const DataOptions& options_;
  Json schema_;
  std::map<std::string, CellType> types_;
};

/// Throws DataError for an --ignore that no file has; names: all columns of all files.
void expect_ignored(const DataOptions& options, const std::vector<std::string>& names);

}  // namespace interplay::cli
