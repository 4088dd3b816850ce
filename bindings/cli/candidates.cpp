#include "candidates.hpp"

#include <interplay/interplay.hpp>
#include <set>
#include <string_view>

#include "errors.hpp"
#include "options.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

/// Where the value that begins at `from` ends: at a comma that no bracket and no quote holds.
std::size_t end_of_pair(std::string_view text, std::size_t from) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = from; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == ',' && depth <= 0) return i;
  }
  return text.size();
}

}  // namespace

Candidate parse_candidate(const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  Candidate candidate{text, text.substr(0, colon)};
  if (candidate.engine.empty() || colon + 1 == text.size())
    throw UsageError("--with: expected ENGINE or ENGINE:NAME=VALUE,..., found " + in_quotes(text));
  for (std::size_t begin = colon + 1; begin < text.size();) {
    const std::size_t end = end_of_pair(text, begin);
    const auto [name, value] = name_and_value(text.substr(begin, end - begin), "--with " + candidate.engine);
    if (candidate.params.contains(name))
      throw UsageError("--with " + in_quotes(text) + ": " + name + " stands there twice");
    candidate.params[name] = value_of_text(value);
    begin = end + 1;
  }
  return candidate;
}

std::vector<Candidate> parse_candidates(const std::vector<std::string>& texts) {
  std::vector<Candidate> out;
  std::set<std::string> names;
  for (const std::string& text : texts) {
    if (!names.insert(text).second) throw UsageError("--with: " + in_quotes(text) + " stands there twice");
    out.push_back(parse_candidate(text));
  }
  if (!texts.empty()) return out;
  for (const Json& engine : parse_json(engine_list(), "engine list")) {
    const std::string name = text_at(engine, "name");
    out.push_back({name, name});
  }
  return out;
}

}  // namespace interplay::cli
