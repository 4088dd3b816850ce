#include <boost/test/unit_test.hpp>

#include "attention_plot.hpp"
#include "curve_plot.hpp"
#include "errors.hpp"
#include "explain_page.hpp"
#include "svg.hpp"
#include "text.hpp"

using namespace interplay::cli;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// One layer, two heads, each field attends to itself.
Json explanation(const std::vector<std::string>& names) {
  Json out = {{"rows", 3}, {"score", 3.5}, {"logit", 0.25}};
  Json rows = Json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    out["fields"].push_back({{"name", names[i]}, {"of", "user"}});
    out["contributions"].push_back({{"field", names[i]}, {"mean_abs", 1.0 + double(i)}, {"mean", -0.5}});
    rows.push_back(Json::array());
    for (std::size_t j = 0; j < names.size(); ++j) rows[i].push_back(i == j ? 1 : 0);
  }
  out["attention"] = {{"layers", 1}, {"heads", 2}, {"mean", Json::array({Json::array({rows, rows})})}};
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_svg)

BOOST_AUTO_TEST_CASE(text_of_files_cannot_become_markup) {
  BOOST_TEST(xml_escaped("<b a=\"1\" c='2'>&amp;") == "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;");
}

BOOST_AUTO_TEST_CASE(what_xml_cannot_hold_is_replaced) {
  const std::string gone = "\xEF\xBF\xBD";
  BOOST_TEST(xml_escaped(std::string("a\0b", 3)) == "a" + gone + "b");
  BOOST_TEST(xml_escaped("\x1B[31m") == gone + "[31m");
  BOOST_TEST(xml_escaped("caf\xE9!") == "caf" + gone + "!");  // latin 1
  BOOST_TEST(xml_escaped("\xEF\xBF\xBF.") == gone + ".");     // U+FFFF
  BOOST_TEST(xml_escaped("caf\xC3\xA9\t\n") == "caf\xC3\xA9\t\n");
}

BOOST_AUTO_TEST_CASE(an_ellipsis_stands_where_a_name_was_cut) {
  BOOST_TEST(with_ellipsis("occupation", 10) == "occupation");
  BOOST_TEST(with_ellipsis("occupations", 10) == "occupatio\xE2\x80\xA6");
  BOOST_TEST(display_width(with_ellipsis("occupations", 10)) == 10U);
}

BOOST_AUTO_TEST_CASE(ticks_are_round_and_cover_the_range) {
  BOOST_TEST(ticks(0, 1, 6) == (std::vector<double>{0, 0.2, 0.4, 0.6, 0.8, 1}),
             boost::test_tools::per_element());
  const std::vector<double> found = ticks(0.756, 0.915, 6);
  BOOST_TEST(found.front() == 0.75);
  BOOST_TEST(found.back() == 0.95);
  BOOST_TEST(tick_digits(found) == 2);
  BOOST_TEST(ticks(3, 3, 6).size() >= 2U);
  BOOST_TEST(ticks(0, 0, 6).size() >= 2U);
}

BOOST_AUTO_TEST_CASE(colours_get_lighter_from_low_to_high) {
  BOOST_TEST(heat_colour(0) == "#241054");
  BOOST_TEST(heat_colour(1) == "#FAE846");
  BOOST_TEST(heat_colour(-1) == heat_colour(0));
  BOOST_TEST(heat_colour(2) == heat_colour(1));
  BOOST_TEST(is_dark(heat_colour(0)));
  BOOST_TEST(!is_dark(heat_colour(1)));
}

BOOST_AUTO_TEST_CASE(a_picture_stands_alone_and_says_what_it_shows) {
  Svg svg(100, 50, "A & B", "what <it> shows");
  svg.line(0, 0, 1.005, 2, ink::blue);
  const std::string text = svg.str();

  BOOST_TEST(text.find("role=\"img\"") != std::string::npos);
  BOOST_TEST(text.find("<title id=\"title\">A &amp; B</title>") != std::string::npos);
  BOOST_TEST(text.find("<desc id=\"desc\">what &lt;it&gt; shows</desc>") != std::string::npos);
  for (const char* outside : {"<script", "href", "url(", "@import", "<style"})
    BOOST_TEST(text.find(outside) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_head_has_a_map_and_each_cell_its_number_while_they_fit) {
  const std::string small = attention_svg(explanation({"user_id", "item_id"}));
  BOOST_TEST(count(small, ">layer 1, head 1</text>") == 1U);
  BOOST_TEST(count(small, ">layer 1, head 2</text>") == 1U);
  BOOST_TEST(count(small, ">1.00</text>") == 4U);     // two on each diagonal
  BOOST_TEST(count(small, ">user_id</text>") == 3U);  // beside the first map, below both

  std::vector<std::string> names;
  for (int i = 0; i < 39; ++i) names.push_back("field " + std::to_string(i) + " with a long name");
  const std::string large = attention_svg(explanation(names));
  BOOST_TEST(count(large, ">1.00</text>") == 0U);
  BOOST_TEST(count(large, "\xE2\x80\xA6</text>") == 3U * 39U);
}

BOOST_AUTO_TEST_CASE(a_learning_curve_marks_the_best_epoch_in_every_line) {
  const Json info =
      Json::parse(R"({"engine": {"name": "autoint"}, "objective": {"kind": "rating"}, "training": {
      "metric": "rmse", "best_epoch": 2, "valid_metric": 0.8, "baselines": {"biases": 0.85, "global_mean": 1.1},
      "history": [{"epoch": 1, "loss": 1.0, "valid_loss": 0.9, "valid_metric": 0.9},
                  {"epoch": 2, "loss": 0.8, "valid_loss": 0.8, "valid_metric": 0.8},
                  {"epoch": 3, "loss": 0.7, "valid_loss": 0.85, "valid_metric": 0.82}]}})");

  const std::string picture = curve_svg(info);

  BOOST_TEST(count(picture, "<polyline") == 3U);
  BOOST_TEST(count(picture, "<polygon") == 3U);
  BOOST_TEST(picture.find("best epoch 2 (diamond), validation rmse 0.8000") != std::string::npos);
  BOOST_TEST(picture.find("biases 0.8500") != std::string::npos);
  BOOST_TEST(picture.find("rmse (unit of the label)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_epochs_there_is_no_curve) {
  BOOST_CHECK_THROW(curve_svg(Json::parse(R"({"engine": {"name": "x"}})")), DataError);
}

BOOST_AUTO_TEST_CASE(contributions_come_strongest_first_with_bars) {
  const std::string page = explain_page(explanation({"age", "zip"}));

  BOOST_TEST(page.find("3 rows, mean score 3.5000, mean logit 0.2500\n") == 0U, page);
  BOOST_TEST(page.find("zip           2.0000  -0.5000  ########################\n"
                       "age           1.0000  -0.5000  ############\n") != std::string::npos,
             page);
  BOOST_TEST(page.find("  1 age  1.00  0.00\n") != std::string::npos, page);
}

BOOST_AUTO_TEST_CASE(pages_and_pictures_survive_documents_without_any_key) {
  BOOST_CHECK_NO_THROW(explain_page(Json::object()));
  BOOST_CHECK_NO_THROW(attention_svg(Json::object()));
  BOOST_CHECK_NO_THROW(explain_page(Json::parse(
      R"({"attention": {"mean": [[[3]]]}, "pairs": [{}], "per_row": [1], "contributions": [2]})")));
}

BOOST_AUTO_TEST_SUITE_END()
