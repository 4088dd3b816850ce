#include <boost/test/unit_test.hpp>

#include "progress.hpp"
#include "text.hpp"

using namespace interplay::cli;

namespace {

constexpr const char* half_way =
    R"({"stage": "fit", "epoch": 3, "epochs": 20, "epoch_end": false, "rows": 360000, "rows_total": 720000, "loss": 0.71234,
        "metric": "rmse", "best_epoch": 2, "rows_per_second": 190000, "seconds": 11.2, "seconds_left": 63.0})";
constexpr const char* epoch_end =
    R"({"stage": "fit", "epoch": 3, "epochs": 20, "epoch_end": true, "rows": 720000, "rows_total": 720000, "loss": 0.71,
        "valid_loss": 0.78, "metric": "rmse", "valid_metric": 0.8812, "best_epoch": 3, "rows_per_second": 1250000,
        "seconds": 11.2, "seconds_left": 63.0})";

ProgressState after(std::initializer_list<const char*> events) {
  ProgressState state;
  for (const char* event : events) state.take(event);
  return state;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_progress)

BOOST_AUTO_TEST_CASE(the_bar_shows_epoch_loss_speed_and_time_left) {
  // 2.5 of 20 epochs are an eighth of the bar's 24 columns.
  BOOST_TEST(bar_line(after({half_way}), 79) ==
             "epoch  3/20 [###---------------------]  loss 0.7123  190k rows/s  1:03 left");
}

BOOST_AUTO_TEST_CASE(the_validation_metric_stays_until_the_next_one) {
  BOOST_TEST(bar_line(after({epoch_end, half_way}), 79).find("rmse 0.8812") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_bar_fits_whatever_the_numbers) {
  const char* huge =
      R"({"epoch": 99999, "epochs": 99999, "rows": 1, "rows_total": 1, "loss": 123456789.5, "metric": "log_loss",
    "valid_metric": 987654321.5, "rows_per_second": 1e12, "seconds_left": 1e9})";

  BOOST_TEST(display_width(bar_line(after({huge}), 79)) <= 79U);
  BOOST_TEST(display_width(bar_line(after({epoch_end}), 40)) <= 40U);
}

BOOST_AUTO_TEST_CASE(an_epoch_is_one_plain_line) {
  BOOST_TEST(epoch_line(after({epoch_end})) ==
             "epoch 3/20: loss 0.7100, rmse 0.8812, 1.2M rows/s, 11.2 s, 1:03 left");
}

BOOST_AUTO_TEST_CASE(an_event_of_another_stage_says_its_name) {
  BOOST_TEST(epoch_line(after({R"({"stage": "recommend", "rows": 5, "rows_total": 10})"})) == "recommend:");
}

BOOST_AUTO_TEST_SUITE_END()
