// interplay fit: CSV files to a model file, and what the model is worth.
#include <chrono>
#include <interplay/interplay.hpp>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "curve_plot.hpp"
#include "data_files.hpp"
#include "errors.hpp"
#include "files.hpp"
#include "fit_options.hpp"
#include "interrupt.hpp"
#include "learned.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description =
    "Learn from rows of users, items and labels, and write a model file.\n"
    "Every column without a role is a feature: text and whole numbers are categories,\n"
    "numbers with a point are quantities.";

constexpr const char* example =
    "Example, with the MovieLens files:\n"
    "  interplay fit --ratings ratings.csv --users users.csv --items movies.csv \\\n"
    "    --user user_id --item movie_id --label rating --ignore title \\\n"
    "    --list genres='|' --test-fraction 0.2 --out movies.interplay\n"
    "It ends with the model's error beside two simple ones: the mean of all ratings,\n"
    "and that mean with a bias for each user and item. Ctrl-C writes no file.\n";

Json schema_of(const FitOptions& options) {
  return options.schema_on(options.from.empty() ? Json::object() : at(info_of_file(options.from), "schema"));
}

Json parameters_of(const FitOptions& options) {
  Json params = options.params.empty() ? Json::object() : json_argument(options.params, "--params");
  for (const std::string& pair : options.set) {
    const auto [name, value] = name_and_value(pair, "--set");
    params[name] = value_of_text(value);
  }
  if (!params.contains("seed")) params["seed"] = options.seed;
  return params;
}

std::string saved_options(const FitOptions& options) {
  Json json{{"seen", !options.without_seen}, {"optimizer", options.with_optimizer}};
  if (!options.tables.empty()) json["tables"] = options.tables;
  return compact(json);
}

Json split_options(const FitOptions& options) {
  return {{"method", options.split}, {"fraction", *options.test_fraction}, {"seed", options.seed}};
}

struct Fitted {
  Json info;
  Json test;  // null: nothing was held out
  double seconds = 0;
  bool has_plot = false;
};

/// The model is saved by now: an engine without epochs costs a picture, not the work.
bool write_curve(const FitOptions& options, const Json& info) {
  std::string picture;
  try {
    picture = curve_svg(info);
  } catch (const DataError& error) {
    print_error("note: --plot: " + std::string(error.what()) + "; no picture was written\n");
    return false;
  }
  OutputFile out(options.plot);
  out.write(picture);
  out.commit();
  return true;
}

Fitted fit_and_save(const FitOptions& options) {
  expect_writable(options.out);
  if (!options.plot.empty()) expect_writable(options.plot);
  DataFiles files(options, schema_of(options));
  if (text_at(files.schema(), "label").empty() && !options.output.quiet)
    print_error("note: without --label every row counts as a positive one, and unseen items as negatives\n");
  const Model start = options.from.empty() ? Model::create(options.engine, compact(parameters_of(options)))
                                           : load_model(options.from);
  Dataset train = files.read_ratings();
  std::optional<Dataset> test, valid;
  if (options.test_fraction) {
    auto [first, second] = train.split(compact(split_options(options)));
    train = std::move(first);
    test = std::move(second);
  }
  if (!options.valid.empty()) valid = files.read_valid(options.valid);
  options.files.check_used();
  stop_if_interrupted();

  const auto began = std::chrono::steady_clock::now();
  const std::string threads = compact(Json{{"threads", options.threads}});
  const Model model = [&] {
    Progress progress(options.output.quiet);
    const Monitor monitor([&progress](std::string_view event) { return progress.on_event(event); });
    return start.fit(train, valid ? &*valid : nullptr, threads, &monitor);
  }();
  Fitted fitted;
  fitted.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const Monitor quiet([](std::string_view) { return !interrupted(); });
  if (test) fitted.test = parse_json(model.evaluate(*test, threads, &quiet), "evaluation");
  fitted.info = parse_json(model.info(), "model info");
  stop_if_interrupted();
  model.save(options.out, saved_options(options));
  if (!options.plot.empty()) fitted.has_plot = write_curve(options, fitted.info);
  return fitted;
}

std::vector<Comparison> comparisons_of(const Fitted& fitted) {
  const Comparison validation = validation_of(fitted.info);
  std::vector<Comparison> out{validation};
  if (fitted.test.is_null()) return out;
  const Json& metrics = at(fitted.test, "metrics");
  const Json& baselines = at(fitted.test, "baselines");
  const std::string metric = validation.metric.empty() ? "rmse" : validation.metric;
  out.push_back({"test", metric, number_at(metrics, metric.c_str()), number_at(baselines, "global_mean"),
                 number_at(baselines, "biases")});
  return out;
}

std::string report(const FitOptions& options, const Fitted& fitted) {
  const Json& training = at(fitted.info, "training");
  const Json& catalogue = at(fitted.info, "catalogue");
  Facts facts;
  const auto users = integer_at(catalogue, "users"), items = integer_at(catalogue, "items");
  std::string engine = text_at(at(fitted.info, "engine"), "name");
  if (users && items) engine += ", " + counted(*users, "user") + ", " + counted(*items, "item");
  facts.add("engine", engine);
  facts.add("objective", objective_text(fitted.info));
  std::string rows;
  if (const auto n = integer_at(training, "rows")) rows += grouped(*n) + " to learn from";
  if (const auto n = integer_at(training, "valid_rows")) rows += ", " + grouped(*n) + " to validate";
  if (const auto n = integer_at(fitted.test, "rows"))
    rows += ", " + grouped(*n) + " to test (" + options.split + ", seed " + number(options.seed) + ")";
  facts.add("rows", rows);
  facts.add("fields", fields_text(fitted.info));
  if (const auto best = best_epoch_of(training))
    facts.add("best epoch", number(*best) + " of " + number(integer_at(training, "epochs").value_or(*best)) +
                                ", in " + duration(fitted.seconds));
  for (const Json& warning : at(fitted.info, "warnings")) facts.add("warning", plain(warning));
  facts.add("saved", options.out + (fitted.has_plot ? ", learning curve " + options.plot : ""));
  const std::string worth = comparison_text(comparisons_of(fitted));
  return facts.text() + (worth.empty() ? "" : "\n" + worth);
}

void fit(const FitOptions& options, const CLI::App& command) {
  options.check(command);
  const Fitted fitted = fit_and_save(options);
  if (!options.output.json) return print(report(options, fitted));
  Json json = {{"model", options.out}, {"seconds", fitted.seconds}, {"info", fitted.info}};
  if (!fitted.test.is_null()) json["test"] = fitted.test;
  print(document(json));
}

}  // namespace

void add_fit(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("fit", description);
  command->footer(example);
  const auto options = std::make_shared<FitOptions>();
  options->add_to(*command);
  command->callback([=, &run] { run = [=] { fit(*options, *command); }; });
}

}  // namespace interplay::cli
