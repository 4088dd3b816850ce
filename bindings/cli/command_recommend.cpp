// interplay recommend: the best items for one user, or for every user of a file.
#include <interplay/interplay.hpp>
#include <memory>
#include <optional>

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
#include "titles.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description =
    "The best items for a user, or for every user of a file.\n"
    "Items are ranked among the model's catalogue, less what the user had in\n"
    "training.";

constexpr const char* example =
    "Examples:\n"
    "  interplay recommend movies.interplay --user 1 -k 10 \\\n"
    "    --titles movies.csv:movie_id:title\n"
    "  interplay recommend movies.interplay --users users.csv -k 100 --out best.csv\n"
    "best.csv has a row for each user and rank: user, item, score, rank.\n";

struct RecommendOptions {
  std::string model, user, users, candidates, exclude, titles, out;
  int64_t k = 10;
  bool include_seen = false;
  int64_t threads = 0;
  FileOptions files;
  OutputOptions output;
};

/// One recommended item of one row of the users' table.
struct Pick {
  Json user, item;
  std::string user_text, item_text;
  float score = 0;
  int32_t rank = 0;
};

std::vector<Pick> picks_of(const Table& users, const Table& best, const Learned& learned) {
  const Column rows = best.column("row"), item = best.column(learned.item_column()),
               score = best.column("score"), rank = best.column("rank");
  const std::optional<Column> user =
      learned.user.empty() ? std::nullopt : std::optional(users.column(learned.user));
  std::vector<Pick> out;
  for (int64_t i = 0; i < rows.rows(); ++i) {
    const auto at_row = static_cast<std::size_t>(i);
    const int64_t row = rows.values<int64_t>()[at_row];
    Pick pick;
    pick.user = user ? json_cell(*user, row) : Json(row);
    pick.user_text = user ? cell_text(*user, row) : number(row);
    pick.item = json_cell(item, i);
    pick.item_text = cell_text(item, i);
    pick.score = score.values<float>()[at_row];
    pick.rank = rank.values<int32_t>()[at_row];
    out.push_back(std::move(pick));
  }
  return out;
}

class Recommender {
 public:
  explicit Recommender(const RecommendOptions& options)
      : options_(options),
        model_(load_model(options.model)),
        learned_(parse_json(model_.info(), "model info")) {}

  Learned& learned() { return learned_; }

  std::vector<Pick> of_user() {
    const Ids ids{{"--user", learned_.user_column(), options_.user}};
    return with_ids(ids, [&](const Table& users) {
      std::vector<Pick> best = picks(users, candidates());
      known_ = knows(model_, ids, users);
      return best;
    });
  }
  /// Of the one user: whether the model knows the id.
  std::optional<bool> known() const { return known_; }
  std::vector<Pick> of_file() const {
    CsvReader reader = learned_.open(options_.files, "users", options_.users);
    const std::optional<Table> candidate_table = candidates();
    options_.files.check_used();
    return about_file(reader, [&] {
      std::vector<Pick> out;
      std::vector<CsvColumn> columns;
      while (const int64_t rows = reader.next(chunk_rows, columns)) {
        stop_if_interrupted();
        for (Pick& pick : picks(to_table(columns, rows), candidate_table)) out.push_back(std::move(pick));
      }
      return out;
    });
  }

 private:
  std::optional<Table> candidates() const {
    if (options_.candidates.empty()) return std::nullopt;
    CsvReader reader = learned_.open(options_.files, "candidates", options_.candidates);
    learned_.expect_id(reader, "item");
    return read_table(reader);
  }
  std::vector<Pick> picks(const Table& users, const std::optional<Table>& candidate_table) const {
    Json json = {{"k", options_.k}, {"exclude_seen", !options_.include_seen}, {"threads", options_.threads}};
    if (!options_.exclude.empty()) json["exclude"] = options_.exclude;
    const Monitor monitor([](std::string_view) { return !interrupted(); });
    const Table best =
        model_.recommend(users, candidate_table ? &*candidate_table : nullptr, compact(json), &monitor);
    return picks_of(users, best, learned_);
  }

  const RecommendOptions& options_;
  Model model_;
  Learned learned_;
  std::optional<bool> known_;
};

void print_json(const std::vector<Pick>& picks, const Learned& learned, const Titles& titles,
                std::optional<bool> known) {
  Json results = Json::array();
  for (const Pick& pick : picks) {
    if (pick.rank == 1) {
      Json result;
      if (!learned.user.empty()) result[learned.user] = pick.user;
      if (known) result["known"] = *known;
      result["items"] = Json::array();
      results.push_back(std::move(result));
    }
    Json item = {{learned.item, pick.item}, {"score", pick.score}, {"rank", pick.rank}};
    if (!titles.empty()) item[titles.column()] = titles.of(pick.item_text);
    results.back()["items"].push_back(std::move(item));
  }
  print(document(Json{{"results", results}}));
}

void write_csv(const std::vector<Pick>& picks, const Learned& learned, const Titles& titles,
               const std::string& path) {
  CsvDialect dialect;
  if (!path.empty()) dialect.delimiter = delimiter_of(path);
  dialect.quotes = dialect.delimiter.size() == 1;
  CsvWriter writer(dialect);
  OutputFile file(path);
  writer.field(learned.user.empty() ? "row" : learned.user).field(learned.item).field("score").field("rank");
  if (!titles.empty()) writer.field(titles.column());
  writer.end_row();
  for (const Pick& pick : picks) {
    writer.field(pick.user_text)
        .field(pick.item_text)
        .field(number(pick.score))
        .field(number(int64_t{pick.rank}));
    if (!titles.empty()) writer.field(titles.of(pick.item_text));
    writer.end_row();
    if (writer.size() > std::size_t{1} << 20) file.write(writer.take());
  }
  file.write(writer.take());
  stop_if_interrupted();
  file.commit();
}

void print_table(const std::vector<Pick>& picks, const Learned& learned, const Titles& titles) {
  TextTable table;
  table.column("rank", TextTable::Align::right);
  table.column(learned.item, TextTable::Align::right);
  table.column("score", TextTable::Align::right);
  if (!titles.empty()) table.column(titles.column());
  for (const Pick& pick : picks) {
    std::vector<std::string> row{number(int64_t{pick.rank}), pick.item_text,
                                 fixed(static_cast<double>(pick.score), 4)};
    if (!titles.empty()) row.push_back(titles.of(pick.item_text));
    table.row(std::move(row));
  }
  print(picks.empty()
            ? "nothing left to recommend: the user has seen every item (--include-seen ranks them too)\n"
            : table.text());
}

void recommend(const RecommendOptions& options) {
  if (options.user.empty() == options.users.empty())
    throw UsageError("expected either --user ID or --users FILE");
  if (!options.exclude.empty() && options.users.empty())
    throw UsageError("--exclude names a column of --users");
  Recommender recommender(options);
  const Titles titles(options.titles, options.files);
  const std::vector<Pick> picks = with_learned_types(
      recommender.learned(), options.files,
      [&](const Learned&) { return options.users.empty() ? recommender.of_user() : recommender.of_file(); });
  const Learned& learned = recommender.learned();
  const bool to_file = !options.out.empty();
  if (to_file || (!options.users.empty() && !options.output.json))
    write_csv(picks, learned, titles, options.out);
  if (options.output.json && to_file)
    return print(document(Json{{"rows", picks.size()}, {"out", options.out}}));
  if (options.output.json) return print_json(picks, learned, titles, recommender.known());
  if (!to_file && options.users.empty()) print_table(picks, learned, titles);
}

void add_options(CLI::App& command, RecommendOptions& o) {
  command.add_option("MODEL", o.model, "A file that `interplay fit` wrote")->required();
  command.add_option("--user", o.user, "One user; the result is a table to read")
      ->type_name("ID")
      ->group("Input");
  command
      .add_option("--users", o.users, "A row a user, with features or context if you like; the result is CSV")
      ->type_name("FILE")
      ->group("Input");
  command
      .add_option("--candidates", o.candidates,
                  "Rank these items only, known or with features; default: the catalogue")
      ->type_name("FILE")
      ->group("Input");
  command.add_option("-k", o.k, "How many items a user; default: 10")
      ->type_name("N")
      ->check(whole_number(1))
      ->group("Input");
  command.add_flag("--include-seen", o.include_seen, "Rank what the user had in training, too")
      ->group("Input");
  command.add_option("--exclude", o.exclude, "A --list column of --users with items to leave out")
      ->type_name("COLUMN")
      ->group("Input");
  command.add_option("--titles", o.titles, "Show a name beside each item, as in movies.csv:movie_id:title")
      ->type_name("FILE:ID:NAME")
      ->group("Output");
  command.add_option("-o,--out", o.out, "Write CSV to this file")->type_name("FILE")->group("Output");
  add_threads_option(command, o.threads)->group("Output");
  o.files.add_to(command);
  o.output.add_to(command, false);
}

}  // namespace

void add_recommend(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("recommend", description);
  command->footer(example);
  const auto options = std::make_shared<RecommendOptions>();
  add_options(*command, *options);
  command->callback([=, &run] { run = [=] { recommend(*options); }; });
}

}  // namespace interplay::cli
