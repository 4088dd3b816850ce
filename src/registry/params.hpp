// A model's parameters: the engine's own, described by its JSON Schema, and those of the core. Checked strictly, once,
// when the model is created; after that nobody parses text.
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"

struct interplay_params {
  interplay::core::Json values;  // every parameter, defaults filled in
};

namespace interplay::core {

/// Properties that hold for every engine, in the same form as an engine's: seed, validation_fraction, unknown_rate,
/// negatives, objective.
const Json& core_properties();

/// What an engine's params_schema says, with the core's properties behind its own.
struct ParamsSchema {
  Json properties = Json::object();
  Json presets =
      Json::object();  // by name: values that take the place of defaults when "preset" says that name
};

/// Reads an engine's params_schema. INCOMPATIBLE when the document is not of the
/// subset: "properties", each with type (integer, number, string, boolean, array of numbers), default, minimum, maximum,
/// enum, description; or when it takes a name of the core's; or when a preset names no property or a value that does not
/// fit.
ParamsSchema read_schema(const char* params_schema, const std::string& engine);

/// INVALID_ARGUMENT names the key, what was expected and found; an unknown key comes with the nearest.
/// What `given` leaves out comes from the preset that it names, then from the defaults.
interplay_params check_params(const Json& given, const ParamsSchema& schema, const std::string& engine);

}  // namespace interplay::core
