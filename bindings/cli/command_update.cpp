// interplay update: another catalogue for the same weights.
#include <interplay/interplay.hpp>
#include <memory>

#include "commands.hpp"
#include "errors.hpp"
#include "files.hpp"
#include "interrupt.hpp"
#include "learned.hpp"
#include "options.hpp"
#include "report.hpp"
#include "tables.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description =
    "Change what a model knows of users and items, without training.\n"
    "The catalogue changes by the hour, the weights by the day: new items with\n"
    "features are recommended at once, removed ones no longer, seen pairs neither.";

constexpr const char* example =
    "Examples:\n"
    "  interplay update movies.interplay --items new_movies.csv --list genres='|' \\\n"
    "    --out movies.interplay\n"
    "  interplay update movies.interplay --items gone.csv --action remove \\\n"
    "    --out now.interplay\n"
    "upsert adds rows and overwrites those that are there; replace makes the file the\n"
    "whole part; remove needs only the column of ids.\n";

struct UpdateOptions {
  std::string model, users, items, seen, out;
  std::string action = "upsert";
  std::string tables;
  bool without_seen = false;
  FileOptions files;
  OutputOptions output;
};

Model updated(const Model& model, const UpdateOptions& options, const char* part, const std::string& path) {
  if (path.empty()) return model;
  stop_if_interrupted();
  Learned learned(parse_json(model.info(), "model info"));
  return with_learned_types(learned, options.files, [&](const Learned& known) {
    CsvReader reader = known.open(options.files, part, path);
    const Table table = read_table(reader);
    return about_file(reader, [&] {
      return model.update(part, table, compact(Json{{"action", options.action}}));
    });
  });
}

void update(const UpdateOptions& options) {
  if (options.users.empty() && options.items.empty() && options.seen.empty() && options.tables.empty())
    throw UsageError("expected at least one of --users, --items, --seen and --tables");
  expect_writable(options.out);
  Model model = load_model(options.model);
  model = updated(model, options, "users", options.users);
  model = updated(model, options, "items", options.items);
  model = updated(model, options, "seen", options.seen);
  options.files.check_used();
  const Json info = parse_json(model.info(), "model info");
  stop_if_interrupted();
  Json save{{"seen", !options.without_seen}};
  if (!options.tables.empty()) save["tables"] = options.tables;
  model.save(options.out, compact(save));
  if (options.output.json) return print(document(Json{{"model", options.out}, {"info", info}}));
  const Json& catalogue = at(info, "catalogue");
  Facts facts;
  for (const char* part : {"users", "items", "seen"})
    if (const auto n = integer_at(catalogue, part)) facts.add(part, grouped(*n));
  facts.add("saved", options.out);
  print(facts.text());
}

}  // namespace

void add_update(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("update", description);
  command->footer(example);
  const auto options = std::make_shared<UpdateOptions>();
  command->add_option("MODEL", options->model, "A file that `interplay fit` wrote")->required();
  command->add_option("--items", options->items, "Items, with the columns of training")
      ->type_name("FILE")
      ->group("Input");
  command->add_option("--users", options->users, "Users, with the columns of training")
      ->type_name("FILE")
      ->group("Input");
  command->add_option("--seen", options->seen, "Pairs of user and item")->type_name("FILE")->group("Input");
  command->add_option("--action", options->action, "Default: upsert")
      ->type_name("upsert|replace|remove")
      ->check(one_of({"upsert", "replace", "remove"}))
      ->group("Input");
  options->files.add_to(*command);
  command->add_option("-o,--out", options->out, "The model file to write; may be MODEL itself")
      ->type_name("MODEL")
      ->required()
      ->group("Output");
  command->add_flag("--without-seen", options->without_seen, "Leave out what users have seen")
      ->group("Output");
  add_tables_option(*command, options->tables);
  options->output.add_to(*command, false);
  command->callback([=, &run] { run = [=] { update(*options); }; });
}

}  // namespace interplay::cli
