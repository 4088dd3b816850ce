#include "usage.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "text.hpp"

namespace interplay::cli {
namespace {

/// How many letters must be put in, taken out or changed to make one text of the other.
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : *commands.front();
}

/// The command's long option that differs in at most two letters, or of which this is the beginning; or "".
std::string nearest_option(const CLI::App& command, const std::string& name) {
  constexpr std::size_t shortest = 4, most_edits = 2;
  if (name.size() < shortest) return "";
  std::string best;
  std::size_t fewest = most_edits + 1;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& long_name : option->get_lnames()) {
      const std::string full = "--" + long_name;
      const std::size_t distance = full.starts_with(name) ? 1 : edits(name, full);
      if (distance >= fewest) continue;
      fewest = distance;
      best = full;
    }
  return best;
}

bool is_option(const std::string& argument) {
  return argument.size() > 1 && argument[0] == '-' && argument != "--";
}

std::string unexpected(const CLI::App& app, const std::vector<std::string>& extras) {
  // The word behind a misspelt option is left over, too; the option is to blame.
  const auto option = std::find_if(extras.begin(), extras.end(), is_option);
  if (option == extras.end())
    return "unexpected argument " + in_quotes(extras.front()) + "; " + help_hint(app);
  const std::string name = option->substr(0, option->find('='));
  const std::string near = nearest_option(chosen(app), name);
  return "unknown option " + in_quotes(name) + "; " +
         (near.empty() ? help_hint(app) : "did you mean " + in_quotes(near) + "?");
}

/// "--label: 1 required COLUMN missing" says it the wrong way round.
std::string reworded(const std::string& text) {
  static const std::string before = ": 1 required ", behind = " missing";
  const std::size_t at = text.find(before);
  if (at == std::string::npos || !text.ends_with(behind)) return text;
  const std::size_t type = at + before.size();
  return text.substr(0, at) + ": expected " + text.substr(type, text.size() - behind.size() - type) +
         " behind it, found nothing";
}

}  // namespace

std::string help_hint(const CLI::App& app) {
  const CLI::App& command = chosen(app);
  return "see `interplay " + (&command == &app ? "" : command.get_name() + " ") + "--help`";
}

std::string usage_message(const CLI::App& app, const CLI::ParseError& error) {
  // CLI11 misses required options first, though what it could not place mostly is one of them, misspelt.
  const bool misses = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) ||
                      error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  if (const auto extras = app.remaining(true); misses && !extras.empty()) return unexpected(app, extras);
  return reworded(without_stop(error.what())) + "; " + help_hint(app);
}

CLI::Validator whole_number(int64_t from, int64_t to) {
  return CLI::Validator(
      [from, to](std::string& text) -> std::string {
        const auto value = parse_int(text);
        if (value && *value >= from && *value <= to) return "";
        std::string range = from == std::numeric_limits<int64_t>::min() ? "" : " from " + number(from);
        if (to != std::numeric_limits<int64_t>::max()) range += " to " + number(to);
        return "expected a whole number" + range + ", found " + in_quotes(text);
      },
      "");
}

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](std::string& text) -> std::string {
        if (std::find(words.begin(), words.end(), text) != words.end()) return "";
        std::string list = words.front();
        for (std::size_t i = 1; i < words.size(); ++i)
          list += (i + 1 < words.size() ? ", " : " or ") + words[i];
        return "expected " + list + ", found " + in_quotes(text);
      },
      "");
}

CLI::Validator any_number() {
  return CLI::Validator(
      [](std::string& text) -> std::string {
        return parse_float(text) ? "" : "expected a number, found " + in_quotes(text);
      },
      "");
}

}  // namespace interplay::cli
