// Small work on UTF-8 text and numbers. Nothing here looks at the locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interplay::cli {

/// The shortest text that reads back as the same number.
std::string number(double value);
std::string number(float value);
std::string number(int64_t value);
/// With a fixed number of digits behind the point.
std::string fixed(double value, int digits);
/// 1,000,209
std::string grouped(int64_t value);
/// "3.1 s", "2:05", "1:02:05": for people.
std::string duration(double seconds);

/// The whole text as a number, or nothing.
std::optional<int64_t> parse_int(std::string_view text);
std::optional<double> parse_float(std::string_view text);

/// The offset of the first byte that is not valid UTF-8, or npos.
std::size_t find_invalid_utf8(std::string_view text);
/// Columns on a terminal: wide East Asian characters count two, combining marks none.
std::size_t display_width(std::string_view text);
/// Cut to a width, with ".." at the end where something was cut.
std::string shortened(std::string_view text, std::size_t width);
/// Control characters become '?': a title from a file must not steer the reader's terminal.
std::string printable(std::string_view text);
/// Without full stops and line ends at its end: a message stands alone in its line, and CLI11 ends some of its own so.
std::string without_stop(std::string text);
/// For messages: printable, between double quotes, at most 40 columns.
std::string in_quotes(std::string_view text);

std::string joined(const std::vector<std::string>& parts, std::string_view separator);
/// Lines of at most `width` columns, broken at spaces; a line break in the text stays.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace interplay::cli
