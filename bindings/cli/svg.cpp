#include "svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";     // U+2026

/// Hundredths of a pixel are finer than any screen.
std::string coordinate(double value) {
  std::string out = fixed(std::isfinite(value) ? value : 0, 2);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + coordinate(value) + "\"";
}

std::string attribute(const char* name, std::string_view value) {
  return std::string(" ") + name + "=\"" + xml_escaped(value) + "\"";
}

std::string points_of(const Svg::Points& points) {
  std::string out;
  for (const auto& [x, y] : points) out += (out.empty() ? "" : " ") + coordinate(x) + "," + coordinate(y);
  return out;
}

int hex_pair(const std::string& colour, std::size_t at) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  return digit(colour[at]) * 16 + digit(colour[at + 1]);
}

std::string colour_of(const std::array<double, 3>& rgb) {
  std::string out = "#";
  for (const double part : rgb) {
    const auto value = static_cast<std::size_t>(std::clamp(std::lround(part), 0L, 255L));
    out += "0123456789ABCDEF"[value / 16];
    out += "0123456789ABCDEF"[value % 16];
  }
  return out;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    // Everything up to the first byte that is no UTF-8, then that byte.
    const std::size_t valid = std::min(find_invalid_utf8(text), text.size());
    for (std::size_t i = 0; i < valid; ++i) {
      const char c = text[i];
      const auto byte = static_cast<unsigned char>(c);
      // U+FFFE and U+FFFF are no characters to XML.
      const bool outside = text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF";
      if (outside) {
        out += replacement;
        i += 2;
      } else if ((byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F) {
        out += replacement;
      } else if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'') {
        out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : "&#39;";
      } else {
        out += c;
      }
    }
    if (valid < text.size()) out += replacement;
    text.remove_prefix(std::min(valid + 1, text.size()));
  }
  return out;
}

std::string with_ellipsis(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string out = shortened(text, width + 1);  // ends in "..", one column more than the ellipsis
  out.resize(out.size() - 2);
  return out + std::string(ellipsis);
}

std::string heat_colour(double share) {
  // Every step is lighter than the one before, so that the order survives any colour vision and a grey printer.
  static constexpr std::array<std::array<double, 3>, 6> points{
      {{36, 16, 84}, {44, 74, 138}, {28, 120, 146}, {46, 163, 128}, {140, 205, 88}, {250, 232, 70}}};
  const double at = (share >= 0 ? std::min(share, 1.0) : 0.0) * (points.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(at), points.size() - 2);
  const double part = at - static_cast<double>(low);
  std::array<double, 3> rgb{};
  for (std::size_t i = 0; i < rgb.size(); ++i)
    rgb[i] = points[low][i] + part * (points[low + 1][i] - points[low][i]);
  return colour_of(rgb);
}

bool is_dark(const std::string& colour) {
  return 0.299 * hex_pair(colour, 1) + 0.587 * hex_pair(colour, 3) + 0.114 * hex_pair(colour, 5) < 128;
}

std::vector<double> ticks(double low, double high, int wanted) {
  if (!(high > low)) {
    const double widen = low == 0 ? 1 : std::abs(low) * 0.05;
    low -= widen;
    high += widen;
  }
  const double rough = (high - low) / std::max(1, wanted - 1);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double nice : {1.0, 2.0, 5.0})
    if (nice * power >= rough * 0.999) {
      step = nice * power;
      break;
    }
  const double first = std::floor(low / step + 1e-9), last = std::ceil(high / step - 1e-9);
  std::vector<double> out;
  // 3 / 5 is the number that 0.6 means, 3 * 0.2 is not
  const double parts = std::round(1 / step);
  for (double i = first; i <= last + 0.5; ++i) out.push_back(step < 1 ? i / parts : i * step);
  return out;
}

int tick_digits(const std::vector<double>& values) {
  const double step = values.size() > 1 ? values[1] - values[0] : 1;
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
}

Svg::Svg(double width, double height, std::string_view title, std::string_view description) {
  body_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\"" +
          attribute("width", width) + attribute("height", height) + " viewBox=\"0 0 " + coordinate(width) +
          " " + coordinate(height) +
          "\" font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\">\n"
          "<title id=\"title\">" +
          xml_escaped(title) + "</title>\n<desc id=\"desc\">" + xml_escaped(description) + "</desc>\n";
  rect(0, 0, width, height, "#FFFFFF");
}

void Svg::rect(double x, double y, double width, double height, const std::string& fill,
               const std::string& stroke) {
  body_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) +
           attribute("height", height) + attribute("fill", fill);
  if (stroke != "none") body_ += attribute("stroke", stroke);
  body_ += " shape-rendering=\"crispEdges\"/>\n";  // or hairlines show between neighbours
}

void Svg::line(double x1, double y1, double x2, double y2, const std::string& stroke, double width,
               const std::string& dash) {
  body_ += "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
           attribute("stroke", stroke) + attribute("stroke-width", width);
  if (!dash.empty()) body_ += attribute("stroke-dasharray", dash);
  body_ += "/>\n";
}

void Svg::polyline(const Points& points, const std::string& stroke, double width, const std::string& dash) {
  if (points.empty()) return;
  body_ += "<polyline fill=\"none\"" + attribute("points", points_of(points)) + attribute("stroke", stroke) +
           attribute("stroke-width", width) + " stroke-linejoin=\"round\"";
  if (!dash.empty()) body_ += attribute("stroke-dasharray", dash);
  body_ += "/>\n";
}

void Svg::marker(Marker marker, double x, double y, double radius, const std::string& fill,
                 const std::string& stroke) {
  const std::string paint =
      attribute("fill", fill) +
      (stroke == "none" ? "" : attribute("stroke", stroke) + attribute("stroke-width", 2.0)) + "/>\n";
  if (marker == Marker::circle)
    body_ += "<circle" + attribute("cx", x) + attribute("cy", y) + attribute("r", radius) + paint;
  if (marker == Marker::square)
    body_ += "<rect" + attribute("x", x - radius) + attribute("y", y - radius) +
             attribute("width", 2 * radius) + attribute("height", 2 * radius) + paint;
  if (marker == Marker::diamond) {
    const double r = 1.35 * radius;
    body_ +=
        "<polygon" + attribute("points", points_of({{x, y - r}, {x + r, y}, {x, y + r}, {x - r, y}})) + paint;
  }
}

void Svg::text(double x, double y, std::string_view text, const TextStyle& style) {
  body_ += "<text" + attribute("x", x) + attribute("y", y) + attribute("font-size", style.size) +
           attribute("fill", style.fill);
  if (style.anchor != Anchor::start)
    body_ += attribute("text-anchor", style.anchor == Anchor::middle ? "middle" : "end");
  if (style.bold) body_ += " font-weight=\"bold\"";
  if (style.rotate != 0)
    body_ += attribute(
        "transform", "rotate(" + coordinate(style.rotate) + " " + coordinate(x) + " " + coordinate(y) + ")");
  body_ += ">" + xml_escaped(text) + "</text>\n";
}

void Svg::begin_group(std::string_view title) { body_ += "<g><title>" + xml_escaped(title) + "</title>\n"; }

void Svg::end_group() { body_ += "</g>\n"; }

std::string Svg::str() const { return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + body_ + "</svg>\n"; }

}  // namespace interplay::cli
