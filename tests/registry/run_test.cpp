#include "registry/run.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "support/fails.hpp"

namespace core = interplay::core;
using core::Json;
using interplay::test::fails;
using Clock = std::chrono::steady_clock;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

interplay_event event(std::int64_t epoch, bool epoch_end) {
  return {sizeof(interplay_event),
          epoch_end ? 1 : 0,
          epoch,
          4,
          epoch_end ? 100 : 50,
          100,
          0.5,
          not_a_number,
          not_a_number,
          0};
}

std::int32_t count(void* user_data, const char*) {
  ++*static_cast<int*>(user_data);
  return 0;
}

std::int32_t stop(void*, const char*) { return 1; }

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_run)

BOOST_AUTO_TEST_CASE(a_run_has_as_many_workers_as_asked_for) {
  const interplay_run run(3, nullptr);

  BOOST_TEST(run.pool.workers() == 3);
}

BOOST_AUTO_TEST_CASE(the_end_of_every_epoch_is_in_the_history_and_told) {
  interplay_monitor monitor;
  int told = 0;
  monitor.callback = count;
  monitor.user_data = &told;
  interplay_run run(1, &monitor);

  for (std::int64_t epoch = 1; epoch <= 4; ++epoch)
    BOOST_TEST(run.report(event(epoch, true)) ==
               INTERPLAY_OK);  // faster than the throttle lets other events through

  BOOST_TEST(told == 4);
  BOOST_REQUIRE(run.history.size() == 4U);
  BOOST_TEST(run.history[3]["epoch"] == 4);
}

BOOST_AUTO_TEST_CASE(events_within_an_epoch_are_told_at_most_four_times_a_second) {
  const auto before = Clock::now();
  interplay_monitor monitor;
  int told = 0;
  monitor.callback = count;
  monitor.user_data = &told;
  interplay_run run(1, &monitor);

  for (int i = 0; i < 2000; ++i) run.report(event(1, false));

  const double seconds = std::chrono::duration<double>(Clock::now() - before).count();
  BOOST_TEST(told <= seconds / 0.25);
  BOOST_TEST(run.history.empty());
}

BOOST_AUTO_TEST_CASE(the_history_leaves_out_what_was_not_measured_and_all_times) {
  interplay_run run(1, nullptr);
  interplay_event last = event(2, true);
  last.valid_loss = 0.25;
  last.valid_metric = 0.5;

  run.report(event(1, true));
  run.report(last);

  BOOST_TEST(
      core::dump_json(run.history) ==
      R"([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.5, "valid_loss": 0.25, "valid_metric": 0.5}])");
}

BOOST_AUTO_TEST_CASE(a_told_event_says_how_far_the_fit_is) {
  interplay_monitor monitor;
  interplay_run run(1, &monitor);
  run.metric = "rmse";

  run.report(event(2, true));

  const Json json = core::parse_json(monitor.newest(), "event");
  BOOST_TEST(json["stage"] == "fit");
  BOOST_TEST(json["epoch"] == 2);
  BOOST_TEST(json["epochs"] == 4);
  BOOST_TEST(json["epoch_end"] == true);
  BOOST_TEST(json["rows_total"] == 100);
  BOOST_TEST(json["metric"] == "rmse");
  BOOST_TEST(!json.contains("valid_loss"));
  // 2 of 4 epochs are done: as long again
  BOOST_TEST(json["seconds_left"].get<double>() == json["seconds"].get<double>(),
             boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(a_cancelled_monitor_stops_the_fit_at_any_event) {
  interplay_monitor monitor;
  interplay_run run(1, &monitor);
  monitor.cancelled = true;

  BOOST_TEST(run.report(event(1, false)) == INTERPLAY_CANCELLED);
  BOOST_TEST(run.report(event(1, true)) == INTERPLAY_CANCELLED);
  BOOST_TEST(run.history.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_callback_that_wants_to_stop_stops_the_fit) {
  interplay_monitor monitor;
  monitor.callback = stop;
  interplay_run run(1, &monitor);

  BOOST_TEST(run.report(event(1, true)) == INTERPLAY_CANCELLED);
}

BOOST_AUTO_TEST_CASE(a_monitor_keeps_the_newest_event) {
  interplay_monitor monitor;

  BOOST_TEST(monitor.newest() == "{}");
  BOOST_TEST(monitor.tell(R"({"a": 1})"));
  BOOST_TEST(monitor.tell(R"({"a": 2})"));
  BOOST_TEST(monitor.newest() == R"({"a": 2})");
}

BOOST_AUTO_TEST_CASE(a_callback_may_read_its_own_monitor) {
  interplay_monitor monitor;
  monitor.user_data = &monitor;
  monitor.callback = [](void* self, const char* text) -> std::int32_t {
    return static_cast<interplay_monitor*>(self)->newest() == text ? 0 : 1;
  };

  BOOST_TEST(monitor.tell("{}"));
}

BOOST_AUTO_TEST_CASE(a_tick_tells_the_stage_and_the_rows) {
  interplay_monitor monitor;

  core::tick(&monitor, "predict", 10, 40);
  core::tick(nullptr, "predict", 10, 40);

  BOOST_TEST(monitor.newest() == R"({"stage": "predict", "rows": 10, "rows_total": 40})");
}

BOOST_AUTO_TEST_CASE(a_tick_of_a_cancelled_monitor_throws) {
  interplay_monitor cancelled, stopping;
  cancelled.cancelled = true;
  stopping.callback = stop;

  fails(INTERPLAY_CANCELLED, {"predict was cancelled after 10 of 40 rows"},
        [&] { core::tick(&cancelled, "predict", 10, 40); });
  fails(INTERPLAY_CANCELLED, {"predict was cancelled"}, [&] { core::tick(&stopping, "predict", 10, 40); });
}

BOOST_AUTO_TEST_SUITE_END()
