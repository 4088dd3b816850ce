#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace interplay::core {

namespace {

template <class T>
void put_number(std::string& out, T value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  out.append(buffer.data(), end);
}

void put_double(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  const std::size_t start = out.size();
  put_number(out, value);
  // 1.0 must not come back as an integer.
  if (out.find_first_of(".e", start) == std::string::npos) out += ".0";
}

void put_character(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (byte < 0x20) {
    out += "\\u00";
    out += hex[byte >> 4];
    out += hex[byte & 15];
  } else {
    out += c;
  }
}

void put_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t bad = find_invalid_utf8(text);
    for (const char c : text.substr(0, bad)) put_character(out, c);
    if (bad == all_valid) break;
    out += "\xef\xbf\xbd";
    text.remove_prefix(bad + 1);
  }
  out += '"';
}

void put(std::string& out, const Json& value) {
  const char* separator = "";
  if (value.is_object()) {
    out += '{';
    for (const auto& [key, member] : value.get_ref<const Json::object_t&>()) {
      out += separator;
      put_text(out, key);
      out += ": ";
      put(out, member);
      separator = ", ";
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    for (const Json& member : value) {
      out += separator;
      put(out, member);
      separator = ", ";
    }
    out += ']';
  } else if (value.is_string()) {
    put_text(out, value.get_ref<const std::string&>());
  } else if (value.is_boolean()) {
    out += value.get<bool>() ? "true" : "false";
  } else if (value.is_number_unsigned()) {
    put_number(out, value.get<std::uint64_t>());
  } else if (value.is_number_integer()) {
    put_number(out, value.get<std::int64_t>());
  } else if (value.is_number_float()) {
    put_double(out, value.get<double>());
  } else {
    out += "null";
  }
}

}  // namespace

std::string dump_json(const Json& value) {
  std::string out;
  put(out, value);
  return out;
}

}  // namespace interplay::core
