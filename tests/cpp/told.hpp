// The story's checks: tests/scenario/README.md says when each is true.
#pragma once

#include <nlohmann/json.hpp>

namespace story {

/// Whether one line of `expect` is true of a result. within: the story's tolerance.
bool holds(const nlohmann::json& check, const nlohmann::json& result, double within);

}  // namespace story
