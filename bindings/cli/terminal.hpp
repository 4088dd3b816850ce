// stdout and stderr as this program uses them: results on the one, everything about the work on the other.
#pragma once

#include <cstddef>
#include <string_view>

namespace interplay::cli {

/// To stdout; throws DataError when that fails (a full disk).
void print(std::string_view text);
/// To stderr.
void print_error(std::string_view text);
bool stderr_is_terminal();
/// Columns of the terminal behind stderr, 80 where that is not known.
std::size_t terminal_width();

}  // namespace interplay::cli
