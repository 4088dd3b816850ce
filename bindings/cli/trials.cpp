#include "trials.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "report.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr const char* plus_minus = " \xC2\xB1 ";
constexpr std::size_t name_width = 34;  // what a row of numbers leaves of the page

/// Names that fit. One that is cut gets its number, so that two cut alike stay apart.
std::vector<std::string> labels_of(const std::vector<Series>& series) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const std::string& name = series[i].name;
    const std::string mark = "(" + number(static_cast<int64_t>(i + 1)) + ") ";
    out.push_back(display_width(name) <= name_width ? name
                                                    : mark + shortened(name, name_width - mark.size()));
  }
  return out;
}

std::string full_names(const std::vector<Series>& series) {
  Facts facts;
  for (std::size_t i = 0; i < series.size(); ++i)
    if (display_width(series[i].name) > name_width)
      facts.add("(" + number(static_cast<int64_t>(i + 1)) + ")", series[i].name);
  const std::string text = facts.text();
  return text.empty() ? "" : text + "\n";
}

/// Four digits behind the point below 10, fewer for larger numbers.
int digits_for(double value) {
  const double size = std::abs(value);
  return size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : 1;
}

std::string estimate_text(const Estimate& value, int digits, bool with_sign) {
  std::string out = fixed(value.mean, digits);
  if (with_sign && value.mean >= 0) out.insert(0, "+");
  return out + plus_minus + (value.error ? fixed(*value.error, digits) : "-");
}

/// Every metric of every candidate, in the order of the first that has it.
std::vector<std::string> metrics_of(const std::vector<Series>& series) {
  std::vector<std::string> out;
  for (const Series& one : series)
    for (const Trial& trial : one.trials)
      for (const auto& [name, value] : trial.metrics.items())
        if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  return out;
}

/// The first candidate that did not fail, or nullptr.
const Series* reference_of(const std::vector<Series>& series) {
  for (const Series& one : series)
    if (one.error.empty()) return &one;
  return nullptr;
}

std::string verdict(const Estimate& difference, bool higher, int digits) {
  if (!is_clear(difference, digits)) return "";
  return (difference.mean > 0) == higher ? "* better" : "* worse";
}

std::string metric_table(const std::vector<Series>& series, const std::vector<std::string>& labels,
                         const std::string& metric) {
  const bool higher = higher_is_better(metric);
  TextTable table;
  table.column(metric + (higher ? ", higher is better" : ", lower is better"));
  table.column("mean", TextTable::Align::right);
  table.column("difference", TextTable::Align::right);
  table.column("");
  std::optional<std::vector<double>> reference;
  int digits = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const auto values = series[i].values(metric);
    if (!values) continue;
    const Estimate mean = estimate(*values);
    if (!reference) digits = digits_for(mean.mean);
    std::vector<std::string> row{labels[i], estimate_text(mean, digits, false), "", ""};
    if (&series[i] != reference_of(series) && reference) {
      const Estimate difference = paired_difference(*values, *reference);
      row[2] = estimate_text(difference, digits, true);
      row[3] = verdict(difference, higher, digits);
    }
    if (!reference) reference = values;
    table.row(row);
  }
  return reference ? table.text() + "\n" : "";
}

std::string time_table(const std::vector<Series>& series, const std::vector<std::string>& labels) {
  TextTable table;
  table.column("time");
  table.column("fit, seconds", TextTable::Align::right);
  table.column("score, microseconds a row", TextTable::Align::right);
  bool any = false;
  for (std::size_t i = 0; i < series.size(); ++i) {
    std::vector<double> fit, score;
    for (const Trial& trial : series[i].trials) {
      if (trial.fit_seconds >= 0) fit.push_back(trial.fit_seconds);
      if (trial.score_seconds >= 0 && trial.rows > 0)
        score.push_back(trial.score_seconds / static_cast<double>(trial.rows) * 1e6);
    }
    if (fit.empty()) continue;
    any = true;
    table.row({labels[i], estimate_text(estimate(fit), 2, false),
               score.empty() ? "-" : estimate_text(estimate(score), 2, false)});
  }
  return any ? table.text() : "";
}

}  // namespace

Estimate estimate(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  Estimate out{sum / n, std::nullopt};
  if (values.size() < 2) return out;
  for (const double value : values) squares += (value - out.mean) * (value - out.mean);
  out.error = std::sqrt(squares / (n - 1) / n);
  return out;
}

Estimate paired_difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) differences.push_back(a[i] - b[i]);
  return estimate(differences);
}

bool is_clear(const Estimate& difference, int digits) {
  // What prints as zero is none: splits that differ in the last bit only have a tiny error, too.
  const bool is_shown = std::abs(difference.mean) >= 0.5 * std::pow(10, -digits);
  return is_shown && difference.error && std::abs(difference.mean) > 2 * *difference.error;
}

std::optional<std::vector<double>> Series::values(const std::string& metric) const {
  std::vector<double> out;
  for (const Trial& trial : trials) {
    const auto value = number_at(trial.metrics, metric.c_str());
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::vector<Series> with_baselines(std::vector<Series> series) {
  const Series* reference = reference_of(series);
  const std::vector<Trial> trials = reference ? reference->trials : std::vector<Trial>();
  std::vector<Series> baselines{{"(biases)", "", {}}, {"(global mean)", "", {}}};
  for (const Trial& trial : trials) {
    for (const auto& [i, key] : {std::pair(0U, "biases"), std::pair(1U, "global_mean")}) {
      const auto value = number_at(trial.baselines, key);
      if (!value || trial.metric.empty()) continue;
      baselines[i].trials.push_back({});
      baselines[i].trials.back().seed = trial.seed;
      baselines[i].trials.back().metrics[trial.metric] = *value;
    }
  }
  for (Series& one : baselines)
    if (!one.trials.empty() && one.trials.size() == trials.size()) series.push_back(std::move(one));
  return series;
}

bool higher_is_better(const std::string& metric) {
  return metric != "rmse" && metric != "mae" && metric != "log_loss" && metric != "calibration_error";
}

Json trials_summary(const std::vector<Series>& series) {
  const auto or_null = [](const std::optional<double>& value) { return value ? Json(*value) : Json(); };
  Json out = Json::array();
  for (const std::string& metric : metrics_of(series)) {
    Json entry = {{"metric", metric}, {"better", higher_is_better(metric) ? "higher" : "lower"}};
    entry["candidates"] = Json::array();
    std::optional<std::vector<double>> reference;
    for (const Series& one : series) {
      const auto values = one.values(metric);
      if (!values) continue;
      const Estimate mean = estimate(*values);
      Json line = {{"name", one.name}, {"mean", mean.mean}, {"error", or_null(mean.error)}};
      if (reference) {
        const Estimate difference = paired_difference(*values, *reference);
        line["difference"] = difference.mean;
        line["difference_error"] = or_null(difference.error);
        line["clear"] = is_clear(difference, digits_for(estimate(*reference).mean));
      }
      if (!reference) reference = values;
      entry["candidates"].push_back(line);
    }
    out.push_back(entry);
  }
  return out;
}

std::string trials_page(const std::vector<Series>& series) {
  const std::vector<std::string> labels = labels_of(series);
  std::string out = full_names(series);
  for (const std::string& metric : metrics_of(series)) out += metric_table(series, labels, metric);
  out += time_table(series, labels);
  Facts failed;
  for (std::size_t i = 0; i < series.size(); ++i)
    if (!series[i].error.empty()) failed.add(labels[i], "failed: " + series[i].error);
  if (const std::string text = failed.text(); !text.empty()) out += "\n" + text;
  return out;
}

}  // namespace interplay::cli
