// The learning curve of a model as a picture.
#pragma once

#include <string>

#include "json.hpp"

namespace interplay::cli {

/// An SVG file from a model's info: loss and validation metric by epoch, the best epoch marked, the baselines beside the
/// metric. Throws DataError when the info has no history (the engine does not learn in epochs).
std::string curve_svg(const Json& info);

}  // namespace interplay::cli
