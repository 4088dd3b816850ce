// An audit as a page of text and as a document.
#include <algorithm>
#include <cmath>

#include "audit.hpp"
#include "report.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr std::size_t bar_width = 32;
constexpr std::size_t most_reaches = 8;  // the strongest columns; the document has all

std::string head(const Audit& audit) {
  std::string out = counted(audit.rows, "row");
  if (audit.users > 0) out += ", " + counted(audit.users, "user");
  if (audit.items > 0) out += ", " + counted(audit.items, "item");
  return out + "\n";
}

std::string label_text(const Audit& audit) {
  if (audit.label_distinct == 0) return "";
  std::string out = "\n" + printable(audit.label) + ": " + counted(audit.label_distinct, "value") + ", " +
                    number(audit.label_min) + " to " + number(audit.label_max) + ", mean " +
                    fixed(audit.label_mean, 4) + "\n";
  if (audit.classes.empty()) return out;
  int64_t rows = 0, most = 0;
  for (const auto& [label, n] : audit.classes) {
    rows += n;
    most = std::max(most, n);
  }
  TextTable table;
  for (int i = 0; i < 3; ++i) table.column("", TextTable::Align::right);
  table.column("");
  for (const auto& [label, n] : audit.classes) {
    const double part = static_cast<double>(n) / static_cast<double>(most) * static_cast<double>(bar_width);
    table.row({"  " + number(label), grouped(n), percent(static_cast<double>(n) / static_cast<double>(rows)),
               std::string(std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(part))), '#')});
  }
  const std::string text = table.text();
  return out + text.substr(text.find('\n') + 1);  // the columns need no headings
}

std::string reaches_text(const Audit& audit) {
  if (audit.reaches.empty()) return "";
  TextTable table;
  table.column("one column alone");
  table.column(audit.binary ? "AUC" : "R2", TextTable::Align::right);
  table.column("");
  std::size_t shown = 0;
  for (const Reach& reach : audit.reaches) {
    if (shown++ == most_reaches) break;
    table.row({reach.column, fixed(reach.value, 3), reach.buckets ? "by quantile buckets" : ""});
  }
  std::string out = "\n" + table.text();
  if (audit.reaches.size() > most_reaches)
    out +=
        counted(static_cast<int64_t>(audit.reaches.size() - most_reaches), "more column") + " below that.\n";
  return out +
         "The mean label of each value, learned on one half of the rows and tried on the\n"
         "other, both ways.\n";
}

std::string unknown_text(const Audit& audit) {
  TextTable table;
  table.column("unknown in the test rows");
  for (const std::string& split : audit.splits) table.column(split, TextTable::Align::right);
  bool any = false;
  for (const UnknownRate& line : audit.unknown) {
    if (std::all_of(line.rates.begin(), line.rates.end(), [](double rate) { return rate == 0; })) continue;
    any = true;
    std::vector<std::string> row{line.column};
    for (const double rate : line.rates) row.push_back(percent(rate));
    table.row(row);
  }
  if (!any) return "";
  return "\n" + table.text() + "Test rows (" + percent(audit.fraction) +
         " by each way to split) with a value that training never saw.\n" +
         (audit.last_by_position ? "Without --time \"last\" goes by the order of the rows.\n" : "");
}

std::string findings_text(const Audit& audit) {
  Facts facts;
  int64_t warnings = 0;
  for (const Finding& finding : audit.findings) {
    if (finding.warning) ++warnings;
    facts.add(finding.warning ? "warning" : "note",
              (finding.column.empty() ? "" : finding.column + ": ") + finding.message);
  }
  const auto notes = static_cast<int64_t>(audit.findings.size()) - warnings;
  std::string out = facts.text();
  if (!out.empty()) out = "\n" + out;
  return out + "\n" + (warnings == 0 ? "no warnings" : counted(warnings, "warning")) +
         (notes > 0 ? ", " + counted(notes, "note") : "") + "\n";
}

}  // namespace

std::string audit_page(const Audit& audit) {
  return head(audit) + label_text(audit) + reaches_text(audit) + unknown_text(audit) + findings_text(audit);
}

Json audit_json(const Audit& audit) {
  const auto or_null = [](const std::optional<double>& value) { return value ? Json(*value) : Json(); };
  Json out = {{"rows", audit.rows}, {"users", audit.users}, {"items", audit.items}};
  out["label"] = nullptr;
  if (audit.label_distinct > 0) {
    out["label"] = {{"column", audit.label},  {"distinct", audit.label_distinct},
                    {"min", audit.label_min}, {"mean", audit.label_mean},
                    {"max", audit.label_max}, {"classes", Json::array()}};
    for (const auto& [label, n] : audit.classes)
      out["label"]["classes"].push_back({{"label", label}, {"rows", n}});
  }
  out["alone"] = {{"measure", audit.binary ? "auc" : "r2"}, {"columns", Json::array()}};
  for (const Reach& reach : audit.reaches)
    out["alone"]["columns"].push_back(
        {{"column", reach.column}, {"value", reach.value}, {"by", reach.buckets ? "buckets" : "values"}});
  out["unknown"] = {{"fraction", audit.fraction}, {"columns", Json::array()}};
  for (const UnknownRate& line : audit.unknown) {
    Json entry = {{"column", line.column}};
    for (std::size_t i = 0; i < line.rates.size(); ++i) entry[audit.splits[i]] = line.rates[i];
    out["unknown"]["columns"].push_back(entry);
  }
  for (const bool warning : {true, false}) {
    Json& list = out[warning ? "warnings" : "notes"] = Json::array();
    for (const Finding& finding : audit.findings)
      if (finding.warning == warning)
        list.push_back({{"check", finding.check},
                        {"column", finding.column.empty() ? Json() : Json(finding.column)},
                        {"message", finding.message},
                        {"value", or_null(finding.value)},
                        {"threshold", or_null(finding.threshold)}});
  }
  return out;
}

}  // namespace interplay::cli
