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

/// The properties of an engine's params_schema with the core's behind them. INCOMPATIBLE when the document is not of the
/// subset: "properties", each with type (integer, number, string, boolean, array of numbers), default, minimum, maximum,
/// enum, description; or when it takes a name of the core's.
Json all_properties(const char* params_schema, const std::string& engine);

/// INVALID_ARGUMENT names the key, what was expected and found; an unknown key comes with the nearest.
interplay_params check_params(const Json& given, const Json& properties, const std::string& engine);

}  // namespace interplay::core
