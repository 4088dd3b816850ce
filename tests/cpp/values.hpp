// Between the story's JSON and what interplay.hpp takes and gives. Nothing here expects anything.
#pragma once

#include <interplay/interplay.hpp>
#include <map>
#include <nlohmann/json.hpp>

namespace story {

using Json = nlohmann::json;

/// A number of a column or a cell: one above 2^53, and NaN, is written as a string; null stands for 0.
template <class T>
T number(const Json& value) {
  if (value.is_null()) return T();
  if (!value.is_string()) return value.get<T>();
  if constexpr (std::is_floating_point_v<T>)
    return static_cast<T>(std::stod(value.get<std::string>()));
  else
    return static_cast<T>(std::stoll(value.get<std::string>()));
}
template <class T>
std::vector<T> numbers(const Json& values) {
  std::vector<T> all;
  for (const Json& value : values) all.push_back(number<T>(value));
  return all;
}

/// A table of the story: its rows are those of the first column.
interplay::Table table_of(const Json& columns);
/// {column: values}. Without lists and nulls, which no result has.
Json document(const interplay::Table& table);

/// What scorer_resolve gave, by the names of the story.
using Ids = std::map<std::string, interplay_cell>;
interplay_cell cell_of(const Json& cell, const Ids& ids, interplay::CellHeap& heap);

}  // namespace story
