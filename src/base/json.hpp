// JSON, strict. The values are nlohmann's; reading and writing are our own, because the library's lexer asks the process's
// locale how a number is spelt. So nobody calls Json::parse or Json::dump: parse_json and dump_json do not depend on it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.hpp"

namespace interplay::core {

/// `what` names the document in errors ("schema", "options of predict"). Empty text gives {}. Depth and size are bounded.
/// INVALID_ARGUMENT with line, column and what was expected; also for duplicate keys and for bytes that are not UTF-8.
Json parse_json(std::string_view text, std::string_view what);
/// The same from a C string that may be null.
Json parse_json(const char* text, std::string_view what);

/// One line. A double is the shortest text that gives it back; NaN and infinite are null; bytes that are not UTF-8 become
/// U+FFFD, so that a message about hostile text can always be written.
std::string dump_json(const Json& value);

/// Reads the members of one JSON object strictly: ask for each key that is known, then call finish().
/// Errors are INVALID_ARGUMENT and name the document, the key, what was expected and what was found.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string what);

  bool has(const char* key);
  bool boolean(const char* key, bool fallback);
  std::int64_t integer(const char* key, std::int64_t fallback, std::int64_t low, std::int64_t high);
  double number(const char* key, double fallback, double low, double high);
  std::string text(const char* key, std::string fallback);
  /// One of `accepted`, or an error with the nearest.
  std::string choice(const char* key, std::string fallback, const std::vector<std::string>& accepted);
  std::vector<std::string> texts(const char* key);
  /// The raw member, or null.
  const Json* raw(const char* key);
  /// Any key that was never asked for is an error that lists the accepted ones.
  void finish();

  const std::string& what() const { return what_; }

 private:
  const Json* member(const char* key);

  const Json& object_;
  std::string what_;
  std::vector<std::string> asked_;
};

}  // namespace interplay::core
