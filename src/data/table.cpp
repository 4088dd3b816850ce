#include "data/table.hpp"

#include <cstring>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace interplay::core {

namespace {

template <class T>
T load(const Array<std::byte>& values, std::int64_t i) {
  T out;  // a copy: values that came through an Arrow batch need not be aligned
  std::memcpy(&out, values.data() + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
  return out;
}

/// A vector as bytes, without a copy.
template <class T>
Array<std::byte> bytes_of(std::vector<T>&& values) {
  auto owner = std::make_shared<const std::vector<T>>(std::move(values));
  const auto* data = reinterpret_cast<const std::byte*>(owner->data());
  const std::size_t size = owner->size() * sizeof(T);
  return Array<std::byte>(data, size, std::move(owner));
}

template <class T>
Array<T> copy_of(const Array<T>& array) {
  return array.empty() ? Array<T>() : Array<T>(std::vector<T>(array.begin(), array.end()));
}

template <class T>
Column numbers(std::string name, Type type, std::vector<T>&& values) {
  Column column;
  column.name = std::move(name);
  column.type = type;
  column.rows = static_cast<std::int64_t>(values.size());
  column.n_values = column.rows;
  column.values = bytes_of(std::move(values));
  return column;
}

}  // namespace

const char* type_name(Type type) {
  switch (type) {
    case Type::int64:
      return "int64";
    case Type::int32:
      return "int32";
    case Type::float32:
      return "float32";
    case Type::float64:
      return "float64";
    case Type::bool8:
      return "bool8";
    case Type::string:
      return "string";
  }
  return "no type";
}

std::size_t type_size(Type type) {
  if (type == Type::int64 || type == Type::float64) return 8;
  return type == Type::int32 || type == Type::float32 ? 4 : 1;
}

std::int64_t Column::integer(std::int64_t i) const {
  if (type == Type::int64) return load<std::int64_t>(values, i);
  if (type == Type::int32) return load<std::int32_t>(values, i);
  return load<std::uint8_t>(values, i);
}

double Column::number(std::int64_t i) const {
  if (type == Type::float32) return load<float>(values, i);
  if (type == Type::float64) return load<double>(values, i);
  return static_cast<double>(integer(i));
}

std::string_view Column::text(std::int64_t i) const {
  const auto at = static_cast<std::size_t>(i);
  const auto start = static_cast<std::size_t>(string_offsets[at]);
  const auto end = static_cast<std::size_t>(string_offsets[at + 1]);
  return {reinterpret_cast<const char*>(values.data()) + start, end - start};
}

Table::Table(std::int64_t rows) : rows_(rows) {
  if (rows < 0) {
    fail(INTERPLAY_INVALID_ARGUMENT, "a table has 0 rows or more, found " + std::to_string(rows));
  }
}

void Table::add(Column column) {
  check(column);
  columns_.push_back(std::move(column));
}

void Table::add_copy(const Column& borrowed) {
  check(borrowed);
  Column column = borrowed;
  column.values = copy_of(borrowed.values);
  column.string_offsets = copy_of(borrowed.string_offsets);
  column.row_offsets = copy_of(borrowed.row_offsets);
  column.valid = copy_of(borrowed.valid);
  column.weights = copy_of(borrowed.weights);
  columns_.push_back(std::move(column));
}

void Table::check(const Column& column) const {
  const std::string name = in_quotes(column.name);
  const std::string detail = dump_json(members({{"column", column.name}}));
  if (column.name.empty()) {
    fail(INTERPLAY_INVALID_ARGUMENT, "column " + std::to_string(columns_.size() + 1) +
                                         " of the table has no name; every column needs one");
  }
  const std::size_t bad = find_invalid_utf8(column.name);
  if (bad != all_valid) {
    fail(INTERPLAY_INVALID_ARGUMENT,
         "the column name " + name + " must be UTF-8, found another byte at " + std::to_string(bad), detail);
  }
  if (find(column.name) != nullptr) {
    fail(INTERPLAY_INVALID_ARGUMENT, "the table has a column " + name + " already; names stand once", detail);
  }
  check_column(column, rows_);
}

const Column* Table::find(std::string_view name) const {
  for (const Column& column : columns_) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

const Column& Table::at(std::string_view name) const {
  if (const Column* column = find(name)) return *column;
  fail_missing(INTERPLAY_NOT_FOUND, "a column", name, names(), "table");
}

std::vector<std::string> Table::names() const {
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.name);
  return names;
}

Column make_column(std::string name, std::vector<std::int64_t>&& values) {
  return numbers(std::move(name), Type::int64, std::move(values));
}

Column make_column(std::string name, std::vector<std::int32_t>&& values) {
  return numbers(std::move(name), Type::int32, std::move(values));
}

Column make_column(std::string name, std::vector<float>&& values) {
  return numbers(std::move(name), Type::float32, std::move(values));
}

Column make_column(std::string name, const std::vector<std::string_view>& values) {
  std::vector<std::int64_t> offsets(1, 0);
  std::vector<char> bytes;
  offsets.reserve(values.size() + 1);
  for (const std::string_view value : values) {
    bytes.insert(bytes.end(), value.begin(), value.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  Column column = numbers(std::move(name), Type::string, std::move(bytes));
  column.rows = column.n_values = static_cast<std::int64_t>(values.size());
  column.string_offsets = std::move(offsets);
  return column;
}

}  // namespace interplay::core
