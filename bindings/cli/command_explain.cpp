// interplay explain: which fields made the scores of some rows, and what attends to what.
#include <interplay/interplay.hpp>
#include <memory>

#include "attention_plot.hpp"
#include "commands.hpp"
#include "errors.hpp"
#include "explain_page.hpp"
#include "files.hpp"
#include "interrupt.hpp"
#include "learned.hpp"
#include "tables.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description =
    "Show which fields made the scores of some rows.\n"
    "By how much the score changes when a field is left out, which pairs of fields\n"
    "work together, and what attends to what in engines with attention.";

constexpr const char* example =
    "Example:\n"
    "  interplay explain movies.interplay --rows pairs.csv --pairs \\\n"
    "    --svg attention.svg\n"
    "A change is one of the logit, of which the score is made. A field that is left\n"
    "out has its unknown value instead; `--replace shuffle` gives it the value of\n"
    "another row. The picture has one heat map per layer and head.\n";

struct ExplainOptions {
  std::string model, rows, svg, replace = "unknown";
  bool pairs = false, per_row = false;
  int64_t top = 20;
  int64_t threads = 0;
  FileOptions files;
  OutputOptions output;
};

std::string explain_call(const Model& model, const Table& rows, const Json& wishes, const Monitor& monitor) {
  return Monitor::watched(&monitor, [&](interplay_monitor* watch) {
    return Text(detail::make<interplay_text>(interplay_model_explain, model.get(),
                                             static_cast<const interplay_table*>(rows.get()),
                                             compact(wishes).c_str(), watch))
        .str();
  });
}

Json explanation_of(const Model& model, const Learned& learned, const ExplainOptions& options) {
  CsvReader reader = learned.open(options.files, "rows", options.rows);
  options.files.check_used();
  for (const char* role : {"user", "item"}) learned.expect_id(reader, role);
  const Table rows = read_table(reader);
  Json wishes = {{"what", {"attention", "fields"}},
                 {"per_row", options.per_row},
                 {"top", options.top},
                 {"replace", options.replace},
                 {"threads", options.threads}};
  if (options.pairs) wishes["what"].push_back("pairs");
  const Monitor monitor([](std::string_view) { return !interrupted(); });
  const auto explain = [&] {
    return parse_json(about_file(reader, [&] { return explain_call(model, rows, wishes, monitor); }),
                      "explanation");
  };
  try {
    return explain();
  } catch (const Exception& error) {
    if (error.status() != INTERPLAY_UNSUPPORTED || !options.svg.empty()) throw;
    wishes["what"].erase(0);  // not every engine has attention, and nobody asked for it alone
    return explain();
  }
}

void explain(const ExplainOptions& options) {
  if (!options.svg.empty()) expect_writable(options.svg);
  const Model model = load_model(options.model);
  Learned learned(parse_json(model.info(), "model info"));
  const Json found = with_learned_types(
      learned, options.files, [&](const Learned& known) { return explanation_of(model, known, options); });
  stop_if_interrupted();
  if (!options.svg.empty()) {
    OutputFile out(options.svg);
    out.write(attention_svg(found));
    out.commit();
  }
  print(options.output.json ? document(found) : explain_page(found));
}

}  // namespace

void add_explain(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("explain", description);
  command->footer(example);
  const auto options = std::make_shared<ExplainOptions>();
  command->add_option("MODEL", options->model, "A file that `interplay fit` wrote")->required();
  command->add_option("--rows", options->rows, "Rows to explain, as for `interplay predict`")
      ->type_name("FILE")
      ->required()
      ->group("Input");
  command->add_flag("--pairs", options->pairs, "Pairs of fields too; takes as many scores as there are pairs")
      ->group("Explanation");
  command->add_flag("--per-row", options->per_row, "Every row on its own too; at most 1,000 rows")
      ->group("Explanation");
  command->add_option("--top", options->top, "So many pairs, the strongest; default: 20")
      ->type_name("N")
      ->check(whole_number(1))
      ->group("Explanation");
  command
      ->add_option("--replace", options->replace,
                   "What a field that is left out has instead: its unknown value (default), or the value of "
                   "another row")
      ->type_name("unknown|shuffle")
      ->check(one_of({"unknown", "shuffle"}))
      ->group("Explanation");
  add_threads_option(*command, options->threads)->group("Explanation");
  command->add_option("--svg", options->svg, "The attention as a picture: an SVG file")
      ->type_name("FILE")
      ->group("Output");
  options->files.add_to(*command);
  options->output.add_to(*command, false);
  command->callback([=, &run] { run = [=] { explain(*options); }; });
}

}  // namespace interplay::cli
