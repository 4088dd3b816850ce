// The engine's parameters: their schema for the core and documentation, and their values for the code.
#pragma once

#include <interplay/sdk/host.hpp>

#include <cstdint>

namespace interplay::autoint {

struct Settings {
  std::int64_t embedding_dim = 32, attention_dim = 32, num_heads = 2, num_layers = 3;
  std::int64_t epochs = 20, batch_size = 256, warmup_steps = 100, patience = 3;
  double dropout = 0.1, embedding_dropout = 0.2, learning_rate = 0.001, embedding_init = 0.01,
         embedding_decay = 0.1;
  bool restore_best = true;
  std::uint64_t seed = 1;
};

/// A JSON Schema object.
const char* params_schema();
Settings read_settings(const Params& params);
/// Throws INVALID_ARGUMENT where two parameters contradict each other.
void check_settings(const Settings& settings);
/// Says what is allowed and yet seldom wise.
void warn_about(const Settings& settings, Run& run);

}  // namespace interplay::autoint
