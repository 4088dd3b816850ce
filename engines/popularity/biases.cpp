#include "biases.hpp"

#include <algorithm>
#include <cmath>
#include <interplay/sdk/objective.hpp>
#include <numeric>

namespace interplay::popularity {
namespace {

constexpr std::int64_t chunk_rows = 4096;
constexpr double longest_step = 1;  // of a bias on the logit scale, in one round

/// Where the user's (or the item's) own id is among the fields, with a bias of 0 for each.
Side find_side(std::span<const interplay_field> fields, std::int32_t whose) {
  for (std::size_t f = 0; f < fields.size(); ++f)
    if (fields[f].is_id && fields[f].of == whose && fields[f].kind == INTERPLAY_CATEGORY)
      return {f, std::vector<float>(static_cast<std::size_t>(fields[f].cardinality))};
  return {};
}

/// The ids, labels and weights of all rows that are learned from.
struct Rows {
  std::vector<std::int32_t> users, items;  // empty where there is no such field
  std::vector<float> labels, weights;
};

void copy_ids(const Side& side, const interplay_batch& batch, std::int32_t* out) {
  if (side.field == no_field) return;
  const interplay_values& values = batch.fields[side.field];
  for (std::int64_t r = 0; r < batch.rows; ++r) {
    const std::int32_t id = values.ids[values.rows == 1 ? 0 : r];
    out[r] = id > 0 && static_cast<std::size_t>(id) < side.bias.size() ? id : 0;
  }
}

/// Rows 0 .. n - 1 of the view. Each chunk goes to a place of its own, so workers change nothing.
Rows read_rows(Run& run, const View& view, const State& state, std::int64_t n) {
  const auto size = static_cast<std::size_t>(n);
  Rows rows{std::vector<std::int32_t>(state.users.field == no_field ? 0 : size),
            std::vector<std::int32_t>(state.items.field == no_field ? 0 : size), std::vector<float>(size),
            std::vector<float>(size, 1.0F)};
  std::vector<Batch> batches;
  for (int i = 0; i < run.workers(); ++i) batches.push_back(view.make_batch(std::min(chunk_rows, n)));
  run.parallel((n + chunk_rows - 1) / chunk_rows, [&](std::int64_t chunk, int worker) {
    Batch& batch = batches[static_cast<std::size_t>(worker)];
    const std::int64_t begin = chunk * chunk_rows;
    std::vector<std::int64_t> which(static_cast<std::size_t>(std::min(chunk_rows, n - begin)));
    std::iota(which.begin(), which.end(), begin);
    batch.fill(which, 0);
    copy_ids(state.users, batch.get(), rows.users.data() + begin);
    copy_ids(state.items, batch.get(), rows.items.data() + begin);
    std::copy_n(batch.labels(), which.size(), rows.labels.begin() + begin);
    if (batch.weights()) std::copy_n(batch.weights(), which.size(), rows.weights.begin() + begin);
  });
  return rows;
}

double sum_of(const std::vector<float>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

/// One Newton step for each bias of `own`, the others held fast: for squared error that is the exact
/// minimum, sum of what is left over / (damping + weight). For log loss a row counts by its curvature p (1 - p).
/// Returns the loss before the step, summed over the rows.
double improve(const State& state, Side& own, const std::vector<std::int32_t>& ids, const Side& other,
               const std::vector<std::int32_t>& other_ids, const Rows& rows, double damping) {
  const bool binary = state.objective.kind == INTERPLAY_BINARY;
  const double share = sigmoid(state.mean), penalty = damping * (binary ? share * (1 - share) : 1);
  std::vector<double> slope(own.bias.size()), curvature(own.bias.size()), met(own.bias.size());
  double loss = 0;
  for (std::size_t i = 0; i < rows.labels.size(); ++i) {
    const double weight = static_cast<double>(rows.weights[i]), label = static_cast<double>(rows.labels[i]);
    const std::int32_t id = ids.empty() ? 0 : ids[i];
    const double x = state.mean + own.of(id) + (other_ids.empty() ? 0 : other.of(other_ids[i]));
    const double guess = binary ? sigmoid(x) : x;
    loss += weight * (binary ? Objective(state.objective).loss(x, label) : (x - label) * (x - label));
    if (id == 0) continue;
    const auto at = static_cast<std::size_t>(id);
    slope[at] += weight * (label - guess);
    curvature[at] += weight * (binary ? guess * (1 - guess) : 1);
    met[at] += weight;
  }
  for (std::size_t i = 1; i < own.bias.size(); ++i) {
    if (met[i] <= 0 || curvature[i] + penalty <= 0) continue;  // a bias without rows stays as it was
    const double bias = static_cast<double>(own.bias[i]);
    const double step = (slope[i] - penalty * bias) / (curvature[i] + penalty);
    own.bias[i] = static_cast<float>(bias + (binary ? std::clamp(step, -longest_step, longest_step) : step));
  }
  return loss;
}

void learn_biases(Run& run, const Params& params, const Rows& rows, State& state) {
  const double weight = sum_of(rows.weights);
  interplay_event event{};
  event.epochs = params.integer("rounds");
  event.rows = event.rows_total = static_cast<std::int64_t>(rows.labels.size());
  event.valid_loss = event.valid_metric = std::numeric_limits<double>::quiet_NaN();
  for (event.epoch = 1; event.epoch <= event.epochs; ++event.epoch) {
    event.epoch_end = 0;
    run.report(event);
    improve(state, state.items, rows.items, state.users, rows.users, rows, params.number("item_damping"));
    const double loss =
        improve(state, state.users, rows.users, state.items, rows.items, rows, params.number("user_damping"));
    event.loss = weight > 0 ? loss / weight : 0;
    event.epoch_end = 1;
    run.report(event);
  }
}

/// Data without labels: an item's odds against an unseen item that is drawn from all of them with the same
/// chance. (1 + count) / (1 + how often it is drawn), so that bias 0 is an item that nobody took.
void count_items(Run& run, const Rows& rows, double negatives, State& state) {
  state.mean = Objective(state.objective).initial_logit();
  if (state.items.bias.size() < 2) return;
  std::vector<double> count(state.items.bias.size());
  for (std::size_t i = 0; i < rows.items.size(); ++i)
    count[static_cast<std::size_t>(rows.items[i])] += static_cast<double>(rows.weights[i]);
  const double drawn = negatives * sum_of(rows.weights) / static_cast<double>(count.size() - 1);
  state.mean = -std::log1p(drawn);
  for (std::size_t i = 1; i < count.size(); ++i)
    if (count[i] > 0) state.items.bias[i] = static_cast<float>(std::log1p(count[i]));
  interplay_event event{};
  event.epoch = event.epochs = event.epoch_end = 1;
  event.rows = event.rows_total = static_cast<std::int64_t>(rows.labels.size());
  event.loss = event.valid_loss = event.valid_metric = std::numeric_limits<double>::quiet_NaN();
  run.report(event);
}

/// The mean of the labels, or for labels 0 and 1 its logit, away from the infinities.
double mean_of(const Rows& rows, const interplay_objective& objective) {
  const double weight = sum_of(rows.weights);
  double sum = 0;
  for (std::size_t i = 0; i < rows.labels.size(); ++i)
    sum += static_cast<double>(rows.weights[i]) * static_cast<double>(rows.labels[i]);
  interplay_objective with_mean = objective;
  if (weight > 0) with_mean.mean = sum / weight;
  return objective.kind == INTERPLAY_BINARY ? Objective(with_mean).initial_logit() : with_mean.mean;
}

}  // namespace

State empty_state(std::span<const interplay_field> fields, const interplay_objective& objective) {
  return {static_cast<std::uint32_t>(fields.size()), objective, 0, find_side(fields, INTERPLAY_OF_USER),
          find_side(fields, INTERPLAY_OF_ITEM)};
}

void learn(Run& run, const Params& params, const View& view, State& state) {
  const std::int64_t negatives = view.negatives();
  const Rows rows = read_rows(run, view, state, view.rows() / (1 + negatives));
  if (negatives) return count_items(run, rows, static_cast<double>(negatives), state);
  state.mean = mean_of(rows, state.objective);
  learn_biases(run, params, rows, state);
}

}  // namespace interplay::popularity
