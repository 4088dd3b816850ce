// interplay predict: scores for the rows of a file, or for one user and one item.
#include <interplay/interplay.hpp>
#include <memory>
#include <vector>

#include "commands.hpp"
#include "csv_writer.hpp"
#include "errors.hpp"
#include "files.hpp"
#include "interrupt.hpp"
#include "learned.hpp"
#include "report.hpp"
#include "tables.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description =
    "Score the rows of a file, or one user and one item.\n"
    "Features that the rows do not have come from the model's catalogue; ids that the\n"
    "model does not know score through its unknown value.";

constexpr const char* example =
    "Examples:\n"
    "  interplay predict movies.interplay --user 1 --item 1193\n"
    "  interplay predict movies.interplay --rows pairs.csv --out scored.csv\n"
    "scored.csv has the columns of pairs.csv as they are, and one more, \"score\": the\n"
    "label that the model expects, or for labels of 0 and 1 the probability of 1.\n";

struct PredictOptions {
  std::string model, rows, user, item, out;
  std::string as = "score";
  std::string output_kind = "score";
  int64_t threads = 0;
  FileOptions files;
  OutputOptions output;
};

std::string options_json(const PredictOptions& options) {
  return compact(Json{{"threads", options.threads}, {"output", options.output_kind}});
}

std::vector<float> scores_of(const Model& model, CsvReader& reader, const PredictOptions& options) {
  std::vector<float> scores;
  scores.reserve(static_cast<std::size_t>(reader.rows()));
  std::vector<CsvColumn> columns;
  while (const int64_t rows = reader.next(chunk_rows, columns)) {
    stop_if_interrupted();
    const Table out = model.predict(to_table(columns, rows), options_json(options));
    const auto chunk = out.column(options.output_kind).values<float>();
    scores.insert(scores.end(), chunk.begin(), chunk.end());
  }
  return scores;
}

void write_rows(const CsvReader& reader, const std::vector<float>& scores, const PredictOptions& options) {
  CsvDialect dialect = reader.dialect();
  if (!options.out.empty()) dialect.delimiter = delimiter_of(options.out);
  dialect.quotes = dialect.delimiter.size() == 1;
  CsvWriter writer(dialect);
  OutputFile file(options.out);
  for (const std::string& name : reader.names()) writer.field(name);
  writer.field(options.as).end_row();
  // The rows are copied as text, so that 1.50 stays 1.50.
  CsvScanner scanner = reader.records();
  CsvRecord record;
  for (const float score : scores) {
    scanner.next(record);
    for (const std::string_view field : record.fields) writer.field(field);
    writer.field(number(score)).end_row();
    if (writer.size() > std::size_t{1} << 20) file.write(writer.take());
  }
  file.write(writer.take());
  stop_if_interrupted();
  file.commit();
}

void predict_rows(const PredictOptions& options) {
  const Model model = load_model(options.model);
  Learned learned(parse_json(model.info(), "model info"));
  with_learned_types(learned, options.files, [&](const Learned& known) {
    CsvReader reader = known.open(options.files, "rows", options.rows);
    options.files.check_used();
    for (const char* role : {"user", "item"}) known.expect_id(reader, role);
    if (reader.has(options.as))
      throw DataError(reader.file() + ": there is a column " + in_quotes(options.as) +
                      " already; name the new one: --as NAME");
    const std::vector<float> scores = about_file(reader, [&] { return scores_of(model, reader, options); });
    if (!options.output.json || !options.out.empty()) write_rows(reader, scores, options);
    if (!options.output.json) return;
    Json json = {{"rows", reader.rows()}};
    if (options.out.empty()) json["scores"] = scores;
    if (!options.out.empty()) json["out"] = options.out;
    print(document(json));
  });
}

void predict_pair(const PredictOptions& options) {
  const Model model = load_model(options.model);
  const Learned learned(parse_json(model.info(), "model info"));
  const Ids ids{{"--user", learned.user_column(), options.user},
                {"--item", learned.item_column(), options.item}};
  with_ids(ids, [&](const Table& table) {
    const Table out = model.predict(table, options_json(options));
    const float score = out.column(options.output_kind).values<float>()[0];
    const bool known = knows(model, ids, table);
    if (options.output.json) {
      Json json;
      for (const Id& id : ids) json[id.column] = json_cell(table.column(id.column), 0);
      json[options.as] = score;
      json["known"] = known;
      return print(document(json));
    }
    TextTable text;
    for (const Id& id : ids) text.column(id.column);
    text.column(options.as, TextTable::Align::right);
    text.row({options.user, options.item, fixed(static_cast<double>(score), 4)});
    print(text.text());
  });
}

void predict(const PredictOptions& options) {
  const bool pair = !options.user.empty() || !options.item.empty();
  if (pair == !options.rows.empty())
    throw UsageError("expected either --rows FILE, or --user ID and --item ID");
  if (pair && (options.user.empty() || options.item.empty()))
    throw UsageError("expected both --user ID and --item ID");
  if (pair && !options.out.empty()) throw UsageError("--out goes with --rows");
  pair ? predict_pair(options) : predict_rows(options);
}

}  // namespace

void add_predict(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("predict", description);
  command->footer(example);
  const auto options = std::make_shared<PredictOptions>();
  command->add_option("MODEL", options->model, "A file that `interplay fit` wrote")->required();
  command
      ->add_option("--rows", options->rows,
                   "Rows to score, with the user's, the item's and any other column of the model")
      ->type_name("FILE")
      ->group("Input");
  command->add_option("--user", options->user, "One user")->type_name("ID")->group("Input");
  command->add_option("--item", options->item, "One item")->type_name("ID")->group("Input");
  options->files.add_to(*command);
  command
      ->add_option("-o,--out", options->out, "Where the rows with their scores go; default: standard output")
      ->type_name("FILE")
      ->group("Output");
  command->add_option("--as", options->as, "The name of the new column; default: score")
      ->type_name("NAME")
      ->group("Output");
  command
      ->add_option("--output", options->output_kind,
                   "score (default), or logit: what the score is made of, which still tells scores apart "
                   "that round to 0 or 1")
      ->type_name("score|logit")
      ->check(one_of({"score", "logit"}))
      ->group("Output");
  add_threads_option(*command, options->threads)->group("Output");
  options->output.add_to(*command, false);
  command->callback([=, &run] { run = [=] { predict(*options); }; });
}

}  // namespace interplay::cli
