#include "plugins.hpp"

#include <filesystem>
#include <interplay/plugin.hpp>

namespace interplay::cli {

void add_plugins(CLI::App& command, std::vector<std::string>& paths) {
  add_repeated(
      command, "--plugin", paths,
      "Load an engine from this shared library first; it runs with all your rights. May be given several "
      "times")
      ->type_name("PATH")
      ->group("Engines");
}

std::string load_plugin(const std::string& path) {
  // The library takes absolute paths only; whoever types one means his own folder.
  return engine_load(std::filesystem::absolute(path).string());
}

}  // namespace interplay::cli
