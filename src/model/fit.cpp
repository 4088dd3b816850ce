// fit: a const model in, a new one out. The vocabulary comes from the rows to learn from alone; then the engine learns.
#include "model/fit.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "model/agreement.hpp"
#include "model/container.hpp"
#include "model/histories.hpp"
#include "model/measure.hpp"
#include "model/ranking.hpp"

namespace interplay::core {
namespace {

void set_labels(RowSet& set) {
  if (set.label.empty()) set.label.assign(static_cast<std::size_t>(set.rows), 1.0F);
}

/// A validation set chooses the epoch: it must mean what the training set means.
void check_valid(const Model& from, const Dataset& train, const Dataset& valid) {
  const std::string where = "fit: the validation dataset";
  check_dataset(from, valid, "validation");
  check_roles(train.schema(), valid.schema(), where, "the training dataset");
  check_role("label", train.schema().label, valid.schema().label, where, "the training dataset");
}

/// Runs the engine's fit and returns the state.
std::shared_ptr<const void> train_engine(const Model& from, interplay_run& run, const interplay_view& train,
                                         const interplay_view* valid) {
  void* state = nullptr;
  call_engine(*from.engine, "fit", [&](interplay_error** error) {
    return from.engine->table().fit(&run, from.params.get(), &train, valid,
                                    from.fitted ? from.fitted->state.get() : nullptr, &state, error);
  });
  return own_state(*from.engine, state);
}

/// What the engine looks at, and what that borrows from.
struct Views {
  std::unique_ptr<JoinedDataset> learn, valid;
  std::unique_ptr<Fitted>
      fitted_of_valid;  // a given validation set may bring users and items with features of their own
  interplay_view train_view, valid_view;
};

void describe_training(const Engine& engine, Fitted& fitted, const interplay_run& run, const Views& views,
                       const Dataset& train, bool valid_given) {
  Json& t = fitted.training;
  t["rows"] = views.learn->set.rows;
  t["valid_rows"] = views.valid ? views.valid->set.rows : 0;
  t["split"] = valid_given ? "given" : views.valid ? "random" : "none";
  t["fingerprint"] = fingerprint(train);
  t["kernel"] = engine.table().kernel != nullptr ? engine.table().kernel() : "";
  t["metric"] = metric_name(fitted.objective.kind);
  for (const auto& [key, value] : run.notes.items()) t[key] = value;
  if (!fitted.schema.label.empty()) {
    const RowSet& learn = views.learn->set;
    fitted.biases = std::make_shared<const Biases>(learn.user, learn.item, learn.label);
    if (views.valid) t["baselines"] = baselines(fitted.objective, *fitted.biases, views.valid->set);
  }
  t["history"] = run.history;
  if (run.word_lost) throw std::bad_alloc();  // the same data would give another model than elsewhere
  fitted.warnings = run.warnings;
}

/// The metric of the state that was kept, on the validation rows: what a reader compares with the baselines.
void measure_kept(const Model& model, Fitted& fitted, const Views& views, int threads) {
  if (!views.valid || fitted.schema.label.empty()) return;
  const std::vector<float> scores =
      score_set(*model.engine, fitted, views.valid->set, threads, false, nullptr, "fit");
  fitted.training["valid_metric"] = measure(fitted.objective, scores, views.valid->set);
}

/// The items that are drawn as negatives, and by what weights.
struct Negatives {
  std::vector<std::int32_t> items;
  std::vector<double> popularity;  // running sums; empty: all alike
};

Negatives negatives_of(const Fitted& fitted, const RowSet& learn, const Json& values) {
  Negatives negatives{present_items(fitted).items, {}};
  if (values["negative_sampling"] != "popularity") return negatives;
  std::vector<std::int64_t> count_of(static_cast<std::size_t>(fitted.catalogue.items.size()), 0), counts;
  for (const std::int32_t item : learn.item) ++count_of[static_cast<std::size_t>(item)];
  for (const std::int32_t item : negatives.items) counts.push_back(count_of[static_cast<std::size_t>(item)]);
  negatives.popularity = running_sums(counts, 0.75);  // the power of Mikolov et al. 2013
  return negatives;
}

interplay_objective objective_of(const Model& from, const RowSet& learn, bool labelled) {
  if (from.fitted) return from.fitted->objective;  // fixed at the first fit
  const auto& values = from.params->values;
  if (!labelled) return implicit_objective(values["negatives"].get<std::int64_t>());
  return choose_objective(values["objective"].get<std::string>(), learn.label);
}

/// Rows from which something can be learned, or by which to choose.
void check_rows(const Fitted& fitted, const Dataset& dataset, const RowSet& rows, const std::string& which) {
  const std::string where = "fit: the " + which + " dataset";
  check_labels(fitted.objective, rows, where, "a model of other labels begins with a new fit");
  if (!rows.weight.empty() &&
      std::all_of(rows.weight.begin(), rows.weight.end(), [](float weight) { return weight == 0; }))
    fail(INTERPLAY_BAD_DATA,
         where + ": every weight in \"" + dataset.schema().weight + "\" is 0, so no row counts");
}

/// The rows to learn from, and those to choose by; with the first come histories and the objective.
Views views_of(const Model& from, Fitted& fitted, const Dataset& train, const TrainingSplit& split,
               const Dataset* valid, std::uint64_t seed) {
  Views views;
  std::vector<std::int32_t> events = learn_histories(from.fitted.get(), fitted, train, split, valid, seed);
  views.learn = join_dataset(fitted, train, split.learn, Strict::no);
  RowSet& learn = views.learn->set;
  learn.event = std::move(events);
  fitted.objective = objective_of(from, learn, !train.schema().label.empty());
  set_labels(learn);
  check_rows(fitted, train, learn, "training");
  if (valid != nullptr) {
    check_context(fitted, *valid, "fit: the validation dataset");
    views.fitted_of_valid = std::make_unique<Fitted>(fitted);
    views.fitted_of_valid->catalogue = with_features_of(fitted, *valid, Strict::no);
    views.valid = join_dataset(*views.fitted_of_valid, *valid, valid->selected(), Strict::no);
    check_rows(fitted, *valid, views.valid->set, "validation");
  } else if (!split.held_out.empty()) {
    views.valid = join_dataset(fitted, train, split.held_out, Strict::no);
    check_labels(fitted.objective, views.valid->set, "fit: the training dataset", "correct them");
  }
  if (views.valid) set_labels(views.valid->set);
  return views;
}

}  // namespace

std::string fingerprint(const Dataset& dataset) {
  const Records& records = dataset.records();
  std::uint64_t hash = static_cast<std::uint64_t>(dataset.rows());
  const auto add = [&](const void* data, std::size_t size) {
    const std::uint64_t pair[2] = {hash, hash_bytes(data, size)};
    hash = hash_bytes(pair, sizeof pair);
  };
  std::vector<std::int64_t> rows = dataset.selected();
  add(rows.data(), rows.size() * sizeof(std::int64_t));
  add(records.user.data(), records.user.size() * sizeof(std::int32_t));
  add(records.item.data(), records.item.size() * sizeof(std::int32_t));
  add(records.label.data(), records.label.size() * sizeof(float));
  return hex(hash);
}

Model fit(const Model& from, const Dataset& train, const Dataset* valid, const Json& options,
          interplay_monitor* monitor) {
  ObjectReader reader(options, "options of fit");
  const int threads = static_cast<int>(reader.integer("threads", 0, 0, 256));
  reader.finish();
  check_dataset(from, train, "training");
  if (valid != nullptr) check_valid(from, train, *valid);
  const auto& values = from.params->values;
  const auto seed = values["seed"].get<std::uint64_t>();
  const TrainingSplit split =
      hold_out(train, valid != nullptr, values["validation_fraction"].get<double>(), seed);

  Fitted fitted = learn_vocabulary(from.fitted.get(), train, split);
  fitted.parent = from.fitted ? model_id(from) : "";
  Views views = views_of(from, fitted, train, split, valid, seed);
  const bool labelled = !train.schema().label.empty();
  Negatives negatives;
  if (!labelled) negatives = negatives_of(fitted, views.learn->set, values);
  const Drawing drawing{seed,
                        values["unknown_rate"].get<double>(),
                        labelled ? 0 : values["negatives"].get<std::int64_t>(),
                        negatives.items,
                        negatives.popularity,
                        values["negatives_exclude_seen"].get<bool>() ? &fitted.catalogue.seen : nullptr};
  views.train_view = {&views.learn->set, fitted.objective, drawing};
  if (views.valid) views.valid_view = {&views.valid->set, fitted.objective, drawing};

  interplay_run run(threads, monitor);
  run.metric = metric_name(fitted.objective.kind);
  fitted.state = train_engine(from, run, views.train_view, views.valid ? &views.valid_view : nullptr);
  describe_training(*from.engine, fitted, run, views, train, valid != nullptr);
  Model model{from.engine, from.params, nullptr};
  measure_kept(model, fitted, views, run.pool.workers());
  complete_histories(from.fitted.get(), fitted, train, seed);
  model.fitted = std::make_shared<const Fitted>(std::move(fitted));
  return model;
}

}  // namespace interplay::core
