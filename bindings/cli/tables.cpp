#include "tables.hpp"

#include <cmath>
#include <limits>

#include "errors.hpp"
#include "interrupt.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

void expect_rows(const CsvReader& reader) {
  if (reader.rows() == 0) throw DataError(reader.file() + ": expected rows, found only the header");
}

/// A column of numbers became text: which cell did it?
[[noreturn]] void fail_number(const CsvReader& reader, const CsvRecord& record, const char* role,
                              const std::string& column, std::string_view cell) {
  const auto value = parse_float(cell);
  const bool is_spelt_oddly = value && std::isfinite(*value);
  throw DataError(reader.file() + ", line " + number(record.line) + ": the " + role + " column " +
                  in_quotes(column) + ": expected a number, found " + in_quotes(cell) +
                  (is_spelt_oddly ? "; to read it as one: --type " + column + "=float"
                                  : "; correct it, or leave the row out"));
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

void expect_column(const CsvReader& reader, const Json& schema, const char* role, const std::string& advice) {
  const std::string column = text_at(schema, role);
  if (!column.empty() && !reader.has(column))
    throw DataError(reader.file() + ": expected the " + role + " column " + in_quotes(column) + ", found " +
                    joined(reader.names(), ", ") + (advice.empty() ? "" : "; " + advice));
}

void expect_numbers(const CsvReader& reader, const Json& schema) {
  for (const char* role : {"label", "weight", "time"})
    for (std::size_t i = 0; i < reader.columns().size(); ++i) {
      const CsvColumnPlan& plan = reader.columns()[i];
      if (plan.name != text_at(schema, role) || plan.type != CellType::text || plan.forced ||
          !plan.separator.empty())
        continue;
      CsvScanner scanner = reader.records();
      CsvRecord record;
      while (scanner.next(record)) {
        const std::string_view cell = record.fields[i];
        if (!reader.is_null(cell) && type_of_cell(cell) == CellType::text)
          fail_number(reader, record, role, plan.name, cell);
      }
    }
}

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
