// What `interplay compare` sets against each other: engines with parameters, in words of the command line.
#pragma once

#include <string>
#include <vector>

#include "json.hpp"

namespace interplay::cli {

struct Candidate {
  std::string name;  ///< as it was written: "autoint:num_layers=0"
  std::string engine;
  Json params = Json::object();
};

/// "engine" or "engine:key=value,key=value". A comma within brackets, braces or quotes belongs to the value:
/// "autoint:deep_layers=[64,32],epochs=3". Throws UsageError.
Candidate parse_candidate(const std::string& text);
/// All of them, or every engine of the library where there is none. Throws UsageError for one that is there twice.
std::vector<Candidate> parse_candidates(const std::vector<std::string>& texts);

}  // namespace interplay::cli
