// Engines from shared libraries. Nothing is searched for: the application says which file.
#include <dlfcn.h>

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/json.hpp"
#include "registry/registry.hpp"

namespace interplay::core {
namespace {

constexpr const char* entry_symbol = "interplay_engine_entry";

std::string last_words() {
  const char* const text = dlerror();
  return text != nullptr ? text : "the loader did not say why";
}

/// What dlopen would say less clearly.
void check_path(const std::string& path, const std::string& detail) {
  if (path.empty() || path[0] != '/')
    fail(INTERPLAY_INVALID_ARGUMENT,
         "plug-in: expected an absolute path, found \"" + path +
             "\"; join it to the folder that you trust, nothing is searched for",
         detail);
  std::error_code failure;
  const auto kind = std::filesystem::status(path, failure).type();
  if (kind == std::filesystem::file_type::not_found)
    fail(INTERPLAY_NOT_FOUND, "plug-in " + path + ": there is no such file", detail);
  if (kind == std::filesystem::file_type::directory)
    fail(INTERPLAY_INVALID_ARGUMENT, "plug-in " + path + ": expected a shared library, found a folder",
         detail);
}

}  // namespace

const Engine& load_plugin(const std::string& path) {
  const std::string detail = dump_json(Json{{"path", path}});
  check_path(path, detail);
  // NOW: what cannot be resolved fails here and not in the middle of a request. LOCAL: two plug-ins may carry the same
  // names. NODELETE, and no dlclose, also on failure: code of it may be on some thread's stack already.
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr)
    fail(INTERPLAY_INCOMPATIBLE, "plug-in " + path + ": the system cannot load it: " + last_words(), detail);
  const auto entry = reinterpret_cast<interplay_engine_entry_fn>(dlsym(library, entry_symbol));
  if (entry == nullptr)
    fail(INTERPLAY_INCOMPATIBLE,
         "plug-in " + path + ": expected it to export " + entry_symbol +
             " with C linkage and default visibility, found none; is it an engine of interplay?",
         detail);
  return register_engine(entry, "plug-in " + path);
}

}  // namespace interplay::core
