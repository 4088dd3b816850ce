// interplay engine-check: does an engine keep the promises that the library makes on its behalf?
#include <filesystem>
#include <interplay/interplay.hpp>
#include <memory>
#include <string_view>
#include <vector>

#include "apart.hpp"
#include "commands.hpp"
#include "contract.hpp"
#include "errors.hpp"
#include "options.hpp"
#include "plugins.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr const char* description =
    "Check that an engine keeps its contract.\n"
    "That it is repeatable, can be cancelled, scores a row alike in any batch and\n"
    "thread, and refuses a damaged file.";

constexpr const char* example =
    "Examples:\n"
    "  interplay engine-check ./libmine.so\n"
    "  interplay engine-check popularity --set rounds=3\n"
    "Every promise is tried on data made for it, in a process of its own: an engine\n"
    "that crashes, hangs, prints or leaves a thread behind fails that one. Built with\n"
    "-fsanitize=address, an engine that leaks or writes out of bounds fails, too. An\n"
    "engine with a parameter \"epochs\" learns 2. The exit code is 1 when one failed.\n";

constexpr std::size_t width = 78, indent = 8;

struct CheckOptions {
  std::string engine;
  std::vector<std::string> set;
  std::string only;
  int seconds = 120;
  bool json = false;
};

/// No engine's name has a point or a slash.
bool is_path(const std::string& engine) { return engine.find_first_of("./") != std::string::npos; }

/// The engine's name; a plug-in is loaded, into the process that asks.
std::string load_engine(const std::string& engine) { return is_path(engine) ? load_plugin(engine) : engine; }

/// What the engine says of itself must be enough for `interplay engines NAME`.
std::string introduce(const std::string& engine) {
  const Json info = parse_json(engine_info(load_engine(engine)), "engine info");
  if (text_at(info, "version").empty()) throw Violation("expected a version of what it saves, found none");
  if (text_at(info, "summary").empty()) throw Violation("expected a summary of one sentence, found none");
  for (const auto& [name, parameter] : at(at(info, "parameters"), "properties").items())
    if (text_at(parameter, "description").empty())
      throw Violation("parameter " + in_quotes(name) + ": expected a description, found none");
  return compact(info);
}

std::string tell(const Exception& error) {
  const Json detail = parse_json(error.detail(), "error");
  return detail.contains("without_text")
             ? std::string(error.what()) +
                   ": expected an error with its text; return host->fail(error, status, text, 0)"
             : std::string("a call failed: ") + error.what();
}

Json wishes(const CheckOptions& options, const Json& info) {
  Json params = Json::object();
  if (at(at(info, "parameters"), "properties").contains("epochs")) params["epochs"] = 2;
  for (const std::string& pair : options.set) {
    const auto [name, value] = name_and_value(pair, "--set");
    params[name] = value_of_text(value);
  }
  return params;
}

class Report {
 public:
  explicit Report(bool quiet) : quiet_(quiet) {}

  void heading(const std::string& text) { say(text + "\n"); }
  void line(const char* promise, const char* advice, const Apart& found) {
    (found.holds ? kept_ : broken_) += 1;
    say(std::string(found.holds ? "  ok    " : "  FAIL  ") + promise + "\n");
    Json json = {{"promise", promise}, {"holds", found.holds}};
    if (!found.holds) {
      json["found"] = found.text;
      json["advice"] = advice;
      for (const std::string& part : {found.text, std::string("What to do: ") + advice})
        for (const std::string& wrapped_line : wrapped(printable(part), width - indent))
          say(std::string(indent, ' ') + wrapped_line + "\n");
    }
    checks_.push_back(std::move(json));
  }
  void finish(const std::string& engine) {
    say(number(kept_) + " kept, " + number(broken_) + " broken\n");
    if (quiet_)
      print(document(Json{{"engine", engine}, {"kept", kept_}, {"broken", broken_}, {"checks", checks_}}));
  }
  int64_t broken() const { return broken_; }

 private:
  void say(const std::string& text) const {
    if (!quiet_) print(text);
  }

  bool quiet_;
  int64_t kept_ = 0, broken_ = 0;
  Json checks_ = Json::array();
};

/// Loads and checks in a process of its own; this one never sees the plug-in.
template <class Work>
Apart try_out(const CheckOptions& options, Work work) {
  return apart(
      [&] {
        try {
          return work();
        } catch (const Exception& error) {
          throw Violation(tell(error));
        }
      },
      options.seconds);
}

/// A name or a file that is not there is the caller's slip, no broken promise.
void expect_there(const std::string& engine) {
  if (!is_path(engine)) {
    engine_info(engine);
  } else if (!std::filesystem::exists(engine)) {
    throw DataError(engine + ": there is no such file; expected a plug-in's file, or the name of an engine");
  }
}

void check(const CheckOptions& options) {
  expect_there(options.engine);
  Report report(options.json);
  const Apart introduced = try_out(options, [&] { return introduce(options.engine); });
  if (introduced.holds) {
    const Json info = parse_json(introduced.text, "engine info");
    report.heading(
        printable(text_at(info, "name") + " " + text_at(info, "version") + ": " + text_at(info, "summary")));
    report.line("it loads and says what it is", "", introduced);
    const Json params = wishes(options, info);
    for (const Check& one : contract()) {
      if (std::string_view(one.promise).find(options.only) == std::string_view::npos) continue;
      report.line(one.promise, one.advice, try_out(options, [&] {
                    one.run({load_engine(options.engine), params});
                    return std::string();
                  }));
    }
  } else {
    report.line("it loads and says what it is",
                "see include/interplay/engine.h and examples/engine_template; nothing else was tried",
                introduced);
  }
  report.finish(options.engine);
  if (report.broken() > 0)
    throw DataError(options.engine + " breaks " +
                    (report.broken() == 1 ? "a promise" : number(report.broken()) + " promises") +
                    " of an engine");
}

}  // namespace

void add_engine_check(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("engine-check", description);
  command->footer(example);
  const auto options = std::make_shared<CheckOptions>();
  command->add_option("ENGINE", options->engine, "A plug-in's file, or the name of an engine")->required();
  add_repeated(*command, "--set", options->set, "A parameter of the engine; may be given several times")
      ->type_name("NAME=VALUE");
  command->add_option("--only", options->only, "Try only the promises that have this text")
      ->type_name("TEXT");
  command->add_option("--seconds", options->seconds, "How long one promise may take; default: 120")
      ->type_name("N")
      ->check(whole_number(1, 1000000));
  command->add_flag("--json", options->json, "One JSON document on standard output, for programs")
      ->group("Output");
  command->callback([=, &run] { run = [=] { check(*options); }; });
}

}  // namespace interplay::cli
