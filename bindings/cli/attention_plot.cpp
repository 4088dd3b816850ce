#include "attention_plot.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "svg.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr std::size_t longest_label = 16;     // columns
constexpr std::size_t most_with_values = 12;  // fields whose cells hold a number
constexpr double margin = 20, head = 76, map_title = 22, map_gap = 28, bar_room = 96, narrowest = 500;

/// One map's measures, the same for all. A cell is as large as the number of fields allows.
struct Layout {
  std::size_t fields = 0, layers = 0, heads = 0;
  std::vector<std::string> labels;
  double cell = 0, font = 11, label_room = 0;
  bool slanted = true;    ///< names below at 45 degrees; upright where they stand too close for that
  std::size_t every = 1;  ///< of so many names one is written

  double map() const { return cell * static_cast<double>(fields); }
  double below() const { return (slanted ? 0.75 : 1) * label_room + 12; }
  double left() const { return margin + label_room; }
  double column(std::size_t h) const { return left() + static_cast<double>(h) * (map() + map_gap); }
  double row(std::size_t l) const {
    return head + map_title + static_cast<double>(l) * (map_title + map() + below() + 10);
  }
  double bar_x() const { return column(heads) - map_gap + 24; }
  double width() const { return std::max(bar_x() + bar_room, narrowest); }
  double height() const { return row(layers) - map_title + margin - 4; }
};

Layout layout_of(const Json& explanation) {
  Layout out;
  const Json& attention = at(explanation, "attention");
  out.layers = static_cast<std::size_t>(integer_at(attention, "layers").value_or(0));
  out.heads = static_cast<std::size_t>(integer_at(attention, "heads").value_or(0));
  std::size_t longest = 0;
  for (const Json& field : at(explanation, "fields")) {
    out.labels.push_back(with_ellipsis(text_at(field, "name"), longest_label));
    longest = std::max(longest, display_width(out.labels.back()));
  }
  out.fields = out.labels.size();
  const auto m = static_cast<double>(std::max<std::size_t>(out.fields, 1));
  // Whole pixels keep the cells' edges sharp; a map of two fields is as wide as its title.
  out.cell = out.fields <= most_with_values ? std::max(36.0, std::ceil(124 / m))
                                            : std::clamp(std::floor(460 / m), 4.0, 24.0);
  out.font = std::clamp(out.cell - 1, 7.0, 11.0);
  out.slanted = out.cell >= 18;
  out.every = static_cast<std::size_t>(std::ceil((out.font + 1) / out.cell));
  out.label_room = 0.6 * out.font * static_cast<double>(longest) + 10;
  return out;
}

double weight_at(const Json& mean, std::size_t l, std::size_t h, std::size_t from, std::size_t to) {
  const auto inner = [](const Json& list, std::size_t i) -> const Json& {
    static const Json nothing;
    return list.is_array() && i < list.size() ? list[i] : nothing;
  };
  const Json& value = inner(inner(inner(inner(mean, l), h), from), to);
  return value.is_number() ? value.get<double>() : 0;
}

template <class Visit>
void each_cell(const Layout& layout, Visit visit) {
  for (std::size_t from = 0; from < layout.fields; ++from)
    for (std::size_t to = 0; to < layout.fields; ++to) visit(from, to);
}

/// Round numbers around all weights, so that maps of nearly equal weights still show which are larger.
struct Scale {
  double low = 0, high = 1;

  double share(double weight) const { return (weight - low) / (high - low); }
  int digits() const { return high - low < 0.1 ? 3 : 2; }
};
constexpr double least_spread =
    0.02;  // differences below a hundredth are no more than noise, and look like it

Scale scale_of(const Layout& layout, const Json& mean) {
  double least = 1, most = 0;
  for (std::size_t l = 0; l < layout.layers; ++l)
    for (std::size_t h = 0; h < layout.heads; ++h)
      each_cell(layout, [&](auto from, auto to) {
        least = std::min(least, weight_at(mean, l, h, from, to));
        most = std::max(most, weight_at(mean, l, h, from, to));
      });
  const double missing = std::max(0.0, least_spread - (most - least)) / 2;
  const std::vector<double> marks = ticks(std::max(0.0, least - missing), most + missing, 6);
  return {std::max(0.0, marks.front()), marks.back()};
}

void draw_labels(Svg& svg, const Layout& layout, double x, double y, bool first_column) {
  const Svg::TextStyle beside{.size = layout.font, .anchor = Svg::Anchor::end};
  Svg::TextStyle below = beside;
  below.rotate = layout.slanted ? -45 : -90;
  for (std::size_t i = 0; i < layout.fields; i += layout.every) {
    const double middle = (static_cast<double>(i) + 0.5) * layout.cell;
    if (first_column) svg.text(x - 6, y + middle + 0.35 * layout.font, layout.labels[i], beside);
    // Turned text hangs on its baseline: a third of its size brings its middle below the cell's.
    const double shift = (layout.slanted ? 0.25 : 0.35) * layout.font;
    svg.text(x + middle + shift, y + layout.map() + (layout.slanted ? 11 : 6), layout.labels[i], below);
  }
}

void draw_map(Svg& svg, const Layout& layout, const Json& mean, const Scale& scale, std::size_t l,
              std::size_t h) {
  const double x = layout.column(h), y = layout.row(l);
  const std::string title =
      "layer " + number(static_cast<int64_t>(l + 1)) + ", head " + number(static_cast<int64_t>(h + 1));
  svg.begin_group(title);
  svg.text(x, y - 7, title, {.bold = true});
  each_cell(layout, [&](auto from, auto to) {
    const double weight = weight_at(mean, l, h, from, to);
    const std::string colour = heat_colour(scale.share(weight));
    const double cx = x + static_cast<double>(to) * layout.cell,
                 cy = y + static_cast<double>(from) * layout.cell;
    svg.rect(cx, cy, layout.cell, layout.cell, colour);
    if (layout.fields <= most_with_values)
      svg.text(cx + layout.cell / 2, cy + layout.cell / 2 + 4, fixed(weight, scale.digits()),
               {.size = 11, .anchor = Svg::Anchor::middle, .fill = is_dark(colour) ? "#FFFFFF" : "#000000"});
  });
  draw_labels(svg, layout, x, y, h == 0);
  svg.end_group();
}

void draw_colour_bar(Svg& svg, const Layout& layout, const Scale& scale) {
  constexpr int steps = 64;
  const double x = layout.bar_x(), y = layout.row(0) + 4, height = std::clamp(layout.map(), 120.0, 240.0);
  svg.begin_group("colour scale");
  svg.text(x, y - 11, "attention", {.bold = true});
  for (int i = 0; i < steps; ++i)
    svg.rect(x, y + height * i / steps, 16, height / steps, heat_colour(1 - (i + 0.5) / steps));
  const std::vector<double> marks = ticks(scale.low, scale.high, 6);
  const int digits = tick_digits(marks);
  for (const double mark : marks) {
    if (scale.share(mark) < -0.0001 || scale.share(mark) > 1.0001) continue;
    const double at_y = y + height * (1 - scale.share(mark));
    svg.line(x + 16, at_y, x + 20, at_y, ink::grey);
    svg.text(x + 24, at_y + 4, fixed(mark, digits), {.size = 11});
  }
  svg.end_group();
}

/// For those who do not see the maps: the strongest weight of each.
std::string description_of(const Layout& layout, const Json& mean) {
  std::string out =
      "One heat map per layer and head. A row is a field, its columns are the fields it attends to.";
  for (std::size_t l = 0; l < layout.layers; ++l)
    for (std::size_t h = 0; h < layout.heads; ++h) {
      std::size_t best_from = 0, best_to = 0;
      each_cell(layout, [&](auto from, auto to) {
        if (weight_at(mean, l, h, from, to) > weight_at(mean, l, h, best_from, best_to)) {
          best_from = from;
          best_to = to;
        }
      });
      if (layout.fields == 0) continue;
      out += " Layer " + number(static_cast<int64_t>(l + 1)) + ", head " +
             number(static_cast<int64_t>(h + 1)) + ": strongest from " + layout.labels[best_from] + " to " +
             layout.labels[best_to] + ", " + fixed(weight_at(mean, l, h, best_from, best_to), 2) + ".";
    }
  return out;
}

}  // namespace

std::string attention_svg(const Json& explanation) {
  const Layout layout = layout_of(explanation);
  const Json& mean = at(at(explanation, "attention"), "mean");
  const Scale scale = scale_of(layout, mean);
  const std::string rows = grouped(integer_at(explanation, "rows").value_or(0));
  Svg svg(layout.width(), layout.height(), "Attention between the fields", description_of(layout, mean));
  svg.text(margin, 30, "Attention, mean over " + rows + (rows == "1" ? " row" : " rows"),
           {.size = 16, .bold = true});
  svg.text(margin, 50, "Each row is a field and sums to 1 over the fields (columns) that it attends to.",
           {.fill = ink::grey});
  for (std::size_t l = 0; l < layout.layers; ++l)
    for (std::size_t h = 0; h < layout.heads; ++h) draw_map(svg, layout, mean, scale, l, h);
  draw_colour_bar(svg, layout, scale);
  return svg.str();
}

}  // namespace interplay::cli
