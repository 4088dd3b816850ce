#include "registry/registry.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <mutex>

#include "base/error.hpp"
#include "registry/error_object.hpp"

#define INTERPLAY_BUILTIN(entry) \
  extern "C" const interplay_engine* entry(std::uint32_t host_abi, const interplay_host* host);
#include "builtin_engines.inc"
#undef INTERPLAY_BUILTIN

namespace interplay::core {
namespace {

constexpr std::size_t required_size = offsetof(interplay_engine, scratch_new);
constexpr std::uint32_t known_flags = INTERPLAY_ENGINE_LOGITS;

/// Calls an entry function, which may come from anywhere.
std::unique_ptr<const Engine> ask(interplay_engine_entry_fn entry) {
  const interplay_engine* table = nullptr;
  try {
    table = entry(INTERPLAY_ENGINE_ABI, &host());
  } catch (...) {
    fail(INTERPLAY_INCOMPATIBLE, "its entry function threw an exception; it may only return");
  }
  if (table == nullptr)
    fail(INTERPLAY_INCOMPATIBLE, "the engine refused this library, which speaks engine ABI " +
                                     std::to_string(INTERPLAY_ENGINE_ABI) + " and offers a host table of " +
                                     std::to_string(sizeof(interplay_host)) +
                                     " bytes: it was built for a newer one; build it with this library's "
                                     "headers, or use a newer library");
  return std::make_unique<const Engine>(*table);
}

class Registry {
 public:
  Registry() {
#define INTERPLAY_BUILTIN(entry) add(entry);
#include "builtin_engines.inc"
#undef INTERPLAY_BUILTIN
  }

  const Engine& add(interplay_engine_entry_fn entry) {
    // One entry function at a time, and each once: it sets its own copy of the host's table while others may score.
    const std::lock_guard<std::mutex> adding(adding_);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (const Known& known : engines_)
        if (known.entry == entry) return *known.engine;
    }
    std::unique_ptr<const Engine> engine = ask(entry);
    if (const Engine* const known = find(engine->name()))
      fail(INTERPLAY_INVALID_ARGUMENT, "an engine \"" + engine->name() + "\" (version " +
                                           known->table().version +
                                           ") is registered already; give this one another name");
    const std::lock_guard<std::mutex> lock(mutex_);
    engines_.push_back({entry, std::move(engine)});
    return *engines_.back().engine;
  }

  /// Null where there is none. No allocation: scorers and models are made often.
  const Engine* find(const std::string& name) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const Known& known : engines_)
      if (known.engine->name() == name) return known.engine.get();
    return nullptr;
  }

  std::vector<const Engine*> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<const Engine*> list;
    for (const Known& known : engines_) list.push_back(known.engine.get());
    return list;
  }

 private:
  struct Known {
    interplay_engine_entry_fn entry;
    std::unique_ptr<const Engine> engine;
  };
  std::mutex adding_;
  mutable std::mutex mutex_;  // held for moments only: readers never wait for an entry function
  std::vector<Known> engines_;
};

Registry& registry() {
  // Leaked on purpose: a host's static destructors may still free models after ours would have run.
  static Registry* const one = new Registry;
  return *one;
}

bool is_engine_name(const std::string& name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// What an engine cannot be without. `table` is a copy in which whatever lies beyond struct_size is null.
void check_members(const interplay_engine& table, const std::string& name) {
  const struct {
    const char* name;
    bool there;
  } required[] = {{"name", !name.empty()},
                  {"version", table.version != nullptr},
                  {"params_schema", table.params_schema != nullptr},
                  {"fit", table.fit != nullptr},
                  {"score", table.score != nullptr},
                  {"save", table.save != nullptr},
                  {"load", table.load != nullptr},
                  {"destroy", table.destroy != nullptr},
                  // Optional ones that only make sense together.
                  {"scratch_free", table.scratch_free != nullptr || table.scratch_new == nullptr},
                  {"attention_shape", table.attention_shape != nullptr || table.attention == nullptr}};
  for (const auto& member : required)
    if (!member.there)
      fail(INTERPLAY_INCOMPATIBLE, "engine \"" + name + "\" lacks the required member \"" + member.name +
                                       "\"; set it in its interplay_engine table");
}

}  // namespace

Engine::Engine(const interplay_engine& table) {
  if (table.abi != INTERPLAY_ENGINE_ABI)
    fail(INTERPLAY_INCOMPATIBLE, "the engine speaks engine ABI " + std::to_string(table.abi) +
                                     ", this library speaks " + std::to_string(INTERPLAY_ENGINE_ABI) +
                                     "; build it again with this library's engine.h");
  if (table.struct_size < required_size)
    fail(INTERPLAY_INCOMPATIBLE, "the engine's table has " + std::to_string(table.struct_size) +
                                     " bytes, at least " + std::to_string(required_size) +
                                     " are required; set struct_size to sizeof(interplay_engine)");
  // Whole members only: the tail consists of pointers.
  const std::size_t size = std::min<std::size_t>(table.struct_size, sizeof table_);
  std::memcpy(&table_, &table, size - (size - required_size) % sizeof(void*));
  name_ = table_.name != nullptr ? table_.name : "";
  check_members(table_, name_);
  if (!is_engine_name(name_))
    fail(INTERPLAY_INCOMPATIBLE, "\"" + name_ + "\" cannot name an engine: expected 1 to 40 of a-z, 0-9, _");
  if ((table_.flags & ~known_flags) != 0)
    fail(INTERPLAY_INCOMPATIBLE, "engine \"" + name_ + "\" has flags that this library does not know (" +
                                     std::to_string(table_.flags) + "); use a newer library");
  schema_ = read_schema(table_.params_schema, name_);
}

std::shared_ptr<const interplay_params> Engine::params(const Json& given) const {
  auto params = std::make_shared<const interplay_params>(check_params(given, schema_, name_));
  if (table_.check != nullptr)
    call_engine(*this, "checking parameters",
                [&](interplay_error** error) { return table_.check(params.get(), error); });
  return params;
}

Json Engine::info() const {
  Json json;
  json["name"] = name_;
  json["version"] = table_.version;
  json["summary"] = table_.summary != nullptr ? table_.summary : "";
  json["parameters"]["type"] = "object";
  json["parameters"]["properties"] = schema_.properties;
  if (!schema_.presets.empty()) json["parameters"]["presets"] = schema_.presets;
  json["parameters"]["additionalProperties"] = false;
  return json;
}

namespace {

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const Engine* engine : all_engines()) names.push_back(engine->name());
  return names;
}

}  // namespace

const Engine& find_engine(const std::string& name) {
  if (const Engine* const engine = registry().find(name)) return *engine;
  fail_unknown(INTERPLAY_NOT_FOUND, "engine", name, all_names());
}

const Engine& find_engine_of_file(const std::string& name, const std::string& version) {
  if (const Engine* const engine = registry().find(name)) return *engine;
  const std::vector<std::string> names = all_names();
  fail(INTERPLAY_NOT_FOUND,
       "model file: engine \"" + name + "\" " + version +
           " wrote it, which is not registered here (there are " + join(names) +
           "); load its plug-in first: interplay_engine_load, on the command line --plugin PATH",
       dump_json(Json{{"key", "engine"}, {"engine", name}, {"version", version}, {"accepted", names}}));
}

std::vector<const Engine*> all_engines() { return registry().all(); }

const Engine& register_engine(interplay_engine_entry_fn entry, const std::string& where) {
  try {
    return registry().add(entry);
  } catch (const Error& error) {
    fail(error.status(), where + ": " + error.what(), error.detail());
  }
}

void call_engine(const Engine& engine, const char* doing,
                 FunctionRef<interplay_status(interplay_error**)> call) {
  interplay_error* error = nullptr;
  interplay_status status = INTERPLAY_OK;
  const auto threw = [&](const std::string& what) {
    free_error(error);
    fail(INTERPLAY_INTERNAL, "engine \"" + engine.name() + "\" threw an exception at " + doing + what +
                                 "; it must catch it and return a status, as the kit does");
  };
  try {
    status = call(&error);
  } catch (const std::exception& e) {
    threw(": " + std::string(e.what()));
  } catch (...) {
    threw("");
  }
  if (status == INTERPLAY_OK) {
    free_error(error);
    return;
  }
  const std::unique_ptr<interplay_error, void (*)(interplay_error*)> owner(
      error, [](interplay_error* e) { free_error(e); });
  if (status == INTERPLAY_NO_MEMORY) throw std::bad_alloc();
  if (error != nullptr && !error->message.empty()) throw Error(status, error->message, error->detail);
  // Cancelling needs no reason: an engine in C may hand on the status of report as it is.
  if (status == INTERPLAY_CANCELLED) throw Error(status, std::string(doing) + " was cancelled");
  throw Error(status, "engine \"" + engine.name() + "\" failed at " + doing + " and did not say why",
              dump_json(Json{{"engine", engine.name()}, {"without_text", true}}));
}

}  // namespace interplay::core
