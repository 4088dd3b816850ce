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

class Registry {
 public:
  Registry() {
#define INTERPLAY_BUILTIN(entry) add(entry);
#include "builtin_engines.inc"
#undef INTERPLAY_BUILTIN
  }

  void add(interplay_engine_entry_fn entry) {
    const interplay_engine* const table = entry(INTERPLAY_ENGINE_ABI, &host());
    if (table == nullptr) fail(INTERPLAY_INCOMPATIBLE, "an engine refused this host");
    auto engine = std::make_unique<const Engine>(*table);
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& known : engines_)
      if (known->name() == engine->name())
        fail(INTERPLAY_INVALID_ARGUMENT, "an engine \"" + engine->name() + "\" is registered already");
    engines_.push_back(std::move(engine));
  }

  std::vector<const Engine*> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<const Engine*> list;
    for (const auto& engine : engines_) list.push_back(engine.get());
    return list;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<const Engine>> engines_;
};

Registry& registry() {
  // Leaked on purpose: a host's static destructors may still free models after ours would have run.
  static Registry* const one = new Registry;
  return *one;
}

}  // namespace

Engine::Engine(const interplay_engine& table) {
  if (table.abi != INTERPLAY_ENGINE_ABI)
    fail(INTERPLAY_INCOMPATIBLE, "the engine speaks engine ABI " + std::to_string(table.abi) +
                                     ", this library speaks " + std::to_string(INTERPLAY_ENGINE_ABI));
  if (table.struct_size < required_size)
    fail(INTERPLAY_INCOMPATIBLE, "the engine's table has " + std::to_string(table.struct_size) +
                                     " bytes, at least " + std::to_string(required_size) + " are required");
  std::memcpy(&table_, &table, std::min<std::size_t>(table.struct_size, sizeof table_));
  name_ = table_.name != nullptr ? table_.name : "";
  const struct {
    const char* name;
    bool there;
  } required[] = {{"name", !name_.empty()},
                  {"version", table_.version != nullptr},
                  {"fit", table_.fit != nullptr},
                  {"score", table_.score != nullptr},
                  {"save", table_.save != nullptr},
                  {"load", table_.load != nullptr},
                  {"destroy", table_.destroy != nullptr}};
  for (const auto& member : required)
    if (!member.there)
      fail(INTERPLAY_INCOMPATIBLE,
           "engine \"" + name_ + "\" lacks the required member \"" + member.name + "\"");
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

const Engine& find_engine(const std::string& name) {
  std::vector<std::string> names;
  for (const Engine* engine : all_engines()) {
    if (engine->name() == name) return *engine;
    names.push_back(engine->name());
  }
  fail_unknown(INTERPLAY_NOT_FOUND, "engine", name, names);
}

std::vector<const Engine*> all_engines() { return registry().all(); }

void call_engine(const Engine& engine, const char* doing,
                 FunctionRef<interplay_status(interplay_error**)> call) {
  interplay_error* error = nullptr;
  const interplay_status status = call(&error);
  if (status == INTERPLAY_OK) {
    free_error(error);
    return;
  }
  const std::unique_ptr<interplay_error, void (*)(interplay_error*)> owner(
      error, [](interplay_error* e) { free_error(e); });
  if (status == INTERPLAY_NO_MEMORY) throw std::bad_alloc();
  if (error != nullptr) throw Error(status, error->message, error->detail);
  throw Error(status, "engine \"" + engine.name() + "\" failed at " + doing + " and did not say why");
}

}  // namespace interplay::core
