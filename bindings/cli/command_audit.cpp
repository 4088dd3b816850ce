// interplay audit: what to mend in the data before anything is trained.
#include <memory>

#include "audit.hpp"
#include "commands.hpp"
#include "data_options.hpp"
#include "errors.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description =
    "Look for mistakes in the data before anything is trained.\n"
    "Columns that give the label away, say nothing or are like an id; rows and pairs\n"
    "that come twice; rare labels; users, items and values that training cannot know.";

constexpr const char* example =
    "Example, with the MovieLens files:\n"
    "  interplay audit --ratings ratings.csv --users users.csv --items movies.csv \\\n"
    "    --user user_id --item movie_id --label rating --ignore title \\\n"
    "    --list genres='|'\n"
    "Every warning says its figure and the threshold. Warnings leave the exit code 0;\n"
    "`--json` has them for programs: .warnings[].check, .column, .value.\n";

struct AuditOptions : DataOptions {
  double fraction = 0.2;
  int64_t seed = 1;
  OutputOptions output;
};

void run_audit(const AuditOptions& options) {
  options.check_roles();
  if (!(options.fraction > 0 && options.fraction < 1))
    throw UsageError("--fraction: expected a share between 0 and 1, found " + number(options.fraction));
  const Audit found = audit(read_audit_table(options), options.fraction, static_cast<uint64_t>(options.seed));
  print(options.output.json ? document(audit_json(found)) : audit_page(found));
}

}  // namespace

void add_audit(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("audit", description);
  command->footer(example);
  const auto options = std::make_shared<AuditOptions>();
  options->add_files(*command);
  command
      ->add_option("--fraction", options->fraction,
                   "The share of the test rows, whose unknown values are counted; default: 0.2")
      ->type_name("SHARE")
      ->check(any_number())
      ->group("Data");
  command->add_option("--seed", options->seed, "Of the halves and splits that are drawn; default: 1")
      ->type_name("N")
      ->check(whole_number(0))
      ->group("Data");
  options->add_roles(*command);
  options->files.add_to(*command);
  options->output.add_to(*command, false);
  command->callback([=, &run] { run = [=] { run_audit(*options); }; });
}

}  // namespace interplay::cli
