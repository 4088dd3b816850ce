// An engine's table with everything that is required; its functions do nothing.
#pragma once

#include <interplay/engine.h>

namespace interplay::test {

inline interplay_engine toy(const char* name = "toy") {
  interplay_engine table{};
  table.struct_size = sizeof table;
  table.abi = INTERPLAY_ENGINE_ABI;
  table.name = name;
  table.version = "1.0";
  table.params_schema = R"({"properties": {"depth": {"type": "integer", "default": 2}}})";
  table.fit = [](interplay_run*, const interplay_params*, const interplay_view*, const interplay_view*,
                 const void*, void**, interplay_error**) { return INTERPLAY_OK; };
  table.score = [](const void*, void*, const interplay_batch*, float*, interplay_error**) {
    return INTERPLAY_OK;
  };
  table.save = [](const void*, interplay_writer*, interplay_error**) { return INTERPLAY_OK; };
  table.load = [](interplay_reader*, const interplay_params*, const interplay_field*, std::uint32_t, void**,
                  interplay_error**) { return INTERPLAY_OK; };
  table.destroy = [](void*) {};
  return table;
}

}  // namespace interplay::test
