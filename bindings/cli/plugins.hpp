// Engines that come from files of their own.
#pragma once

#include <string>
#include <vector>

#include "options.hpp"

namespace interplay::cli {

/// --plugin PATH, for any command.
void add_plugins(CLI::App& command, std::vector<std::string>& paths);
/// Loads one; a relative path is one of the current folder. Returns the engine's name.
std::string load_plugin(const std::string& path);

}  // namespace interplay::cli
