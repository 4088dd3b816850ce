#include <boost/test/unit_test.hpp>

#include <cmath>

#include "candidates.hpp"
#include "errors.hpp"
#include "trials.hpp"

using namespace interplay::cli;

namespace {

Series series_of(const std::string& name, const std::vector<double>& rmse) {
  Series out{name, "", {}};
  for (const double value : rmse) {
    Trial trial;
    trial.seed = static_cast<int64_t>(out.trials.size()) + 1;
    trial.metrics = {{"rmse", value}};
    trial.metric = "rmse";
    trial.baselines = {{"biases", value + 1}, {"global_mean", value + 2}};
    out.trials.push_back(trial);
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_trials)

BOOST_AUTO_TEST_CASE(the_standard_error_is_the_deviation_over_the_root_of_n) {
  // 1, 2, 3, 6: mean 3, squares 4 + 1 + 0 + 9 = 14, s^2 = 14/3, error sqrt(14/3/4) = 1.0801
  const Estimate found = estimate({1, 2, 3, 6});

  BOOST_TEST(found.mean == 3);
  BOOST_TEST(*found.error == std::sqrt(14.0 / 12), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_single_split_has_no_error_and_no_clear_difference) {
  BOOST_TEST(!estimate({5}).error.has_value());
  BOOST_TEST(!is_clear(paired_difference({5}, {1}), 4));
}

BOOST_AUTO_TEST_CASE(what_splits_have_in_common_drops_out_of_a_paired_difference) {
  // Means apart by 0.2 in samples that scatter by 10: unpaired nothing could be said. Differences 0.1, 0.2, 0.3:
  // mean 0.2, s = 0.1, error 0.1 / sqrt(3).
  const Estimate found = paired_difference({1.1, 11.2, 21.3}, {1, 11, 21});

  BOOST_TEST(found.mean == 0.2, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(*found.error == 0.1 / std::sqrt(3.0), boost::test_tools::tolerance(1e-9));
  BOOST_TEST(is_clear(found, 4));  // 0.2 > 2 * 0.0577
}

BOOST_AUTO_TEST_CASE(a_difference_within_two_standard_errors_is_not_clear) {
  // Differences 0 and 0.2: mean 0.1, s = 0.1414, error 0.1
  BOOST_TEST(!is_clear(paired_difference({1.0, 2.2}, {1.0, 2.0}), 4));
  BOOST_TEST(!is_clear(paired_difference({1, 2}, {1, 2}), 4));
}

BOOST_AUTO_TEST_CASE(a_difference_that_prints_as_zero_is_not_clear) {
  // Differences 0.00001 and 0.00002: mean 0.000015, error 0.000005, three standard errors, and all of it "+0.0000".
  const std::vector<Series> series{series_of("a", {1, 2}), series_of("b", {1.00001, 2.00002})};

  BOOST_TEST(trials_page({series[0], series[1]}).find('*') == std::string::npos);
  BOOST_TEST(trials_summary(series)[0]["candidates"][1]["clear"] == false);
  BOOST_TEST(is_clear(paired_difference({1.00001, 2.00002}, {1, 2}), 5));
}

BOOST_AUTO_TEST_CASE(the_page_marks_what_is_better_and_worse_by_the_metric) {
  const std::vector<Series> lower{series_of("a", {1, 2}), series_of("b", {0.5, 1.49})};

  const std::string page = trials_page(lower);

  BOOST_TEST(page.find(" 1.5000 \xC2\xB1 0.5000\n") != std::string::npos, page);
  // -0.5 and -0.51: mean -0.505, error 0.005
  BOOST_TEST(page.find("-0.5050 \xC2\xB1 0.0050  * better\n") != std::string::npos, page);
  BOOST_TEST(higher_is_better("auc"));
  BOOST_TEST(higher_is_better("ndcg@10"));
  BOOST_TEST(!higher_is_better("log_loss"));
}

BOOST_AUTO_TEST_CASE(the_first_that_did_not_fail_is_compared_with_and_errors_are_shown) {
  Series failed{"broken", "no such thing", {}};

  const std::string page = trials_page({failed, series_of("a", {1, 2}), series_of("b", {1, 2})});

  BOOST_TEST(page.find("broken  failed: no such thing\n") != std::string::npos, page);
  BOOST_TEST(page.find("+0.0000 \xC2\xB1 0.0000\n") != std::string::npos, page);
  BOOST_TEST(page.find('*') == std::string::npos, page);
}

BOOST_AUTO_TEST_CASE(baselines_stand_behind_the_candidates) {
  std::vector<Series> one;
  one.push_back(series_of("a", {1, 2}));

  const std::vector<Series> all = with_baselines(one);

  BOOST_REQUIRE(all.size() == 3U);
  BOOST_TEST(all[1].name == "(biases)");
  BOOST_TEST(*all[1].values("rmse") == (std::vector<double>{2, 3}));
  BOOST_TEST(*all[2].values("rmse") == (std::vector<double>{3, 4}));
}

BOOST_AUTO_TEST_CASE(a_metric_that_one_split_lacks_has_no_mean) {
  Series gap = series_of("a", {1, 2});
  gap.trials[1].metrics["rmse"] = nullptr;

  BOOST_TEST(!gap.values("rmse").has_value());
}

BOOST_AUTO_TEST_CASE(names_too_long_for_the_page_are_numbered_and_told_in_full) {
  const std::string name = "autoint:embedding_dim=16,num_layers=2,dropout=0.3";

  const std::string page = trials_page({series_of("a", {1, 2}), series_of(name, {1, 2})});

  BOOST_TEST(page.find("(2)  " + name + "\n") == 0U, page);
  BOOST_TEST(page.find("\n(2) autoint:embedding_dim=16,num..  ") != std::string::npos, page);
}

BOOST_AUTO_TEST_CASE(a_candidate_is_an_engine_with_values_that_may_hold_commas) {
  const Candidate found = parse_candidate("autoint:deep=[64,32],preset=best,dropout=0.5,flag=true");

  BOOST_TEST(found.engine == "autoint");
  BOOST_TEST(compact(found.params) == R"({"deep":[64,32],"preset":"best","dropout":0.5,"flag":true})");
  BOOST_TEST(parse_candidate("fm").params.empty());
}

BOOST_AUTO_TEST_CASE(a_candidate_without_engine_or_value_is_wrong_usage) {
  for (const char* text : {"", ":a=1", "fm:", "fm:a", "fm:a=", "fm:a=1,a=2"})
    BOOST_CHECK_THROW(parse_candidate(text), UsageError);
  BOOST_CHECK_THROW(parse_candidates({"fm", "fm"}), UsageError);
}

BOOST_AUTO_TEST_SUITE_END()
