// Work in a process of its own: what crashes, hangs, prints or leaves threads behind does it there, and is told.
#pragma once

#include <functional>
#include <string>

namespace interplay::cli {

struct Apart {
  bool holds = false;
  std::string text;  // what the work returned, or what went wrong
};

/// Runs the work in a child process. It returns a text, or throws. Also wrong: a crash, an exit, a sanitizer's report, more
/// than `seconds`, anything printed, a thread that is left behind.
Apart apart(const std::function<std::string()>& work, int seconds);

}  // namespace interplay::cli
