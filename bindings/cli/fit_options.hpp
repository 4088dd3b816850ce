// What `interplay fit` is told.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data_options.hpp"
#include "options.hpp"

namespace interplay::cli {

struct FitOptions : DataOptions {
  std::string valid;
  std::optional<double> test_fraction;
  std::string split = "random";
  int64_t seed = 1;
  std::string engine = "autoint";
  std::vector<std::string> set;
  std::string params;
  std::string from;
  int64_t threads = 0;
  std::string out, plot;
  bool without_seen = false;
  bool with_optimizer = false;
  std::string tables;  // "": as they are
  OutputOptions output;

  void add_to(CLI::App& command);
  /// What options say about each other. Throws UsageError.
  void check(const CLI::App& command) const;
};

}  // namespace interplay::cli
