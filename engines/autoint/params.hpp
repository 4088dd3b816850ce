// The engine's parameters: their schema for the core and documentation, and their values for the code.
#pragma once

#include "kit/settings.hpp"

#include <vector>

namespace interplay::autoint {

enum class Residual : std::uint8_t { none, identity, projection_if_needed, projection, once };
enum class Norm : std::uint8_t { none, before_activation, after_activation, post };
enum class Activation : std::uint8_t { relu, none, at_end };
enum class Projection : std::uint8_t { none, linear, affine };
enum class Pool : std::uint8_t { all_with_input, all, last };

/// What the network looks like.
struct Settings {
  std::size_t embedding_dim = 32, num_heads = 2;
  std::vector<std::size_t> widths{32, 32, 32};  // of each layer's attention, all heads together
  double embedding_init = 0.01, dropout = 0.1, embedding_dropout = 0.2, output_dropout = 0;
  bool number_shift = false, input_projection = false, qkv_identity = false, qkv_bias = false,
       qkv_relu = false, scaled = true, disentangled = false, residual_relu = false, first_order = false,
       output_bias = true;
  Projection output_projection = Projection::linear;
  Residual residual = Residual::identity;
  Norm norm = Norm::none;
  Activation activation = Activation::relu;
  std::size_t feed_forward = 0;  // times the width; 0: none
  Pool pool = Pool::all_with_input;
  std::vector<std::size_t> deep_layers;
  bool deep_batch_norm = false;
  double deep_dropout = 0;
  bool projections = false;
};

/// A JSON Schema object, with presets.
const char* params_schema();
Settings read_settings(const Params& params);
/// Throws INVALID_ARGUMENT where two parameters contradict each other.
void check_settings(const Settings& settings);
/// Says what is allowed and yet seldom wise.
void warn_about(const Settings& settings, const kit::Training& training, Run& run);
/// Likewise of a preset and the number of rows to learn from.
void warn_about_size(const Params& params, std::int64_t rows, Run& run);

}  // namespace interplay::autoint
