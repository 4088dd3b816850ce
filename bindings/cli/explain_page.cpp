#include "explain_page.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "report.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr std::size_t bar_width = 24;
constexpr std::size_t most_columns = 10;  // fields whose attention fits the page as a matrix
constexpr std::size_t name_width = 22;
constexpr std::size_t shown_per_row = 3;

std::string with_sign(double value, int digits) { return (value >= 0 ? "+" : "") + fixed(value, digits); }

std::string bar(double value, double largest) {
  const double length = largest > 0 ? std::abs(value) / largest * static_cast<double>(bar_width) : 0;
  return std::string(static_cast<std::size_t>(std::lround(length)), '#');
}

std::vector<std::string> names_of(const Json& explanation) {
  std::vector<std::string> out;
  for (const Json& field : at(explanation, "fields"))
    out.push_back(shortened(text_at(field, "name"), name_width));
  return out;
}

std::string head(const Json& explanation) {
  std::string out = counted(integer_at(explanation, "rows").value_or(0), "row");
  if (const auto score = number_at(explanation, "score")) out += ", mean score " + fixed(*score, 4);
  if (const auto logit = number_at(explanation, "logit")) out += ", mean logit " + fixed(*logit, 4);
  return out + "\n";
}

std::string contributions_text(const Json& explanation) {
  const Json& list = at(explanation, "contributions");
  if (!list.is_array() || list.empty()) return "";
  std::vector<const Json*> order;
  for (const Json& entry : list) order.push_back(&entry);
  const auto size = [](const Json* entry) { return number_at(*entry, "mean_abs").value_or(0); };
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return size(a) > size(b); });
  TextTable table;
  table.column("field");
  table.column("mean |change|", TextTable::Align::right);
  table.column("mean", TextTable::Align::right);
  table.column("");
  for (const Json* entry : order)
    table.row({shortened(text_at(*entry, "field"), name_width), fixed(size(entry), 4),
               with_sign(number_at(*entry, "mean").value_or(0), 4), bar(size(entry), size(order.front()))});
  return "\n" + table.text() + "What the logit loses when the field is left out.\n";
}

std::string pairs_text(const Json& explanation) {
  const Json& list = at(explanation, "pairs");
  if (!list.is_array() || list.empty()) return "";
  TextTable table;
  table.column("pair");
  table.column("strength", TextTable::Align::right);
  table.column("mean", TextTable::Align::right);
  table.column("");
  const double largest = number_at(list[0], "strength").value_or(0);
  for (const Json& pair : list) {
    const Json& fields = at(pair, "fields");
    if (!fields.is_array() || fields.size() != 2) continue;
    const double strength = number_at(pair, "strength").value_or(0);
    table.row({shortened(plain(fields[0]), 18) + " x " + shortened(plain(fields[1]), 18), fixed(strength, 4),
               with_sign(number_at(pair, "mean").value_or(0), 4), bar(strength, largest)});
  }
  return "\n" + table.text() + "What both fields do to the logit together and neither alone.\n";
}

std::string rows_text(const Json& explanation) {
  const Json& list = at(explanation, "per_row");
  if (!list.is_array() || list.empty()) return "";
  const std::vector<std::string> names = names_of(explanation);
  TextTable table;
  table.column("row", TextTable::Align::right);
  table.column("score", TextTable::Align::right);
  table.column("strongest contributions");
  int64_t row = 0;
  for (const Json& entry : list) {
    const Json& changes = at(entry, "contributions");
    std::vector<std::size_t> order(std::min(names.size(), changes.is_array() ? changes.size() : 0));
    std::iota(order.begin(), order.end(), 0U);
    const auto change = [&](std::size_t i) {
      return changes[i].is_number() ? changes[i].get<double>() : 0.0;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return std::abs(change(a)) > std::abs(change(b)); });
    std::vector<std::string> parts;
    for (const std::size_t i : order) {
      if (parts.size() == shown_per_row) break;
      parts.push_back(names[i] + " " + with_sign(change(i), 3));
    }
    table.row({number(++row), fixed(number_at(entry, "score").value_or(0), 4), joined(parts, ", ")});
  }
  return "\n" + table.text();
}

double weight(const Json& row, std::size_t i) {
  return row.is_array() && i < row.size() && row[i].is_number() ? row[i].get<double>() : 0.0;
}

std::string matrix(const Json& rows, const std::vector<std::string>& names) {
  TextTable table;
  table.column("");
  for (std::size_t i = 0; i < names.size(); ++i)
    table.column(number(static_cast<int64_t>(i + 1)), TextTable::Align::right);
  for (std::size_t from = 0; from < std::min(names.size(), rows.size()); ++from) {
    std::vector<std::string> cells{"  " + number(static_cast<int64_t>(from + 1)) + " " + names[from]};
    for (std::size_t to = 0; to < names.size(); ++to) cells.push_back(fixed(weight(rows[from], to), 2));
    table.row(cells);
  }
  return table.text();
}

/// Where a matrix would not fit the page: what each field attends to most.
std::string strongest(const Json& rows, const std::vector<std::string>& names) {
  TextTable table;
  table.column("  field");
  table.column("attends to");
  for (std::size_t from = 0; from < std::min(names.size(), rows.size()); ++from) {
    std::vector<std::size_t> order(names.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return weight(rows[from], a) > weight(rows[from], b); });
    std::vector<std::string> parts;
    for (const std::size_t to : order) {
      if (parts.size() == shown_per_row) break;
      parts.push_back(names[to] + " " + fixed(weight(rows[from], to), 2));
    }
    table.row({"  " + names[from], joined(parts, ", ")});
  }
  return table.text();
}

/// All weights would be printed as the same number.
bool uniform(const Json& rows, std::size_t fields) {
  double least = 1, most = 0;
  for (std::size_t from = 0; from < std::min(fields, rows.size()); ++from)
    for (std::size_t to = 0; to < fields; ++to) {
      least = std::min(least, weight(rows[from], to));
      most = std::max(most, weight(rows[from], to));
    }
  return most - least < 0.01;
}

std::string attention_text(const Json& explanation) {
  const Json& layers = at(at(explanation, "attention"), "mean");
  if (!layers.is_array()) return "";
  const std::vector<std::string> names = names_of(explanation);
  std::string out;
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (std::size_t h = 0; layers[l].is_array() && h < layers[l].size(); ++h) {
      const Json& rows = layers[l][h];
      if (!rows.is_array()) continue;
      out += "\nattention, layer " + number(static_cast<int64_t>(l + 1)) + ", head " +
             number(static_cast<int64_t>(h + 1));
      if (names.size() > 1 && uniform(rows, names.size())) {
        out += ": every field attends to all alike, " + fixed(1 / static_cast<double>(names.size()), 2) +
               " each\n";
        continue;
      }
      out += "\n";
      out += names.size() <= most_columns ? matrix(rows, names) : strongest(rows, names);
    }
  return out.empty() ? "" : out + "A row says what its field attends to; its weights sum to 1.\n";
}

}  // namespace

std::string explain_page(const Json& explanation) {
  return head(explanation) + contributions_text(explanation) + pairs_text(explanation) +
         rows_text(explanation) + attention_text(explanation);
}

}  // namespace interplay::cli
