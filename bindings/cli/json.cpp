#include "json.hpp"

#include <algorithm>
#include <cmath>
#include <interplay/interplay.hpp>

#include "errors.hpp"
#include "files.hpp"
#include "text.hpp"

namespace interplay::cli {

namespace {

/// What the library says of a text that is no JSON, or "". It knows line and column and what should stand there; no call of
/// it only parses, so this asks for a dataset, whose schema the text would be.
std::string json_complaint(const std::string& text) {
  if (Json::accept(text)) return "";
  try {
    const Dataset dataset(text);
  } catch (const Exception& error) {
    const std::string message = error.what(), what = "schema ";
    return message.starts_with(what) ? message.substr(what.size()) : message;
  }
  return "";
}

}  // namespace

Json parse_json(std::string_view text, const std::string& what) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw DataError(
        what + ": expected JSON, found something else at byte " + number(static_cast<int64_t>(error.byte)) +
        ": " +
        in_quotes(text.substr(std::min<std::size_t>(error.byte > 0 ? error.byte - 1 : 0, text.size()), 30)));
  }
}

Json json_argument(const std::string& argument, const std::string& option) {
  const std::size_t first = argument.find_first_not_of(" \t\r\n");
  const bool is_inline = first != std::string::npos && argument[first] == '{';
  const std::string text = is_inline ? argument : read_file(argument);
  const std::string where = is_inline ? option : option + " " + argument;
  const std::string wrong = json_complaint(text);
  if (!wrong.empty()) throw DataError(where + " " + wrong);
  Json json = parse_json(text, where);
  if (!json.is_object())
    throw DataError(option + ": expected a JSON object, found " + in_quotes(compact(json)));
  return json;
}

Json value_of_text(const std::string& text) {
  Json parsed = Json::parse(text, nullptr, false);
  return parsed.is_discarded() ? Json(text) : parsed;
}

std::string document(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string compact(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

const Json& at(const Json& json, const char* key) {
  static const Json nothing;
  if (!json.is_object()) return nothing;
  const auto found = json.find(key);
  return found == json.end() ? nothing : *found;
}

std::optional<double> number_at(const Json& json, const char* key) {
  const Json& value = at(json, key);
  if (!value.is_number()) return std::nullopt;
  return value.get<double>();
}

std::optional<int64_t> integer_at(const Json& json, const char* key) {
  const Json& value = at(json, key);
  if (value.is_number_integer()) return value.get<int64_t>();
  // An engine's notes are all doubles: "best_epoch": 7.0.
  const auto real = number_at(json, key);
  if (!real || std::abs(*real) > 1e15 || std::trunc(*real) != *real) return std::nullopt;
  return static_cast<int64_t>(*real);
}

std::string text_at(const Json& json, const char* key) {
  const Json& value = at(json, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::string plain(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number_float()) return number(json.get<double>());
  return compact(json);
}

}  // namespace interplay::cli
