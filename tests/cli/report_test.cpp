#include <boost/test/unit_test.hpp>

#include "report.hpp"
#include "text.hpp"

using namespace interplay::cli;

namespace {

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    widest = std::max(widest, display_width(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return widest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_report)

BOOST_AUTO_TEST_CASE(columns_are_aligned_and_lines_have_no_blanks_at_their_end) {
  TextTable table;
  table.column("id", TextTable::Align::right);
  table.column("name");
  table.row({"7", "Alien"});
  table.row({"1193", "Up"});

  BOOST_TEST(table.text() == "  id  name\n   7  Alien\n1193  Up\n");
}

BOOST_AUTO_TEST_CASE(a_long_last_column_is_cut_to_the_page) {
  TextTable table;
  table.column("id");
  table.column("title");
  table.row({"1", std::string(200, 'x')});

  BOOST_TEST(widest_line(table.text()) == page_width);
}

BOOST_AUTO_TEST_CASE(control_characters_do_not_reach_the_terminal) {
  TextTable table;
  table.column("title");
  table.row({"a\x1b[31mb\x07"});

  BOOST_TEST(table.text() == "title\na?[31mb?\n");
}

BOOST_AUTO_TEST_CASE(facts_wrap_below_their_values) {
  Facts facts;
  facts.add("a", "one");
  facts.add("longer", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
  facts.add("empty", "");

  BOOST_TEST(facts.text() ==
             "a       one\n"
             "longer  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
             "        yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n");
}

BOOST_AUTO_TEST_CASE(the_model_stands_beside_what_it_has_to_beat) {
  const Json info = Json::parse(
      R"({"training": {"metric": "rmse", "valid_metric": 0.8712, "baselines": {"global_mean": 1.1171, "biases": 0.908}}})");

  const std::string text = comparison_text({validation_of(info)});

  BOOST_TEST(text.find("                  this model  biases  global mean\n") == 0U);
  BOOST_TEST(text.find("validation  rmse      0.8712  0.9080       1.1171\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_measure_there_is_no_comparison) {
  BOOST_TEST(comparison_text({validation_of(Json::object())}).empty());
}

BOOST_AUTO_TEST_CASE(a_page_survives_an_info_without_any_key) {
  BOOST_CHECK_NO_THROW(model_page(Json::object()));
  BOOST_CHECK_NO_THROW(
      model_page(Json::parse(R"({"engine": 3, "fields": {"a": 1}, "training": [1], "catalogue": null})")));
}

BOOST_AUTO_TEST_CASE(a_parameter_shows_type_default_range_and_meaning) {
  const Json schema = Json::parse(
      R"({"properties": {"epochs": {"type": "integer", "default": 20, "minimum": 1, "maximum": 10000, "description": "At most so many."},
          "preset": {"type": "string", "default": "", "enum": ["", "paper"], "description": "Others."}}})");

  const std::string page = parameters_page(schema);

  BOOST_TEST(page.find("epochs (integer, default 20, from 1, to 10000)\n    At most so many.\n") == 0U);
  BOOST_TEST(page.find("preset (string, default \"\", one of \"\" paper)\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
