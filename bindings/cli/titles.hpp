// Names beside ids: --titles movies.csv:movie_id:title.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "options.hpp"

namespace interplay::cli {

class Titles {
 public:
  Titles() = default;
  /// spec: "FILE:ID COLUMN:NAME COLUMN", or "" for none.
  Titles(const std::string& spec, const FileOptions& files);

  bool empty() const { return column_.empty(); }
  /// The name column's name.
  const std::string& column() const { return column_; }
  /// "" where the file does not have the id.
  const std::string& of(const std::string& id) const;

 private:
  std::string column_;
  std::unordered_map<std::string, std::string> names_;
};

}  // namespace interplay::cli
