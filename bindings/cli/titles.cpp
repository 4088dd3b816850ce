#include "titles.hpp"

#include <algorithm>

#include "errors.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

std::size_t position_of(const CsvReader& reader, const std::string& column) {
  const auto names = reader.names();
  const auto found = std::find(names.begin(), names.end(), column);
  if (found == names.end())
    throw DataError("--titles: " + reader.file() + " has no column " + in_quotes(column) + ", it has " +
                    joined(names, ", "));
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

Titles::Titles(const std::string& spec, const FileOptions& files) {
  if (spec.empty()) return;
  // From the right, because a path may contain a colon.
  const std::size_t second = spec.rfind(':');
  const std::size_t first =
      second == std::string::npos || second == 0 ? std::string::npos : spec.rfind(':', second - 1);
  if (first == std::string::npos || first == 0 || second == first + 1 || second + 1 == spec.size())
    throw UsageError("--titles: expected FILE:ID_COLUMN:NAME_COLUMN, found " + in_quotes(spec));
  const CsvReader reader = files.open("titles", spec.substr(0, first));
  const std::size_t id = position_of(reader, spec.substr(first + 1, second - first - 1));
  column_ = spec.substr(second + 1);
  const std::size_t name = position_of(reader, column_);
  CsvScanner scanner = reader.records();
  CsvRecord record;
  while (scanner.next(record)) names_.emplace(record.fields[id], record.fields[name]);
}

const std::string& Titles::of(const std::string& id) const {
  static const std::string none;
  const auto found = names_.find(id);
  return found == names_.end() ? none : found->second;
}

}  // namespace interplay::cli
