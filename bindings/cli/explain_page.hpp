// What interplay_model_explain returned, as a page of text.
#pragma once

#include <string>

#include "json.hpp"

namespace interplay::cli {

/// Contributions with bars, then what else the document has: pairs, single rows, attention.
std::string explain_page(const Json& explanation);

}  // namespace interplay::cli
