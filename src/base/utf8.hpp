// UTF-8, strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace interplay::core {

inline constexpr std::size_t all_valid = static_cast<std::size_t>(-1);

/// The position of the first byte that does not belong to a well-formed character, or all_valid.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// A text for messages: in quotes, shortened, control characters escaped, bytes that are not UTF-8 replaced.
std::string in_quotes(std::string_view text);

}  // namespace interplay::core
