#include "csv_scanner.hpp"

#include <algorithm>
#include <utility>

#include "errors.hpp"
#include "text.hpp"

namespace interplay::cli {

CsvScanner::CsvScanner(std::string_view text, CsvDialect dialect, std::string file,
                       std::size_t max_field_bytes)
    : text_(text), dialect_(std::move(dialect)), file_(std::move(file)), max_field_(max_field_bytes) {}

bool CsvScanner::next(CsvRecord& record) {
  record.fields.clear();
  if (!record.unescaped.empty()) record.unescaped.clear();
  if (!skip_empty_lines()) return false;
  record.line = line_;
  for (;;) {
    const bool opens = dialect_.quotes && at_ < text_.size() && text_[at_] == '"';
    record.fields.push_back(opens ? quoted_field(record) : plain_field());
    if (at_ == text_.size()) return true;
    if (!at_delimiter()) break;
    at_ += dialect_.delimiter.size();
  }
  end_line();
  return true;
}

bool CsvScanner::skip_empty_lines() {
  while (at_ < text_.size() && at_line_end()) end_line();
  return at_ < text_.size();
}

bool CsvScanner::at_line_end() const {
  if (text_[at_] == '\n') return true;
  return text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n');
}

bool CsvScanner::at_delimiter() const {
  return text_.compare(at_, dialect_.delimiter.size(), dialect_.delimiter) == 0;
}

void CsvScanner::end_line() {
  at_ = std::min(at_ + (text_[at_] == '\r' ? 2 : 1), text_.size());
  ++line_;
}

std::string_view CsvScanner::plain_field() {
  const std::size_t begin = at_;
  const char first = dialect_.delimiter[0];
  const bool one_byte = dialect_.delimiter.size() == 1;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\n') break;
    if (c == first && (one_byte || at_delimiter())) break;
    if (c == '"' && dialect_.quotes) fail_quote(begin);
    if (c != '\r') continue;
    if (at_line_end()) break;
    fail(line_,
         "a carriage return without a line feed; put the field in quotes, or save the file with Unix line "
         "ends");
  }
  check_size(at_ - begin, line_);
  return text_.substr(begin, at_ - begin);
}

void CsvScanner::fail_quote(std::size_t begin) const {
  const std::size_t end = std::min(text_.find(dialect_.delimiter, begin), text_.find('\n', begin));
  fail(line_, "expected a field with a quote to stand in quotes, found " +
                  in_quotes(text_.substr(begin, end - begin)) +
                  "; put it in quotes and double each quote inside");
}

std::string_view CsvScanner::quoted_field(CsvRecord& record) {
  const int64_t opened = line_;
  const std::size_t begin = at_ + 1;
  bool doubled = false;
  const std::size_t end = closing_quote(begin, opened, doubled);
  at_ = end + 1;
  if (at_ < text_.size() && !at_delimiter() && !at_line_end())
    fail(line_, "expected a delimiter after a closing quote, found " +
                    in_quotes(text_.substr(at_, std::min<std::size_t>(text_.find('\n', at_) - at_, 20))) +
                    "; double every quote inside a quoted field");
  const std::string_view inner = text_.substr(begin, end - begin);
  if (!doubled) return inner;
  std::string& out = record.unescaped.emplace_back();
  out.reserve(inner.size());
  for (std::size_t i = 0; i < inner.size(); ++i) {
    out += inner[i];
    if (inner[i] == '"') ++i;  // closing_quote saw to it that the second one is there
  }
  return out;
}

std::size_t CsvScanner::closing_quote(std::size_t from, int64_t opened, bool& doubled) {
  for (std::size_t at = from; at < text_.size(); ++at) {
    if (text_[at] == '\n') ++line_;
    if (text_[at] != '"') continue;
    if (at + 1 == text_.size() || text_[at + 1] != '"') {
      check_size(at - from, opened);
      return at;
    }
    doubled = true;
    ++at;
  }
  fail(opened, "a quote opens here and never closes; close it, or double it if it belongs to the text");
}

void CsvScanner::check_size(std::size_t bytes, int64_t line) const {
  if (bytes <= max_field_) return;
  fail(line, "a field of " + grouped(static_cast<int64_t>(bytes)) + " bytes, at most " +
                 grouped(static_cast<int64_t>(max_field_)) +
                 " are read; is a quote missing, or the delimiter another one?");
}

void CsvScanner::fail(int64_t line, const std::string& message) const {
  throw DataError(file_ + ", line " + number(line) + ": " + message);
}

}  // namespace interplay::cli
