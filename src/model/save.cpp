// A model into sections; FORMAT.md lists them.
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "model/container.hpp"
#include "model/golden.hpp"
#include "registry/sections.hpp"

namespace interplay::core {
namespace {

/// Copies what an engine puts: its memory need not outlive the call.
class EngineWriter final : public interplay_writer {
 public:
  EngineWriter(ContainerWriter& container, bool wants_optimizer) : container_(container) {
    optimizer = wants_optimizer;
  }

  void put(const std::string& name, const interplay_tensor& tensor) override {
    std::size_t size = dtype_size(tensor.dtype);
    for (std::int32_t d = 0; d < tensor.rank; ++d) size *= static_cast<std::size_t>(tensor.shape[d]);
    if (name.size() > 40)
      fail(INTERPLAY_INVALID_ARGUMENT, "tensor \"" + name + "\": a name has at most 40 characters");
    Buffer copy(size);
    if (size > 0) std::memcpy(copy.data, tensor.data, size);
    Bytes bytes = std::move(copy).freeze();
    interplay_tensor mine = tensor;
    mine.data = bytes.data;
    container_.add("engine/" + name, mine, std::move(bytes.owner));
  }

 private:
  ContainerWriter& container_;
};

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

Json meta_of(const Model& model, const Fitted& fitted, const SaveOptions& options) {
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
  reader.finish();
  return options;
}

void write_model(const Model& model, const SaveOptions& options, ContainerWriter& writer) {
  const Fitted& fitted = model.require_fitted("save");
  add_json(writer, "model", meta_of(model, fitted, options));
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
  GoldenRows golden = make_golden(model, fitted);
  for (std::size_t f = 0; f < golden.columns.size(); ++f)
    add_column(writer, "golden/" + std::to_string(f) + "/", golden.columns[f]);
  writer.add("golden/values", Array<float>(std::move(golden.values)));
  EngineWriter engine_writer(writer, options.optimizer);
  call_engine(*model.engine, "save", [&](interplay_error** error) {
    return model.engine->table().save(fitted.state.get(), &engine_writer, error);
  });
}

std::string model_id(const Model& model) {
  ContainerWriter writer;
  write_model(model, {}, writer);
  return writer.id();
}

}  // namespace interplay::core
