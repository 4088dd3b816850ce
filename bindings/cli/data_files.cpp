#include "data_files.hpp"

#include <algorithm>
#include <initializer_list>

#include "errors.hpp"
#include "learned.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace interplay::cli {

void expect_ignored(const DataOptions& options, const std::vector<std::string>& names) {
  for (const std::string& column : options.ignore)
    if (std::find(names.begin(), names.end(), column) == names.end())
      throw DataError("--ignore: no file has a column " + in_quotes(column) + "; they have " +
                      joined(names, ", "));
}

Dataset DataFiles::read(const std::string& rows_role, const std::string& rows,
                        const std::map<std::string, CellType>& types) const {
  Dataset dataset(compact(schema_));
  std::vector<std::string> names;
  const auto append = [&](const char* part, const std::string& role, const std::string& path,
                          std::initializer_list<const char*> roles) {
    if (path.empty()) return;
    CsvReader reader = options_.files.open(role, path, types);
    for (const char* needed : roles) expect_column(reader, schema_, needed);
    if (role == rows_role) expect_numbers(reader, schema_);
    for (const std::string& name : reader.names()) names.push_back(name);
    append_file(dataset, part, reader);
  };
  append("users", "users", options_.users, {"user"});
  append("items", "items", options_.items, {"item"});
  append("interactions", rows_role, rows, {"user", "item", "label", "weight", "time", "group"});
  expect_ignored(options_, names);
  dataset.seal();
  return dataset;
}

Dataset DataFiles::read_ratings() {
  for (;;) {
    try {
      return read("ratings", options_.ratings, types_);
    } catch (const Exception& error) {
      const std::string column = column_of_wrong_type(error);
      if (!options_.files.choose_other_type(column, types_)) throw;
      types_[column] = CellType::text;
    }
  }
}

Dataset DataFiles::read_valid(const std::string& path) const {
  std::map<std::string, CellType> types = types_;
  for (const auto& [column, type] : options_.files.found()) types.emplace(column, type);
  for (const char* role : {"label", "time", "weight"}) types.erase(text_at(schema_, role));
  return read("valid", path, types);
}

}  // namespace interplay::cli
