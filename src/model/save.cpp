// A model into sections; FORMAT.md lists them.
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "model/container.hpp"
#include "model/golden.hpp"
#include "registry/sections.hpp"

namespace interplay::core {
namespace {

/// What an engine puts, copied: its memory need not outlive the call.
class EngineSections final : public interplay_writer {
 public:
  explicit EngineSections(const SaveOptions& options) {
    optimizer = options.optimizer;
    table_type = options.table_type;
  }

  void put(const std::string& name, const interplay_tensor& tensor) override {
    if (name.size() > 40)
      fail(INTERPLAY_INVALID_ARGUMENT, "tensor \"" + name + "\": a name has at most 40 characters");
    const std::size_t size = tensor_size(tensor);
    if (size == SIZE_MAX || (size > 0 && tensor.data == nullptr))
      fail(INTERPLAY_INVALID_ARGUMENT, "tensor \"" + name + "\" has an impossible type, rank or shape");
    Buffer copy(size);
    if (size > 0) std::memcpy(copy.data, tensor.data, size);
    Section& section = sections_.emplace_back(Section{name, tensor, std::move(copy).freeze()});
    section.tensor.data = section.bytes.data;
  }
  void add_to(ContainerWriter& container) const {
    for (const Section& section : sections_)
      container.add("engine/" + section.name, section.tensor, section.bytes.owner);
  }
  const interplay_tensor* find(const std::string& name) const {
    for (const Section& section : sections_)
      if (section.name == name) return &section.tensor;
    return nullptr;
  }
  /// How the tables lie in the sections; `now`: in the state.
  std::string tables_in(const std::string& now) const {
    return asked_table_type && table_type != 0 ? tensor_type_name(table_type) : now;
  }

 private:
  struct Section {
    std::string name;
    interplay_tensor tensor;
    Bytes bytes;
  };
  std::vector<Section> sections_;
};

class SectionsReader final : public interplay_reader {
 public:
  explicit SectionsReader(const EngineSections& sections) : sections_(sections) {}
  bool get(const std::string& name, interplay_tensor& out) const override {
    const interplay_tensor* const tensor = sections_.find(name);
    if (tensor != nullptr) out = *tensor;
    return tensor != nullptr;
  }

 private:
  const EngineSections& sections_;
};

/// Rounded tables give other scores, and it is theirs that a load will find.
GoldenRows golden_rows(const Model& model, const Fitted& fitted, const EngineSections& sections,
                       const std::string& tables) {
  if (tables == fitted.tables) return make_golden(model, fitted);
  Fitted rounded = fitted;
  SectionsReader reader(sections);
  load_state(model, reader, nullptr, rounded);
  return make_golden(model, rounded);
}

Json key_meta(const Vocabulary& vocabulary) {
  Json json;
  json["type"] = static_cast<std::int64_t>(vocabulary.type());
  json["size"] = vocabulary.size();
  json["null"] = vocabulary.parts().null_index;
  return json;
}

void add_vocabulary(ContainerWriter& writer, const std::string& prefix, const Vocabulary& vocabulary) {
  const Vocabulary::Parts& parts = vocabulary.parts();
  writer.add(prefix + "integers", parts.integers);
  writer.add(prefix + "offsets", parts.offsets);
  writer.add(prefix + "bytes", parts.bytes);
  writer.add(prefix + "slots", parts.slots);
}

void add_column(ContainerWriter& writer, const std::string& prefix, const EncodedColumn& column) {
  if (column.kind != Kind::number) writer.add(prefix + "ids", column.ids);
  if (column.kind == Kind::categories) writer.add(prefix + "offsets", column.offsets);
  if (column.kind != Kind::category) writer.add(prefix + "numbers", column.numbers);
}

void add_entities(ContainerWriter& writer, const std::string& prefix, const Entities& entities) {
  add_vocabulary(writer, prefix + "keys/", *entities.keys);
  writer.add(prefix + "id", entities.id.ids);
  writer.add(prefix + "present", entities.present);
  for (std::size_t k = 0; k < entities.features.size(); ++k)
    add_column(writer, prefix + std::to_string(k) + "/", entities.features[k]);
}

Json meta_of(const Model& model, const Fitted& fitted, const SaveOptions& options,
             const std::string& tables) {
  Json meta;
  meta["engine"]["name"] = model.engine->name();
  meta["engine"]["version"] = model.engine->table().version;
  meta["parameters"] = model.params->values;
  meta["schema"] = fitted.schema.to_json();
  meta["fields"] = Json::array();
  for (const Field& field : fitted.fields) {
    Json json = field.to_json();
    json["cardinality"] = field.cardinality();
    json["vocabulary"] = key_meta(*field.vocabulary);
    meta["fields"].push_back(std::move(json));
  }
  meta["objective"]["kind"] = objective_name(fitted.objective.kind);
  meta["objective"]["low"] = fitted.objective.low;
  meta["objective"]["high"] = fitted.objective.high;
  meta["objective"]["mean"] = fitted.objective.mean;
  meta["users"] = key_meta(*fitted.catalogue.users.keys);
  meta["items"] = key_meta(*fitted.catalogue.items.keys);
  meta["seen"] = options.seen && fitted.catalogue.knows_seen;
  // For readers without the engine; a reader with it counts for itself.
  meta["catalogue"]["users"] = fitted.catalogue.users.present_count();
  meta["catalogue"]["items"] = fitted.catalogue.items.present_count();
  meta["catalogue"]["seen"] = meta["seen"] ? Json(fitted.catalogue.seen.items.size()) : Json(nullptr);
  if (const auto& histories = fitted.catalogue.histories) {
    const bool kept = options.seen && fitted.catalogue.knows_histories;
    meta["histories"]["mean"] = histories->scale().mean;
    meta["histories"]["deviation"] = histories->scale().deviation;
    meta["histories"]["kept"] = kept;
    meta["catalogue"]["histories"] = kept ? Json(histories->log().size()) : Json(nullptr);
  }
  meta["baseline_mean"] = fitted.biases ? Json(fitted.biases->mean()) : Json(nullptr);
  meta["tables"] = tables;
  meta["training"] = fitted.training;
  meta["warnings"] = fitted.warnings;
  meta["parent"] = fitted.parent.empty() ? Json(nullptr) : Json(fitted.parent);
  return meta;
}

void add_json(ContainerWriter& writer, const std::string& name, const Json& json) {
  const std::string text = dump_json(json);
  writer.add(name, Array<char>(std::vector<char>(text.begin(), text.end())));
}

}  // namespace

SaveOptions parse_save_options(const char* json, const char* what) {
  const Json parsed = parse_json(json, what);
  ObjectReader reader(parsed, what);
  SaveOptions options;
  options.seen = reader.boolean("seen", true);
  options.optimizer = reader.boolean("optimizer", false);
  const std::string tables = reader.choice("tables", "", {"float32", "bfloat16", "int8"});
  for (const std::int32_t type : {INTERPLAY_FLOAT32, INTERPLAY_BFLOAT16, INTERPLAY_INT8})
    if (tables == tensor_type_name(type)) options.table_type = type;
  reader.finish();
  return options;
}

void write_model(const Model& model, const SaveOptions& options, ContainerWriter& writer) {
  const Fitted& fitted = model.require_fitted("save");
  EngineSections sections(options);
  call_engine(*model.engine, "save", [&](interplay_error** error) {
    return model.engine->table().save(fitted.state.get(), &sections, error);
  });
  const std::string tables = sections.tables_in(fitted.tables);
  add_json(writer, "model", meta_of(model, fitted, options, tables));
  for (std::size_t f = 0; f < fitted.fields.size(); ++f)
    if (fitted.fields[f].vocabulary->size() > 0 || !fitted.fields[f].vocabulary->parts().slots.empty())
      add_vocabulary(writer, "field/" + std::to_string(f) + "/", *fitted.fields[f].vocabulary);
  add_entities(writer, "users/", fitted.catalogue.users);
  add_entities(writer, "items/", fitted.catalogue.items);
  if (options.seen && fitted.catalogue.knows_seen) {
    writer.add("seen/offsets", fitted.catalogue.seen.offsets);
    writer.add("seen/items", fitted.catalogue.seen.items);
  }
  if (fitted.catalogue.histories && options.seen && fitted.catalogue.knows_histories) {
    const EventLog& log = fitted.catalogue.histories->log();
    writer.add("history/user", log.user);
    writer.add("history/item", log.item);
    writer.add("history/label", log.label);
    writer.add("history/time", log.time);
  }
  if (fitted.biases) {
    writer.add("baseline/users", fitted.biases->users());
    writer.add("baseline/items", fitted.biases->items());
  }
  GoldenRows golden = golden_rows(model, fitted, sections, tables);
  for (std::size_t f = 0; f < golden.columns.size(); ++f)
    add_column(writer, "golden/" + std::to_string(f) + "/", golden.columns[f]);
  writer.add("golden/values", Array<float>(std::move(golden.values)));
  sections.add_to(writer);
}

std::string model_id(const Model& model) {
  ContainerWriter writer;
  write_model(model, {}, writer);
  return writer.id();
}

}  // namespace interplay::core
