// Attention as a picture: one heat map per layer and head.
#pragma once

#include <string>

#include "json.hpp"

namespace interplay::cli {

/// An SVG file from what interplay_model_explain returned, which must have "fields" and "attention". One colour scale for
/// all maps, from 0 to a round number above the largest weight.
std::string attention_svg(const Json& explanation);

}  // namespace interplay::cli
