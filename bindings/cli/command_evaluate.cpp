// interplay evaluate: how good a model is on rows it has not seen.
#include <interplay/interplay.hpp>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "interrupt.hpp"
#include "learned.hpp"
#include "report.hpp"
#include "tables.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description =
    "Measure a model on rows that it was not trained on.\n"
    "With -k also how well it ranks: hr, ndcg, recall and mrr of the first k items,\n"
    "each relevant row ranked among the whole catalogue.";

constexpr const char* example =
    "Example:\n"
    "  interplay evaluate movies.interplay --ratings test.csv -k 10 --relevant 4\n"
    "rmse and mae are in the unit of the label. A row whose ids the model does not\n"
    "know scores through the unknown value; the page says how many there were.\n";

struct EvaluateOptions {
  std::string model, ratings, users, items;
  std::optional<int64_t> k;
  std::optional<double> relevant;
  int64_t threads = 0;
  FileOptions files;
  OutputOptions output;
};

/// The model's schema, less the roles that measuring does not need and this file does not have.
Json schema_for(const CsvReader& ratings, const Learned& learned) {
  Json schema = at(learned.info, "schema");
  for (const char* role : {"label", "time", "weight", "group"})
    if (!ratings.has(text_at(schema, role))) schema.erase(role);
  return schema;
}

Json evaluation_of(const Model& model, const Learned& learned, const EvaluateOptions& options) {
  CsvReader ratings = learned.open(options.files, "ratings", options.ratings);
  expect_numbers(ratings, at(learned.info, "schema"));
  Dataset dataset(compact(schema_for(ratings, learned)));
  const auto append = [&](const char* part, const std::string& path) {
    if (path.empty()) return;
    CsvReader reader = learned.open(options.files, part, path);
    append_file(dataset, part, reader);
  };
  append("users", options.users);
  append("items", options.items);
  append_file(dataset, "interactions", ratings);
  options.files.check_used();
  dataset.seal();
  Json json = {{"threads", options.threads}};
  if (options.k) json["k"] = *options.k;
  if (options.relevant) json["relevant"] = *options.relevant;
  const Monitor monitor([](std::string_view) { return !interrupted(); });
  return parse_json(model.evaluate(dataset, compact(json), &monitor), "evaluation");
}

std::string page(const Json& result, const Learned& learned) {
  TextTable table;
  table.column("metric");
  table.column("value", TextTable::Align::right);
  for (const auto& [name, value] : at(result, "metrics").items())
    table.row({name, value.is_number() ? fixed(value.get<double>(), 4) : "-"});
  const auto rows = integer_at(result, "rows").value_or(0);
  std::string out = counted(rows, "row") + "\n\n" + table.text();
  Facts unknown;
  for (const auto& [name, value] : at(result, "unknown").items())
    if (value.is_number_integer() && value.get<int64_t>() > 0)
      unknown.add("unknown " + name, grouped(value.get<int64_t>()) + " of " + counted(rows, "row"));
  if (const std::string text = unknown.text(); !text.empty()) out += "\n" + text;
  const Json& baselines = at(result, "baselines");
  Comparison here = validation_of(learned.info);
  here.part = "these rows";
  here.model = number_at(at(result, "metrics"), here.metric.c_str());
  here.global_mean = number_at(baselines, "global_mean");
  here.biases = number_at(baselines, "biases");
  const std::string worth = comparison_text({here, validation_of(learned.info)});
  return out + (worth.empty() ? "" : "\n" + worth);
}

void evaluate(const EvaluateOptions& options) {
  const Model model = load_model(options.model);
  Learned learned(parse_json(model.info(), "model info"));
  const Json result = with_learned_types(
      learned, options.files, [&](const Learned& known) { return evaluation_of(model, known, options); });
  print(options.output.json ? document(result) : page(result, learned));
}

}  // namespace

void add_evaluate(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("evaluate", description);
  command->footer(example);
  const auto options = std::make_shared<EvaluateOptions>();
  command->add_option("MODEL", options->model, "A file that `interplay fit` wrote")->required();
  command->add_option("--ratings", options->ratings, "Rows with the columns of training, the label included")
      ->type_name("FILE")
      ->required()
      ->group("Input");
  command
      ->add_option("--users", options->users, "Features of users; default: what the model's catalogue says")
      ->type_name("FILE")
      ->group("Input");
  command
      ->add_option("--items", options->items, "Features of items; default: what the model's catalogue says")
      ->type_name("FILE")
      ->group("Input");
  command->add_option("-k", options->k, "Rank, and look at the first N items")
      ->type_name("N")
      ->check(whole_number(1))
      ->group("Measures");
  command
      ->add_option("--relevant", options->relevant,
                   "A row is relevant from this label on; default: the middle of the label's range")
      ->type_name("LABEL")
      ->check(any_number())
      ->group("Measures");
  add_threads_option(*command, options->threads)->group("Measures");
  options->files.add_to(*command);
  options->output.add_to(*command, false);
  command->callback([=, &run] { run = [=] { evaluate(*options); }; });
}

}  // namespace interplay::cli
