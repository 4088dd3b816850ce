// How far a fit is, from the library's events: one line that redraws itself on a terminal, otherwise a line an epoch.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "json.hpp"

namespace interplay::cli {

/// What the newest events said. Validation numbers come only at the end of an epoch and are shown until the next.
struct ProgressState {
  Json event;
  std::string metric;
  std::optional<double> valid_metric;

  void take(std::string_view event_json);
};

/// At most `width` columns, for instance:
/// epoch  3/20 [###----------]  loss 0.7123  rmse 0.8812  190k rows/s  1:03 left
std::string bar_line(const ProgressState& state, std::size_t width);
/// epoch 3/20: loss 0.7123, rmse 0.8812, 190k rows/s, 11.2 s, 1:03 left
std::string epoch_line(const ProgressState& state);

class Progress {
 public:
  enum class Style { none, lines, bar };
  /// quiet, or the style that stderr asks for.
  explicit Progress(bool quiet);
  /// One fit of many: only on a terminal, `head` before the bar, and gone at the end.
  Progress(bool quiet, std::string head);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// The monitor's callback: false after Ctrl-C.
  bool on_event(std::string_view event_json);

 private:
  Style style_;
  std::string head_;
  ProgressState state_;
  bool drawn_ = false;
};

}  // namespace interplay::cli
