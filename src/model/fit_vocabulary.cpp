// fit, first half: which rows are learned from, and the fields and catalogue that follow from them.
#include <interplay/sdk/random.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "model/fit.hpp"

namespace interplay::core {
namespace {

/// Which rows of a part the rows to learn from use, and how often.
std::vector<std::int64_t> row_counts(const Records& records, Part of, std::span<const std::int64_t> learn) {
  const CodedPart& part = of == Part::user   ? records.user_features
                          : of == Part::item ? records.item_features
                                             : records.interactions;
  std::vector<std::int64_t> counts(static_cast<std::size_t>(part.rows), 0);
  if ((of == Part::user && records.user.empty()) || (of == Part::item && records.item.empty())) return counts;
  for (const std::int64_t row : learn) {
    std::int64_t at = row;
    if (of == Part::user)
      at = records.row_of_user[static_cast<std::size_t>(records.user[static_cast<std::size_t>(row)])];
    if (of == Part::item)
      at = records.row_of_item[static_cast<std::size_t>(records.item[static_cast<std::size_t>(row)])];
    if (at >= 0) ++counts[static_cast<std::size_t>(at)];
  }
  return counts;
}

const Field* find_field(const std::vector<Field>& fields, const std::string& name) {
  for (const Field& field : fields)
    if (field.name == name) return &field;
  return nullptr;
}

Field make_id_field(const std::string& name, Part of, const Schema& schema) {
  Field field;
  field.name = name;
  field.of = of;
  field.is_id = true;
  field.options = schema.options(name);
  if (field.options.hash_buckets > 0 || field.options.unknown == Unknown::hash || field.options.transform)
    fail(INTERPLAY_UNSUPPORTED, "field \"" + name +
                                    "\": an id cannot be hashed or transformed; leave \"hash_buckets\", "
                                    "\"unknown\": \"hash\" and \"transform\" out");
  return field;
}

Field make_history_field(const std::string& name, const HistoryRule& rule, const Schema& schema) {
  if (rule.labels && schema.label.empty())
    fail(INTERPLAY_INVALID_ARGUMENT,
         "fit: history \"" + name +
             "\" is weighted by the label, and the schema names none; name it, or "
             "take \"weights\": \"none\"");
  Field field;
  field.name = name;
  field.kind = Kind::categories;
  field.of = rule.of;
  field.history = rule;
  return field;
}

void check_columns_agree(const std::vector<Field>& fields, const CodedPart& part, Part of) {
  if (part.columns.empty() && of != Part::context) return;  // features may stay as the catalogue has them
  std::vector<std::string> names;
  for (const CodedColumn& column : part.columns) {
    names.push_back(column.name);
    const Field* const field = find_field(fields, column.name);
    if (field == nullptr || field->of != of)
      fail(INTERPLAY_BAD_DATA, std::string("part \"") + part_name(of) + "\": the model has no field \"" +
                                   column.name +
                                   "\"; going on from a fitted model takes the columns that it knows");
  }
  for (const std::size_t f : feature_fields(fields, of))
    if (std::find(names.begin(), names.end(), fields[f].name) == names.end())
      fail(INTERPLAY_BAD_DATA,
           std::string("part \"") + part_name(of) + "\": the column \"" + fields[f].name +
               "\" of the model is missing; going on from a fitted model takes the columns that it knows");
}

std::vector<Field> learn_fields(const Fitted* old, const Dataset& train,
                                std::span<const std::int64_t> learn) {
  const Schema& schema = train.schema();
  const Records& records = train.records();
  std::vector<Field> fields;
  if (old != nullptr) {
    fields = old->fields;
  } else {
    if (!schema.user.empty()) fields.push_back(make_id_field(schema.user, Part::user, schema));
    if (!schema.item.empty()) fields.push_back(make_id_field(schema.item, Part::item, schema));
  }
  for (const Part of : {Part::context, Part::user, Part::item}) {
    const CodedPart& part = of == Part::user   ? records.user_features
                            : of == Part::item ? records.item_features
                                               : records.interactions;
    if (old != nullptr) check_columns_agree(fields, part, of);
    const std::vector<std::int64_t> counts = row_counts(records, of, learn);
    for (const CodedColumn& column : part.columns) {
      if (old == nullptr) {
        fields.push_back(fit_field(column, of, schema.options(column.name), counts, nullptr));
        continue;
      }
      for (Field& field : fields)
        if (field.name == column.name) field = fit_field(column, of, field.options, counts, &field);
    }
  }
  if (old == nullptr)
    for (const auto& [name, rule] : schema.histories)
      fields.push_back(make_history_field(name, rule, schema));
  return fields;
}

/// The part's rows, then the users or items that only interactions name.
Entities learn_entities(const std::vector<Field>& fields, const Entities& old, const Dataset& train,
                        Part of) {
  const Records& records = train.records();
  const bool user = of == Part::user;
  const Dictionary& dictionary = user ? records.users : records.items;
  const std::vector<std::int32_t>& row_of = user ? records.row_of_user : records.row_of_item;
  PartRows rows = part_rows(fields, train, of, Strict::no);
  std::vector<bool> named(static_cast<std::size_t>(dictionary.size()), false);
  const std::vector<std::int32_t>& codes = user ? records.user : records.item;
  for (std::int64_t i = 0; i < train.rows(); ++i) {
    const auto code = static_cast<std::size_t>(codes[static_cast<std::size_t>(train.row(i))]);
    if (named[code] || row_of[code] >= 0) continue;
    named[code] = true;
    rows.keys.push_back(dictionary.key(static_cast<std::int32_t>(code)));
  }
  return upsert(old, kinds_of(fields, feature_fields(fields, of)), rows, true);
}

/// Gives an id to every user or item that is learned from and has none yet.
void give_ids(Field& field, Entities& entities, std::span<const std::int32_t> index_of_code,
              const std::vector<std::int32_t>& codes, std::span<const std::int64_t> learn) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(entities.size()), 0);
  for (const std::int64_t row : learn)
    ++counts[static_cast<std::size_t>(
        index_of_code[static_cast<std::size_t>(codes[static_cast<std::size_t>(row)])])];
  std::vector<std::int32_t> ids(entities.id.ids.begin(), entities.id.ids.end());
  const std::int64_t enough = std::max<std::int64_t>(field.options.min_count, 1);
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (ids[i] == 0 && counts[i] >= enough) ids[i] = ++field.known_ids;
  entities.id.ids = std::move(ids);
}

}  // namespace

TrainingSplit hold_out(const Dataset& train, bool valid_given, double fraction, std::uint64_t seed) {
  const std::int64_t n = train.rows();
  TrainingSplit split;
  auto held = static_cast<std::int64_t>(std::llround(fraction * static_cast<double>(n)));
  if (valid_given || n < 2) held = 0;
  held = std::min(held, n - 1);
  // The first `held` places of a shuffle; rows keep their order within each part.
  std::vector<std::int64_t> places(static_cast<std::size_t>(held > 0 ? n : 0));
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<std::int64_t>(i);
  Random random(seed, Purpose::validation_split);
  std::vector<bool> out(static_cast<std::size_t>(n), false);
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max<std::int64_t>(held, 0)); ++i) {
    std::swap(places[i], places[i + random.below(static_cast<std::uint64_t>(n) - i)]);
    out[static_cast<std::size_t>(places[i])] = true;
  }
  for (std::int64_t i = 0; i < n; ++i)
    (out[static_cast<std::size_t>(i)] ? split.held_out : split.learn).push_back(train.row(i));
  return split;
}

void check_dataset(const Model& from, const Dataset& dataset, const char* which) {
  const std::string where = std::string("fit: the ") + which + " dataset ";
  if (!dataset.sealed())
    fail(INTERPLAY_INVALID_STATE, where + "is not sealed: seal it first (interplay_dataset_seal)");
  if (dataset.rows() == 0)
    fail(INTERPLAY_BAD_DATA, where + "has no interactions: there is nothing to learn from");
  if (dataset.rows() > std::numeric_limits<std::int32_t>::max() / 2)
    fail(INTERPLAY_UNSUPPORTED,
         where + "has " + std::to_string(dataset.rows()) + " rows, at most 2^30 are supported");
  if (dataset.schema().label.empty() && dataset.schema().item.empty())
    fail(INTERPLAY_BAD_DATA,
         where +
             "has neither a label nor an item column: without labels, unseen items are drawn as "
             "negatives, and that needs items");
  if (!from.fitted) return;
  const Schema &old = from.fitted->schema, &now = dataset.schema();
  if (old.user != now.user || old.item != now.item || old.label != now.label)
    fail(INTERPLAY_BAD_DATA, where +
                                 "names other user, item or label columns than the model learned (user \"" +
                                 old.user + "\", item \"" + old.item + "\", label \"" + old.label + "\")");
}

Fitted learn_vocabulary(const Fitted* old, const Dataset& train, const TrainingSplit& split) {
  const Records& records = train.records();
  Fitted fitted;
  fitted.schema = old != nullptr ? old->schema : train.schema();
  fitted.fields = learn_fields(old, train, split.learn);
  if (old != nullptr) fitted.catalogue = old->catalogue;
  std::vector<std::int32_t> user_of, item_of;
  for (Field& field : fitted.fields) {
    if (!field.is_id) continue;
    const bool user = field.of == Part::user;
    Entities& entities = user ? fitted.catalogue.users : fitted.catalogue.items;
    // The types first: an id that was a number must not become a text.
    (void)look_up(entities, user ? records.users : records.items, field.name);
    entities = learn_entities(fitted.fields, entities, train, field.of);
    auto& index = user ? user_of : item_of;
    index = look_up(entities, user ? records.users : records.items, field.name);
    give_ids(field, entities, index, user ? records.user : records.item, split.learn);
  }
  for (Field& field : fitted.fields)
    if (field.history) field.known_ids = history_ids(fitted.fields, field)->known_ids;
  if (!user_of.empty() && !item_of.empty()) {
    std::vector<Pair> pairs = pairs_of(fitted.catalogue.seen);
    for (std::int64_t i = 0; i < train.rows(); ++i) {
      const auto row = static_cast<std::size_t>(train.row(i));
      pairs.push_back({user_of[static_cast<std::size_t>(records.user[row])],
                       item_of[static_cast<std::size_t>(records.item[row])]});
    }
    fitted.catalogue.seen = make_seen(std::move(pairs), fitted.catalogue.users.size());
  }
  return fitted;
}

}  // namespace interplay::core
