#include "curve_plot.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "errors.hpp"
#include "svg.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr double page = 720, left = 76, right = 24, head = 64, plot = 216, legend = 30, gap = 34, foot = 54;
constexpr std::size_t most_markers = 40;

struct Line {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< epoch, value
  const char* colour;
  const char* dash;
  Svg::Marker marker;
};

/// A value that holds for all epochs.
struct Level {
  std::string name;
  double value;
  const char* colour;
  const char* dash;
};

struct Panel {
  std::string axis;
  std::vector<Line> lines;
  std::vector<Level> levels;
};

Line line_of(const Json& history, const char* key, std::string name, const char* colour, const char* dash,
             Svg::Marker marker) {
  Line out{std::move(name), {}, colour, dash, marker};
  for (const Json& event : history) {
    const auto epoch = number_at(event, "epoch"), value = number_at(event, key);
    if (epoch && value && std::isfinite(*value)) out.points.emplace_back(*epoch, *value);
  }
  return out;
}

std::vector<Panel> panels_of(const Json& info) {
  const Json& training = at(info, "training");
  const Json& history = at(training, "history");
  const std::string metric = text_at(training, "metric");
  const bool binary = text_at(at(info, "objective"), "kind") == "binary";
  Panel loss{binary ? "loss (nats)" : "loss", {}, {}};
  loss.lines.push_back(line_of(history, "loss", "training", ink::blue, "", Svg::Marker::circle));
  loss.lines.push_back(
      line_of(history, "valid_loss", "validation", ink::vermilion, "7 4", Svg::Marker::square));
  Panel quality{metric + (metric == "log_loss" ? " (nats)"
                          : metric == "rmse"   ? " (unit of the label)"
                                               : ""),
                {},
                {}};
  quality.lines.push_back(
      line_of(history, "valid_metric", "validation " + metric, ink::vermilion, "7 4", Svg::Marker::square));
  const Json& baselines = at(training, "baselines");
  if (const auto value = number_at(baselines, "biases"))
    quality.levels.push_back({"biases", *value, ink::green, "2 3"});
  if (const auto value = number_at(baselines, "global_mean"))
    quality.levels.push_back({"global mean", *value, ink::purple, "9 3 2 3"});
  std::vector<Panel> out;
  for (Panel& one : std::vector<Panel>{loss, quality}) {
    std::erase_if(one.lines, [](const Line& line) { return line.points.empty(); });
    if (!one.lines.empty()) out.push_back(std::move(one));
  }
  return out;
}

struct Range {
  double low = 0, high = 0;
};

/// Levels far away would flatten the lines: they are left out of the picture, not of the legend.
Range range_of(const Panel& panel) {
  Range range{panel.lines[0].points[0].second, panel.lines[0].points[0].second};
  const auto cover = [](Range r, double value) {
    return Range{std::min(r.low, value), std::max(r.high, value)};
  };
  for (const Line& line : panel.lines)
    for (const auto& point : line.points) range = cover(range, point.second);
  const double span = std::max(range.high - range.low, 0.02 * std::abs(range.high));
  for (const Level& level : panel.levels) {
    const Range wider = cover(range, level.value);
    if (wider.high - wider.low <= 3 * span) range = wider;
  }
  return range;
}

struct Axes {
  double top, first, last, low, high;

  double x(double epoch) const {
    const double width = page - left - right;
    return first == last ? left + width / 2 : left + (epoch - first) / (last - first) * width;
  }
  double y(double value) const { return top + plot - (value - low) / (high - low) * plot; }
  bool shows(double value) const { return value >= low && value <= high; }
};

void draw_legend(Svg& svg, const Panel& one, const Axes& axes) {
  double x = left;
  const double y = axes.top - 14;
  const auto entry = [&](const std::string& name, const char* colour, const char* dash,
                         const Svg::Marker* marker) {
    svg.line(x, y, x + 30, y, colour, 2, dash);
    if (marker) svg.marker(*marker, x + 15, y, 3.5, colour);
    svg.text(x + 36, y + 4, name, {});
    x += 56 + 6.6 * static_cast<double>(display_width(name));
  };
  for (const Line& line : one.lines) entry(line.name, line.colour, line.dash, &line.marker);
  for (const Level& level : one.levels)
    entry(level.name + " " + fixed(level.value, 4) + (axes.shows(level.value) ? "" : " (off the scale)"),
          level.colour, level.dash, nullptr);
}

void draw_axes(Svg& svg, const Panel& one, const Axes& axes, const std::vector<double>& values) {
  const int digits = tick_digits(values);
  for (const double value : values) {
    svg.line(left, axes.y(value), page - right, axes.y(value), ink::grid);
    svg.text(left - 8, axes.y(value) + 4, fixed(value, digits), {.anchor = Svg::Anchor::end});
  }
  for (const double epoch : ticks(axes.first, axes.last, 10)) {
    if (epoch != std::floor(epoch) || epoch < axes.first || epoch > axes.last) continue;
    svg.line(axes.x(epoch), axes.top + plot, axes.x(epoch), axes.top + plot + 5, ink::grey);
    svg.text(axes.x(epoch), axes.top + plot + 19, fixed(epoch, 0), {.anchor = Svg::Anchor::middle});
  }
  svg.line(left, axes.top + plot, page - right, axes.top + plot, ink::grey);
  svg.line(left, axes.top, left, axes.top + plot, ink::grey);
  svg.text(20, axes.top + plot / 2, one.axis, {.anchor = Svg::Anchor::middle, .rotate = -90});
}

void draw_line(Svg& svg, const Line& line, const Axes& axes, std::optional<double> best) {
  Svg::Points points;
  for (const auto& [epoch, value] : line.points) points.emplace_back(axes.x(epoch), axes.y(value));
  svg.begin_group(line.name);
  svg.polyline(points, line.colour, 2, line.dash);
  const std::size_t every = (points.size() + most_markers - 1) / most_markers;
  for (std::size_t i = 0; i < points.size(); i += every)
    svg.marker(line.marker, points[i].first, points[i].second, 3.5, line.colour);
  for (std::size_t i = 0; i < points.size(); ++i)
    if (best && line.points[i].first == *best)
      svg.marker(Svg::Marker::diamond, points[i].first, points[i].second, 6, "#FFFFFF", line.colour);
  svg.end_group();
}

void draw_panel(Svg& svg, const Panel& one, double top, Range epochs, std::optional<double> best) {
  const Range range = range_of(one);
  const std::vector<double> values = ticks(range.low, range.high, 6);
  const Axes axes{top, epochs.low, epochs.high, values.front(), values.back()};
  draw_axes(svg, one, axes, values);
  draw_legend(svg, one, axes);
  if (best) svg.line(axes.x(*best), top, axes.x(*best), top + plot, ink::black, 1, "3 3");
  for (const Level& level : one.levels)
    if (axes.shows(level.value))
      svg.line(left, axes.y(level.value), page - right, axes.y(level.value), level.colour, 2, level.dash);
  for (const Line& line : one.lines) draw_line(svg, line, axes, best);
}

std::string best_text(const Json& training) {
  const auto best = integer_at(training, "best_epoch");
  if (!best) return "";
  std::string out = "best epoch " + number(*best) + " (diamond)";
  if (const auto value = number_at(training, "valid_metric"))
    out += ", validation " + text_at(training, "metric") + " " + fixed(*value, 4);
  return out;
}

}  // namespace

std::string curve_svg(const Json& info) {
  const Json& training = at(info, "training");
  const std::vector<Panel> panels = panels_of(info);
  if (panels.empty())
    throw DataError("there is no learning curve: the engine " +
                    in_quotes(text_at(at(info, "engine"), "name")) + " reports no epochs");
  Range epochs{panels[0].lines[0].points.front().first, panels[0].lines[0].points.back().first};
  const std::string engine = text_at(at(info, "engine"), "name");
  const std::string best = best_text(training);
  const double each = legend + plot + gap;
  Svg svg(page, head + each * static_cast<double>(panels.size()) + foot - gap, "Learning curve of " + engine,
          "Loss" + std::string(panels.size() > 1 ? " and validation metric" : "") + " by epoch, " +
              number(static_cast<int64_t>(epochs.low)) + " to " + number(static_cast<int64_t>(epochs.high)) +
              (best.empty() ? "" : "; " + best) + ".");
  svg.text(left, 26, "Learning curve: " + engine, {.size = 16, .bold = true});
  if (!best.empty()) svg.text(left, 46, best, {.fill = ink::grey});
  const auto best_epoch = number_at(training, "best_epoch");
  double top = head + legend;
  for (const Panel& one : panels) {
    draw_panel(svg, one, top, epochs, best_epoch);
    top += each;
  }
  svg.text(left + (page - left - right) / 2, top - each + plot + 42, "epoch",
           {.anchor = Svg::Anchor::middle});
  return svg.str();
}

}  // namespace interplay::cli
