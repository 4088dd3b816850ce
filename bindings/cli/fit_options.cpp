#include "fit_options.hpp"

#include "errors.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

void add_held_out(CLI::App& command, FitOptions& o) {
  const std::string group = "Data";
  command
      .add_option("--valid", o.valid,
                  "Rows to choose the best epoch by; default: a random tenth of the ratings")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--test-fraction", o.test_fraction,
                  "Hold this share of the ratings out, as in 0.2, and measure on it")
      ->type_name("SHARE")
      ->check(any_number())
      ->group(group);
  add_split(command, o.split,
            "Which ones: random rows (default), each user's last ones, the last ones by time, or all "
            "rows of some users")
      ->group(group);
  command.add_option("--seed", o.seed, "Of all that is drawn at random; default: 1")
      ->type_name("N")
      ->check(whole_number(0))
      ->group(group);
}

void add_learning(CLI::App& command, FitOptions& o) {
  const std::string group = "Learning";
  command.add_option("--engine", o.engine, "Default: autoint; `interplay engines` lists them")
      ->type_name("NAME")
      ->group(group);
  command
      .add_option("--set", o.set,
                  "Parameters, as in epochs=5 embedding_dim=16; `interplay engines autoint` explains them")
      ->type_name("NAME=VALUE")
      ->group(group);
  command.add_option("--params", o.params, "Parameters as JSON: a file, or '{\"epochs\": 5}'")
      ->type_name("JSON")
      ->group(group);
  command.add_option("--from", o.from, "Go on from this model, with its engine, parameters and schema")
      ->type_name("MODEL")
      ->group(group);
  add_threads_option(command, o.threads, "The result is the same")->group(group);
}

}  // namespace

void FitOptions::add_to(CLI::App& command) {
  add_files(command);
  add_held_out(command, *this);
  add_roles(command);
  add_learning(command, *this);
  files.add_to(command);
  command.add_option("-o,--out", out, "The model file to write")
      ->type_name("MODEL")
      ->required()
      ->group("Output");
  command.add_option("--plot", plot, "The learning curve as a picture: an SVG file")
      ->type_name("FILE")
      ->group("Output");
  command
      .add_flag("--without-seen", without_seen,
                "Leave out what users have seen; such a model cannot exclude it")
      ->group("Output");
  command
      .add_flag("--with-optimizer", with_optimizer, "Keep what going on with --from needs to go on smoothly")
      ->group("Output");
  add_tables_option(command, tables);
  output.add_to(command, true);
}

void FitOptions::check(const CLI::App& command) const {
  const auto given = [&command](const char* option) { return command.count(option) > 0; };
  if (!from.empty())
    for (const char* option : {"--engine", "--set", "--params"})
      if (given(option))
        throw UsageError(std::string(option) +
                         " cannot go with --from: the model that is gone on from brings it");
  if (given("--split") && !test_fraction)
    throw UsageError("--split says how to hold rows out; say how many: --test-fraction 0.2");
  if (test_fraction && !(*test_fraction > 0 && *test_fraction < 1))
    throw UsageError("--test-fraction: expected a share between 0 and 1, found " + number(*test_fraction));
  if (from.empty()) check_roles();
  if (set.size() > 0)
    for (const std::string& pair : set) name_and_value(pair, "--set");
}

}  // namespace interplay::cli
