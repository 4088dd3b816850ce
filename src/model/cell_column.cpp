#include "model/cell_column.hpp"

#include <cmath>

#include "base/error.hpp"

namespace interplay::core {
namespace {

/// Lists may share their cells in the heap, so the heap's size alone bounds nothing.
constexpr std::size_t most_values = std::size_t{1} << 22;

[[noreturn]] void fail_unknown_value(const interplay_cell& cell, const Key& key, const CellPlace& place) {
  fail_cell(place,
            (cell.type == INTERPLAY_CELL_ID ? "the unknown id" : "the value " + key_text(key)) +
                " did not occur in training, and the schema says \"unknown\": \"error\" for this field");
}

}  // namespace

CellColumn::CellColumn(const Fitted& fitted, std::size_t field, std::int64_t max_rows)
    : field_(fitted.fields[field]) {
  const Field* const ids = field_.history ? history_ids(fitted.fields, field_) : &field_;
  owner_ = static_cast<std::uint32_t>(ids - fitted.fields.data()) + 1;
  if (ids->is_id) entities_ = ids->of == Part::user ? &fitted.catalogue.users : &fitted.catalogue.items;
  if (field_.history) scale_ = fitted.catalogue.histories->scale();
  weights_name_ = field_.weights_name();
  const auto rows = static_cast<std::size_t>(max_rows);
  values_.kind = field_.kind;
  ids_.reserve(rows);
  numbers_.reserve(rows);
  offsets_.reserve(rows + 1);
}

void CellColumn::read(const CellRows& cells, const CellRows* weights, const Heap& heap) {
  ids_.clear();
  numbers_.clear();
  offsets_.clear();
  unknown_ = 0;
  const bool list = field_.kind == Kind::categories;
  if (list) offsets_.push_back(0);
  for (std::size_t i = 0; i < cells.rows; ++i) {
    const CellPlace place{field_.name, cells.row(i)};
    if (!list) {
      read_value(cells[i], heap, place);
      continue;
    }
    const interplay_cell* const beside = weights != nullptr ? &(*weights)[i] : nullptr;
    field_.history ? read_history(cells[i], beside, heap, place) : read_list(cells[i], beside, heap, place);
    offsets_.push_back(static_cast<std::int64_t>(ids_.size()));
  }
  values_.ids = Array<std::int32_t>(ids_.data(), ids_.size(), nullptr);
  values_.offsets = Array<std::int64_t>(offsets_.data(), offsets_.size(), nullptr);
  values_.numbers = Array<float>(numbers_.data(), numbers_.size(), nullptr);
}

std::int32_t CellColumn::index(const interplay_cell& cell, const Heap& heap, const CellPlace& place) const {
  if (cell.type == INTERPLAY_CELL_ID) return id_of(cell, owner_, entities_->size(), place) - 1;
  if (cell.type == INTERPLAY_CELL_NULL) return -1;
  return entities_->keys->find(key_of(cell, entities_->keys->type(), heap, place));
}

bool CellColumn::is_known(std::int32_t index) const {
  return index >= 0 && entities_->id.ids[static_cast<std::size_t>(index)] != 0;
}

/// Of the user's or the item's own column.
std::int32_t CellColumn::own_index(const interplay_cell& cell, const Heap& heap,
                                   const CellPlace& place) const {
  const std::int32_t found = index(cell, heap, place);
  if (!is_known(found) && field_.options.unknown == Unknown::error)
    fail_unknown_value(
        cell, cell.type == INTERPLAY_CELL_ID ? Key{} : key_of(cell, entities_->keys->type(), heap, place),
        place);
  return found;
}

std::int32_t CellColumn::id(const interplay_cell& cell, const Heap& heap, const CellPlace& place) const {
  Key key;
  std::int32_t id = 0;
  if (cell.type == INTERPLAY_CELL_ID) {
    id = id_of(cell, owner_, field_.cardinality() - 1, place);
  } else {
    key = key_of(cell, field_.vocabulary->type(), heap, place);
    id = field_.id(key);
  }
  if (id == 0 && field_.options.unknown == Unknown::error) fail_unknown_value(cell, key, place);
  return id;
}

double CellColumn::number(const interplay_cell& cell, const CellPlace& place) const {
  const double value = number_of(cell, place);
  if (std::isinf(static_cast<float>(value)))
    fail_cell(place, "expected a finite number, found an infinite one");
  return value;
}

void CellColumn::read_value(const interplay_cell& cell, const Heap& heap, const CellPlace& place) {
  if (field_.is_id) {
    ids_.push_back(own_index(cell, heap, place));
    unknown_ += is_known(ids_.back()) ? 0 : 1;
  } else if (field_.kind == Kind::number || field_.is_bucketed()) {
    const double value = number(cell, place);
    field_.is_bucketed() ? ids_.push_back(field_.bucket(value)) : numbers_.push_back(field_.number(value));
    unknown_ += std::isnan(value) ? 1 : 0;
  } else {
    ids_.push_back(id(cell, heap, place));
    unknown_ += ids_.back() == 0 ? 1 : 0;
  }
}

CellList CellColumn::begin_list(const interplay_cell& cell, const Heap& heap, const CellPlace& place) const {
  const CellList list(cell, heap, place);
  if (list.size() > most_values - ids_.size())
    fail_cell(place, "the lists of a block of rows have more than " + std::to_string(most_values) +
                         " values; open the scorer with smaller \"max_rows\"");
  return list;
}

namespace {

/// One number for each value of a list, or an error; `place` is the weights' own.
CellList numbers_beside(const CellList& list, const interplay_cell& cell, const Heap& heap,
                        const CellPlace& place, const std::string& of) {
  const CellList numbers = cell.type == INTERPLAY_CELL_NULL ? CellList() : CellList(cell, heap, place);
  if (numbers.size() != list.size())
    fail_cell(place, "expected a number for each of the " + std::to_string(list.size()) + " values of \"" +
                         of + "\", found " + std::to_string(numbers.size()));
  return numbers;
}

}  // namespace

void CellColumn::read_list(const interplay_cell& cell, const interplay_cell* weights, const Heap& heap,
                           CellPlace place) {
  if (cell.type == INTERPLAY_CELL_NULL) {  // a null list is a value of its own
    ids_.push_back(id(cell, heap, place));
    unknown_ += ids_.back() == 0 ? 1 : 0;
    if (field_.weighted) numbers_.push_back(1.0F);
    return;
  }
  const CellList list = begin_list(cell, heap, place);
  CellList numbers;
  if (weights != nullptr)
    numbers = numbers_beside(list, *weights, heap, {weights_name_, place.row}, field_.name);
  bool known = true;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    place.value = i;
    const interplay_cell value = list[i];
    if (value.type == INTERPLAY_CELL_NULL) fail_cell_type(place, "a value", value);
    ids_.push_back(id(value, heap, place));
    known = known && ids_.back() != 0;
    if (!field_.weighted) continue;
    const auto weight =
        weights == nullptr
            ? 1.0F
            : static_cast<float>(number_of(numbers[i], {weights_name_, place.row, place.value}));
    if (!std::isfinite(weight) || weight < 0)
      fail_cell({weights_name_, place.row, place.value}, "a weight must be a finite number of at least 0");
    numbers_.push_back(weight);
  }
  unknown_ += known ? 0 : 1;
}

void CellColumn::read_history(const interplay_cell& cell, const interplay_cell* labels, const Heap& heap,
                              CellPlace place) {
  if (cell.type == INTERPLAY_CELL_NULL) return;  // a null history is an empty one
  const CellList list = begin_list(cell, heap, place);
  CellList numbers;
  if (labels != nullptr)
    numbers = numbers_beside(list, *labels, heap, {weights_name_, place.row}, field_.name);
  bool known = true;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    place.value = i;
    const interplay_cell value = list[i];
    if (value.type == INTERPLAY_CELL_NULL) fail_cell_type(place, "an id", value);
    const std::int32_t at = index(value, heap, place);
    const double label =
        labels == nullptr ? 0 : number_of(numbers[i], {weights_name_, place.row, place.value});
    if (!std::isfinite(label))
      fail_cell({weights_name_, place.row, place.value}, "a label must be a finite number");
    known = known && is_known(at);
    if (!is_known(at)) continue;  // nothing can be shown of what the model does not know
    ids_.push_back(entities_->id.ids[static_cast<std::size_t>(at)]);
    if (labels != nullptr) numbers_.push_back(scale_.standard(label));
  }
  unknown_ += known ? 0 : 1;
}

interplay_cell CellColumn::resolve(const interplay_cell& cell, const Heap& heap) const {
  const CellPlace place{field_.name};
  if (cell.type == INTERPLAY_CELL_LIST)
    fail_cell(place, "expected one value, found a list; resolve its values one by one");
  if (field_.is_id) return id_cell(owner_, own_index(cell, heap, place) + 1);
  if (field_.kind == Kind::number || field_.is_bucketed()) {
    (void)number(cell, place);
    return cell;
  }
  if (field_.kind == Kind::categories && cell.type == INTERPLAY_CELL_NULL) return cell;  // a null list
  if (field_.history) return id_cell(owner_, index(cell, heap, place) + 1);
  return id_cell(owner_, id(cell, heap, place));
}

}  // namespace interplay::core
