// interplay info and interplay engines: what a model file and an engine say of themselves.
#include <interplay/interplay.hpp>
#include <memory>

#include "commands.hpp"
#include "errors.hpp"
#include "json.hpp"
#include "learned.hpp"
#include "options.hpp"
#include "report.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

struct InfoOptions {
  std::string model;
  bool parameters = false;
  bool history = false;
  OutputOptions output;
};

std::string parameters_of(const Json& info) {
  Facts facts;
  for (const auto& [name, value] : at(info, "parameters").items()) facts.add(name, plain(value));
  return facts.text();
}

std::string cell_of(const Json& event, const char* key, int digits) {
  const auto value = number_at(event, key);
  return value ? fixed(*value, digits) : "-";
}

std::string history_of(const Json& info) {
  const Json& training = at(info, "training");
  const auto best = integer_at(training, "best_epoch");
  TextTable table;
  const std::string metric = text_at(training, "metric");
  const std::string headings[] = {"epoch", "loss", "validation loss", "validation " + metric};
  for (const std::string& heading : headings) table.column(heading, TextTable::Align::right);
  table.column("");
  for (const Json& event : at(training, "history")) {
    const auto epoch = integer_at(event, "epoch");
    table.row({cell_of(event, "epoch", 0), cell_of(event, "loss", 4), cell_of(event, "valid_loss", 4),
               cell_of(event, "valid_metric", 4), epoch && epoch == best ? "best" : ""});
  }
  return table.text();
}

void info(const InfoOptions& options) {
  const Json json = info_of_file(options.model);
  if (options.output.json) return print(document(json));
  if (options.parameters) print(parameters_of(json));
  if (options.history) print(history_of(json));
  if (!options.parameters && !options.history) print(model_page(json));
}

struct EnginesOptions {
  std::string name;
  OutputOptions output;
};

void engines(const EnginesOptions& options) {
  if (!options.name.empty()) {
    const Json json = parse_json(engine_info(options.name), "engine info");
    if (options.output.json) return print(document(json));
    std::string page;
    for (const std::string& line :
         wrapped(text_at(json, "name") + " " + text_at(json, "version") + ": " + text_at(json, "summary"),
                 page_width))
      page += printable(line) + "\n";
    return print(page + "\n" + parameters_page(at(json, "parameters")));
  }
  const Json json = parse_json(engine_list(), "engine list");
  if (options.output.json) return print(document(json));
  Facts facts;
  for (const Json& engine : json)
    facts.add(text_at(engine, "name"), text_at(engine, "version") + "  " + text_at(engine, "summary"));
  print(facts.text());
}

}  // namespace

void add_info(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("info",
                         "What a model file says of itself.\n"
                         "It reads the file only, so it also works for engines that this program lacks.");
  command->footer(
      "Examples:\n"
      "  interplay info movies.interplay\n"
      "  interplay info movies.interplay --history\n"
      "  interplay info movies.interplay --json | jq .training.valid_metric\n");
  const auto options = std::make_shared<InfoOptions>();
  command->add_option("MODEL", options->model, "A file that `interplay fit` wrote")->required();
  command->add_flag("--parameters", options->parameters, "The engine's parameters in this model")
      ->group("Output");
  command->add_flag("--history", options->history, "Loss and validation metric, epoch by epoch")
      ->group("Output");
  options->output.add_to(*command, false);
  command->callback([=, &run] { run = [=] { info(*options); }; });
}

void add_engines(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("engines", "The engines that there are, or the parameters of one.");
  command->footer(
      "Examples:\n"
      "  interplay engines\n"
      "  interplay engines autoint\n"
      "The parameters go into `interplay fit --set NAME=VALUE`.\n");
  const auto options = std::make_shared<EnginesOptions>();
  command->add_option("NAME", options->name, "Explain the parameters of this engine");
  options->output.add_to(*command, false);
  command->callback([=, &run] { run = [=] { engines(*options); }; });
}

}  // namespace interplay::cli
