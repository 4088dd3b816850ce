#include "model/cell_table.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace interplay::core {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& text) {
  Json detail;
  detail["key"] = name;
  fail(INTERPLAY_INVALID_ARGUMENT, "scorer: column " + in_quotes(name) + ": " + text, dump_json(detail));
}

std::vector<std::string> known_names(const Fitted& fitted) {
  std::vector<std::string> names;
  for (const Field& field : fitted.fields) names.push_back(field.name);
  for (const Field& field : fitted.fields)
    if (const std::string weights = field.weights_name(); !weights.empty()) names.push_back(weights);
  return names;
}

}  // namespace

CellTable::CellTable(const Fitted& fitted, std::span<const std::string> names, std::int64_t max_rows)
    : of_field_(fitted.fields.size(), nullptr) {
  for (const std::string& name : names) add(fitted, name, max_rows);
  pair_weights();
}

void CellTable::add(const Fitted& fitted, const std::string& name, std::int64_t max_rows) {
  Place place;
  place.name = name;
  const auto field = std::find_if(fitted.fields.begin(), fitted.fields.end(),
                                  [&](const Field& known) { return known.name == name; });
  if (field != fitted.fields.end()) {
    const auto number = static_cast<std::size_t>(field - fitted.fields.begin());
    place.column = std::make_unique<CellColumn>(fitted, number, max_rows);
    of_field_[number] = place.column.get();
    if (field->is_id) (field->of == Part::user ? user_ : item_) = place.column.get();
  } else {
    const std::vector<std::string> known = known_names(fitted);
    if (std::find(known.begin(), known.end(), name) == known.end())
      fail_unknown(INTERPLAY_NOT_FOUND, "column", name, known, "scorer");
  }
  columns_.push_back(std::move(place));
}

void CellTable::pair_weights() {
  const auto place_of = [&](const std::string& name) {
    const auto found = std::find_if(columns_.begin(), columns_.end(),
                                    [&](const Place& place) { return place.name == name && !place.column; });
    return found != columns_.end() ? static_cast<std::size_t>(found - columns_.begin()) : none;
  };
  std::vector<bool> paired(columns_.size(), false);
  for (Place& place : columns_) {
    if (!place.column || place.column->weights_name().empty()) continue;
    place.weights = place_of(place.column->weights_name());
    if (place.weights != none)
      paired[place.weights] = true;
    else if (place.column->field().history)
      refuse(place.name, "a history with labels needs the label of each of its values, in a column " +
                             in_quotes(place.column->weights_name()) + " of the same part, shared or row");
  }
  for (std::size_t c = 0; c < columns_.size(); ++c)
    if (!columns_[c].column && !paired[c])
      refuse(columns_[c].name, "the column of the values must stand in the same part, shared or row");
}

void CellTable::read(const CellRows& rows, const Heap& heap) {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Place& place = columns_[c];
    if (!place.column) continue;
    CellRows cells = rows, weights = rows;
    cells.first += c;
    if (place.weights != none) weights.first += place.weights;
    place.column->read(cells, place.weights != none ? &weights : nullptr, heap);
  }
}

void CellTable::count(std::int64_t times) {
  for (Place& place : columns_)
    if (place.column) place.unknown += times * place.column->unknown();
}

void CellTable::report_unknown(Json& unknown) const {
  for (const Place& place : columns_)
    if (place.column) unknown[place.name] = place.unknown;
}

interplay_cell CellTable::resolve(std::size_t column, const interplay_cell& value, const Heap& heap) const {
  const Place& place = columns_[column];
  if (place.column) return place.column->resolve(value, heap);
  (void)number_of(value, {place.name});
  return value;
}

}  // namespace interplay::core
