#include "told.hpp"

#include <cmath>

namespace story {
namespace {

using Json = nlohmann::json;

template <class Same>
bool all_of(const Json& found, const Json& expected, Same same) {
  return found.is_array() && std::equal(found.begin(), found.end(), expected.begin(), expected.end(), same);
}

bool same(const Json& found, const Json& expected) {
  if (expected.is_array()) return all_of(found, expected, same);
  if (found.is_number_integer() && expected.is_string()) return found.dump() == expected.get<std::string>();
  return found == expected;
}

bool close(const Json& found, const Json& expected, double within) {
  if (expected.is_array())
    return all_of(found, expected, [&](const Json& f, const Json& e) { return close(f, e, within); });
  if (!found.is_number()) return false;
  const double wanted = expected.get<double>();
  return std::abs(found.get<double>() - wanted) <= within * std::max(1.0, std::abs(wanted));
}

}  // namespace

bool holds(const Json& check, const Json& result, double within) {
  const Json::json_pointer at(check.at("at").get<std::string>());
  if (!result.contains(at)) return false;
  const Json& found = result.at(at);
  if (check.contains("equals")) return same(found, check["equals"]);
  if (check.contains("near")) return close(found, check["near"], check.value("within", within));
  if (check.contains("length")) return found.is_array() && found.size() == check["length"].get<std::size_t>();
  if (check.contains("below")) return found.is_number() && found < check["below"];
  if (check.contains("above")) return found.is_number() && found > check["above"];
  const auto text = check.at("has").get<std::string>();
  return found.is_string() && found.get<std::string>().find(text) != std::string::npos;
}

}  // namespace story
