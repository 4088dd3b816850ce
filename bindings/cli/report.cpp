#include "report.hpp"

#include <algorithm>
#include <utility>

#include "text.hpp"

namespace interplay::cli {
namespace {

std::string padded(std::string text, std::size_t width, TextTable::Align align) {
  const std::size_t used = display_width(text);
  if (used >= width) return text;
  if (align == TextTable::Align::right) return text.insert(0, width - used, ' ');
  return text.append(width - used, ' ');
}

void trim_end(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

std::string optional_number(const std::optional<double>& value) { return value ? fixed(*value, 4) : "-"; }

}  // namespace

void TextTable::column(std::string heading, Align align) {
  headings_.push_back(std::move(heading));
  aligns_.push_back(align);
}

void TextTable::row(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths;
  for (const std::string& heading : headings_) widths.push_back(display_width(heading));
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  std::size_t before = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) before += widths[i] + 2;
  const std::size_t last = page_width > before + 16 ? page_width - before : 16;

  std::string out;
  const auto put = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool is_last = i + 1 == widths.size();
      if (i > 0) line += "  ";
      line += padded(is_last ? shortened(cells[i], last) : cells[i],
                     is_last ? std::min(widths[i], last) : widths[i], aligns_[i]);
    }
    trim_end(line);
    out += line + "\n";
  };
  put(headings_);
  for (const auto& row : rows_) put(row);
  return out;
}

void Facts::add(std::string name, std::string value) {
  if (!value.empty()) facts_.emplace_back(std::move(name), printable(value));
}

std::string Facts::text() const {
  std::size_t width = 0;
  for (const auto& fact : facts_) width = std::max(width, display_width(fact.first));
  std::string out;
  for (const auto& [name, value] : facts_) {
    std::string head = padded(name, width + 2, TextTable::Align::left);
    for (const std::string& line : wrapped(value, page_width - width - 2)) {
      out += head + line + "\n";
      head.assign(width + 2, ' ');
    }
  }
  return out;
}

std::string counted(int64_t n, const std::string& noun) {
  return grouped(n) + " " + noun + (n == 1 ? "" : "s");
}

std::string objective_text(const Json& info) {
  const Json& objective = at(info, "objective");
  std::string out = text_at(objective, "kind");
  const auto low = number_at(objective, "low"), high = number_at(objective, "high"),
             mean = number_at(objective, "mean");
  if (out == "rating" && low && high) out += ", " + number(*low) + " to " + number(*high);
  if (out == "binary") out += " (scores are probabilities)";
  if (mean) out += ", mean label " + fixed(*mean, 4);
  return out;
}

std::string fields_text(const Json& info) {
  std::vector<std::string> parts;
  for (const Json& field : at(info, "fields")) {
    std::string part = text_at(field, "name");
    const std::string kind = text_at(field, "kind");
    if (const auto cardinality = integer_at(field, "cardinality"); cardinality && *cardinality > 0)
      part += " " + grouped(*cardinality);
    if (kind != "category" && !kind.empty()) part += " (" + kind + ")";
    parts.push_back(part);
  }
  return joined(parts, ", ");
}

Comparison validation_of(const Json& info) {
  const Json& training = at(info, "training");
  const Json& baselines = at(training, "baselines");
  return {"validation", text_at(training, "metric"), number_at(training, "valid_metric"),
          number_at(baselines, "global_mean"), number_at(baselines, "biases")};
}

std::string comparison_text(const std::vector<Comparison>& comparisons) {
  TextTable table;
  table.column("");
  table.column("");
  for (const char* heading : {"this model", "biases", "global mean"})
    table.column(heading, TextTable::Align::right);
  bool any = false;
  for (const Comparison& line : comparisons) {
    if (!line.model) continue;
    any = true;
    table.row({line.part, line.metric, optional_number(line.model), optional_number(line.biases),
               optional_number(line.global_mean)});
  }
  if (!any) return "";
  return table.text() +
         "Lower is better. biases: mean + user + item; global mean: the same score for\n"
         "every row. A model that does not beat them has learnt no taste.\n";
}

std::string model_page(const Json& info) {
  const Json& engine = at(info, "engine");
  const Json& catalogue = at(info, "catalogue");
  const Json& training = at(info, "training");
  Facts facts;
  facts.add("engine", text_at(engine, "name") + " " + text_at(engine, "version"));
  facts.add("id", text_at(info, "id"));
  facts.add("parent", text_at(info, "parent"));
  facts.add("objective", objective_text(info));
  const auto users = integer_at(catalogue, "users"), items = integer_at(catalogue, "items"),
             seen = integer_at(catalogue, "seen");
  std::vector<std::string> holds;
  if (users) holds.push_back(counted(*users, "user"));
  if (items) holds.push_back(counted(*items, "item"));
  if (seen) holds.push_back(counted(*seen, "seen pair"));
  facts.add("catalogue", joined(holds, ", "));
  facts.add("fields", fields_text(info));
  facts.add("schema", compact(at(info, "schema")));
  if (const auto rows = integer_at(training, "rows")) {
    std::string text = counted(*rows, "row");
    if (const auto valid = integer_at(training, "valid_rows"))
      text += ", " + grouped(*valid) + " for validation";
    if (at(training, "split").is_string()) text += " (" + text_at(training, "split") + ")";
    facts.add("trained on", text);
  }
  if (const auto best = best_epoch_of(training))
    facts.add("best epoch", number(*best) + " of " + number(integer_at(training, "epochs").value_or(*best)));
  facts.add("kernel", at(info, "kernel").is_null() ? "" : plain(at(info, "kernel")));
  for (const Json& warning : at(info, "warnings")) facts.add("warning", plain(warning));
  const std::string worth = comparison_text({validation_of(info)});
  return facts.text() + (worth.empty() ? "" : "\n" + worth);
}

std::optional<int64_t> best_epoch_of(const Json& training) {
  return integer_at(training, "valid_rows") == 0 ? std::nullopt : integer_at(training, "best_epoch");
}

std::string parameters_page(const Json& schema) {
  // An empty text is a value too, and has to be seen.
  const auto shown = [](const Json& value) { return value == "" ? "\"\"" : plain(value); };
  std::string out;
  for (const auto& [name, parameter] : at(schema, "properties").items()) {
    std::string head = name + " (" + text_at(parameter, "type");
    if (parameter.contains("default")) head += ", default " + shown(parameter["default"]);
    const auto bound = [&](const char* key, const char* word) {
      if (parameter.contains(key)) head += std::string(", ") + word + " " + plain(parameter[key]);
    };
    bound("minimum", "from");
    bound("exclusiveMinimum", "above");
    bound("maximum", "to");
    bound("exclusiveMaximum", "below");
    std::vector<std::string> choices;
    for (const Json& choice : at(parameter, "enum")) choices.push_back(shown(choice));
    if (!choices.empty()) head += ", one of " + joined(choices, " ");
    for (const std::string& line : wrapped(head + ")", page_width)) out += printable(line) + "\n";
    for (const std::string& line : wrapped(text_at(parameter, "description"), page_width - 4))
      out += "    " + printable(line) + "\n";
  }
  return out;
}

}  // namespace interplay::cli
