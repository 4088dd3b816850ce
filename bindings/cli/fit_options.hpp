// What `interplay fit` is told.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "options.hpp"

namespace interplay::cli {

struct FitOptions {
  std::string ratings, users, items, valid;
  std::string user, item, label, time, weight, group;
  std::vector<std::string> ignore;
  bool histories = false;
  std::string schema;
  std::optional<double> test_fraction;
  std::string split = "random";
  int64_t seed = 1;
  std::string engine = "autoint";
  std::vector<std::string> set;
  std::string params;
  std::string from;
  int threads = 0;
  std::string out;
  bool without_seen = false;
  bool with_optimizer = false;
  FileOptions files;
  OutputOptions output;

  void add_to(CLI::App& command);
  /// What options say about each other. Throws UsageError.
  void check(const CLI::App& command) const;
};

}  // namespace interplay::cli
