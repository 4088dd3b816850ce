// AutoInt once more, all its variants, in double precision and plain loops, written from the equations and never from the
// engine: slow, short, without padding, shards or vectors. It reads weights by the names that a model file gives them.
#pragma once

#include <interplay/engine.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace reference {

struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> v;

  double& at(std::size_t r, std::size_t c) { return v[r * columns + c]; }
  double at(std::size_t r, std::size_t c) const { return v[r * columns + c]; }
};

/// What a variant is, by the engine's parameters' names and values.
struct Variant {
  std::vector<std::size_t> widths;
  std::size_t heads = 1, feed_forward = 0;
  std::string qkv = "learned", qkv_activation = "none", score_scale = "head", output_projection = "linear",
              residual = "identity", residual_activation = "none", norm = "none", activation = "relu",
              pool = "all_with_input", attention = "dot", number_embedding = "product";
  bool qkv_bias = false, input_projection = false, first_order = false, output_bias = true,
       deep_batch_norm = false;
  std::vector<std::size_t> deep_layers;
};

struct AutoInt {
  Variant variant;
  std::vector<std::int32_t> kinds;
  std::map<std::string, Matrix> w;
};

/// All rows, without dropout. training: batch normalisation by the batch's own mean and variance, else by the moving
/// averages. attention: if not NULL, receives A of every row, layer, head, field and field.
std::vector<double> logits(const AutoInt& model, const interplay_batch& batch, bool training,
                           std::vector<double>* attention = nullptr);
/// sum(weight * loss) / sum(weight) over the batch, training.
double loss(const AutoInt& model, const interplay_batch& batch, const interplay_objective& objective);

}  // namespace reference
