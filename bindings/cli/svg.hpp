// Pictures as SVG files that stand alone: no script, no style sheet, no font from elsewhere, and a title and a
// description for those who do not see them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace interplay::cli {

/// Text between tags or in an attribute. What XML cannot hold (controls, bytes that are no UTF-8) becomes U+FFFD.
std::string xml_escaped(std::string_view text);
/// Cut to `width` columns with an ellipsis, U+2026, at the end.
std::string with_ellipsis(std::string_view text, std::size_t width);

/// Okabe and Ito's colours, which people with any colour vision tell apart.
namespace ink {
inline constexpr const char* black = "#000000";
inline constexpr const char* orange = "#E69F00";
inline constexpr const char* sky = "#56B4E9";
inline constexpr const char* green = "#009E73";
inline constexpr const char* blue = "#0072B2";
inline constexpr const char* vermilion = "#D55E00";
inline constexpr const char* purple = "#CC79A7";
inline constexpr const char* grey = "#555555";
inline constexpr const char* grid = "#DDDDDD";
}  // namespace ink

/// A colour for 0 to 1, dark blue over green to yellow: "#241054" to "#FAE846".
std::string heat_colour(double share);
/// Whether text on this colour has to be light.
bool is_dark(const std::string& colour);

/// Round numbers that cover low to high, about `wanted` of them, ascending; at least two. Equal ends are widened.
std::vector<double> ticks(double low, double high, int wanted);
/// Digits behind the point that tell neighbouring ticks apart.
int tick_digits(const std::vector<double>& values);

class Svg {
 public:
  enum class Anchor { start, middle, end };
  enum class Marker { circle, square, diamond };
  struct TextStyle {
    double size = 12;
    Anchor anchor = Anchor::start;
    double rotate = 0;  ///< degrees, clockwise, around the point
    bool bold = false;
    std::string fill = "#222222";
  };
  using Points = std::vector<std::pair<double, double>>;

  /// width and height in pixels; title and description are read aloud by screen readers.
  Svg(double width, double height, std::string_view title, std::string_view description);

  void rect(double x, double y, double width, double height, const std::string& fill,
            const std::string& stroke = "none");
  void line(double x1, double y1, double x2, double y2, const std::string& stroke, double width = 1,
            const std::string& dash = "");
  void polyline(const Points& points, const std::string& stroke, double width, const std::string& dash);
  void marker(Marker marker, double x, double y, double radius, const std::string& fill,
              const std::string& stroke = "none");
  void text(double x, double y, std::string_view text, const TextStyle& style);
  /// What follows up to end_group has this tooltip and name.
  void begin_group(std::string_view title);
  void end_group();

  /// The file's bytes.
  std::string str() const;

 private:
  std::string body_;
};

}  // namespace interplay::cli
