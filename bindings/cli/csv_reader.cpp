#include "csv_reader.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "errors.hpp"
#include "files.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

bool ends_with(std::string_view text, std::string_view end) { return text.ends_with(end); }

int64_t line_at(std::string_view text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(offset);
  return 1 + static_cast<int64_t>(std::count(text.begin(), end, '\n'));
}

}  // namespace

std::string delimiter_of(std::string_view path) {
  if (ends_with(path, ".tsv") || ends_with(path, ".tab")) return "\t";
  return ends_with(path, ".dat") ? "::" : ",";
}

CsvReader CsvReader::open(const std::string& path, const CsvOptions& options) {
  return CsvReader(read_file(path), path, options);
}

CsvReader::CsvReader(std::string text, std::string file, const CsvOptions& options)
    : text_(std::move(text)),
      file_(file == "-" ? "standard input" : std::move(file)),
      nulls_(options.nulls),
      max_field_(options.max_field),
      has_header_(options.names.empty()),
      chunks_("", {}, "") {
  dialect_.delimiter = options.delimiter.empty() ? delimiter_of(file_) : options.delimiter;
  dialect_.quotes = dialect_.delimiter.size() == 1;
  check_encoding();
  if (text_.starts_with("\xEF\xBB\xBF")) start_ = 3;
  read_header(options);
  infer();
}

void CsvReader::check_encoding() const {
  if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF"))
    fail(1, "expected UTF-8, found the mark of UTF-16; convert the file: iconv -f utf-16 -t utf-8");
  if (text_.starts_with("\x1F\x8B")) fail(1, "expected text, found a gzip file; unpack it first");
  const std::size_t nul = text_.find('\0');
  if (nul != std::string::npos)
    fail(line_at(text_, nul), "expected text, found a NUL byte; this is a binary file, or not UTF-8");
  const std::size_t bad = find_invalid_utf8(text_);
  if (bad == std::string_view::npos) return;
  const std::size_t row_begin = text_.rfind('\n', bad) + 1;  // npos + 1 is 0
  fail(line_at(text_, bad), "expected UTF-8, found the byte " +
                                number(static_cast<int64_t>(static_cast<unsigned char>(text_[bad]))) +
                                " at column " + number(static_cast<int64_t>(bad - row_begin + 1)) +
                                "; convert the file, for instance: iconv -f latin1 -t utf-8");
}

void CsvReader::read_header(const CsvOptions& options) {
  std::vector<std::string> names = options.names;
  CsvRecord record;
  if (has_header_) {
    if (!CsvScanner(std::string_view(text_).substr(start_), dialect_, file_, max_field_).next(record))
      throw DataError(file_ + ": the file is empty, expected a header with the names of the columns");
    names.assign(record.fields.begin(), record.fields.end());
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string where =
        (has_header_ ? file_ + ", line " + number(record.line) : "--columns for " + file_) + ": ";
    if (names[i].empty())
      throw DataError(where + "column " + number(static_cast<int64_t>(i + 1)) +
                      " has no name; name it, or write the file without it (pandas: index=False)");
    if (!seen.insert(names[i]).second)
      throw DataError(where + "two columns are named " + in_quotes(names[i]) + "; names must differ");
    CsvColumnPlan plan;
    plan.name = names[i];
    if (const auto type = options.types.find(plan.name); type != options.types.end()) {
      plan.type = type->second;
      plan.forced = true;
      plan.learned = options.learned.count(plan.name) > 0;
    }
    if (const auto list = options.lists.find(plan.name); list != options.lists.end())
      plan.separator = list->second;
    plans_.push_back(std::move(plan));
  }
}

void CsvReader::infer() {
  CsvScanner scanner = records();
  while (scanner.next(record_)) {
    check_length(record_);
    for (std::size_t i = 0; i < plans_.size(); ++i) infer_cell(plans_[i], record_.fields[i]);
    ++rows_;
  }
  for (CsvColumnPlan& plan : plans_)
    if (!plan.forced && !plan.any_value) plan.type = CellType::text;
}

void CsvReader::infer_cell(CsvColumnPlan& plan, std::string_view cell) const {
  if (is_null(cell)) return;
  plan.any_value = true;
  if (plan.forced || plan.type == CellType::text) return;
  const auto look = [&plan](std::string_view value) {
    plan.type = std::max(plan.type, type_of_cell(value));
    return true;
  };
  if (plan.separator.empty()) {
    look(cell);
  } else {
    each_value(cell, plan.separator, look);
  }
}

void CsvReader::check_length(const CsvRecord& record) const {
  const std::size_t expected = plans_.size(), found = record.fields.size();
  if (expected == found) return;
  std::string message =
      "expected " + number(static_cast<int64_t>(expected)) + (expected == 1 ? " field" : " fields");
  message += has_header_ ? " as in the header" : " as in --columns";
  message += ", found " + number(static_cast<int64_t>(found));
  message += found == 1 || expected == 1 ? "; is --delimiter right?"
                                         : "; a field that contains the delimiter needs quotes";
  fail(record.line, message);
}

bool CsvReader::is_null(std::string_view cell) const {
  return cell.empty() || (!nulls_.empty() && std::find(nulls_.begin(), nulls_.end(), cell) != nulls_.end());
}

std::vector<std::string> CsvReader::names() const {
  std::vector<std::string> out;
  for (const CsvColumnPlan& plan : plans_) out.push_back(plan.name);
  return out;
}

bool CsvReader::has(std::string_view name) const {
  return std::any_of(plans_.begin(), plans_.end(),
                     [name](const CsvColumnPlan& plan) { return plan.name == name; });
}

CsvScanner CsvReader::records() const {
  CsvScanner scanner(std::string_view(text_).substr(start_), dialect_, file_, max_field_);
  CsvRecord header;
  if (has_header_) scanner.next(header);
  return scanner;
}

int64_t CsvReader::line_of(int64_t row) const {
  CsvScanner scanner = records();
  CsvRecord record;
  while (row-- >= 0 && scanner.next(record)) {
  }
  return record.line;
}

int64_t CsvReader::next(int64_t max_rows, std::vector<CsvColumn>& columns) {
  if (!chunks_started_) chunks_ = records();
  chunks_started_ = true;
  columns.resize(plans_.size());
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    columns[i].clear();
    columns[i].plan = plans_[i];
  }
  int64_t rows = 0;
  for (; rows < max_rows && chunks_.next(record_); ++rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string_view cell = record_.fields[i];
      if (is_null(cell)) {
        columns[i].append_null();
      } else if (!columns[i].append(cell)) {
        fail_cell(plans_[i], cell);
      }
    }
  }
  return rows;
}

void CsvReader::fail_cell(const CsvColumnPlan& plan, std::string_view cell) const {
  const std::string expected = plan.type == CellType::integer ? "an integer" : "a number";
  fail(record_.line,
       "column " + in_quotes(plan.name) + ": expected " + expected +
           (plan.learned ? ", as the model learned" : "") + ", found " + in_quotes(cell) + "; correct it" +
           (plan.learned ? "" : ", or read the column as text: --type " + plan.name + "=string"));
}

void CsvReader::fail(int64_t line, const std::string& message) const {
  throw DataError(file_ + ", line " + number(line) + ": " + message);
}

}  // namespace interplay::cli
