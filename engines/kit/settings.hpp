// How a model is trained: the parameters that all engines of the kit share.
#pragma once

#include <interplay/sdk/host.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

namespace interplay::kit {

enum class Loss : std::uint8_t { pointwise, bpr, softmax };
enum class Method : std::uint8_t { lazy_adam, adam, adamw, adagrad };
/// Where the L2 penalty of the embeddings acts: see optimizer.hpp.
enum class Penalty : std::uint8_t { none, decoupled, loss, lazy, frequency };
enum class Rate : std::uint8_t { constant, cosine, drop };

struct Training {
  std::int64_t epochs = 20, batch_size = 256, warmup_steps = 100, patience = 3, evaluations_per_epoch = 1;
  double learning_rate = 0.001, drop_factor = 0.1, embedding_l2 = 0.1, weight_decay = 0, clip_norm = 0,
         average = 0, epsilon = 1e-8;
  bool restore_best = true;
  Loss loss = Loss::pointwise;
  Method method = Method::lazy_adam;
  Penalty penalty = Penalty::decoupled;
  bool auto_penalty = false;  // by the number of rows, at fit
  Rate rate = Rate::constant;
  std::int64_t members = 1, member = 0;  // how many models are trained apart; which one this is for
  std::uint64_t seed = 1;
};

/// The value behind the text of a parameter; the schema lets no other text through.
template <class E>
E choice(const Params& params, const char* name, std::initializer_list<std::pair<const char*, E>> values) {
  for (const auto& [text, value] : values)
    if (params.text(name) == text) return value;
  return values.begin()->second;
}

/// The members of "properties" for these parameters, to stand behind an engine's own: each `"name": {...}`, joined by
/// commas.
std::string training_properties();
Training read_training(const Params& params);
/// Throws INVALID_ARGUMENT where two parameters contradict each other.
void check_training(const Training& training);
/// Says what is allowed and yet seldom wise.
void warn_about(const Training& training, Run& run);
/// auto: the form and strength of the penalty by the number of training rows; README.md has the measurements.
void choose_penalty(Training& training, std::int64_t rows);

}  // namespace interplay::kit
