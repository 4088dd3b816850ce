// tables
#include <cstring>

#include "capi/guard.hpp"
#include "data/arrow.hpp"

using namespace interplay::core;

namespace {

/// A copy of n values of a caller's array, or an empty array for NULL. The count was checked by the caller of this.
template <class T>
Array<T> copy(const void* values, std::int64_t n) {
  if (values == nullptr || n <= 0) return {};
  std::vector<T> mine(static_cast<std::size_t>(n));
  std::memcpy(mine.data(), values, mine.size() * sizeof(T));
  return mine;
}

Column begin_column(const interplay_table* table, const char* name, std::int64_t n_values,
                    const std::int64_t* row_offsets, const std::uint8_t* valid) {
  require(table, "table");
  require(name, "name");
  Column column;
  column.name = name;
  column.rows = table->table->rows();
  column.n_values = n_values;
  if (n_values < 0 || (row_offsets == nullptr && n_values != column.rows))
    fail(INTERPLAY_BAD_DATA, "column \"" + column.name + "\": expected one value for each of the " +
                                 std::to_string(column.rows) + " rows, found " + std::to_string(n_values));
  if (row_offsets != nullptr) column.row_offsets = copy<std::int64_t>(row_offsets, column.rows + 1);
  column.valid = copy<std::uint8_t>(valid, column.rows);
  return column;
}

void describe(const Column& column, Json& json) {
  json["name"] = column.name;
  json["type"] = type_name(column.type);
  json["multi_valued"] = column.multi_valued();
  json["nulls"] = std::count(column.valid.begin(), column.valid.end(), std::uint8_t{0});
}

}  // namespace

extern "C" {

interplay_status interplay_table_new(int64_t rows, interplay_table** out_table, interplay_error** error) {
  clear(out_table);
  return guard(error, [&] {
    require(out_table, "out_table");
    *out_table = new_table(Table(rows));
  });
}

interplay_status interplay_table_add(interplay_table* table, const char* name, int32_t type,
                                     const void* values, int64_t n_values, const int64_t* row_offsets,
                                     const uint8_t* valid, interplay_error** error) {
  return guard(error, [&] {
    if (type < INTERPLAY_INT64 || type > INTERPLAY_BOOL8)
      fail(INTERPLAY_INVALID_ARGUMENT,
           "type " + std::to_string(type) + " is none of INTERPLAY_INT64 (1) to INTERPLAY_BOOL8 (5)" +
               (type == INTERPLAY_STRING ? "; strings go in by interplay_table_add_strings" : ""));
    Column column = begin_column(table, name, n_values, row_offsets, valid);
    column.type = static_cast<Type>(type);
    if (n_values > 0) require(values, "values");
    column.values = copy<std::byte>(values, n_values * static_cast<std::int64_t>(type_size(column.type)));
    table->table->add(std::move(column));
  });
}

interplay_status interplay_table_add_strings(interplay_table* table, const char* name, const char* bytes,
                                             int64_t n_bytes, const int64_t* offsets, int64_t n_values,
                                             const int64_t* row_offsets, const uint8_t* valid,
                                             interplay_error** error) {
  return guard(error, [&] {
    Column column = begin_column(table, name, n_values, row_offsets, valid);
    column.type = Type::string;
    require(offsets, "offsets");
    if (n_bytes < 0) fail(INTERPLAY_BAD_DATA, "column \"" + column.name + "\": n_bytes is negative");
    if (n_bytes > 0) require(bytes, "bytes");
    column.values = copy<std::byte>(bytes, n_bytes);
    column.string_offsets = copy<std::int64_t>(offsets, n_values + 1);
    table->table->add(std::move(column));
  });
}

interplay_status interplay_table_column(const interplay_table* table, const char* name,
                                        interplay_column* out_column, interplay_error** error) {
  clear(out_column);
  return guard(error, [&] {
    require(table, "table");
    require(name, "name");
    require(out_column, "out_column");
    const Column& column = table->table->at(name);
    out_column->type = static_cast<std::int32_t>(column.type);
    out_column->rows = column.rows;
    out_column->n_values = column.n_values;
    out_column->n_bytes = column.type == Type::string ? static_cast<std::int64_t>(column.values.size()) : 0;
    out_column->values = column.values.data();
    out_column->string_offsets = column.string_offsets.data();
    out_column->row_offsets = column.row_offsets.data();
    out_column->valid = column.valid.data();
  });
}

interplay_status interplay_table_info(const interplay_table* table, interplay_text** out_json,
                                      interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(table, "table");
    require(out_json, "out_json");
    Json json;
    json["rows"] = table->table->rows();
    json["columns"] = Json::array();
    for (const Column& column : table->table->columns()) describe(column, json["columns"].emplace_back());
    *out_json = new_text(json);
  });
}

interplay_status interplay_table_from_arrow(struct ArrowArrayStream* moved_in, interplay_table** out_table,
                                            interplay_error** error) {
  clear(out_table);
  return guard(error, [&] {
    require(moved_in, "moved_in");
    Table table = table_from_arrow(moved_in);  // first: the stream is released in every case
    require(out_table, "out_table");
    *out_table = new_table(std::move(table));
  });
}

interplay_status interplay_table_to_arrow(const interplay_table* table, struct ArrowArrayStream* out_stream,
                                          interplay_error** error) {
  return guard(error, [&] {
    require(out_stream, "out_stream");
    clear_stream(out_stream);
    require(table, "table");
    table_to_arrow(table->table, out_stream);
  });
}

void interplay_table_free(interplay_table* table) { delete table; }

}  // extern "C"
