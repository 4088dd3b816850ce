#include "tables.hpp"

#include <limits>

#include "errors.hpp"
#include "interrupt.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

void expect_rows(const CsvReader& reader) {
  if (reader.rows() == 0) throw DataError(reader.file() + ": expected rows, found only the header");
}

template <class Values>
void add_numbers(Table& table, const CsvColumn& column, const Values& values, ArrayView<uint8_t> valid) {
  if (column.plan.separator.empty()) {
    table.add(column.plan.name, values, valid);
  } else {
    table.add_lists(column.plan.name, values, column.row_offsets, valid);
  }
}

}  // namespace

Table to_table(const std::vector<CsvColumn>& columns, int64_t rows) {
  Table table(rows);
  for (const CsvColumn& column : columns) {
    const ArrayView<uint8_t> valid =
        column.any_null ? ArrayView<uint8_t>(column.valid) : ArrayView<uint8_t>();
    const bool list = !column.plan.separator.empty();
    switch (column.plan.type) {
      case CellType::integer:
        add_numbers(table, column, column.integers, valid);
        break;
      case CellType::real:
        add_numbers(table, column, column.reals, valid);
        break;
      case CellType::text:
        table.add_strings(column.plan.name, column.bytes, column.offsets,
                          list ? ArrayView<int64_t>(column.row_offsets) : ArrayView<int64_t>(), valid);
        break;
    }
  }
  return table;
}

Exception located(const Exception& error, const CsvReader& reader) {
  std::string where = reader.file();
  const Json detail = Json::parse(error.detail(), nullptr, false);
  if (const auto row = integer_at(detail, "row"); row && *row >= 0 && *row < reader.rows())
    where += ", line " + number(reader.line_of(*row));
  return Exception(error.status(), where + ": " + error.what(), error.detail());
}

Table read_table(CsvReader& reader) {
  expect_rows(reader);
  std::vector<CsvColumn> columns;
  const int64_t rows = reader.next(std::numeric_limits<int64_t>::max(), columns);
  return to_table(columns, rows);
}

void append_file(Dataset& dataset, const char* part, CsvReader& reader) {
  expect_rows(reader);
  std::vector<CsvColumn> columns;
  while (const int64_t rows = reader.next(chunk_rows, columns)) {
    stop_if_interrupted();
    about_file(reader, [&] { dataset.append(part, to_table(columns, rows)); });
  }
}

std::string cell_text(const Column& column, int64_t row) {
  if (!column.is_valid(row)) return "";
  const auto i = static_cast<std::size_t>(row);
  switch (column.type()) {
    case INTERPLAY_INT64:
      return number(column.values<int64_t>()[i]);
    case INTERPLAY_INT32:
      return number(int64_t{column.values<int32_t>()[i]});
    case INTERPLAY_FLOAT32:
      return number(column.values<float>()[i]);
    case INTERPLAY_FLOAT64:
      return number(column.values<double>()[i]);
    case INTERPLAY_STRING:
      return std::string(column.text(row));
    default:
      return column.values<uint8_t>()[i] != 0 ? "1" : "0";
  }
}

Json json_cell(const Column& column, int64_t row) {
  if (!column.is_valid(row)) return nullptr;
  if (column.type() == INTERPLAY_STRING) return std::string(column.text(row));
  if (column.type() == INTERPLAY_INT64) return column.values<int64_t>()[static_cast<std::size_t>(row)];
  return Json::parse(cell_text(column, row), nullptr, false);
}

}  // namespace interplay::cli
