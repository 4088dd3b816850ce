// interplay fit: CSV files to a model file, and what the model is worth.
#include <algorithm>
#include <chrono>
#include <interplay/interplay.hpp>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "errors.hpp"
#include "files.hpp"
#include "fit_options.hpp"
#include "interrupt.hpp"
#include "learned.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "tables.hpp"
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
  Json schema = Json::object();
  if (!options.from.empty()) schema = at(info_of_file(options.from), "schema");
  if (!options.schema.empty()) schema = json_argument(options.schema, "--schema");
  if (!schema.is_object()) schema = Json::object();
  const std::pair<const char*, const std::string*> roles[] = {
      {"user", &options.user}, {"item", &options.item},     {"label", &options.label},
      {"time", &options.time}, {"weight", &options.weight}, {"group", &options.group}};
  for (const auto& [role, column] : roles)
    if (!column->empty()) schema[role] = *column;
  for (const std::string& column : options.ignore) {
    if (!at(schema, "ignore").is_array()) schema["ignore"] = Json::array();
    schema["ignore"].push_back(column);
  }
  if (options.histories) schema["histories"] = true;
  return schema;
}

/// --set value: a number, true, false, null or a list where it reads as JSON, otherwise text.
Json parameters_of(const FitOptions& options) {
  Json params = options.params.empty() ? Json::object() : json_argument(options.params, "--params");
  for (const std::string& pair : options.set) {
    const auto [name, value] = name_and_value(pair, "--set");
    const Json parsed = Json::parse(value, nullptr, false);
    params[name] = parsed.is_discarded() ? Json(value) : parsed;
  }
  if (!params.contains("seed")) params["seed"] = options.seed;
  return params;
}

void expect_column(const CsvReader& reader, const Json& schema, const char* role) {
  const std::string column = text_at(schema, role);
  if (!column.empty() && !reader.has(column))
    throw DataError(reader.file() + ": expected the " + role + " column " + in_quotes(column) + ", found " +
                    joined(reader.names(), ", "));
}

struct Inputs {
  Json schema;
  std::map<std::string, CellType> types;

  Dataset read(const FitOptions& options, const std::string& rows_role, const std::string& rows) const {
    Dataset dataset(compact(schema));
    std::vector<std::string> names;
    const auto append = [&](const char* part, const std::string& role, const std::string& path,
                            std::initializer_list<const char*> roles) {
      if (path.empty()) return;
      CsvReader reader = options.files.open(role, path, types);
      for (const char* needed : roles) expect_column(reader, schema, needed);
      for (const std::string& name : reader.names()) names.push_back(name);
      append_file(dataset, part, reader);
    };
    append("users", "users", options.users, {"user"});
    append("items", "items", options.items, {"item"});
    append("interactions", rows_role, rows, {"user", "item", "label", "weight", "time", "group"});
    for (const std::string& column : options.ignore)
      if (std::find(names.begin(), names.end(), column) == names.end())
        throw DataError("--ignore: no file has a column " + in_quotes(column) + "; they have " +
                        joined(names, ", "));
    dataset.seal();
    return dataset;
  }
};

/// Reads the ratings; an id that is text in one file and looks like a number in the other is text in both.
Dataset read_ratings(const FitOptions& options, Inputs& inputs) {
  for (;;) {
    try {
      return inputs.read(options, "ratings", options.ratings);
    } catch (const Exception& error) {
      const std::string column = column_of_wrong_type(error);
      if (!options.files.choose_other_type(column, inputs.types)) throw;
      inputs.types[column] = CellType::text;
    }
  }
}

/// The validation file has the types of the others. Only what is a number in any case may be whole in one and not in
/// the other.
Dataset read_valid(const FitOptions& options, Inputs inputs) {
  for (const auto& [column, type] : options.files.found()) inputs.types.emplace(column, type);
  for (const char* role : {"label", "time", "weight"}) inputs.types.erase(text_at(inputs.schema, role));
  return inputs.read(options, "valid", options.valid);
}

std::string saved_options(const FitOptions& options) {
  return compact(Json{{"seen", !options.without_seen}, {"optimizer", options.with_optimizer}});
}

Json split_options(const FitOptions& options) {
  return {{"method", options.split}, {"fraction", *options.test_fraction}, {"seed", options.seed}};
}

struct Fitted {
  Json info;
  Json test;  // null: nothing was held out
  double seconds = 0;
};

Fitted fit_and_save(const FitOptions& options) {
  expect_writable(options.out);
  Inputs inputs{schema_of(options), {}};
  if (text_at(inputs.schema, "label").empty() && !options.output.quiet)
    print_error("note: without --label every row counts as a positive one, and unseen items as negatives\n");
  const Model start = options.from.empty() ? Model::create(options.engine, compact(parameters_of(options)))
                                           : load_model(options.from);
  Dataset train = read_ratings(options, inputs);
  std::optional<Dataset> test, valid;
  if (options.test_fraction) {
    auto [first, second] = train.split(compact(split_options(options)));
    train = std::move(first);
    test = std::move(second);
  }
  if (!options.valid.empty()) valid = read_valid(options, inputs);
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
  if (const auto best = integer_at(training, "best_epoch"))
    facts.add("best epoch", number(*best) + " of " + number(integer_at(training, "epochs").value_or(*best)) +
                                ", in " + duration(fitted.seconds));
  for (const Json& warning : at(fitted.info, "warnings")) facts.add("warning", plain(warning));
  facts.add("saved", options.out);
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
