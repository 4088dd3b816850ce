#include "params.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace interplay::autoint {
namespace {

using kit::choice;

constexpr const char* presets = R"({
    "tutorial": {},
    "paper": {"embedding_dim": 16, "attention_dim": 64, "batch_size": 1024, "optimizer": "adam", "dropout": 0, "embedding_dropout": 0,
      "embedding_l2": 0, "score_scale": "none", "output_projection": "none", "residual": "projection", "pool": "last"},
    "authors": {"embedding_dim": 16, "attention_dim": 64, "batch_size": 1024, "optimizer": "adam", "dropout": 0, "embedding_dropout": 0,
      "embedding_l2": 0, "qkv_bias": true, "qkv_activation": "relu", "output_projection": "none", "residual": "projection",
      "residual_activation": "relu", "norm": "after_activation", "pool": "last"},
    "fuxictr": {"embedding_dim": 10, "attention_dim": 64, "batch_size": 4096, "optimizer": "adam", "dropout": 0, "embedding_dropout": 0,
      "embedding_init": 1e-4, "embedding_l2": 1e-5, "l2_form": "loss", "score_scale": "none", "output_projection": "none",
      "residual": "projection_if_needed", "pool": "last", "schedule": "drop", "patience": 1, "clip_norm": 10, "epochs": 100},
    "best": {"embedding_dim": 32, "attention_dim": 32, "num_layers": 2, "deep_layers": [128, 64], "deep_batch_norm": true, "deep_dropout": 0.1,
      "batch_size": 512, "l2_form": "auto", "schedule": "drop", "evaluations_per_epoch": 2, "patience": 6, "clip_norm": 10, "average": 0.999,
      "epochs": 100},
    "small": {"embedding_dim": 16, "attention_dim": 16, "num_layers": 1, "deep_layers": [64], "deep_batch_norm": true, "dropout": 0.3,
      "embedding_dropout": 0.3, "deep_dropout": 0.3, "batch_size": 128, "l2_form": "auto", "schedule": "drop", "evaluations_per_epoch": 2,
      "patience": 12, "clip_norm": 10, "average": 0.999, "epochs": 100, "members": 4}
  })";

constexpr const char* architecture = R"(
    "preset": {"type": "string", "default": "tutorial", "enum": ["tutorial", "paper", "authors", "fuxictr", "best", "small"],
      "description": "Defaults of the other parameters. tutorial: the defaults shown here; paper: the CIKM 2019 paper; authors: their released code; fuxictr: FuxiCTR 1.2.2 and later; best: what measured best here, from about 50,000 rows on; small: likewise, below."},
    "embedding_dim": {"type": "integer", "default": 32, "minimum": 1, "maximum": 1024,
      "description": "Width d of the vector that stands for a value."},
    "attention_dim": {"type": "integer", "default": 32, "minimum": 1, "maximum": 4096,
      "description": "Width of the attention, all heads together; num_heads must divide it."},
    "num_heads": {"type": "integer", "default": 2, "minimum": 1, "maximum": 64,
      "description": "Heads of each attention layer: ways in which fields may combine."},
    "num_layers": {"type": "integer", "default": 3, "minimum": 0, "maximum": 16,
      "description": "Attention layers. Each raises the order of the interactions; 0 leaves a linear model."},
    "layer_dims": {"type": "array", "default": [],
      "description": "An attention width for each layer, instead of attention_dim and num_layers."},
    "dropout": {"type": "number", "default": 0.1, "minimum": 0, "maximum": 0.95,
      "description": "Share of attention weights that are dropped while training."},
    "embedding_dropout": {"type": "number", "default": 0.2, "minimum": 0, "maximum": 0.95,
      "description": "Share of the embeddings' numbers that are dropped while training."},
    "output_dropout": {"type": "number", "default": 0, "minimum": 0, "maximum": 0.95,
      "description": "Share of the joined heads' numbers that are dropped while training."},
    "embedding_init": {"type": "number", "default": 0.01, "minimum": 0, "maximum": 10,
      "description": "Standard deviation of the embeddings' first values."},
    "number_embedding": {"type": "string", "default": "product", "enum": ["product", "linear"],
      "description": "product: a number's value times a learned vector; linear: and another vector added."},
    "input_projection": {"type": "boolean", "default": false, "enum": [true, false],
      "description": "One affine layer from embedding_dim to attention_dim before the first layer."},
    "qkv": {"type": "string", "default": "learned", "enum": ["learned", "identity"],
      "description": "identity: queries, keys and values are the field's vector itself."},
    "qkv_bias": {"type": "boolean", "default": false, "enum": [true, false],
      "description": "A bias on Q, K, V and the residual's projection."},
    "qkv_activation": {"type": "string", "default": "none", "enum": ["none", "relu"],
      "description": "Of Q, K and V."},
    "attention": {"type": "string", "default": "dot", "enum": ["dot", "disentangled"],
      "description": "disentangled: queries and keys lose their mean over the fields, and a weight of each field alone is added (DESTINE)."},
    "score_scale": {"type": "string", "default": "head", "enum": ["head", "none"],
      "description": "head: attention scores are divided by the root of a head's width."},
    "output_projection": {"type": "string", "default": "linear", "enum": ["linear", "affine", "none"],
      "description": "W^O, from the joined heads back to the layer's input width; affine: with a bias."},
    "residual": {"type": "string", "default": "identity", "enum": ["identity", "none", "projection_if_needed", "projection", "once"],
      "description": "What is added to a layer's output: its input, a learned projection of it (always, or where widths differ), or once, after the last layer, a projection of the embeddings."},
    "residual_activation": {"type": "string", "default": "none", "enum": ["none", "relu"],
      "description": "Of the residual's projection."},
    "norm": {"type": "string", "default": "none", "enum": ["none", "before_activation", "after_activation", "post"],
      "description": "Layer normalisation of a layer's output; post: as in a Transformer, after the feed-forward block too."},
    "activation": {"type": "string", "default": "relu", "enum": ["relu", "none", "at_end"],
      "description": "Of a layer's output; at_end: once, after the last layer."},
    "feed_forward": {"type": "integer", "default": 0, "minimum": 0, "maximum": 16,
      "description": "Width of a feed-forward block behind each layer, as a multiple of the layer's; 0: none."},
    "pool": {"type": "string", "default": "all_with_input", "enum": ["all_with_input", "all", "last"],
      "description": "What the logit reads: the embeddings and every layer, every layer, or the last layer."},
    "first_order": {"type": "boolean", "default": false, "enum": [true, false],
      "description": "One more number for each value, added to the logit."},
    "output_bias": {"type": "boolean", "default": true, "enum": [true, false],
      "description": "A constant in the logit, which starts at the prior."},
    "deep_layers": {"type": "array", "default": [],
      "description": "AutoInt+: widths of a feed-forward tower beside the attention; [400, 400] say."},
    "deep_batch_norm": {"type": "boolean", "default": false, "enum": [true, false],
      "description": "Batch normalisation in the tower."},
    "deep_dropout": {"type": "number", "default": 0, "minimum": 0, "maximum": 0.95,
      "description": "Share of the tower's numbers that are dropped while training."},
    "projections": {"type": "boolean", "default": false, "enum": [true, false],
      "description": "Keep the first layer's queries, keys and values of every value ready, in memory and not in the file: scoring takes up to a sixth less time, and an embedding, with attention_dim equal to its width, four times the room."})";

[[noreturn]] void refuse(const std::string& key, const std::string& message,
                         const std::string& nearest = "") {
  std::string detail = R"({"key": ")" + key + "\"";
  if (!nearest.empty()) detail += R"(, "nearest": ")" + nearest + "\"";
  throw Error(INTERPLAY_INVALID_ARGUMENT, message, detail + "}");
}

/// The divisor of n that is nearest to k; the smaller one of two.
std::size_t nearest_divisor(std::size_t n, std::size_t k) {
  std::size_t best = 1;
  const auto distance = [&](std::size_t x) { return x > k ? x - k : k - x; };
  for (std::size_t candidate = 1; candidate <= n; ++candidate)
    if (n % candidate == 0 && distance(candidate) < distance(best)) best = candidate;
  return best;
}

/// With a point whatever the host's locale says.
std::string spelt(double value) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

std::vector<std::size_t> widths(const Params& params, const char* name, double most) {
  std::vector<std::size_t> result;
  for (const double width : params.list(name)) {
    if (!(width >= 1 && width <= most) || width != static_cast<double>(static_cast<std::size_t>(width)))
      refuse(name, std::string(name) + ": expected whole numbers from 1 to " +
                       std::to_string(static_cast<std::size_t>(most)) + ", found " + spelt(width));
    result.push_back(static_cast<std::size_t>(width));
  }
  return result;
}

void read_layer(const Params& params, Settings& s) {
  s.qkv_identity = params.text("qkv") == "identity";
  s.qkv_bias = params.flag("qkv_bias");
  s.qkv_relu = params.text("qkv_activation") == "relu";
  s.scaled = params.text("score_scale") == "head";
  s.disentangled = params.text("attention") == "disentangled";
  s.residual_relu = params.text("residual_activation") == "relu";
  s.output_projection = choice<Projection>(
      params, "output_projection",
      {{"linear", Projection::linear}, {"affine", Projection::affine}, {"none", Projection::none}});
  s.residual = choice<Residual>(params, "residual",
                                {{"identity", Residual::identity},
                                 {"none", Residual::none},
                                 {"projection_if_needed", Residual::projection_if_needed},
                                 {"projection", Residual::projection},
                                 {"once", Residual::once}});
  s.norm = choice<Norm>(params, "norm",
                        {{"none", Norm::none},
                         {"before_activation", Norm::before_activation},
                         {"after_activation", Norm::after_activation},
                         {"post", Norm::post}});
  s.activation = choice<Activation>(
      params, "activation",
      {{"relu", Activation::relu}, {"none", Activation::none}, {"at_end", Activation::at_end}});
  s.feed_forward = static_cast<std::size_t>(params.integer("feed_forward"));
}

}  // namespace

const char* params_schema() {
  static const std::string schema = std::string(R"({"type": "object", "presets": )") + presets +
                                    R"(, "properties": {)" + architecture + "," + kit::training_properties() +
                                    "}}";
  return schema.c_str();
}

Settings read_settings(const Params& params) {
  Settings s;
  s.embedding_dim = static_cast<std::size_t>(params.integer("embedding_dim"));
  s.num_heads = static_cast<std::size_t>(params.integer("num_heads"));
  s.widths = widths(params, "layer_dims", 4096);
  if (s.widths.empty())
    s.widths.assign(static_cast<std::size_t>(params.integer("num_layers")),
                    static_cast<std::size_t>(params.integer("attention_dim")));
  s.embedding_init = params.number("embedding_init");
  s.dropout = params.number("dropout");
  s.embedding_dropout = params.number("embedding_dropout");
  s.output_dropout = params.number("output_dropout");
  s.number_shift = params.text("number_embedding") == "linear";
  s.input_projection = params.flag("input_projection");
  read_layer(params, s);
  s.pool = choice<Pool>(params, "pool",
                        {{"all_with_input", Pool::all_with_input}, {"all", Pool::all}, {"last", Pool::last}});
  s.first_order = params.flag("first_order");
  s.output_bias = params.flag("output_bias");
  s.deep_layers = widths(params, "deep_layers", 16384);
  s.deep_batch_norm = params.flag("deep_batch_norm");
  s.deep_dropout = params.number("deep_dropout");
  s.projections = params.flag("projections");
  return s;
}

void check_settings(const Settings& s) {
  std::size_t width = s.input_projection && !s.widths.empty() ? s.widths[0] : s.embedding_dim;
  for (const std::size_t attention : s.widths) {
    if (attention % s.num_heads != 0) {
      const std::string nearest = std::to_string(nearest_divisor(attention, s.num_heads));
      refuse("num_heads",
             "num_heads must divide attention_dim: expected a divisor of " + std::to_string(attention) +
                 ", found " + std::to_string(s.num_heads) + "; the nearest is " + nearest,
             nearest);
    }
    const bool projects = s.output_projection != Projection::none;
    const std::string differ = "the layer's input is " + std::to_string(width) + " wide and its attention " +
                               std::to_string(attention);
    if (s.qkv_identity && width != attention)
      refuse("qkv", "qkv identity needs attention_dim equal to the input's width: " + differ +
                        "; set attention_dim, or input_projection");
    if (s.residual == Residual::identity && !projects && width != attention)
      refuse("residual", "residual identity without an output projection needs equal widths: " + differ +
                             "; set residual to projection_if_needed");
    if (!projects) width = attention;
  }
  if (s.qkv_identity && (s.qkv_bias || s.qkv_relu))
    refuse("qkv", "qkv identity has no bias and no activation; set qkv_bias and qkv_activation back");
}

void warn_about_size(const Params& params, std::int64_t rows, Run& run) {
  constexpr std::int64_t few = 30000;
  if (params.text("preset") == "best" && rows < few)
    run.warn("preset best is for about 50,000 rows or more, found " + std::to_string(rows) +
             " to learn from; preset small is more careful and usually better");
}

void warn_about(const Settings& s, const kit::Training& training, Run& run) {
  for (const std::size_t attention : s.widths)
    if (s.num_heads > 1 && attention / s.num_heads < 8) {
      run.warn(
          "each attention head is " + std::to_string(attention / s.num_heads) +
          " wide; heads narrower than 8 learn badly with some seeds: raise attention_dim or lower num_heads");
      break;
    }
  if (s.norm != Norm::none && !s.scaled)
    run.warn(
        "layer normalisation without the scale of the scores (score_scale none) collapses in deep stacks "
        "with some "
        "seeds; set score_scale to head");
  if (!s.scaled && s.embedding_init < 0.001)
    run.warn(
        "with unscaled scores and embedding_init below 0.001 attention starts uniform and learns late; 0.01 "
        "is safer");
  if (s.projections && (s.widths.empty() || s.input_projection || s.qkv_identity || s.qkv_bias || s.qkv_relu))
    run.warn(
        "projections has no effect here: it needs a first layer whose queries, keys and values are products "
        "of "
        "the embeddings and nothing more");
  if (s.deep_batch_norm && training.batch_size < 32)
    run.warn("batch normalisation needs at least 32 rows a batch to estimate a variance; raise batch_size");
}

}  // namespace interplay::autoint
