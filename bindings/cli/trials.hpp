// Several candidates measured on the same splits: means, standard errors, paired differences, and how that reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json.hpp"

namespace interplay::cli {

/// The mean of a sample and its standard error, s / sqrt(n) with s over n - 1; no error for a single value.
struct Estimate {
  double mean = 0;
  std::optional<double> error;
};
/// Of at least one value.
Estimate estimate(const std::vector<double>& values);
/// Of a[i] - b[i]: what the splits have in common drops out.
Estimate paired_difference(const std::vector<double>& a, const std::vector<double>& b);
/// Further from 0 than two standard errors, and not 0 with this many digits behind the point. Never for a single value.
bool is_clear(const Estimate& difference, int digits);

/// One candidate on one split.
struct Trial {
  int64_t seed = 0;
  int64_t rows = 0;               ///< of the test part
  double fit_seconds = -1;        ///< negative: not measured
  double score_seconds = -1;      ///< for these rows, likewise
  Json metrics = Json::object();  ///< name: value, or null where it is not defined
  std::string metric;             ///< the one that baselines are measured in
  Json baselines = Json::object();
};

/// One candidate on all splits, or why it failed. One that failed has no trials.
struct Series {
  std::string name;
  std::string error;
  std::vector<Trial> trials;

  /// The metric's values split by split; nothing where one of them is missing.
  std::optional<std::vector<double>> values(const std::string& metric) const;
};

/// Behind the candidates what the baselines of the first one reach: "(biases)" and "(global mean)".
std::vector<Series> with_baselines(std::vector<Series> series);

bool higher_is_better(const std::string& metric);
/// {"metrics": [{"metric", "better": "lower", "candidates": [{"name", "mean", "error", "difference", "difference_error",
/// "clear"}]}]}: what trials_page shows, for programs. "error" is the standard error, null for a single split.
Json trials_summary(const std::vector<Series>& series);
/// A table a metric, one of times, and what failed.
std::string trials_page(const std::vector<Series>& series);

}  // namespace interplay::cli
