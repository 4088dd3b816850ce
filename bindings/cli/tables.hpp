// From CSV columns to the library's tables, and back to text.
#pragma once

#include <cstdint>
#include <interplay/interplay.hpp>
#include <string>
#include <vector>

#include "csv_reader.hpp"
#include "json.hpp"

namespace interplay::cli {

/// Rows in one chunk: large enough to be fast, small enough that Ctrl-C is heard soon.
inline constexpr int64_t chunk_rows = 1 << 17;

Table to_table(const std::vector<CsvColumn>& columns, int64_t rows);
/// Throws DataError when the schema's column of this role is not in the file. advice: what to do, or "".
void expect_column(const CsvReader& reader, const Json& schema, const char* role,
                   const std::string& advice = "");
/// Throws DataError, with the line, for a cell of the label, the weight or the time that is no number.
void expect_numbers(const CsvReader& reader, const Json& schema);
/// The whole file as one table. Throws DataError when it has no row.
Table read_table(CsvReader& reader);
Exception located(const Exception& error, const CsvReader& reader);
/// Runs work, which hands the reader's rows to the library; what the library says of a row gets the file's name and line.
template <class Work>
auto about_file(const CsvReader& reader, Work work) {
  try {
    return work();
  } catch (const Exception& error) {
    throw located(error, reader);
  }
}
/// Appends the file chunk by chunk.
void append_file(Dataset& dataset, const char* part, CsvReader& reader);
/// One value as text; "" for null.
std::string cell_text(const Column& column, int64_t row);
/// The same for JSON: a number or a string.
Json json_cell(const Column& column, int64_t row);

}  // namespace interplay::cli
