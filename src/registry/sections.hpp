// Where an engine's tensors go and come from; src/model implements them over the model file's container.
#pragma once

#include <interplay/engine.h>

#include <cstdint>
#include <string>

struct interplay_writer {
  bool optimizer = false;
  std::int32_t table_type = 0;            // of the host's function of this name
  mutable bool asked_table_type = false;  // by the engine, which then stores them so
  virtual ~interplay_writer() = default;
  /// Throws INVALID_ARGUMENT for a bad or repeated name. Copies.
  virtual void put(const std::string& name, const interplay_tensor& tensor) = 0;
};

struct interplay_reader {
  bool verify = true;
  virtual ~interplay_reader() = default;
  /// False when there is none of that name; throws CORRUPT when it is damaged.
  virtual bool get(const std::string& name, interplay_tensor& out) const = 0;
};
