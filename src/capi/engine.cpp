// engines: load, register, list, info
#include "capi/guard.hpp"
#include "registry/registry.hpp"

using namespace interplay::core;

extern "C" {

interplay_status interplay_engine_load(const char* utf8_path, const char** out_name,
                                       interplay_error** error) {
  clear(out_name);
  return guard(error, [&] {
    require(utf8_path, "utf8_path");
    const Engine& engine = load_plugin(utf8_path);
    if (out_name != nullptr) *out_name = engine.name().c_str();
  });
}

interplay_status interplay_engine_register(interplay_engine_entry_fn entry, const char** out_name,
                                           interplay_error** error) {
  clear(out_name);
  return guard(error, [&] {
    if (entry == nullptr) fail(INTERPLAY_INVALID_ARGUMENT, "entry must not be NULL", R"({"key":"entry"})");
    const Engine& engine = register_engine(entry, "registering an engine");
    if (out_name != nullptr) *out_name = engine.name().c_str();
  });
}

interplay_status interplay_engine_list(interplay_text** out_json, interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(out_json, "out_json");
    Json list = Json::array();
    for (const Engine* engine : all_engines()) {
      Json line = engine->info();
      line.erase("parameters");
      list.push_back(std::move(line));
    }
    *out_json = new_text(list);
  });
}

interplay_status interplay_engine_info(const char* name, interplay_text** out_json, interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(name, "name");
    require(out_json, "out_json");
    *out_json = new_text(find_engine(name).info());
  });
}

}  // extern "C"
