// Which files a dataset is made of and what their columns are: what fit, compare and audit are told alike.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "json.hpp"
#include "options.hpp"

namespace interplay::cli {

struct DataOptions {
  std::string ratings, users, items;
  std::string user, item, label, time, weight, group;
  std::vector<std::string> ignore;
  bool histories = false;
  std::string schema;
  FileOptions files;

  void add_files(CLI::App& command);  ///< the group "Data"
  void add_roles(CLI::App& command);  ///< the group "Columns"
  /// Throws UsageError where nothing says what the columns are.
  void check_roles() const;
  /// `base`, with what --schema and the roles say in its place.
  Json schema_on(Json base) const;
};

/// --split, the same words in every command.
CLI::Option* add_split(CLI::App& command, std::string& method, const std::string& description);

}  // namespace interplay::cli
