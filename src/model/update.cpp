// update: users, items or what users have seen change; the weights do not, and are shared.
#include <algorithm>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "data/coding.hpp"
#include "model/container.hpp"
#include "model/histories.hpp"

namespace interplay::core {
namespace {

enum class Action { upsert, replace, remove };

Action parse_action(const Json& options) {
  ObjectReader reader(options, "options of update");
  const std::string action = reader.choice("action", "upsert", {"upsert", "replace", "remove"});
  reader.finish();
  return action == "remove" ? Action::remove : action == "replace" ? Action::replace : Action::upsert;
}

const std::string& require_role(const Fitted& fitted, Part of) {
  const std::string& name = of == Part::user ? fitted.schema.user : fitted.schema.item;
  if (name.empty())
    fail(INTERPLAY_UNSUPPORTED, std::string("update: the schema of this model names no ") +
                                    (of == Part::user ? "user" : "item") + " column");
  return name;
}

/// The id column of a table for update: one id a row, none null, of the catalogue's type.
const Column& id_column(const Fitted& fitted, const Table& table, Part of) {
  const Column& column = table.at(require_role(fitted, of));
  const Entities& entities = of == Part::user ? fitted.catalogue.users : fitted.catalogue.items;
  check_key_type(column.name, entities.keys->type(), column);
  if (column.multi_valued())
    fail(INTERPLAY_BAD_DATA, "column \"" + column.name + "\": expected one id a row, found lists");
  for (std::int64_t row = 0; row < column.rows; ++row)
    if (column.is_null(row))
      fail(INTERPLAY_BAD_DATA,
           "column \"" + column.name + "\", row " + std::to_string(row) + ": an id cannot be null");
  return column;
}

PartRows table_rows(const Fitted& fitted, const Table& table, const Column& ids, Part of) {
  PartRows rows;
  rows.feature_rows = table.rows();
  Dictionary known;
  for (std::int64_t row = 0; row < ids.rows; ++row) {
    const Key key = key_at(ids, row);
    if (known.add(key) != static_cast<std::int32_t>(row))
      fail(INTERPLAY_BAD_DATA, "update: column \"" + ids.name + "\", row " + std::to_string(row) +
                                   ": the id " + key_text(key) + " is there twice");
    rows.keys.push_back(key);
  }
  for (const std::size_t f : feature_fields(fitted.fields, of)) {
    const Field& field = fitted.fields[f];
    const Column* const column = table.find(field.name);
    rows.features.push_back(
        column != nullptr
            ? std::optional(encode(field, *column, weights_of(field, *column, table), Strict::no))
            : std::nullopt);
  }
  return rows;
}

std::vector<std::int32_t> indices_of(const Entities& entities, const Column& ids) {
  std::vector<std::int32_t> indices;
  for (std::int64_t row = 0; row < ids.rows; ++row)
    if (const std::int32_t index = entities.keys->find(key_at(ids, row)); index >= 0)
      indices.push_back(index);
  return indices;
}

/// What users have seen after some of them were removed, over `users` users.
Seen without_users(const Seen& seen, const std::vector<std::int32_t>& removed, std::int32_t users) {
  const std::set<std::int32_t> gone(removed.begin(), removed.end());
  std::vector<Pair> pairs = pairs_of(seen);
  std::erase_if(pairs, [&](const Pair& pair) { return gone.count(pair.user) != 0; });
  return make_seen(std::move(pairs), users);
}

void set_log(Fitted& fitted, EventLog log) {
  const std::int64_t n = log.size();
  fitted.catalogue.histories = make_histories(fitted, std::move(log), fitted.catalogue.histories->scale(), n);
}

/// The events of a log but for those whose pair is `gone`.
template <class Gone>
EventLog without(const EventLog& log, const Gone& gone) {
  std::vector<std::int32_t> user, item;
  std::vector<float> label;
  std::vector<double> time;
  for (std::size_t i = 0; i < log.user.size(); ++i) {
    if (gone(Pair{log.user[i], log.item[i]})) continue;
    user.push_back(log.user[i]);
    item.push_back(log.item[i]);
    if (!log.label.empty()) label.push_back(log.label[i]);
    if (!log.time.empty()) time.push_back(log.time[i]);
  }
  return {std::move(user), std::move(item), std::move(label), std::move(time)};
}

void update_entities(Fitted& fitted, const Table& table, Part of, Action action) {
  const Column& ids = id_column(fitted, table, of);
  const std::vector<Kind> kinds = kinds_of(fitted.fields, feature_fields(fitted.fields, of));
  Entities& entities = of == Part::user ? fitted.catalogue.users : fitted.catalogue.items;
  std::vector<std::int32_t> removed;
  if (action == Action::remove) {
    removed = indices_of(entities, ids);
    entities = remove(entities, kinds, removed);
  } else {
    const PartRows rows = table_rows(fitted, table, ids, of);
    if (action == Action::replace) {
      std::vector<bool> stays(static_cast<std::size_t>(entities.size()), false);
      for (const std::int32_t index : indices_of(entities, ids))
        stays[static_cast<std::size_t>(index)] = true;
      for (std::int32_t i = 0; i < entities.size(); ++i)
        if (!stays[static_cast<std::size_t>(i)]) removed.push_back(i);
      entities = remove(entities, kinds, removed);
    }
    entities = upsert(entities, kinds, rows, true);
  }
  if (of == Part::user && fitted.catalogue.histories && !removed.empty())
    set_log(fitted, without(fitted.catalogue.histories->log(),
                            [gone = std::set(removed.begin(), removed.end())](const Pair& pair) {
                              return gone.count(pair.user) != 0;
                            }));
  // A user who is removed leaves no trace of what he has seen.
  if (of == Part::user && fitted.catalogue.knows_seen)
    fitted.catalogue.seen = without_users(fitted.catalogue.seen, removed, entities.size());
}

/// What users have done, from a table whose rows stand for these pairs. A row without a label counts as the mean, one without
/// a time happens after all others.
void update_histories(Fitted& fitted, const Table& table, const std::vector<Pair>& pairs, Action action) {
  const EventLog& old = fitted.catalogue.histories->log();
  if (action == Action::remove) {
    const std::set<Pair> gone(pairs.begin(), pairs.end());
    return set_log(fitted, without(old, [&](const Pair& pair) { return gone.count(pair) != 0; }));
  }
  const Schema& schema = fitted.schema;
  const auto read = [&](const std::string& name, const char* role, double absent) {
    const Column* const column = name.empty() ? nullptr : table.find(name);
    return column != nullptr ? read_role(*column, role, Place{}) : std::vector<double>(pairs.size(), absent);
  };
  const std::vector<double> labels = read(schema.label, "label", std::numeric_limits<double>::quiet_NaN());
  const std::vector<double> times =
      read(schema.time, "time", old.time.empty() ? 0.0 : old.time[old.time.size() - 1]);
  Events events;
  for (std::size_t row = 0; row < pairs.size(); ++row) {
    events.user.push_back(pairs[row].user);
    events.item.push_back(pairs[row].item);
    if (!schema.label.empty()) events.label.push_back(static_cast<float>(labels[row]));
    if (!schema.time.empty()) events.time.push_back(times[row]);
  }
  const EventLog nothing;
  set_log(fitted, add_events(action == Action::replace ? nothing : old, events, {}, std::nullopt).log);
  fitted.catalogue.knows_histories = true;
}

void update_seen(Fitted& fitted, const Table& table, Action action) {
  if (!fitted.catalogue.knows_seen && action != Action::replace)
    fail(INTERPLAY_UNSUPPORTED,
         "update: this model was saved without what users have seen; \"replace\" it as a whole instead");
  const Column& users = id_column(fitted, table, Part::user);
  const Column& items = id_column(fitted, table, Part::item);
  Catalogue& catalogue = fitted.catalogue;
  if (action != Action::remove) {
    // Users whom the catalogue does not know get a place in it, so that what they have seen can be excluded; items too,
    // but as not present: nobody is recommended an item because somebody has seen it.
    for (const Part of : {Part::user, Part::item}) {
      const Column& ids = of == Part::user ? users : items;
      Entities& entities = of == Part::user ? catalogue.users : catalogue.items;
      PartRows fresh;
      Dictionary once;
      for (std::int64_t row = 0; row < ids.rows; ++row)
        if (const Key key = key_at(ids, row); entities.keys->find(key) < 0 && once.find(key) < 0) {
          (void)once.add(key);
          fresh.keys.push_back(key);
        }
      if (!fresh.keys.empty())
        entities = upsert(entities, kinds_of(fitted.fields, feature_fields(fitted.fields, of)), fresh,
                          of == Part::user);
    }
  }
  std::vector<Pair> given, of_rows;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    of_rows.push_back(
        {catalogue.users.keys->find(key_at(users, row)), catalogue.items.keys->find(key_at(items, row))});
    if (of_rows.back().user >= 0 && of_rows.back().item >= 0) given.push_back(of_rows.back());
  }
  if (catalogue.histories) update_histories(fitted, table, of_rows, action);
  std::vector<Pair> pairs = action == Action::replace ? std::vector<Pair>{} : pairs_of(catalogue.seen);
  if (action == Action::remove) {
    const std::set<Pair> gone(given.begin(), given.end());
    std::erase_if(pairs, [&](const Pair& pair) { return gone.count(pair) != 0; });
  } else {
    pairs.insert(pairs.end(), given.begin(), given.end());
  }
  catalogue.seen = make_seen(std::move(pairs), catalogue.users.size());
  catalogue.knows_seen = true;
}

}  // namespace

Model update(const Model& model, const std::string& part, const Table& table, const Json& options) {
  const Action action = parse_action(options);
  Fitted fitted = model.require_fitted("update");
  fitted.parent = model_id(model);
  if (part == "users" || part == "items")
    update_entities(fitted, table, parse_part(part.c_str()), action);
  else if (part == "seen")
    update_seen(fitted, table, action);
  else
    fail_unknown(INTERPLAY_INVALID_ARGUMENT, "part of update", part, {"users", "items", "seen"});
  return {model.engine, model.params, std::make_shared<const Fitted>(std::move(fitted))};
}

}  // namespace interplay::core
