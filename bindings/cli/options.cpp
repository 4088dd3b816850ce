#include "options.hpp"

#include <algorithm>
#include <array>

#include "errors.hpp"
#include "report.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr std::array roles{"ratings", "valid", "rows", "users", "items", "candidates", "titles", "seen"};
/// The files that a plain --columns is about.
constexpr std::array main_roles{"ratings", "valid", "rows"};
constexpr std::size_t name_width = 26;

std::string in_two_columns(const std::string& name, const std::string& description) {
  std::string out = "  " + name;
  std::string pad = out.size() + 1 < name_width ? std::string(name_width - out.size(), ' ')
                                                : "\n" + std::string(name_width, ' ');
  for (const std::string& line : wrapped(description, page_width - name_width)) {
    out += pad + line;
    pad = "\n" + std::string(name_width, ' ');
  }
  return out + "\n";
}

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  std::string name = make_option_name(option, is_positional);
  if (option->get_type_size() != 0 && !is_positional) name += " " + option->get_type_name();
  return in_two_columns(
      name, option->get_description() + (option->get_required() && !is_positional ? " (required)" : ""));
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  // Only the first sentence; `interplay fit --help` has the rest.
  const std::string text = command->get_description();
  return in_two_columns(command->get_name(), text.substr(0, text.find('\n')));
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string out = "Usage: " + name;
  for (const CLI::Option* option : app->get_options([](const CLI::Option* o) { return o->get_positional(); }))
    out += " " + make_option_usage(option);
  for (const CLI::Option* option :
       app->get_options([](const CLI::Option* o) { return o->nonpositional() && o->get_required(); }))
    out += " " + option->get_name() + " " + option->get_type_name();
  out += app->get_subcommands({}).empty() ? " [options]\n\n" : " COMMAND [options]\n\n";
  return out;
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return app->get_description() + "\n\n";
}

std::string HelpFormatter::make_group(std::string group, bool is_positional,
                                      std::vector<const CLI::Option*> options) const {
  std::string out = (is_positional ? "Arguments" : group) + ":\n";
  for (const CLI::Option* option : options) out += make_option(option, is_positional);
  return is_positional ? out + "\n" : out;  // between the other groups CLI11 puts the empty line
}

void FileOptions::add_to(CLI::App& command) {
  const std::string group = "CSV files";
  command
      .add_option(
          "--delimiter", delimiter_,
          "Between fields; default: , or by the ending: a tab for .tsv, :: for .dat. \"tab\" is a tab")
      ->type_name("TEXT")
      ->group(group);
  add_repeated(command, "--columns", columns_,
               "The file has no header; its columns are A,B,... For the other files say which one: --columns "
               "items=A,B")
      ->type_name("A,B,...")
      ->group(group);
  add_repeated(command, "--list", lists_, "A column of several values with a separator, as in genres='|'")
      ->type_name("COLUMN=SEP")
      ->group(group);
  add_repeated(command, "--type", types_,
               "Read a column as int, float or string; default: the first of these that all its cells fit")
      ->type_name("COLUMN=TYPE")
      ->group(group);
  add_repeated(command, "--null", nulls_, "A text that means no value, beside the empty field, as in NA")
      ->type_name("TEXT")
      ->group(group);
}

CsvReader FileOptions::open(const std::string& role, const std::string& path,
                            const std::map<std::string, CellType>& types) const {
  CsvOptions options;
  options.delimiter = delimiter();
  options.names = names_for(role);
  options.lists = split(lists_, "--list");
  options.nulls = nulls_;
  options.types = types;
  for (const auto& [column, type] : types) options.learned.insert(column);
  for (const auto& [column, word] : split(types_, "--type")) {
    const auto type = type_from_word(word);
    if (!type)
      throw UsageError("--type " + column + ": expected int, float or string, found " + in_quotes(word));
    options.types[column] = *type;
    options.learned.erase(column);
  }
  CsvReader reader = CsvReader::open(path, options);
  for (const CsvColumnPlan& plan : reader.columns()) found_.insert_or_assign(plan.name, plan.type);
  return reader;
}

void FileOptions::check_used() const {
  std::vector<std::string> names;
  for (const auto& [name, type] : found_) names.push_back(name);
  for (const auto& [pairs, option] : {std::pair(&lists_, "--list"), std::pair(&types_, "--type")})
    for (const auto& [column, value] : split(*pairs, option))
      if (!found_.count(column))
        throw DataError(std::string(option) + " names the column " + in_quotes(column) + ", the files have " +
                        joined(names, ", "));
}

bool FileOptions::choose_other_type(const std::string& column, std::map<std::string, CellType>& types) const {
  const auto found = found_.find(column);
  if (found == found_.end() || types.count(column) || split(types_, "--type").count(column)) return false;
  // Whole numbers may be spelt ids. Text may be a column without values; if it is not, reading it as integers names the
  // line that is to blame.
  types[column] = found->second == CellType::integer ? CellType::text : CellType::integer;
  return true;
}

std::map<std::string, std::string> FileOptions::split(const std::vector<std::string>& pairs,
                                                      const char* option) {
  std::map<std::string, std::string> out;
  for (const std::string& pair : pairs) out.insert(name_and_value(pair, option));
  return out;
}

std::vector<std::string> FileOptions::names_for(const std::string& role) const {
  std::string list;
  for (const std::string& entry : columns_) {
    const std::size_t equals = entry.find('=');
    const std::string of = equals == std::string::npos ? "" : entry.substr(0, equals);
    if (!of.empty() && !contains(roles, of))
      throw UsageError(
          "--columns: expected a list of columns, or one of ratings=, users=, items=, ... before it, found " +
          in_quotes(of));
    if (of == role || (of.empty() && contains(main_roles, role)))
      list = entry.substr(of.empty() ? 0 : equals + 1);
  }
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    names.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::string FileOptions::delimiter() const {
  if (delimiter_ == "tab" || delimiter_ == "\\t") return "\t";
  if (delimiter_.find_first_of("\"\n\r") != std::string::npos)
    throw UsageError("--delimiter: a quote or a line break cannot be one");
  return delimiter_;
}

void OutputOptions::add_to(CLI::App& command, bool has_progress) {
  command.add_flag("--json", json, "One JSON document on standard output, for programs")->group("Output");
  if (has_progress) command.add_flag("-q,--quiet", quiet, "No progress on standard error")->group("Output");
}

CLI::Option* add_repeated(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                          const std::string& description) {
  // One value each time, or `--list genres='|' model.interplay` would take the model for a second list.
  return command.add_option(name, values, description)->allow_extra_args(false);
}

std::pair<std::string, std::string> name_and_value(const std::string& pair, const std::string& option) {
  const std::size_t equals = pair.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == pair.size())
    throw UsageError(option + ": expected NAME=VALUE, found " + in_quotes(pair));
  return {pair.substr(0, equals), pair.substr(equals + 1)};
}

CLI::Option* add_threads_option(CLI::App& command, int64_t& threads, const std::string& remark) {
  return command
      .add_option("--threads", threads,
                  "Default: 0, all that this process may use" + (remark.empty() ? "" : ". " + remark))
      ->type_name("N")
      ->check(whole_number(0));
}

void add_tables_option(CLI::App& command, std::string& tables) {
  command
      .add_option("--tables", tables,
                  "Keep embeddings in two bytes a number, or one: a smaller file, nearly the same scores")
      ->type_name("float32|bfloat16|int8")
      ->check(one_of({"float32", "bfloat16", "int8"}))
      ->group("Output");
}

}  // namespace interplay::cli
