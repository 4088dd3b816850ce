// What is wrong with a command line, in this program's words: CLI11 says what it could not do, not what was expected.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace interplay::cli {

/// One line for what CLI11 refused, with what to do.
std::string usage_message(const CLI::App& app, const CLI::ParseError& error);
/// "see `interplay fit --help`", for the command that was given.
std::string help_hint(const CLI::App& app);

/// Checks for CLI::Option::check, which say what they expected and found.
CLI::Validator whole_number(int64_t from, int64_t to = std::numeric_limits<int64_t>::max());
CLI::Validator any_number();
CLI::Validator one_of(std::vector<std::string> words);

}  // namespace interplay::cli
