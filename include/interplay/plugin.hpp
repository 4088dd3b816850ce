// plugin.hpp: engines that join while the program runs, for C++17 and later. Header only, over interplay.h.
#pragma once

#include <interplay/interplay.hpp>
#include <string>

namespace interplay {

/// Loads a plug-in by its absolute path; returns the engine's name. See interplay_engine_load.
inline std::string engine_load(ZString path) {
  const char* name = nullptr;
  detail::call(interplay_engine_load, path.get(), &name);
  return name;
}

/// Adds an engine that is linked into the program; returns its name.
inline std::string engine_register(interplay_engine_entry_fn entry) {
  const char* name = nullptr;
  detail::call(interplay_engine_register, entry, &name);
  return name;
}

}  // namespace interplay
