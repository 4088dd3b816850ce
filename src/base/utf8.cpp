// Validation goes eight bytes at a time through ASCII, which is nearly all of what it sees.
#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

#include "base/json.hpp"

namespace interplay::core {

namespace {

constexpr std::size_t word = sizeof(std::uint64_t);

std::size_t skip_ascii(std::string_view text, std::size_t at) noexcept {
  while (at + word <= text.size()) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, word);
    if ((bytes & 0x8080808080808080ULL) != 0) break;
    at += word;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

/// The length of the well-formed character of several bytes at `at`, or 0. The Unicode standard, table 3-7.
std::size_t character(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - at < length) return 0;
  const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) noexcept {
  std::size_t at = skip_ascii(text, 0);
  while (at < text.size()) {
    const std::size_t length = character(text, at);
    if (length == 0) return at;
    at = skip_ascii(text, at + length);
  }
  return all_valid;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown = 80;
  if (text.size() <= shown) return dump_json(Json(text));
  std::size_t end = shown;
  while (end > shown - 3 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  std::string out = dump_json(Json(text.substr(0, end)));
  out.insert(out.size() - 1, "...");
  return out;
}

}  // namespace interplay::core
