// interplay compare: several engines or settings on the same splits of the same data.
#include <chrono>
#include <interplay/interplay.hpp>
#include <memory>
#include <optional>

#include "candidates.hpp"
#include "commands.hpp"
#include "data_files.hpp"
#include "data_options.hpp"
#include "errors.hpp"
#include "files.hpp"
#include "interrupt.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "terminal.hpp"
#include "text.hpp"
#include "trials.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description =
    "Train several engines or settings on your own data and see which is better.\n"
    "Each learns from the same part of the rows and is measured on the rest, once a\n"
    "seed. What counts is the difference to the first one, split by split.";

constexpr const char* example =
    "Example, attention against none, with the MovieLens files:\n"
    "  interplay compare --ratings ratings.csv --user user_id --item movie_id \\\n"
    "    --label rating --with autoint --with autoint:num_layers=0 --seeds 5\n"
    "A mean stands with its standard error over the splits. `*` marks a difference\n"
    "of more than two standard errors; with few seeds that is a hint, no proof. The\n"
    "seed of a split is also the model's. `last` and `time` split alike for every\n"
    "seed: then the errors show only the chance in training.\n";

struct CompareOptions : DataOptions {
  std::vector<std::string> with;
  int64_t seeds = 5;
  std::string split = "random";
  double fraction = 0.2;
  std::optional<int64_t> k;
  std::optional<double> relevant;
  int64_t threads = 0;
  bool quiet = false;
  std::string json;
  bool has_json = false;

  bool prints_json() const { return has_json && (json.empty() || json == "-"); }
};

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// What all candidates see of one seed.
struct Split {
  int64_t seed;
  Dataset train, test;
};

Model create(const Candidate& candidate, int64_t seed) {
  Json params = candidate.params;
  if (!params.contains("seed")) params["seed"] = seed;
  return Model::create(candidate.engine, compact(params));
}

class Comparer {
 public:
  /// options is borrowed.
  Comparer(const CompareOptions& options, std::vector<Candidate> candidates, bool has_label)
      : options_(options),
        candidates_(std::move(candidates)),
        has_label_(has_label),
        threads_(compact(Json{{"threads", options.threads}})) {
    for (const Candidate& candidate : candidates_) series_.push_back({candidate.name, "", {}});
  }

  /// A wrong name or parameter is told before hours of work. Of the engines that nobody asked for one may be missing.
  void create_all() {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      const Candidate& candidate = candidates_[i];
      if (options_.with.empty()) {
        attempt(i, [&] { create(candidate, 1); });
        continue;
      }
      try {
        create(candidate, 1);
      } catch (const Exception& error) {
        throw Exception(error.status(), "--with " + in_quotes(candidate.name) + ": " + error.what(),
                        error.detail());
      }
    }
    expect_one();
  }

  void run(const Split& split) {
    for (std::size_t i = 0; i < candidates_.size(); ++i)
      if (series_[i].error.empty())
        attempt(i, [&] { series_[i].trials.push_back(trial(split, candidates_[i])); });
    expect_one();
  }

  const std::vector<Candidate>& candidates() const { return candidates_; }
  const std::vector<Series>& series() const { return series_; }

 private:
  template <class Work>
  void attempt(std::size_t i, Work work) {
    try {
      work();
    } catch (const Exception& error) {
      if (error.status() == INTERPLAY_CANCELLED) throw;
      series_[i].error = error.what();
      series_[i].trials.clear();  // a mean over other splits cannot be compared
      if (!options_.quiet)
        print_error(printable("note: " + candidates_[i].name + " failed: " + error.what()) + "\n");
    }
  }

  void expect_one() const {
    for (const Series& series : series_)
      if (series.error.empty()) return;
    throw DataError((series_.size() > 1 ? "every candidate failed; " : "") + series_.front().name + ": " +
                    series_.front().error);
  }

  Trial trial(const Split& split, const Candidate& candidate) const {
    const Model start = create(candidate, split.seed);
    const Stopwatch fitting;
    const Model model = [&] {
      const std::string head = "seed " + number(split.seed) + "/" + number(options_.seeds) + " ";
      Progress progress(options_.quiet, head + shortened(printable(candidate.name), 24) + " ");
      const Monitor monitor([&progress](std::string_view event) { return progress.on_event(event); });
      return start.fit(split.train, nullptr, threads_, &monitor);
    }();
    Trial out;
    out.seed = split.seed;
    out.fit_seconds = fitting.seconds();
    stop_if_interrupted();
    measure(model, split.test, out);
    return out;
  }

  void measure(const Model& model, const Dataset& test, Trial& out) const {
    const Monitor monitor([](std::string_view) { return !interrupted(); });
    const auto evaluate = [&](const Json& wishes) {
      return parse_json(model.evaluate(test, compact(wishes), &monitor), "evaluation");
    };
    Json wishes = {{"threads", options_.threads}};
    if (has_label_) {
      const Stopwatch scoring;  // before and without the rankings, which take longer
      const Json scored = evaluate(wishes);
      out.score_seconds = scoring.seconds();
      out.rows = integer_at(scored, "rows").value_or(0);
      out.metrics = at(scored, "metrics");
      out.baselines = at(scored, "baselines");
      out.metric = text_at(at(parse_json(model.info(), "model info"), "training"), "metric");
    }
    if (!options_.k) return;
    wishes["k"] = *options_.k;
    if (options_.relevant) wishes["relevant"] = *options_.relevant;
    const Json ranked = evaluate(wishes);
    out.rows = integer_at(ranked, "rows").value_or(0);
    for (const auto& [name, value] : at(ranked, "metrics").items())
      if (name.find('@') != std::string::npos) out.metrics[name] = value;
  }

  const CompareOptions& options_;
  std::vector<Candidate> candidates_;
  bool has_label_;
  std::string threads_;
  std::vector<Series> series_;
};

std::string head_of(const CompareOptions& options, const Json& data, const std::vector<Series>& series) {
  std::string text = counted(integer_at(data, "rows").value_or(0), "row");
  for (const auto& [key, noun] : {std::pair("users", "user"), std::pair("items", "item")})
    if (const auto n = integer_at(data, key); n && *n > 0) text += ", " + counted(*n, noun);
  text += "; " + counted(options.seeds, options.split + " split") + ", seed 1";
  if (options.seeds > 1) text += " to " + number(options.seeds);
  for (const Series& one : series)
    if (one.error.empty()) {
      text += "; " + grouped(one.trials.front().rows) + " rows to test";
      break;
    }
  std::string out;
  for (const std::string& line : wrapped(text, page_width)) out += line + "\n";
  return out + "Mean \xC2\xB1 standard error over splits; paired differences to the first line.\n" +
         "* more than two standard errors.\n\n";
}

Json summary_of(const CompareOptions& options, const Json& data, const Comparer& comparer,
                const std::vector<Series>& all) {
  Json out = {{"rows", at(data, "rows")},
              {"split", {{"method", options.split}, {"fraction", options.fraction}}},
              {"seeds", options.seeds}};
  out["candidates"] = Json::array();
  for (std::size_t i = 0; i < comparer.candidates().size(); ++i) {
    const Candidate& candidate = comparer.candidates()[i];
    const Series& series = comparer.series()[i];
    Json entry = {{"name", candidate.name}, {"engine", candidate.engine}, {"parameters", candidate.params}};
    entry["error"] = series.error.empty() ? Json() : Json(series.error);
    entry["trials"] = Json::array();
    for (const Trial& trial : series.trials) {
      Json line = {{"seed", trial.seed}, {"rows", trial.rows}, {"fit_seconds", trial.fit_seconds}};
      line["score_seconds"] = trial.score_seconds < 0 ? Json() : Json(trial.score_seconds);
      line["metrics"] = trial.metrics;
      line["baselines"] = trial.baselines;
      entry["trials"].push_back(line);
    }
    out["candidates"].push_back(entry);
  }
  out["metrics"] = trials_summary(all);
  return out;
}

void check(const CompareOptions& options) {
  options.check_roles();
  if (!(options.fraction > 0 && options.fraction < 1))
    throw UsageError("--fraction: expected a share between 0 and 1, found " + number(options.fraction));
  if (options.relevant && !options.k)
    throw UsageError("--relevant is about rankings; say how many items: -k 10");
}

void compare(CompareOptions options) {
  check(options);
  std::vector<Candidate> candidates = parse_candidates(options.with);
  const bool to_file = options.has_json && !options.prints_json();
  if (to_file) expect_writable(options.json);
  DataFiles files(options, options.schema_on(Json::object()));
  const bool has_label = !text_at(files.schema(), "label").empty();
  if (!has_label && !options.k) options.k = 10;  // there is nothing else to measure
  Comparer comparer(options, std::move(candidates), has_label);
  comparer.create_all();
  const Dataset data = files.read_ratings();
  options.files.check_used();
  for (int64_t seed = 1; seed <= options.seeds; ++seed) {
    stop_if_interrupted();
    const Json how = {{"method", options.split}, {"fraction", options.fraction}, {"seed", seed}};
    auto [train, test] = data.split(compact(how));
    comparer.run({seed, std::move(train), std::move(test)});
  }
  const Json about = parse_json(data.info(), "dataset info");
  const std::vector<Series> all = with_baselines(comparer.series());
  if (options.has_json) {
    OutputFile out(options.json);
    out.write(document(summary_of(options, about, comparer, all)));
    out.commit();
  }
  if (!options.prints_json()) print(head_of(options, about, comparer.series()) + trials_page(all));
}

void add_measuring(CLI::App& command, CompareOptions& o) {
  const std::string group = "Comparison";
  add_repeated(
      command, "--with", o.with,
      "A candidate: an engine, or one with parameters, as in autoint:num_layers=0,epochs=5. Once for "
      "each; default: every engine as it is. The first one is what the others are compared with")
      ->type_name("ENGINE[:NAME=VALUE,...]")
      ->group(group);
  command.add_option("--seeds", o.seeds, "How many splits, with the seeds 1 to N; default: 5")
      ->type_name("N")
      ->check(whole_number(1))
      ->group(group);
  add_split(command, o.split,
            "Which rows to measure on: random rows (default), each user's last ones, the last ones by time, "
            "or all rows of some users")
      ->group(group);
  command.add_option("--fraction", o.fraction, "How many of them, as a share; default: 0.2")
      ->type_name("SHARE")
      ->check(any_number())
      ->group(group);
  command
      .add_option("-k", o.k,
                  "Rank the whole catalogue too, and look at the first N items; default without --label: 10")
      ->type_name("N")
      ->check(whole_number(1))
      ->group(group);
  command
      .add_option("--relevant", o.relevant,
                  "For -k: a row is relevant from this label on; default: the middle of the label's range")
      ->type_name("LABEL")
      ->check(any_number())
      ->group(group);
  add_threads_option(command, o.threads, "Only times depend on it")->group(group);
}

}  // namespace

void add_compare(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("compare", description);
  command->footer(example);
  const auto options = std::make_shared<CompareOptions>();
  options->add_files(*command);
  options->add_roles(*command);
  add_measuring(*command, *options);
  options->files.add_to(*command);
  auto* json = command
                   ->add_option("--json", options->json,
                                "One JSON document, every trial in it: on standard output in place of the "
                                "tables, or beside them in this file")
                   ->type_name("[FILE]")
                   ->expected(0, 1)
                   ->group("Output");
  command->add_flag("-q,--quiet", options->quiet, "No progress and no notes on standard error")
      ->group("Output");
  command->callback([=, &run] {
    options->has_json = json->count() > 0;
    run = [=] { compare(*options); };
  });
}

}  // namespace interplay::cli
