#include "data/arrow_format.hpp"

#include <charconv>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace interplay::core {

namespace {

using Shape = ArrowFormat::Shape;

[[noreturn]] void unsupported(const ArrowSchema& schema, const std::string& column, const std::string& hint) {
  fail_arrow(INTERPLAY_UNSUPPORTED, column,
             "the Arrow type " + in_quotes(schema.format == nullptr ? "" : schema.format) +
                 " has no meaning here; " + hint);
}

/// Dates, times, timestamps and durations are the integers that they are made of: 'i', 'l', or 0 for something else.
char temporal(std::string_view format) {
  if (format == "tdD" || format == "tts" || format == "ttm") return 'i';
  if (format == "tdm" || format == "ttu" || format == "ttn") return 'l';
  const bool unit = format.size() >= 3 && std::string_view("smun").find(format[2]) != std::string_view::npos;
  const bool timestamp = format.size() >= 4 && format.substr(0, 2) == "ts" && format[3] == ':';
  const bool duration = format.size() == 3 && format.substr(0, 2) == "tD";
  return unit && (timestamp || duration) ? 'l' : '\0';
}

ArrowFormat number(char physical, Type type) { return {Shape::number, type, physical, 0, false}; }

/// Formats without children; false when it is none of them.
bool parse_flat(std::string_view format, ArrowFormat& out) {
  const char letter = format.size() == 1 ? format[0] : '\0';
  if (letter == 'n')
    out = {Shape::null, Type::float64, 0, 0, false};
  else if (letter == 'b')
    out = {Shape::boolean, Type::bool8, 0, 0, false};
  else if (letter == 'u')
    out = {Shape::text32, Type::string, 0, 0, false};
  else if (letter == 'U')
    out = {Shape::text64, Type::string, 0, 0, false};
  else if (format == "vu")
    out = {Shape::text_view, Type::string, 0, 0, false};
  else if (letter == 'f')
    out = number('f', Type::float32);
  else if (letter == 'g')
    out = number('g', Type::float64);
  else if (letter == 'l' || letter == 'L' || letter == 'I')
    out = number(letter, Type::int64);
  else if (letter != '\0' && std::string_view("cCsSi").find(letter) != std::string_view::npos)
    out = number(letter, Type::int32);
  else if (const char physical = temporal(format))
    out = number(physical, Type::int64);
  else
    return false;
  return true;
}

bool parse_list(std::string_view format, ArrowFormat& out) {
  if (format == "+l")
    out.shape = Shape::list32;
  else if (format == "+L")
    out.shape = Shape::list64;
  else if (format.substr(0, 3) == "+w:") {
    out.shape = Shape::fixed_list;
    const char* last = format.data() + format.size();
    const auto [end, error] = std::from_chars(format.data() + 3, last, out.list_size);
    return error == std::errc() && end == last && out.list_size >= 0 &&
           out.list_size < (std::int64_t{1} << 31);
  } else
    return false;
  return true;
}

const ArrowSchema& child(const ArrowSchema& schema, std::int64_t i, const std::string& column) {
  if (schema.children == nullptr || schema.children[i] == nullptr || schema.children[i]->release == nullptr) {
    fail_arrow(INTERPLAY_BAD_DATA, column, "its Arrow schema has no child " + std::to_string(i));
  }
  return *schema.children[i];
}

ArrowFormat parse_values(const ArrowSchema& schema, const std::string& column) {
  constexpr const char* hint =
      "convert it to int64, float64, bool, string or a list of those, or leave it out";
  ArrowFormat out;
  if (schema.format == nullptr || !parse_flat(schema.format, out)) unsupported(schema, column, hint);
  if (schema.dictionary == nullptr) return out;
  ArrowFormat values;
  const ArrowSchema& dictionary = *schema.dictionary;
  if (!out.is_integer())
    fail_arrow(INTERPLAY_BAD_DATA, column, "the indices of a dictionary must be integers");
  if (dictionary.format == nullptr || dictionary.dictionary != nullptr ||
      !parse_flat(dictionary.format, values)) {
    unsupported(dictionary, column, "a dictionary's values must be int64, float64, bool or string");
  }
  out.type = values.type;
  return out;
}

}  // namespace

void fail_arrow(interplay_status status, const std::string& column, const std::string& text,
                std::int64_t row) {
  Json detail = members({{"column", column}});
  if (row >= 0) detail["row"] = row;
  fail(status, "column " + in_quotes(column) + (row >= 0 ? ", row " + std::to_string(row) : "") + ": " + text,
       dump_json(detail));
}

ArrowFormat parse_format(const ArrowSchema& schema, const std::string& column) {
  ArrowFormat out;
  if (schema.format == nullptr || !parse_list(schema.format, out)) return parse_values(schema, column);
  if (schema.dictionary != nullptr) unsupported(schema, column, "a list cannot be dictionary-encoded here");
  if (schema.n_children != 1) {
    fail_arrow(INTERPLAY_BAD_DATA, column, "a list has 1 child, found " + std::to_string(schema.n_children));
  }
  const ArrowSchema* values = &child(schema, 0, column);
  if (values->format != nullptr && std::string_view(values->format) == "+s") {
    const ArrowSchema& pair = *values;
    if (pair.n_children != 2) {
      unsupported(pair, column, "a list of structs must have two children, the value and its weight");
    }
    const ArrowFormat weight = parse_values(child(pair, 1, column), column);
    if (weight.shape != Shape::number || weight.is_integer() ||
        child(pair, 1, column).dictionary != nullptr) {
      unsupported(child(pair, 1, column), column,
                  "the second child of a list's structs is the weight, float32 or float64");
    }
    values = &child(pair, 0, column);
    out.weighted = true;
  }
  out.type = parse_values(*values, column).type;
  return out;
}

}  // namespace interplay::core
