// The library's JSON documents, read without trusting that a key is there.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace interplay::cli {

/// Keeps the order of the keys: documents are printed as the library wrote them.
using Json = nlohmann::ordered_json;

/// A document, or a DataError that says what `what` is and where it breaks.
Json parse_json(std::string_view text, const std::string& what);
/// An object written in the argument itself, or in the file that it names.
Json json_argument(const std::string& argument, const std::string& option);
/// A value from the command line: a number, true, false, null, a list or an object where it reads as JSON, otherwise text.
Json value_of_text(const std::string& text);
/// For stdout: indented, with a line end. Invalid UTF-8 (from a path, say) becomes U+FFFD.
std::string document(const Json& json);
std::string compact(const Json& json);

/// json[key] where that is an object with a value of this kind, otherwise nothing, "" or an empty one.
std::optional<double> number_at(const Json& json, const char* key);
std::optional<int64_t> integer_at(const Json& json, const char* key);
std::string text_at(const Json& json, const char* key);
const Json& at(const Json& json, const char* key);
/// A scalar as a person writes it: strings without quotes.
std::string plain(const Json& json);

}  // namespace interplay::cli
