#include "model/join.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "model/histories.hpp"

namespace interplay::core {
namespace {

const Entities& entities_of(const Catalogue& catalogue, Part of) {
  return of == Part::user ? catalogue.users : catalogue.items;
}

/// The id column of a table: indices of the catalogue.
std::vector<std::int32_t> index_column(const Field& field, const Entities& entities, const Column& column,
                                       Strict strict) {
  check_key_type(field.name, entities.keys->type(), column);
  if (column.multi_valued())
    fail(INTERPLAY_BAD_DATA, "column \"" + field.name + "\": expected one id a row, found lists");
  std::vector<std::int32_t> index(static_cast<std::size_t>(column.rows), -1);
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (!column.is_null(row)) index[static_cast<std::size_t>(row)] = entities.keys->find(key_at(column, row));
    const std::int32_t found = index[static_cast<std::size_t>(row)];
    if (strict == Strict::yes && field.options.unknown == Unknown::error &&
        (found < 0 || entities.id.ids[static_cast<std::size_t>(found)] == 0))
      fail(INTERPLAY_BAD_DATA,
           "column \"" + field.name + "\", row " + std::to_string(row) + ": " +
               (column.is_null(row) ? "null" : key_text(key_at(column, row))) +
               " did not occur in training, and the schema says \"unknown\": \"error\" for this field");
  }
  return index;
}

std::vector<std::int32_t> gather(const std::vector<std::int32_t>& index_of_code,
                                 const std::vector<std::int32_t>& codes,
                                 std::span<const std::int64_t> chosen) {
  std::vector<std::int32_t> result;
  result.reserve(chosen.size());
  for (const std::int64_t row : chosen)
    result.push_back(index_of_code[static_cast<std::size_t>(codes[static_cast<std::size_t>(row)])]);
  return result;
}

std::vector<float> gather(const std::vector<float>& values, std::span<const std::int64_t> chosen) {
  std::vector<float> result;
  result.reserve(chosen.size());
  for (const std::int64_t row : chosen) result.push_back(values[static_cast<std::size_t>(row)]);
  return result;
}

}  // namespace

const Column* weights_of(const Field& field, const Column& column, const Table& table) {
  const std::string name = field.weights_name();
  if (name.empty() || (field.options.weights.empty() && !column.weights.empty())) return nullptr;
  return table.find(name);
}

EncodedTable encode_table(const Fitted& fitted, const Table& table, Strict strict) {
  EncodedTable result;
  result.rows = table.rows();
  result.columns.resize(fitted.fields.size());
  for (std::size_t f = 0; f < fitted.fields.size(); ++f) {
    const Field& field = fitted.fields[f];
    const Column* const column = table.find(field.name);
    if (column == nullptr) continue;
    if (field.is_id) {
      auto& index = field.of == Part::user ? result.user : result.item;
      index = index_column(field, entities_of(fitted.catalogue, field.of), *column, strict);
      continue;
    }
    if (field.history) {
      result.columns[f] = encode_history(fitted, field, table, *column);
      continue;
    }
    result.columns[f] = encode(field, *column, weights_of(field, *column, table), strict);
  }
  return result;
}

const EncodedColumn* catalogue_column(const Fitted& fitted, std::size_t field) {
  const Field& wanted = fitted.fields[field];
  if (wanted.of == Part::context || wanted.history) return nullptr;
  const Entities& entities = entities_of(fitted.catalogue, wanted.of);
  if (wanted.is_id) return &entities.id;
  const std::vector<std::size_t> features = feature_fields(fitted.fields, wanted.of);
  const auto at = std::find(features.begin(), features.end(), field) - features.begin();
  return &entities.features[static_cast<std::size_t>(at)];
}

std::vector<std::int32_t> look_up(const Entities& entities, const Dictionary& dictionary,
                                  const std::string& column) {
  const KeyType known = entities.keys->type(), found = dictionary.type();
  if (known != KeyType::none && found != KeyType::none && known != found)
    fail(INTERPLAY_BAD_DATA, "column \"" + column + "\": the model learned " + key_type_name(known) +
                                 ", this dataset has " + key_type_name(found));
  std::vector<std::int32_t> index(static_cast<std::size_t>(dictionary.size()));
  for (std::int32_t code = 0; code < dictionary.size(); ++code)
    index[static_cast<std::size_t>(code)] = entities.keys->find(dictionary.key(code));
  return index;
}

std::unique_ptr<JoinedDataset> join_dataset(const Fitted& fitted, const Dataset& dataset,
                                            std::span<const std::int64_t> chosen, Strict strict) {
  const Records& records = dataset.records();
  auto joined = std::make_unique<JoinedDataset>();
  RowSet& set = joined->set;
  set.rows = static_cast<std::int64_t>(chosen.size());
  set.fields = describe(fitted.fields);
  set.histories = fitted.catalogue.histories;
  if (!records.user.empty())
    set.user =
        gather(look_up(fitted.catalogue.users, records.users, fitted.schema.user), records.user, chosen);
  if (!records.item.empty())
    set.item =
        gather(look_up(fitted.catalogue.items, records.items, fitted.schema.item), records.item, chosen);
  if (!records.label.empty()) set.label = gather(records.label, chosen);
  if (!records.weight.empty()) set.weight = gather(records.weight, chosen);
  const std::vector<std::int32_t> rows(chosen.begin(), chosen.end());
  joined->context.resize(fitted.fields.size());
  for (std::size_t f = 0; f < fitted.fields.size(); ++f) {
    const Field& field = fitted.fields[f];
    set.lists.push_back(list_rule(field));
    if (field.of != Part::context) {
      set.sources.push_back({catalogue_column(fitted, f), field.of == Part::user ? By::user : By::item, -1});
      continue;
    }
    const CodedColumn* const column = records.interactions.find(field.name);
    if (column != nullptr) {
      const EncodedColumn whole = encode(field, *column, strict);
      joined->context[f] = combine(field.kind, &whole, rows, nullptr, {});
    }
    set.sources.push_back({column != nullptr ? &joined->context[f] : nullptr, By::row, -1});
  }
  return joined;
}

PartRows part_rows(const std::vector<Field>& fields, const Dataset& dataset, Part of, Strict strict) {
  const Records& records = dataset.records();
  const bool user = of == Part::user;
  const CodedPart& part = user ? records.user_features : records.item_features;
  const Dictionary& dictionary = user ? records.users : records.items;
  PartRows result;
  for (const std::int32_t code : user ? records.user_of_row : records.item_of_row)
    result.keys.push_back(dictionary.key(code));
  result.feature_rows = part.rows;
  for (const std::size_t f : feature_fields(fields, of)) {
    const CodedColumn* const column = part.find(fields[f].name);
    result.features.push_back(column != nullptr ? std::optional(encode(fields[f], *column, strict))
                                                : std::nullopt);
  }
  return result;
}

Catalogue with_features_of(const Fitted& fitted, const Dataset& dataset, Strict strict) {
  Catalogue catalogue = fitted.catalogue;
  for (const Part of : {Part::user, Part::item}) {
    const std::vector<Kind> kinds = kinds_of(fitted.fields, feature_fields(fitted.fields, of));
    const PartRows rows = part_rows(fitted.fields, dataset, of, strict);
    Entities& entities = of == Part::user ? catalogue.users : catalogue.items;
    if (!rows.keys.empty() && !kinds.empty()) entities = upsert(entities, kinds, rows, false);
  }
  return catalogue;
}

}  // namespace interplay::core
