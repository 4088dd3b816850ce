#include "csv_column.hpp"

#include "text.hpp"

namespace interplay::cli {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// An optional minus, then a digit or a point and a digit; no zero before another digit.
bool is_plain_number(std::string_view cell) {
  if (cell.front() == '-') cell.remove_prefix(1);
  if (cell.empty()) return false;
  const bool two = cell.size() > 1;
  if (cell[0] == '.') return two && is_digit(cell[1]);
  return is_digit(cell[0]) && !(cell[0] == '0' && two && is_digit(cell[1]));
}

bool only_digits(std::string_view cell) {
  if (cell.front() == '-') cell.remove_prefix(1);
  for (const char c : cell)
    if (!is_digit(c)) return false;
  return !cell.empty();
}

}  // namespace

const char* type_word(CellType type) {
  return type == CellType::integer ? "int" : type == CellType::real ? "float" : "string";
}

std::optional<CellType> type_from_word(std::string_view word) {
  for (const CellType type : {CellType::integer, CellType::real, CellType::text})
    if (word == type_word(type)) return type;
  return std::nullopt;
}

CellType type_of_cell(std::string_view cell) {
  if (cell.empty() || !is_plain_number(cell)) return CellType::text;
  if (parse_int(cell)) return cell == "-0" ? CellType::text : CellType::integer;
  return !only_digits(cell) && parse_float(cell) ? CellType::real : CellType::text;
}

bool CsvColumn::append(std::string_view cell) {
  if (plan.separator.empty()) {
    if (!append_value(cell)) return false;
  } else {
    // Half a row must not stay behind, or the values of the next one would shift.
    const auto before = static_cast<std::size_t>(n_values());
    if (!each_value(cell, plan.separator, [&](std::string_view value) { return append_value(value); })) {
      integers.resize(plan.type == CellType::integer ? before : 0);
      reals.resize(plan.type == CellType::real ? before : 0);
      return false;
    }
    row_offsets.push_back(n_values());
  }
  valid.push_back(1);
  return true;
}

void CsvColumn::append_null() {
  if (!plan.separator.empty()) {
    row_offsets.push_back(n_values());
  } else {
    if (plan.type == CellType::integer) integers.push_back(0);
    if (plan.type == CellType::real) reals.push_back(0);
    if (plan.type == CellType::text) offsets.push_back(offsets.back());
  }
  valid.push_back(0);
  any_null = true;
}

void CsvColumn::clear() {
  integers.clear();
  reals.clear();
  bytes.clear();
  offsets.assign(1, 0);
  row_offsets.assign(1, 0);
  valid.clear();
  any_null = false;
}

bool CsvColumn::append_value(std::string_view value) {
  if (plan.type == CellType::integer) {
    const auto parsed = parse_int(value);
    if (parsed) integers.push_back(*parsed);
    return parsed.has_value();
  }
  if (plan.type == CellType::real) {
    const auto parsed = parse_float(value);
    if (parsed) reals.push_back(*parsed);
    return parsed.has_value();
  }
  bytes += value;
  offsets.push_back(static_cast<int64_t>(bytes.size()));
  return true;
}

int64_t CsvColumn::n_values() const {
  if (plan.type == CellType::integer) return static_cast<int64_t>(integers.size());
  if (plan.type == CellType::real) return static_cast<int64_t>(reals.size());
  return static_cast<int64_t>(offsets.size()) - 1;
}

}  // namespace interplay::cli
