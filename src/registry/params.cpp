#include "registry/params.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"

namespace interplay::core {
namespace {

Json property(const char* type, Json fallback, const char* description) {
  Json json;
  json["type"] = type;
  json["default"] = std::move(fallback);
  json["description"] = description;
  return json;
}

template <class Low, class High>
Json range(Json json, Low low, High high) {
  json["minimum"] = low;
  json["maximum"] = high;
  return json;
}

Json make_core_properties() {
  Json all;
  all["seed"] = range(
      property("integer", 1, "keys every random draw: the same seed, data and build give the same model"), 0,
      1'000'000'000'000'000);
  all["validation_fraction"] =
      range(property("number", 0.1,
                     "share of the training rows held out at random to choose the best epoch; 0: none"),
            0.0, 0.9);
  all["unknown_rate"] =
      range(property("number", 0.03,
                     "share of the training values replaced by the unknown value, so that it is trained"),
            0.0, 0.5);
  all["negatives"] =
      range(property("integer", 4, "unseen items drawn for each row of data without labels"), 1, 1000);
  all["negative_sampling"] = property(
      "string", "uniform",
      "how negatives are drawn: uniform, or by popularity, the number of training rows to the power 0.75");
  all["negative_sampling"]["enum"] = std::vector<const char*>{"uniform", "popularity"};
  all["negatives_exclude_seen"] = property(
      "boolean", true, "negatives are items that the user has not seen; false: any items but for chance");
  all["objective"] =
      property("string", "auto",
               "binary: log loss on labels 0 and 1; rating: squared error within the labels' range; "
               "regression: squared error; auto: by the labels");
  all["objective"]["enum"] = std::vector<const char*>{"auto", "binary", "rating", "regression"};
  return all;
}

std::string describe(const Json& property) {
  const std::string type = property.value("type", "");
  std::string text = type == "integer"   ? "an integer"
                     : type == "number"  ? "a number"
                     : type == "boolean" ? "true or false"
                     : type == "array"   ? "a list of numbers"
                                         : "a string";
  if (type == "string" && property.contains("enum")) {
    std::vector<std::string> names;
    for (const Json& name : property["enum"]) names.push_back(name.get<std::string>());
    return "one of " + join(names);
  }
  const bool low = property.contains("minimum"), high = property.contains("maximum");
  if (low && high)
    return text + " from " + dump_json(property["minimum"]) + " to " + dump_json(property["maximum"]);
  if (low) return text + " of at least " + dump_json(property["minimum"]);
  if (high) return text + " of at most " + dump_json(property["maximum"]);
  return text;
}

bool in_range(const Json& value, const Json& property) {
  const auto number = value.get<double>();
  if (!std::isfinite(number)) return false;
  if (property.contains("minimum") && number < property["minimum"].get<double>()) return false;
  if (property.contains("exclusiveMinimum") && number <= property["exclusiveMinimum"].get<double>())
    return false;
  return !property.contains("maximum") || number <= property["maximum"].get<double>();
}

bool fits(const Json& value, const Json& property) {
  const std::string type = property.value("type", "");
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer() && in_range(value, property);
  if (type == "number") return value.is_number() && in_range(value, property);
  if (type == "array")
    return value.is_array() && value.size() <= 256 &&
           std::all_of(value.begin(), value.end(),
                       [](const Json& v) { return v.is_number() && std::isfinite(v.get<double>()); });
  if (!value.is_string()) return false;
  if (!property.contains("enum")) return true;
  return std::find(property["enum"].begin(), property["enum"].end(), value) != property["enum"].end();
}

}  // namespace

const Json& core_properties() {
  static const Json all = make_core_properties();
  return all;
}

namespace {

/// One property of an engine's schema, doubted: an engine may come from anywhere.
void check_property(const Json& property) {
  static const std::set<std::string> types{"integer", "number", "string", "boolean", "array"};
  if (!property.is_object() || !property.contains("default") || types.count(property.value("type", "")) == 0)
    fail(INTERPLAY_INCOMPATIBLE, "expected a type and a default");
  if (property.contains("enum")) {
    const Json& names = property["enum"];
    const bool texts = property["type"] == "string";
    if (!names.is_array() ||
        (texts && !std::all_of(names.begin(), names.end(), [](const Json& n) { return n.is_string(); })))
      fail(INTERPLAY_INCOMPATIBLE, "expected a list as \"enum\"");
  }
  if (!fits(property["default"], property))
    fail(INTERPLAY_INCOMPATIBLE, "the default is out of its own range");
}

}  // namespace

ParamsSchema read_schema(const char* params_schema, const std::string& engine) {
  std::string where = "engine \"" + engine + "\", params_schema: ";
  try {
    const Json document = parse_json(params_schema, "params_schema");
    ParamsSchema schema{document.value("properties", Json::object()),
                        document.value("presets", Json::object())};
    for (const auto& [name, property] : schema.properties.items()) {
      where = "engine \"" + engine + "\", params_schema, \"" + name + "\": ";
      if (core_properties().contains(name)) fail(INTERPLAY_INCOMPATIBLE, "the name is the core's own");
      check_property(property);
    }
    for (const auto& [name, property] : core_properties().items()) schema.properties[name] = property;
    for (const auto& [preset, values] : schema.presets.items()) {
      where = "engine \"" + engine + "\", params_schema, preset \"" + preset + "\": ";
      for (const auto& [name, value] : values.items())
        if (!schema.properties.contains(name) || !fits(value, schema.properties[name]))
          fail(INTERPLAY_INCOMPATIBLE, "expected known names and values in range, found \"" + name + "\"");
    }
    return schema;
  } catch (const Json::exception& e) {
    fail(INTERPLAY_INCOMPATIBLE, where + e.what());
  } catch (const Error& e) {
    fail(INTERPLAY_INCOMPATIBLE, where + e.what());
  }
}

namespace {

/// What the preset that `given` names, or the default one, sets.
Json preset_values(const Json& given, const ParamsSchema& schema) {
  if (!schema.properties.contains("preset")) return Json::object();
  const Json& name = given.contains("preset") ? given["preset"] : schema.properties["preset"]["default"];
  return name.is_string() ? schema.presets.value(name.get<std::string>(), Json::object()) : Json::object();
}

void check_fits(const std::string& name, const Json& value, const Json& property, const std::string& where) {
  if (fits(value, property)) return;
  Json detail;
  detail["key"] = name;
  detail["expected"] = describe(property);
  fail(INTERPLAY_INVALID_ARGUMENT,
       where + ": \"" + name + "\" must be " + describe(property) + ", found " + dump_json(value),
       dump_json(detail));
}

}  // namespace

interplay_params check_params(const Json& given, const ParamsSchema& schema, const std::string& engine) {
  const std::string where = "parameters of engine \"" + engine + "\"";
  if (!given.is_object()) fail(INTERPLAY_INVALID_ARGUMENT, where + ": expected a JSON object");
  std::vector<std::string> accepted;
  for (const auto& [name, property] : schema.properties.items()) accepted.push_back(name);
  for (const auto& [name, value] : given.items())
    if (!schema.properties.contains(name))
      fail_unknown(INTERPLAY_INVALID_ARGUMENT, "parameter", name, accepted, where);
  const Json preset = preset_values(given, schema);
  interplay_params params;
  for (const auto& [name, property] : schema.properties.items()) {
    const Json& value = given.contains(name)    ? given[name]
                        : preset.contains(name) ? preset[name]
                                                : property["default"];
    check_fits(name, value, property, where);
    params.values[name] = value;
    // 1 for a "number" is a number: kept as one, so that the same parameters always give the same bytes.
    if (property["type"] == "number") params.values[name] = value.get<double>();
  }
  return params;
}

}  // namespace interplay::core
