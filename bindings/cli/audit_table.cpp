#include "audit_table.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <set>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "data_files.hpp"
#include "errors.hpp"
#include "interrupt.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool names(const Json& list, const std::string& name) {
  if (!list.is_array()) return false;
  return std::any_of(list.begin(), list.end(), [&](const Json& entry) { return entry == name; });
}

/// Whether the schema makes a feature of a column that has no role.
bool is_feature(const Json& schema, const std::string& name) {
  const Json& chosen = at(schema, "features");
  return chosen.is_array() ? names(chosen, name) : !names(at(schema, "ignore"), name);
}

AuditColumn::Kind kind_of(const Json& schema, const CsvColumnPlan& plan) {
  const std::string kind = text_at(at(at(schema, "fields"), plan.name.c_str()), "kind");
  if (kind == "number") return AuditColumn::Kind::number;
  if (!plan.separator.empty()) return AuditColumn::Kind::categories;
  if (kind.empty() && plan.type == CellType::real) return AuditColumn::Kind::number;
  return AuditColumn::Kind::category;
}

std::string_view text_of(const CsvColumn& column, std::size_t i) {
  const auto begin = static_cast<std::size_t>(column.offsets[i]);
  return std::string_view(column.bytes)
      .substr(begin, static_cast<std::size_t>(column.offsets[i + 1]) - begin);
}

double number_of(const CsvColumn& column, std::size_t i) {
  switch (column.plan.type) {
    case CellType::integer:
      return static_cast<double>(column.integers[i]);
    case CellType::real:
      return column.reals[i];
    default:
      return parse_float(text_of(column, i)).value_or(nan);
  }
}

int32_t code_of(Codes& codes, const CsvColumn& column, std::size_t i) {
  switch (column.plan.type) {
    case CellType::integer:
      return codes.code(column.integers[i]);
    case CellType::real:
      return codes.code(number(column.reals[i]));
    default:
      return codes.code(text_of(column, i));
  }
}

void append_codes(std::vector<int32_t>& out, Codes& codes, const CsvColumn& column) {
  for (std::size_t row = 0; row < column.valid.size(); ++row)
    out.push_back(column.valid[row] != 0 ? code_of(codes, column, row) : Codes::none);
}

void append_numbers(std::vector<double>& out, const CsvColumn& column) {
  for (std::size_t row = 0; row < column.valid.size(); ++row)
    out.push_back(column.valid[row] != 0 ? number_of(column, row) : nan);
}

void append_lists(AuditColumn& out, Codes& codes, const CsvColumn& column) {
  for (std::size_t row = 0; row < column.valid.size(); ++row) {
    if (column.valid[row] == 0) ++out.nulls;
    for (auto i = column.row_offsets[row]; i < column.row_offsets[row + 1]; ++i)
      out.codes.push_back(code_of(codes, column, static_cast<std::size_t>(i)));
    out.offsets.push_back(static_cast<int64_t>(out.codes.size()));
  }
}

void count(AuditColumn& column, const Codes& codes) {
  if (column.kind == AuditColumn::Kind::number) {
    std::unordered_set<double> distinct;
    for (const double value : column.numbers) {
      if (std::isnan(value)) ++column.nulls;
      if (!std::isnan(value)) distinct.insert(value);
    }
    column.distinct = static_cast<int64_t>(distinct.size());
    return;
  }
  if (column.kind == AuditColumn::Kind::category)
    column.nulls = std::count(column.codes.begin(), column.codes.end(), Codes::none);
  column.distinct = codes.size();
}

/// One file: roles into `codes` and `numbers` of their own, the rest into feature columns.
class FileReader {
 public:
  FileReader(const Json& schema, std::string part) : schema_(schema), part_(std::move(part)) {}

  void id(const std::string& name, Codes& codes, std::vector<int32_t>& out) {
    if (!name.empty()) ids_.push_back({name, &codes, &out});
  }
  void number(const std::string& name, std::vector<double>& out) {
    if (!name.empty()) numbers_.push_back({name, &out});
  }
  /// A column with a role that audit does not look at.
  void skip(const std::string& name) { skipped_.insert(name); }

  int64_t read(CsvReader& reader, std::vector<AuditColumn>& features) {
    if (reader.rows() == 0) throw DataError(reader.file() + ": expected rows, found only the header");
    std::vector<AuditColumn> columns(reader.columns().size());
    std::vector<Codes> codes(columns.size());
    std::vector<CsvColumn> chunk;
    while (reader.next(chunk_rows, chunk) > 0) {
      stop_if_interrupted();
      for (std::size_t i = 0; i < chunk.size(); ++i) take(chunk[i], columns[i], codes[i]);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].name.empty()) continue;
      columns[i].rows = reader.rows();
      count(columns[i], codes[i]);
      features.push_back(std::move(columns[i]));
    }
    return reader.rows();
  }

 private:
  struct Id {
    std::string name;
    Codes* codes;
    std::vector<int32_t>* out;
  };
  struct Number {
    std::string name;
    std::vector<double>* out;
  };

  void take(const CsvColumn& from, AuditColumn& column, Codes& codes) {
    const std::string& name = from.plan.name;
    for (const Id& id : ids_)
      if (id.name == name) return append_codes(*id.out, *id.codes, from);
    for (const Number& wanted : numbers_)
      if (wanted.name == name) return append_numbers(*wanted.out, from);
    if (skipped_.count(name) || !is_feature(schema_, name)) return;
    if (column.name.empty()) {
      column.name = name;
      column.part = part_;
      column.kind = kind_of(schema_, from.plan);
      column.whole_numbers =
          column.kind == AuditColumn::Kind::category && from.plan.type == CellType::integer;
      column.offsets.assign(1, 0);
    }
    const bool number = column.kind == AuditColumn::Kind::number;
    if (number || column.whole_numbers) append_numbers(column.numbers, from);
    if (column.kind == AuditColumn::Kind::categories) append_lists(column, codes, from);
    if (column.kind == AuditColumn::Kind::category) append_codes(column.codes, codes, from);
  }

  const Json& schema_;
  std::string part_;
  std::vector<Id> ids_;
  std::vector<Number> numbers_;
  std::set<std::string> skipped_;
};

/// Code to row; the first row counts. Returns how many rows came later.
int64_t index_rows(const std::vector<int32_t>& ids, int32_t codes, std::vector<int32_t>& row_of) {
  row_of.assign(static_cast<std::size_t>(codes), -1);
  int64_t repeated = 0;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (ids[row] == Codes::none) continue;
    int32_t& at = row_of[static_cast<std::size_t>(ids[row])];
    if (at < 0)
      at = static_cast<int32_t>(row);
    else
      ++repeated;
  }
  return repeated;
}

int64_t count_nan(const std::vector<double>& values) {
  return std::count_if(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

}  // namespace

int32_t Codes::code(int64_t value) {
  const auto [at, is_new] = integers_.try_emplace(value, size_);
  if (is_new) ++size_;
  return at->second;
}

int32_t Codes::code(std::string_view text) {
  if (type_of_cell(text) == CellType::integer) return code(*parse_int(text));
  const auto [at, is_new] = texts_.try_emplace(std::string(text), size_);
  if (is_new) ++size_;
  return at->second;
}

int64_t AuditTable::row_of(const AuditColumn& column, int64_t row) const {
  if (column.part == "interactions") return row;
  const bool of_user = column.part == "users";
  const int32_t id = (of_user ? user : item)[static_cast<std::size_t>(row)];
  return id == Codes::none ? -1 : (of_user ? users_row : items_row)[static_cast<std::size_t>(id)];
}

AuditTable read_audit_table(const DataOptions& options) {
  const Json schema = options.schema_on(Json::object());
  AuditTable table;
  table.user_name = text_at(schema, "user");
  table.item_name = text_at(schema, "item");
  table.label_name = text_at(schema, "label");
  table.time_name = text_at(schema, "time");
  for (const auto& [file, role, option] : {std::tuple(&options.users, &table.user_name, "user"),
                                           std::tuple(&options.items, &table.item_name, "item")})
    if (!file->empty() && role->empty())
      throw DataError(*file + ": which column has the ids? Say it with --" + option);
  Codes users, items;
  std::vector<int32_t> user_ids, item_ids;
  std::vector<std::string> all_names;
  const auto read = [&](const std::string& role, const std::string& path, const char* part, auto set_up,
                        std::initializer_list<const char*> needed) -> int64_t {
    if (path.empty()) return 0;
    CsvReader reader = options.files.open(role, path);
    for (const char* need : needed) expect_column(reader, schema, need);
    for (const std::string& name : reader.names()) all_names.push_back(name);
    FileReader file(schema, part);
    set_up(file);
    return file.read(reader, table.columns);
  };
  table.rows = read("ratings", options.ratings, "interactions",
                    [&](FileReader& file) {
                      file.id(table.user_name, users, table.user);
                      file.id(table.item_name, items, table.item);
                      file.number(table.label_name, table.label);
                      file.number(table.time_name, table.time);
                      for (const char* role : {"weight", "group"}) file.skip(text_at(schema, role));
                    },
                    {"user", "item", "label", "weight", "time", "group"});
  read("users", options.users, "users", [&](FileReader& file) { file.id(table.user_name, users, user_ids); },
       {"user"});
  read("items", options.items, "items", [&](FileReader& file) { file.id(table.item_name, items, item_ids); },
       {"item"});
  expect_ignored(options, all_names);
  options.files.check_used();
  table.users = users.size();
  table.items = items.size();
  if (!options.users.empty()) table.repeated_users = index_rows(user_ids, table.users, table.users_row);
  if (!options.items.empty()) table.repeated_items = index_rows(item_ids, table.items, table.items_row);
  table.null_users = std::count(table.user.begin(), table.user.end(), Codes::none);
  table.null_items = std::count(table.item.begin(), table.item.end(), Codes::none);
  table.null_labels = count_nan(table.label);
  return table;
}

}  // namespace interplay::cli
