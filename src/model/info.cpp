// What a model, or its file, says of itself. Both say it in the same words.
#include "base/error.hpp"
#include "model/container.hpp"

namespace interplay::core {
namespace {

/// What the values of a field are, from its line in the file's description: a table's column has to be of that type. Null:
/// none were seen. The values of an id are the catalogue's keys, `users` or `items`.
Json type_of(const Field& field, const Json& line, const Json& users, const Json& items) {
  if (field.kind == Kind::number || field.is_bucketed()) return "number";
  const Json keys = !field.is_id             ? line.value("vocabulary", Json::object())
                    : field.of == Part::user ? users
                                             : items;
  static const Json names[] = {nullptr, "integer", "string"};
  const int type = keys.value("type", 0);  // a KeyType
  return names[type == 1 || type == 2 ? type : 0];
}

Json describe_fields(const Json& fields, const Json& users, const Json& items) {
  Json list = Json::array();
  for (const Json& json : fields) {
    Json plain = json;
    plain.erase("vocabulary");
    plain.erase("cardinality");
    const Field field = Field::from_json(plain);
    Json line;
    line["name"] = field.name;
    line["of"] = owner_name(field.of);
    line["kind"] = kind_name(field.kind);
    line["type"] = type_of(field, json, users, items);
    line["cardinality"] = json.value("cardinality", 0);
    list.push_back(std::move(line));
  }
  return list;
}

}  // namespace

Json info(const Model& model, const std::string& id) {
  Json json;
  json["id"] = id.empty() ? Json(nullptr) : Json(id);
  json["parent"] = nullptr;
  json["fitted"] = model.fitted != nullptr;
  json["engine"]["name"] = model.engine->name();
  json["engine"]["version"] = model.engine->table().version;
  json["parameters"] = model.params->values;
  if (!model.fitted) return json;
  const Fitted& fitted = *model.fitted;
  json["kernel"] = fitted.training.value("kernel", "");
  if (!fitted.parent.empty()) json["parent"] = fitted.parent;
  json["schema"] = fitted.schema.to_json();
  const auto type = [](const Vocabulary& keys) { return members({{"type", static_cast<int>(keys.type())}}); };
  Json fields = Json::array();
  for (const Field& field : fitted.fields) {
    Json line = field.to_json();
    line["cardinality"] = field.cardinality();
    line["vocabulary"] = type(*field.vocabulary);
    fields.push_back(std::move(line));
  }
  json["fields"] =
      describe_fields(fields, type(*fitted.catalogue.users.keys), type(*fitted.catalogue.items.keys));
  json["objective"]["kind"] = objective_name(fitted.objective.kind);
  json["objective"]["low"] = fitted.objective.low;
  json["objective"]["high"] = fitted.objective.high;
  json["objective"]["mean"] = fitted.objective.mean;
  json["catalogue"]["users"] = fitted.catalogue.users.present_count();
  json["catalogue"]["items"] = fitted.catalogue.items.present_count();
  json["catalogue"]["seen"] =
      fitted.catalogue.knows_seen ? Json(fitted.catalogue.seen.items.size()) : Json(nullptr);
  if (fitted.catalogue.histories)
    json["catalogue"]["histories"] =
        fitted.catalogue.knows_histories ? Json(fitted.catalogue.histories->log().size()) : Json(nullptr);
  json["tables"] = fitted.tables;
  json["training"] = fitted.training;
  json["warnings"] = fitted.warnings;
  return json;
}

namespace {

Json info_of(const ContainerReader& reader) {
  const Json meta = read_meta(reader);
  Json json;
  json["id"] = reader.id();
  json["parent"] = meta.value("parent", Json(nullptr));
  json["fitted"] = true;
  for (const char* const key : {"engine", "parameters", "schema"}) json[key] = meta.value(key, Json(nullptr));
  json["fields"] = describe_fields(meta.value("fields", Json::array()), meta.value("users", Json::object()),
                                   meta.value("items", Json::object()));
  json["objective"] = meta.value("objective", Json(nullptr));
  json["catalogue"] = meta.value("catalogue", Json(nullptr));
  json["tables"] = meta.value("tables", "float32");
  json["training"] = meta.value("training", Json::object());
  json["kernel"] = json["training"].value("kernel", "");
  json["warnings"] = meta.value("warnings", Json::array());
  json["format"] = "1.0";
  json["bytes"] = reader.file_size();
  json["sections"] = reader.directory();
  return json;
}

}  // namespace

Json file_info(const std::string& path) {
  const ContainerReader reader(read_start(path, start_size(path)), true, false);
  try {
    return info_of(reader);
  } catch (...) {
    rethrow_for_file();
  }
}

}  // namespace interplay::core
