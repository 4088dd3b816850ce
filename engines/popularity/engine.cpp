// A mean and a bias for each user and each item: what any better engine has to beat. The README has the formulas.
#include "biases.hpp"

#include <algorithm>
#include <cmath>
#include <interplay/sdk/engine.hpp>
#include <interplay/sdk/objective.hpp>

namespace interplay::popularity {
namespace {

constexpr double edge = 0.01;  // share of the label's range from which a rating's logit is a straight line

const char* schema() {
  return R"({
  "type": "object",
  "properties": {
    "user_damping": {"type": "number", "default": 15, "minimum": 0, "maximum": 1000000000,
      "description": "Rows of an average label that are added to each user's own."},
    "item_damping": {"type": "number", "default": 10, "minimum": 0, "maximum": 1000000000,
      "description": "Rows of an average label that are added to each item's own."},
    "rounds": {"type": "integer", "default": 10, "minimum": 1, "maximum": 10000,
      "description": "How often the items' biases are found from the users' and the other way round."}
  }
})";
}

/// The logit whose score is `x`. A rating near the end of the range goes on in a straight line, so that two
/// that are out of it keep their order, and scores come close to the end without passing it.
double logit_of(double x, const interplay_objective& objective) {
  if (objective.kind == INTERPLAY_BINARY) return x;
  const double span = objective.high - objective.low;
  if (!(span > 0)) return 0;
  const double share = (x - objective.low) / span;
  if (objective.kind == INTERPLAY_REGRESSION) return share;
  const double inside = std::clamp(share, edge, 1 - edge);
  return std::log(inside / (1 - inside)) + (share - inside) / (edge * (1 - edge));
}

struct Header {
  std::uint32_t layout = 1;  // of the sections; another one needs another reader
  std::uint32_t fields = 0;
  std::int32_t kind = 0;
  double low = 0, high = 0, mean = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(layout), CEREAL_NVP(fields), CEREAL_NVP(kind), CEREAL_NVP(low), CEREAL_NVP(high),
            CEREAL_NVP(mean));
  }
};

void check_header(const Header& h, std::size_t fields) {
  const auto refuse = [](const std::string& expected, const std::string& found) {
    throw Error(INTERPLAY_CORRUPT, "engine state: expected " + expected + ", found " + found);
  };
  if (h.layout != 1)
    throw Error(INTERPLAY_INCOMPATIBLE, "engine state: expected layout 1, found " + std::to_string(h.layout) +
                                            "; a newer version wrote it");
  if (h.fields != fields) refuse(std::to_string(fields) + " fields", std::to_string(h.fields));
  if (h.kind < INTERPLAY_BINARY || h.kind > INTERPLAY_REGRESSION)
    refuse("an objective from 1 to 3", std::to_string(h.kind));
  if (!std::isfinite(h.high - h.low) || !std::isfinite(h.mean) || h.high < h.low)
    refuse("a finite mean and a range of labels", "others");
}

void load_side(InputArchive& archive, const char* name, Side& side) {
  if (side.field == no_field) return;
  const auto view = archive.get<float>(name, {static_cast<std::int64_t>(side.bias.size())});
  for (const float bias : view.flat())
    if (!std::isfinite(bias)) archive.corrupt("finite numbers", "others");
  std::copy_n(view.data, side.bias.size(), side.bias.begin());
}

struct Popularity {
  static constexpr const char* name = "popularity";
  static constexpr const char* version = "1.0";
  static constexpr const char* summary =
      "A mean and a bias for each user and item; without labels, the most popular items.";
  static constexpr std::uint32_t flags = INTERPLAY_ENGINE_LOGITS;
  static const char* params_schema() { return schema(); }

  using State = popularity::State;

  static std::unique_ptr<State> fit(Run& run, const Params& params, const View& train, const View*,
                                    const State* from) {
    auto state = std::make_unique<State>(empty_state(train.fields(), train.objective()));
    if (from) {
      std::copy(from->users.bias.begin(), from->users.bias.end(), state->users.bias.begin());
      std::copy(from->items.bias.begin(), from->items.bias.end(), state->items.bias.begin());
    }
    learn(run, params, train, *state);
    return state;
  }

  static void score(const State& state, const interplay_batch& batch, std::span<float> out) {
    if (batch.n_fields != state.fields)
      throw Error(INTERPLAY_INVALID_ARGUMENT, "expected a batch of " + std::to_string(state.fields) +
                                                  " fields, found " + std::to_string(batch.n_fields));
    for (std::size_t r = 0; r < out.size(); ++r) {
      double x = state.mean;
      for (const Side* side : {&state.users, &state.items}) {
        if (side->field == no_field) continue;
        const interplay_values& values = batch.fields[side->field];
        x += side->of(values.ids[values.rows == 1 ? 0 : r]);
      }
      out[r] = static_cast<float>(logit_of(x, state.objective));
    }
  }

  static void save(const State& state, OutputArchive& archive) {
    archive(
        Header{1, state.fields, state.objective.kind, state.objective.low, state.objective.high, state.mean});
    for (const auto& [section, side] : {std::pair{"users", &state.users}, std::pair{"items", &state.items}})
      if (side->field != no_field)
        archive.put(section, TensorView<const float>(side->bias.data(), side->bias.size()));
  }

  static std::unique_ptr<State> load(InputArchive& archive, const Params&,
                                     std::span<const interplay_field> fields) {
    Header h;
    archive(h);
    check_header(h, fields.size());
    auto state = std::make_unique<State>(empty_state(fields, {h.kind, 0, h.low, h.high, h.mean}));
    state->mean = h.mean;
    load_side(archive, "users", state->users);
    load_side(archive, "items", state->items);
    return state;
  }
};

}  // namespace
}  // namespace interplay::popularity

INTERPLAY_ENGINE(interplay::popularity::Popularity)
