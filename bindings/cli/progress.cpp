#include "progress.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "interrupt.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

/// 190k, 1.2M: a speed needs no more digits.
std::string rounded(double value) {
  if (value >= 999.5e3) return fixed(value / 1e6, value < 9.95e6 ? 1 : 0) + "M";
  if (value >= 999.5) return fixed(value / 1e3, value < 9.95e3 ? 1 : 0) + "k";
  return fixed(value, 0);
}

std::string epoch_text(const Json& event, bool aligned) {
  const auto epoch = integer_at(event, "epoch"), epochs = integer_at(event, "epochs");
  if (!epoch || !epochs) return text_at(event, "stage");
  std::string now = number(*epoch);
  const std::string last = number(*epochs);
  if (aligned && now.size() < last.size()) now.insert(0, last.size() - now.size(), ' ');
  return "epoch " + now + "/" + last;
}

std::string speed_text(const Json& event) {
  const auto speed = number_at(event, "rows_per_second");
  return speed && *speed > 0 ? rounded(*speed) + " rows/s" : "";
}

/// The share of the whole fit that is done, from 0 to 1.
double share(const Json& event) {
  const auto rows = number_at(event, "rows"), rows_total = number_at(event, "rows_total");
  double done = rows && rows_total && *rows_total > 0 ? *rows / *rows_total : 0;
  const auto epoch = number_at(event, "epoch"), epochs = number_at(event, "epochs");
  if (epoch && epochs && *epochs > 0) done = (*epoch - 1 + done) / *epochs;
  return std::clamp(done, 0.0, 1.0);
}

}  // namespace

void ProgressState::take(std::string_view event_json) {
  event = parse_json(event_json, "progress");
  if (const std::string name = text_at(event, "metric"); !name.empty()) metric = name;
  if (const auto value = number_at(event, "valid_metric")) valid_metric = value;
}

std::string bar_line(const ProgressState& state, std::size_t width) {
  std::string tail;
  if (const auto loss = number_at(state.event, "loss")) tail += "  loss " + fixed(*loss, 4);
  if (state.valid_metric) tail += "  " + state.metric + " " + fixed(*state.valid_metric, 4);
  if (const std::string speed = speed_text(state.event); !speed.empty()) tail += "  " + speed;
  if (const auto left = number_at(state.event, "seconds_left")) tail += "  " + duration(*left) + " left";
  const std::string head = epoch_text(state.event, true) + " [";
  const std::size_t used = head.size() + 1 + tail.size();
  const std::size_t room = used + 4 < width ? std::min<std::size_t>(width - used, 24) : 4;
  const auto filled = static_cast<std::size_t>(std::floor(share(state.event) * static_cast<double>(room)));
  return shortened(head + std::string(filled, '#') + std::string(room - filled, '-') + "]" + tail, width);
}

std::string epoch_line(const ProgressState& state) {
  std::string line = epoch_text(state.event, false) + ":";
  const auto add = [&line](const std::string& part) {
    if (!part.empty()) line += (line.back() == ':' ? " " : ", ") + part;
  };
  if (const auto loss = number_at(state.event, "loss")) add("loss " + fixed(*loss, 4));
  if (const auto value = number_at(state.event, "valid_metric")) add(state.metric + " " + fixed(*value, 4));
  add(speed_text(state.event));
  if (const auto seconds = number_at(state.event, "seconds")) add(duration(*seconds));
  if (const auto left = number_at(state.event, "seconds_left")) add(duration(*left) + " left");
  return line;
}

Progress::Progress(bool quiet)
    : style_(quiet                  ? Style::none
             : stderr_is_terminal() ? Style::bar
                                    : Style::lines) {}

Progress::Progress(bool quiet, std::string head)
    : style_(!quiet && stderr_is_terminal() ? Style::bar : Style::none), head_(std::move(head)) {}

Progress::~Progress() {
  if (drawn_) print_error(head_.empty() ? "\n" : "\r\x1b[K");
}

bool Progress::on_event(std::string_view event_json) {
  if (style_ != Style::none) {
    state_.take(event_json);
    const Json& end = at(state_.event, "epoch_end");
    if (style_ == Style::lines && end.is_boolean() && end.get<bool>()) print_error(epoch_line(state_) + "\n");
    if (style_ == Style::bar) {
      // "\x1b[K" clears what a longer line left behind. The last column stays free: some terminals wrap when it fills.
      const std::size_t width = std::min<std::size_t>(terminal_width(), 80) - 1;
      const std::string bar = bar_line(state_, width - std::min(width, display_width(head_)));
      print_error("\r" + shortened(head_ + bar, width) + "\x1b[K");
      drawn_ = true;
    }
  }
  return !interrupted();
}

}  // namespace interplay::cli
