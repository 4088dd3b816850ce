#include "csv_writer.hpp"

#include <utility>

#include "errors.hpp"
#include "text.hpp"

namespace interplay::cli {

CsvWriter& CsvWriter::field(std::string_view text) {
  if (fields_++ == 0) {
    row_begin_ = out_.size();
  } else {
    out_ += dialect_.delimiter;
  }
  if (!needs_quotes(text)) {
    out_ += text;
    return *this;
  }
  if (!dialect_.quotes)
    throw DataError("the field " + in_quotes(text) + " contains the delimiter " +
                    in_quotes(dialect_.delimiter) +
                    " or a line break, and a file with this delimiter has no quotes; write .csv instead");
  out_ += '"';
  for (const char c : text) {
    out_ += c;
    if (c == '"') out_ += '"';
  }
  out_ += '"';
  return *this;
}

void CsvWriter::end_row() {
  // A row that is one empty field would be an empty line, which readers skip.
  if (fields_ == 1 && out_.size() == row_begin_ && dialect_.quotes) out_ += "\"\"";
  out_ += '\n';
  fields_ = 0;
}

std::string CsvWriter::take() { return std::exchange(out_, {}); }

bool CsvWriter::needs_quotes(std::string_view text) const {
  for (const char c : text)
    if (c == '\n' || c == '\r' || (dialect_.quotes && c == '"')) return true;
  return text.find(dialect_.delimiter) != std::string_view::npos;
}

}  // namespace interplay::cli
