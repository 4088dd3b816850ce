// What ends a command early. main.cpp turns each into one line on stderr and an exit code.
#pragma once

#include <stdexcept>

namespace interplay::cli {

enum ExitCode : int { exit_ok = 0, exit_failed = 1, exit_usage = 2, exit_cancelled = 130 };

/// The command line asks for something that makes no sense: exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A file's content is wrong, or the operating system refused: exit code 1.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ctrl-C: exit code 130.
struct Cancelled {};

}  // namespace interplay::cli
