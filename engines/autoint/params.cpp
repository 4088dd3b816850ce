#include "params.hpp"

#include <string>

namespace interplay::autoint {

const char* params_schema() {
  return R"({
  "type": "object",
  "properties": {
    "embedding_dim": {"type": "integer", "default": 32, "minimum": 1, "maximum": 1024,
      "description": "Width d of the vector that stands for a value."},
    "attention_dim": {"type": "integer", "default": 32, "minimum": 1, "maximum": 4096,
      "description": "Width of the attention, all heads together; num_heads must divide it."},
    "num_heads": {"type": "integer", "default": 2, "minimum": 1, "maximum": 64,
      "description": "Heads of each attention layer: ways in which fields may combine."},
    "num_layers": {"type": "integer", "default": 3, "minimum": 0, "maximum": 16,
      "description": "Attention layers. Each raises the order of the interactions; 0 leaves a linear model."},
    "dropout": {"type": "number", "default": 0.1, "minimum": 0, "maximum": 0.95,
      "description": "Share of attention weights that are dropped while training."},
    "embedding_dropout": {"type": "number", "default": 0.2, "minimum": 0, "maximum": 0.95,
      "description": "Share of the embeddings' numbers that are dropped while training."},
    "epochs": {"type": "integer", "default": 20, "minimum": 1, "maximum": 100000,
      "description": "Passes over the training rows, at most."},
    "batch_size": {"type": "integer", "default": 256, "minimum": 1, "maximum": 1048576,
      "description": "Rows of one step."},
    "learning_rate": {"type": "number", "default": 0.001, "minimum": 0, "maximum": 10,
      "description": "Adam's learning rate, after the warm-up."},
    "warmup_steps": {"type": "integer", "default": 100, "minimum": 0, "maximum": 1000000000,
      "description": "Steps over which the learning rate grows from 0 in a straight line."},
    "patience": {"type": "integer", "default": 3, "minimum": 0, "maximum": 100000,
      "description": "Epochs in a row without a better validation loss before training stops; 0: never."},
    "restore_best": {"type": "boolean", "default": true, "enum": [true, false],
      "description": "Keep the state of the epoch with the best validation loss instead of the last."},
    "embedding_init": {"type": "number", "default": 0.01, "minimum": 0, "maximum": 10,
      "description": "Standard deviation of the embeddings' first values."},
    "embedding_decay": {"type": "number", "default": 0.1, "minimum": 0, "maximum": 1000,
      "description": "Each step multiplies every embedding by 1 - learning_rate * embedding_decay."}
  }
})";
}

Settings read_settings(const Params& params) {
  Settings s;
  s.embedding_dim = params.integer("embedding_dim");
  s.attention_dim = params.integer("attention_dim");
  s.num_heads = params.integer("num_heads");
  s.num_layers = params.integer("num_layers");
  s.dropout = params.number("dropout");
  s.embedding_dropout = params.number("embedding_dropout");
  s.epochs = params.integer("epochs");
  s.batch_size = params.integer("batch_size");
  s.learning_rate = params.number("learning_rate");
  s.warmup_steps = params.integer("warmup_steps");
  s.patience = params.integer("patience");
  s.restore_best = params.flag("restore_best");
  s.embedding_init = params.number("embedding_init");
  s.embedding_decay = params.number("embedding_decay");
  s.seed = params.seed();
  return s;
}

namespace {

/// The divisor of n that is nearest to k; the smaller one of two.
std::int64_t nearest_divisor(std::int64_t n, std::int64_t k) {
  for (std::int64_t distance = 0;; ++distance)
    for (const std::int64_t candidate : {k - distance, k + distance})
      if (candidate >= 1 && candidate <= n && n % candidate == 0) return candidate;
}

}  // namespace

void check_settings(const Settings& s) {
  if (s.attention_dim % s.num_heads != 0) {
    const std::string nearest = std::to_string(nearest_divisor(s.attention_dim, s.num_heads));
    throw Error(INTERPLAY_INVALID_ARGUMENT,
                "num_heads must divide attention_dim: expected a divisor of " +
                    std::to_string(s.attention_dim) + ", found " + std::to_string(s.num_heads) +
                    "; the nearest is " + nearest,
                R"({"key": "num_heads", "nearest": ")" + nearest + "\"}");
  }
  if (s.learning_rate * s.embedding_decay >= 1)
    throw Error(INTERPLAY_INVALID_ARGUMENT,
                "learning_rate * embedding_decay must be less than 1, or a step would turn embeddings around",
                R"({"key": "embedding_decay"})");
}

void warn_about(const Settings& s, Run& run) {
  const std::int64_t dh = s.attention_dim / s.num_heads;
  if (s.num_layers > 0 && s.num_heads > 1 && dh < 8)
    run.warn(
        "each attention head is " + std::to_string(dh) +
        " wide; heads narrower than 8 learn badly with some seeds: raise attention_dim or lower num_heads");
  if (s.learning_rate > 0.03)
    run.warn("learning_rate is above 0.03, where Adam often diverges; 0.001 is usual");
}

}  // namespace interplay::autoint
