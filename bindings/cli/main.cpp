// The program `interplay`: one command a verb of the library. This file parses, runs and turns failures into one line.
#include <algorithm>
#include <interplay/interplay.hpp>
#include <new>
#include <string>
#include <vector>

#include "commands.hpp"
#include "errors.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "plugins.hpp"
#include "terminal.hpp"
#include "text.hpp"
#include "usage.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description = "Learn to recommend from CSV files: fit a model, score rows, rank items.";

constexpr const char* footer =
    "Start here, with ratings.csv (user_id,movie_id,rating) and movies.csv:\n"
    "  interplay fit --ratings ratings.csv --items movies.csv --user user_id \\\n"
    "    --item movie_id --label rating --ignore title --out movies.interplay\n"
    "  interplay recommend movies.interplay --user 1 -k 10 \\\n"
    "    --titles movies.csv:movie_id:title\n"
    "\n"
    "`interplay COMMAND --help` explains a command and shows it at work.\n"
    "Results go to standard output, progress and errors to standard error.\n"
    "Exit codes: 0 done; 1 the data or the library said no; 2 wrong usage;\n"
    "130 cancelled (Ctrl-C).\n";

int complain(const std::string& message, int code) {
  std::string line = "interplay: " + message;
  for (char& c : line)
    if (c == '\n' || c == '\r') c = ' ';
  print_error(printable(line) + "\n");
  return code;
}

void set_up(CLI::App& app, Run& run, std::vector<std::string>& plugins) {
  const uint32_t abi = interplay_abi_version();
  app.set_version_flag("--version", "interplay " + std::string(interplay_version()) + " (ABI " +
                                        number(int64_t{abi >> 16}) + "." + number(int64_t{abi & 0xFFFF}) +
                                        ")");
  app.formatter(std::make_shared<HelpFormatter>());
  app.footer(footer);
  app.require_subcommand(1);
  app.get_help_ptr()->description("This text");
  app.get_version_ptr()->description("The release and the version of the C interface");
  add_audit(app, run);
  add_fit(app, run);
  add_compare(app, run);
  add_predict(app, run);
  add_recommend(app, run);
  add_evaluate(app, run);
  add_explain(app, run);
  add_update(app, run);
  add_info(app, run);
  add_engines(app, run);
  add_engine_check(app, run);
  for (CLI::App* command : app.get_subcommands({})) {
    command->group("Commands");
    command->get_help_ptr()->group("");  // whoever reads it has found it
    add_plugins(*command, plugins);
  }
}

/// An exit code, or -1: go on.
int parse(CLI::App& app, int argc, char** argv) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (argc < 2) return complain("expected a command, found none; see `interplay --help`", exit_usage);
  if (argv[1][0] != '-' && std::find(names.begin(), names.end(), argv[1]) == names.end())
    return complain("expected one of " + joined(names, ", ") + ", found " + in_quotes(argv[1]) +
                        "; see `interplay --help`",
                    exit_usage);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success&) {
    // --help, --version: not errors, though CLI11 throws them
    throw;
  } catch (const CLI::ParseError& error) {
    return complain(usage_message(app, error), exit_usage);
  }
  return -1;
}

int run_program(int argc, char** argv) {
  Run run;
  std::vector<std::string> plugins;
  CLI::App app(description, "interplay");
  set_up(app, run, plugins);
  try {
    if (const int code = parse(app, argc, argv); code >= 0) return code;
    watch_for_interrupts();
    for (const std::string& path : plugins) load_plugin(path);
    run();
    return exit_ok;
  } catch (const CLI::CallForVersion& version) {
    print(std::string(version.what()) + "\n");
    return exit_ok;
  } catch (const CLI::Success&) {
    print(app.help());
    return exit_ok;
  } catch (const UsageError& error) {
    return complain(std::string(error.what()) + "; " + help_hint(app), exit_usage);
  } catch (const Cancelled&) {
    return complain("cancelled; nothing was written", exit_cancelled);
  } catch (const Exception& error) {
    if (error.status() == INTERPLAY_CANCELLED)
      return complain("cancelled; nothing was written", exit_cancelled);
    return complain(without_stop(error.what()), exit_failed);
  } catch (const std::bad_alloc&) {
    return complain("out of memory; give it fewer rows, or a machine with more", exit_failed);
  } catch (const std::exception& error) {
    return complain(without_stop(error.what()), exit_failed);
  }
}

}  // namespace
}  // namespace interplay::cli

int main(int argc, char** argv) {
  try {
    return interplay::cli::run_program(argc, argv);
  } catch (...) {  // standard output broke while help was printed, or no memory for the message
    return interplay::cli::exit_failed;
  }
}
