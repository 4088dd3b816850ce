// Sections into a model. Nothing in a file is believed: sizes are checked always, and, unless the file is mapped without
// verification, every index too, so that scoring needs no checks.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/error.hpp"
#include "model/container.hpp"
#include "model/golden.hpp"
#include "model/histories.hpp"
#include "registry/sections.hpp"

namespace interplay::core {
namespace {

[[noreturn]] void corrupt(const std::string& what) { fail(INTERPLAY_CORRUPT, "model file: " + what); }

class EngineReader final : public interplay_reader {
 public:
  EngineReader(const ContainerReader& container, bool verifying) : container_(container) {
    verify = verifying;
  }
  bool get(const std::string& name, interplay_tensor& out) const override {
    const interplay_tensor* const tensor = container_.find("engine/" + name);
    if (tensor != nullptr) out = *tensor;
    return tensor != nullptr;
  }

 private:
  const ContainerReader& container_;
};

const Json& member(const Json& json, const char* name) {
  const auto it = json.find(name);
  if (it == json.end()) corrupt("its description lacks \"" + std::string(name) + "\"");
  return *it;
}

std::shared_ptr<const Vocabulary> read_vocabulary(const ContainerReader& reader, const std::string& prefix,
                                                  const Json& meta, bool verify) {
  ObjectReader json(meta, "vocabulary");
  Vocabulary::Parts parts;
  parts.type = static_cast<KeyType>(json.integer("type", 0, 0, 2));
  parts.size = static_cast<std::int32_t>(json.integer("size", 0, 0, 0x7ffffffe));
  parts.null_index = static_cast<std::int32_t>(json.integer("null", -1, -1, 0x7ffffffe));
  json.finish();
  parts.integers = reader.optional_array<std::int64_t>(prefix + "integers");
  parts.offsets = reader.optional_array<std::int64_t>(prefix + "offsets");
  parts.bytes = reader.optional_array<char>(prefix + "bytes");
  parts.slots = reader.optional_array<std::uint32_t>(prefix + "slots");
  if (parts.size == 0 && parts.slots.empty()) return std::make_shared<const Vocabulary>();
  return std::make_shared<const Vocabulary>(std::move(parts), prefix.c_str(), verify);
}

/// An encoded column of `rows` rows whose ids lie below `cardinality`.
EncodedColumn read_column(const ContainerReader& reader, const std::string& prefix, const Field& field,
                          std::int64_t rows, bool verify) {
  EncodedColumn column;
  column.kind = field.kind;
  if (column.kind != Kind::number) column.ids = reader.array<std::int32_t>(prefix + "ids");
  if (column.kind == Kind::categories) column.offsets = reader.array<std::int64_t>(prefix + "offsets");
  if (column.kind != Kind::category) column.numbers = reader.array<float>(prefix + "numbers");
  if (column.rows() != rows)
    corrupt("section \"" + prefix + "\": expected " + std::to_string(rows) + " rows, found " +
            std::to_string(column.rows()));
  if (column.kind == Kind::categories && !column.numbers.empty() &&
      column.numbers.size() != column.ids.size())
    corrupt("section \"" + prefix + "\": as many weights as ids are expected");
  if (!verify) return column;
  const std::int32_t end = field.cardinality();
  if (std::any_of(column.ids.begin(), column.ids.end(),
                  [end](std::int32_t id) { return id < 0 || id >= end; }))
    corrupt("section \"" + prefix + "\": an id is out of range");
  if (column.kind == Kind::categories &&
      (column.offsets[0] != 0 || !std::is_sorted(column.offsets.begin(), column.offsets.end()) ||
       column.offsets[column.offsets.size() - 1] != static_cast<std::int64_t>(column.ids.size())))
    corrupt("section \"" + prefix + "\": its offsets do not ascend from 0 to the end");
  return column;
}

Entities read_entities(const ContainerReader& reader, const std::string& prefix, const Json& meta,
                       const std::vector<Field>& fields, Part of, bool verify) {
  Entities entities;
  entities.keys = read_vocabulary(reader, prefix + "keys/", meta, verify);
  entities.id.ids = reader.array<std::int32_t>(prefix + "id");
  entities.present = reader.array<std::uint8_t>(prefix + "present");
  const auto size = static_cast<std::size_t>(entities.size());
  if (entities.id.ids.size() != size || entities.present.size() != size)
    corrupt("section \"" + prefix + "\": as many ids and marks as keys are expected");
  const Field* const id = id_field(fields, of);
  const std::int32_t end = id != nullptr ? id->cardinality() : 1;
  if (verify && std::any_of(entities.id.ids.begin(), entities.id.ids.end(),
                            [end](std::int32_t i) { return i < 0 || i >= end; }))
    corrupt("section \"" + prefix + "id\": an id is out of range");
  const std::vector<std::size_t> features = feature_fields(fields, of);
  for (std::size_t k = 0; k < features.size(); ++k)
    entities.features.push_back(
        read_column(reader, prefix + std::to_string(k) + "/", fields[features[k]], entities.size(), verify));
  return entities;
}

Seen read_seen(const ContainerReader& reader, const Catalogue& catalogue, bool verify) {
  Seen seen{reader.array<std::int64_t>("seen/offsets"), reader.array<std::int32_t>("seen/items")};
  if (seen.offsets.empty() && seen.items.empty()) return seen;
  const auto users = static_cast<std::size_t>(catalogue.users.size());
  if (seen.offsets.size() != users + 1) corrupt("what users have seen does not belong to these users");
  if (!verify) return seen;
  if (seen.offsets[0] != 0 || !std::is_sorted(seen.offsets.begin(), seen.offsets.end()) ||
      seen.offsets[users] != static_cast<std::int64_t>(seen.items.size()))
    corrupt("what users have seen: the offsets do not ascend from 0 to the end");
  const std::int32_t items = catalogue.items.size();
  for (std::size_t user = 0; user < users; ++user) {
    const auto list = seen.of(static_cast<std::int64_t>(user));
    if (!std::is_sorted(list.begin(), list.end()) ||
        (!list.empty() && (list.front() < 0 || list.back() >= items)))
      corrupt("what users have seen: an item is out of range or out of order");
  }
  return seen;
}

/// Checked as a whole also without verification: the lists that are made from it are not.
EventLog read_log(const ContainerReader& reader, const Catalogue& catalogue) {
  EventLog log{reader.array<std::int32_t>("history/user"), reader.array<std::int32_t>("history/item"),
               reader.array<float>("history/label"), reader.array<double>("history/time")};
  const std::size_t n = log.user.size();
  if (log.item.size() != n || (!log.label.empty() && log.label.size() != n) ||
      (!log.time.empty() && log.time.size() != n))
    corrupt("the histories: as many users, items, labels and times are expected");
  const auto outside = [](const Array<std::int32_t>& indices, std::int32_t end) {
    return std::any_of(indices.begin(), indices.end(), [end](std::int32_t i) { return i < 0 || i >= end; });
  };
  if (outside(log.user, catalogue.users.size()) || outside(log.item, catalogue.items.size()))
    corrupt("the histories: a user or an item is out of range");
  if (std::any_of(log.label.begin(), log.label.end(), [](float label) { return std::isinf(label); }))
    corrupt("the histories: a label is infinite");
  if (std::any_of(log.time.begin(), log.time.end(), [](double time) { return !std::isfinite(time); }) ||
      !std::is_sorted(log.time.begin(), log.time.end()))
    corrupt("the histories: the times do not ascend");
  return log;
}

void read_histories(const ContainerReader& reader, const Json& meta, Fitted& fitted) {
  if (!has_histories(fitted.fields)) return;
  for (const Field& field : fitted.fields) {
    if (!field.history) continue;
    const Field* const ids = history_ids(fitted.fields, field);
    if (field.kind != Kind::categories || ids == nullptr || field.cardinality() != ids->cardinality())
      corrupt("history \"" + field.name + "\": it does not have the ids of the other side");
  }
  ObjectReader json(member(meta, "histories"), "histories");
  LabelScale scale;
  constexpr double most = 1e300;
  scale.mean = json.number("mean", 0, -most, most);
  scale.deviation = json.number("deviation", 1, std::numeric_limits<double>::min(), most);
  fitted.catalogue.knows_histories = json.boolean("kept", false);
  json.finish();
  EventLog log;
  if (fitted.catalogue.knows_histories) log = read_log(reader, fitted.catalogue);
  const std::int64_t n = log.size();
  fitted.catalogue.histories = make_histories(fitted, std::move(log), scale, n);
}

interplay_objective read_objective(const Json& json) {
  ObjectReader reader(json, "objective");
  constexpr double most = 1e300;
  interplay_objective objective{};
  const std::string kind = reader.choice("kind", "binary", {"binary", "rating", "regression"});
  objective.kind = kind == "binary"   ? INTERPLAY_BINARY
                   : kind == "rating" ? INTERPLAY_RATING
                                      : INTERPLAY_REGRESSION;
  objective.low = reader.number("low", 0, -most, most);
  objective.high = reader.number("high", 1, -most, most);
  objective.mean = reader.number("mean", 0, -most, most);
  reader.finish();
  return objective;
}

std::vector<Field> read_fields(const ContainerReader& reader, const Json& list, const Schema& schema,
                               bool verify) {
  std::vector<Field> fields;
  for (std::size_t f = 0; f < list.size(); ++f) {
    Json json = list[f];
    const Json vocabulary = member(json, "vocabulary");
    json.erase("vocabulary");
    const Json cardinality = member(json, "cardinality");
    json.erase("cardinality");
    Field field = Field::from_json(json);
    field.options = schema.options(field.name);
    if (field.history) {
      const auto rule = schema.histories.find(field.name);
      if (rule == schema.histories.end() || rule->second.of != field.of)
        corrupt("field \"" + field.name + "\" is a history, and the schema says otherwise");
      field.history = rule->second;
    }
    field.vocabulary = read_vocabulary(reader, "field/" + std::to_string(f) + "/", vocabulary, verify);
    if (cardinality != field.cardinality())
      corrupt("field \"" + field.name + "\": its vocabulary is not as large as it should be");
    fields.push_back(std::move(field));
  }
  return fields;
}

/// "1.2" -> 1
std::string major_of(const std::string& version) { return version.substr(0, version.find('.')); }

Model read_checked(const ContainerReader& reader, bool verify) {
  const Json meta = read_meta(reader);
  const Json& engine = member(meta, "engine");
  const std::string name = member(engine, "name").get<std::string>(),
                    version = member(engine, "version").get<std::string>();
  Model model;
  model.engine = &find_engine_of_file(name, version);
  if (major_of(version) != major_of(model.engine->table().version))
    fail(INTERPLAY_INCOMPATIBLE, "model file: engine \"" + name + "\" wrote it in version " + version +
                                     ", this one is " + model.engine->table().version +
                                     "; use a library with that engine version, or fit again");
  model.params = model.engine->params(member(meta, "parameters"));
  Fitted fitted;
  fitted.schema = Schema::parse(member(meta, "schema"));
  fitted.fields = read_fields(reader, member(meta, "fields"), fitted.schema, verify);
  fitted.objective = read_objective(member(meta, "objective"));
  fitted.catalogue.users =
      read_entities(reader, "users/", member(meta, "users"), fitted.fields, Part::user, verify);
  fitted.catalogue.items =
      read_entities(reader, "items/", member(meta, "items"), fitted.fields, Part::item, verify);
  fitted.catalogue.knows_seen = member(meta, "seen").get<bool>();
  if (fitted.catalogue.knows_seen) fitted.catalogue.seen = read_seen(reader, fitted.catalogue, verify);
  read_histories(reader, meta, fitted);
  if (const Json& mean = member(meta, "baseline_mean"); mean.is_number())
    fitted.biases = std::make_shared<const Biases>(mean.get<double>(), reader.array<float>("baseline/users"),
                                                   reader.array<float>("baseline/items"));
  fitted.training = member(meta, "training");
  fitted.warnings = member(meta, "warnings").get<std::vector<std::string>>();
  if (const Json& parent = member(meta, "parent"); parent.is_string())
    fitted.parent = parent.get<std::string>();
  fitted.tables =
      ObjectReader(meta, "its description").choice("tables", "float32", {"float32", "bfloat16", "int8"});
  EngineReader engine_reader(reader, verify);
  load_state(model, engine_reader, reader.bytes().owner, fitted);

  GoldenRows golden;
  for (std::size_t f = 0; f < fitted.fields.size(); ++f)
    golden.columns.push_back(
        read_column(reader, "golden/" + std::to_string(f) + "/", fitted.fields[f], 64, true));
  const Array<float> values = reader.array<float>("golden/values");
  golden.values.assign(values.begin(), values.end());
  if (golden.values.size() != 64) corrupt("it should carry 64 golden rows");
  check_golden(model, fitted, golden);
  model.fitted = std::make_shared<const Fitted>(std::move(fitted));
  return model;
}

}  // namespace

Json read_meta(const ContainerReader& reader) {
  const Array<char> text = reader.array<char>("model");
  constexpr std::size_t most = std::size_t{64} << 20;
  if (text.size() > most)
    corrupt("its description has " + std::to_string(text.size()) + " bytes, at most 64 MiB are believed");
  Json meta = parse_json(std::string_view(text.data(), text.size()), "description of the model file");
  if (!meta.is_object()) corrupt("its description is not a JSON object");
  return meta;
}

Model read_model(const ContainerReader& reader, bool verify) {
  try {
    return read_checked(reader, verify);
  } catch (...) {
    rethrow_for_file();
  }
}

void rethrow_for_file() {
  try {
    throw;
  } catch (const Error& e) {
    if (e.status() != INTERPLAY_INVALID_ARGUMENT && e.status() != INTERPLAY_BAD_DATA) throw;
    corrupt(e.what());
  } catch (const Json::exception& e) {
    corrupt(std::string("its description is not what it should be: ") + e.what());
  }
}

}  // namespace interplay::core
