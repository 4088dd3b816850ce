// Name -> engine. The built-in ones are an explicit list, made by the build from engines/CMakeLists.txt; more join while
// the process runs, and none ever leaves.
#pragma once

#include <interplay/engine.h>

#include <memory>
#include <string>
#include <vector>

#include "base/function_ref.hpp"
#include "base/json.hpp"
#include "registry/params.hpp"

namespace interplay::core {

class Engine {
 public:
  /// INCOMPATIBLE for another ABI, a missing function (named), a name that is none.
  explicit Engine(const interplay_engine& table);

  const interplay_engine& table() const { return table_; }
  const std::string& name() const { return name_; }
  const Json& properties() const { return schema_.properties; }
  bool gives_logits() const { return (table_.flags & INTERPLAY_ENGINE_LOGITS) != 0; }

  /// Checked against the schema and, where the engine has more to say, by the engine.
  std::shared_ptr<const interplay_params> params(const Json& given) const;
  Json info() const;

 private:
  interplay_engine table_{};  // a copy, with what an older engine lacks set to null
  std::string name_;
  ParamsSchema schema_;
};

/// NOT_FOUND with the names that are there. Lives for ever.
const Engine& find_engine(const std::string& name);
/// The same for the engine that wrote a model file: NOT_FOUND says how to bring it.
const Engine& find_engine_of_file(const std::string& name, const std::string& version);
std::vector<const Engine*> all_engines();

/// Asks the entry function for its engine and adds it; the same entry function again changes nothing. INCOMPATIBLE as for
/// Engine, or when it refuses this host; INVALID_ARGUMENT when the name is taken. `where` begins the message.
const Engine& register_engine(interplay_engine_entry_fn entry, const std::string& where);
/// register_engine for the entry function of a shared library, which stays in the process for ever, also on failure.
/// INVALID_ARGUMENT (a relative path), NOT_FOUND, INCOMPATIBLE (no library, or one without an entry function).
const Engine& load_plugin(const std::string& path);

/// Calls an engine's function and throws what it failed with; `name` and `doing` are for engines that fail without a word.
void call_engine(const Engine& engine, const char* doing,
                 FunctionRef<interplay_status(interplay_error**)> call);

/// The host's table; one for all engines.
const interplay_host& host();

}  // namespace interplay::core
