// damped_means: the labels' mean, and how far each user and each item lies from it. An engine for interplay in C++, with
// the kit: a class with six functions, no pointer to free, exceptions that arrive as errors with their text.
//
//     score = mean + effect[user] + effect[item],   effect = (sum of residuals) / (rows + damping)
#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <interplay/sdk/engine.hpp>
#include <numeric>

namespace {

using interplay::Batch, interplay::Params, interplay::Run, interplay::View;

struct DampedMeans {
  static constexpr const char* name = "damped_means";
  static constexpr const char* version = "1.0";  // of what save writes
  static constexpr const char* summary = "The labels' mean and damped effects of user and item, in C++.";
  static constexpr std::uint32_t flags = 0;  // score writes scores in the label's unit
  static const char* params_schema() {
    return R"({"type": "object", "properties": {"damping": {"type": "number", "default": 10, "minimum": 0,
      "maximum": 1000000, "description": "Rows of an average label that are added to each user's and item's own."}}})";
  }

  /// The ids of one side, and what was learned of them; id 0 is the unknown value, whose effect stays 0.
  struct Side {
    std::size_t field = SIZE_MAX;  // of a batch
    std::vector<float> effect = {0};

    /// A field with one row counts for every row of the batch: the user's part of a ranking call comes so.
    std::size_t id(const interplay_batch& batch, std::size_t row) const {
      if (field == SIZE_MAX) return 0;
      const interplay_values& values = batch.fields[field];
      const auto id = static_cast<std::size_t>(values.ids[values.rows == 1 ? 0 : row]);
      return id < effect.size() ? id : 0;
    }
  };

  /// Const once fit or load has returned it, so that any number of threads may score.
  struct State {
    double mean = 0, low = 0, high = 0;
    Side items, users;

    explicit State(std::span<const interplay_field> fields) {
      for (std::size_t f = 0; f < fields.size(); ++f) {
        if (!fields[f].is_id) continue;
        Side& side = fields[f].of == INTERPLAY_OF_USER ? users : items;
        side.field = f;
        side.effect.resize(static_cast<std::size_t>(fields[f].cardinality));
      }
    }
  };

  static std::unique_ptr<State> fit(Run& run, const Params& params, const View& train, const View*,
                                    const State* from) {
    auto state = std::make_unique<State>(train.fields());
    const interplay_objective objective = train.objective();
    const bool open = objective.kind == INTERPLAY_REGRESSION;  // labels without a range
    state->mean = objective.mean;
    state->low = open ? -FLT_MAX : objective.low;
    state->high = open ? FLT_MAX : objective.high;
    if (from) {  // known ids keep their numbers
      std::copy(from->items.effect.begin(), from->items.effect.end(), state->items.effect.begin());
      std::copy(from->users.effect.begin(), from->users.effect.end(), state->users.effect.begin());
    }
    learn(run, train, 1, state->mean, state->items, state->users, params.number("damping"));
    learn(run, train, 2, state->mean, state->users, state->items, params.number("damping"));
    return state;
  }

  /// The effects of one side, given those of the other. report throws when the caller has cancelled.
  static void learn(Run& run, const View& train, std::int64_t pass, double mean, Side& mine,
                    const Side& other, double damping) {
    std::vector<double> sums(mine.effect.size()), counts(mine.effect.size());
    std::vector<std::int64_t> rows(1024);
    Batch batch = train.make_batch(1024);
    double loss = 0, total = 0;
    for (std::int64_t first = 0; first < train.rows(); first += batch.rows()) {
      rows.resize(static_cast<std::size_t>(std::min<std::int64_t>(1024, train.rows() - first)));
      std::iota(rows.begin(), rows.end(), first);
      batch.fill(rows, 0);
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const double weight = batch.weights() ? batch.weights()[r] : 1;
        const double residual = batch.labels()[r] - mean - other.effect[other.id(batch.get(), r)];
        sums[mine.id(batch.get(), r)] += weight * residual;
        counts[mine.id(batch.get(), r)] += weight;
        loss += weight * residual * residual;
        total += weight;
      }
      const std::int64_t done = first + batch.rows();
      run.report({sizeof(interplay_event), done == train.rows(), pass, 2, done, train.rows(),
                  total > 0 ? loss / total : NAN, NAN, NAN, 0});
    }
    for (std::size_t id = 1; id < sums.size(); ++id)
      if (counts[id] > 0) mine.effect[id] = static_cast<float>(sums[id] / (counts[id] + damping));
  }

  static void score(const State& state, const interplay_batch& batch, std::span<float> out) {
    for (std::size_t r = 0; r < out.size(); ++r) {
      double x = state.mean;
      for (const Side* side : {&state.items, &state.users}) x += side->effect[side->id(batch, r)];
      out[r] = static_cast<float>(std::clamp(x, state.low, state.high));
    }
  }

  /// Small things go through cereal, tensors under names of their own.
  static void save(const State& state, interplay::OutputArchive& archive) {
    archive(state.mean, state.low, state.high);
    archive.put("items",
                interplay::TensorView<const float>(state.items.effect.data(), state.items.effect.size()));
    archive.put("users",
                interplay::TensorView<const float>(state.users.effect.data(), state.users.effect.size()));
  }

  /// A file may come from anywhere: get refuses another type or shape, the numbers are looked at here.
  static std::unique_ptr<State> load(interplay::InputArchive& archive, const Params&,
                                     std::span<const interplay_field> fields) {
    auto state = std::make_unique<State>(fields);
    archive(state->mean, state->low, state->high);
    if (!std::isfinite(state->mean) || !(state->low <= state->high))
      archive.corrupt("a mean and a range", "others");
    for (const auto& [key, side] : {std::pair{"items", &state->items}, std::pair{"users", &state->users}}) {
      const auto tensor = archive.get<float>(key, {static_cast<std::int64_t>(side->effect.size())});
      std::copy_n(tensor.data, side->effect.size(), side->effect.begin());
      for (const float effect : side->effect)
        if (!std::isfinite(effect)) archive.corrupt("finite numbers", "others");
    }
    return state;
  }
};

}  // namespace

INTERPLAY_ENGINE(DampedMeans)
