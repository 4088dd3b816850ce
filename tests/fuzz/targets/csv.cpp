// The first byte chooses the options, the rest is the file.
#include <interplay/interplay.hpp>

#include "csv_reader.hpp"
#include "csv_writer.hpp"
#include "errors.hpp"
#include "fuzz/promises.hpp"
#include "fuzz/targets.hpp"
#include "tables.hpp"

namespace interplay::fuzz {
namespace {

using namespace interplay::cli;

CsvOptions options_of(std::uint8_t how) {
  static constexpr const char* delimiters[] = {",", "\t", "::", ";"};
  CsvOptions options;
  options.delimiter = delimiters[how % 4];
  if ((how & 4) != 0) options.names = {"a", "b"};
  if ((how & 8) != 0) options.lists = {{"a", "|"}, {"b", ", "}};
  if ((how & 16) != 0) options.nulls = {"NA", "0"};
  if ((how & 32) != 0) options.types = {{"a", CellType::integer}, {"b", CellType::real}};
  if ((how & 64) != 0) options.max_field = 8;
  return options;
}

/// Every row, in chunks of three, as the library's tables; how many there were.
std::int64_t read_all(CsvReader& reader) {
  std::vector<CsvColumn> columns;
  std::int64_t rows = 0;
  for (std::int64_t n = reader.next(3, columns); n > 0; n = reader.next(3, columns)) {
    if (!columns.empty()) (void)to_table(columns, n);
    rows += n;
  }
  return rows;
}

/// What is read, written and read again is the same.
void write_and_read(const CsvReader& reader, const CsvOptions& options) {
  CsvWriter writer(reader.dialect());
  std::vector<std::vector<std::string>> rows;
  CsvScanner scanner = reader.records();
  for (CsvRecord record; scanner.next(record);) {
    rows.emplace_back(record.fields.begin(), record.fields.end());
    for (const std::string& field : rows.back()) writer.field(field);
    writer.end_row();
  }
  const std::string text = writer.take();
  CsvScanner again(text, reader.dialect(), "again", options.max_field);
  std::size_t n = 0;
  for (CsvRecord record; again.next(record); ++n)
    promise(
        n < rows.size() && std::vector<std::string>(record.fields.begin(), record.fields.end()) == rows[n],
        "a row that was written is read as another one");
  promise(n == rows.size(), "a row that was written is not read");
}

}  // namespace

void csv(const std::uint8_t* data, std::size_t size) {
  Bytes input(data, size);
  const CsvOptions options = options_of(input.byte());
  const std::string text = input.rest();
  try {
    CsvReader reader(text, "file", options);
    const std::int64_t rows = reader.rows();
    if (rows > 0) promise(reader.line_of(rows - 1) >= rows, "a row stands before its line");
    try {
      write_and_read(reader, options);
    } catch (const DataError&) {  // a dialect without quotes cannot hold every field
    }
    promise(read_all(reader) == rows, "the second scan finds other rows than the first");
  } catch (const DataError& error) {
    const std::string message = error.what();
    promise(message.find("file") != std::string::npos, "a message without its file: " + message);
    promise(core::find_invalid_utf8(message) == core::all_valid, "a message that is not UTF-8: " + message);
  }
}

}  // namespace interplay::fuzz
