#include "values.hpp"

namespace story {
namespace {

template <class T>
T value(const Json& of) {
  if constexpr (std::is_same_v<T, std::string>)
    return of.is_null() ? std::string() : of.get<std::string>();
  else
    return number<T>(of);
}

template <class T>
void add(interplay::Table& table, const Json& column) {
  const bool lists = column.contains("lists");
  const Json& rows = column.at(lists ? "lists" : "values");
  std::vector<T> values;
  std::vector<int64_t> offsets{0};
  std::vector<uint8_t> valid;
  bool nulls = false;
  for (const Json& row : rows) {
    nulls |= row.is_null();
    valid.push_back(!row.is_null());
    if (!lists) values.push_back(value<T>(row));
    if (lists)
      for (const Json& one : row) values.push_back(value<T>(one));  // a null has none
    offsets.push_back(static_cast<int64_t>(values.size()));
  }
  if (!nulls) valid.clear();
  const auto name = column.at("name").get<std::string>();
  if (lists)
    table.add_lists(name, values, offsets, valid);
  else
    table.add(name, values, valid);
}

template <class T>
Json plain(const interplay::Column& column) {
  const interplay::ArrayView<T> values = column.values<T>();
  return Json(std::vector<T>(values.begin(), values.end()));
}

Json texts(const interplay::Column& column) {
  Json all = Json::array();
  for (int64_t row = 0; row < column.rows(); ++row) all.push_back(column.text(row));
  return all;
}

}  // namespace

interplay::Table table_of(const Json& columns) {
  const Json& first = columns.at(0);
  interplay::Table table(static_cast<int64_t>(first.at(first.contains("lists") ? "lists" : "values").size()));
  static const std::map<std::string, void (*)(interplay::Table&, const Json&)> adders{
      {"int64", add<int64_t>},  {"int32", add<int32_t>}, {"float32", add<float>},
      {"float64", add<double>}, {"bool8", add<uint8_t>}, {"string", add<std::string>}};
  for (const Json& column : columns) adders.at(column.at("type"))(table, column);
  return table;
}

Json document(const interplay::Table& table) {
  static const std::map<std::string, Json (*)(const interplay::Column&)> readers{
      {"INT64", plain<int64_t>},  {"INT32", plain<int32_t>}, {"FLOAT32", plain<float>},
      {"FLOAT64", plain<double>}, {"BOOL8", plain<uint8_t>}, {"STRING", texts}};
  const Json info = Json::parse(table.info().view());
  Json all = Json::object();
  for (const Json& of : info.at("columns")) {
    const auto name = of.at("name").get<std::string>();
    const interplay::Column column = table.column(name);
    all[name] = readers.at(interplay::type_name(column.type()))(column);
  }
  return all;
}

interplay_cell cell_of(const Json& cell, const Ids& ids, interplay::CellHeap& heap) {
  if (cell.is_null()) return interplay::cell();
  const std::string kind = cell.begin().key();
  const Json& value = cell.begin().value();
  if (kind == "int64") return interplay::cell(number<int64_t>(value));
  if (kind == "float64") return interplay::cell(number<double>(value));
  if (kind == "string") return heap.text(value.get<std::string>());
  if (kind == "id") return ids.at(value);
  if (kind != "list")
    throw std::invalid_argument("expected a kind of cell that the story has, found " + kind);
  std::vector<interplay_cell> cells;
  for (const Json& one : value) cells.push_back(cell_of(one, ids, heap));
  return heap.list(cells);
}

}  // namespace story
