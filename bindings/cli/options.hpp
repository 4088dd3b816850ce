// Options that several commands share, and how their help looks.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "csv_reader.hpp"
#include "usage.hpp"

namespace interplay::cli {

/// Descriptions wrapped to 80 columns, the names of options on the left.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override;
};

/// --delimiter, --columns, --list, --type, --null: how the CSV files of one command are read.
class FileOptions {
 public:
  void add_to(CLI::App& command);
  /// Opens the file of an option; role is that option's name ("ratings", "users", ...). types: what the model knows of the
  /// columns; what the user says comes first.
  CsvReader open(const std::string& role, const std::string& path,
                 const std::map<std::string, CellType>& types = {}) const;
  /// After the last file was opened: a column that --list or --type names must have been in one.
  void check_used() const;
  /// Every column of every file that was opened, with its type.
  const std::map<std::string, CellType>& found() const { return found_; }
  /// After the library refused a column's type: choose the other one, unless the user or an earlier attempt chose it.
  /// False when there is nothing left to try.
  bool choose_other_type(const std::string& column, std::map<std::string, CellType>& types) const;

 private:
  static std::map<std::string, std::string> split(const std::vector<std::string>& pairs, const char* option);
  std::vector<std::string> names_for(const std::string& role) const;
  std::string delimiter() const;

  std::string delimiter_;
  std::vector<std::string> columns_, lists_, types_, nulls_;
  mutable std::map<std::string, CellType> found_;
};

/// --json, --quiet.
struct OutputOptions {
  bool json = false;
  bool quiet = false;

  void add_to(CLI::App& command, bool has_progress);
};

/// --tables: the type of a saved model's embeddings.
void add_tables_option(CLI::App& command, std::string& tables);

/// --threads.
CLI::Option* add_threads_option(CLI::App& command, int64_t& threads, const std::string& remark = "");

/// One option that takes one value at a time and may be repeated.
CLI::Option* add_repeated(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                          const std::string& description);
/// "name=value" at the first '='; a UsageError that names the option otherwise.
std::pair<std::string, std::string> name_and_value(const std::string& pair, const std::string& option);

}  // namespace interplay::cli
