#include "eval/objective.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "support/fails.hpp"

namespace core = interplay::core;
namespace tt = boost::test_tools;
using interplay::test::fails;

namespace {

using Floats = std::vector<float>;

Floats integers(int n) {
  Floats labels;
  for (int i = 0; i < n; ++i) labels.push_back(static_cast<float>(i));
  return labels;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(eval_objective)

BOOST_AUTO_TEST_CASE(labels_0_and_1_are_binary) {
  const interplay_objective objective = core::choose_objective("auto", Floats{0, 1, 1, 1});

  BOOST_TEST(objective.kind == INTERPLAY_BINARY);
  BOOST_TEST(objective.low == 0.0);
  BOOST_TEST(objective.high == 1.0);
  BOOST_TEST(objective.mean == 0.75);
}

BOOST_AUTO_TEST_CASE(few_integers_are_a_rating_over_their_range) {
  const interplay_objective objective = core::choose_objective("auto", Floats{5, 1, 3, 3});

  BOOST_TEST(objective.kind == INTERPLAY_RATING);
  BOOST_TEST(objective.low == 1.0);
  BOOST_TEST(objective.high == 5.0);
  BOOST_TEST(objective.mean == 3.0);
}

BOOST_AUTO_TEST_CASE(a_rating_has_at_most_32_values) {
  BOOST_TEST(core::choose_objective("auto", integers(32)).kind == INTERPLAY_RATING);
  BOOST_TEST(core::choose_objective("auto", integers(33)).kind == INTERPLAY_REGRESSION);
}

// 1.5, 2.5, 3.5: mean 2.5, deviation sqrt(2 / 3); a logit of 1 is one deviation above the mean.
BOOST_AUTO_TEST_CASE(fractions_are_a_regression_in_units_of_their_deviation) {
  const interplay_objective objective = core::choose_objective("auto", Floats{1.5F, 2.5F, 3.5F});

  BOOST_TEST(objective.kind == INTERPLAY_REGRESSION);
  BOOST_TEST(objective.mean == 2.5);
  BOOST_TEST(objective.low == 2.5);
  BOOST_TEST(objective.high == 2.5 + std::sqrt(2.0 / 3), tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(labels_of_minus_1_and_1_are_no_binary) {
  BOOST_TEST(core::choose_objective("auto", Floats{-1, 1}).kind == INTERPLAY_RATING);
}

BOOST_AUTO_TEST_CASE(a_choice_goes_before_what_the_labels_look_like) {
  BOOST_TEST(core::choose_objective("regression", Floats{0, 1}).kind == INTERPLAY_REGRESSION);
  BOOST_TEST(core::choose_objective("rating", Floats{0, 1}).kind == INTERPLAY_RATING);
  BOOST_TEST(core::choose_objective("rating", Floats{0.5F, 4.5F}).kind == INTERPLAY_RATING);
  BOOST_TEST(core::choose_objective("binary", Floats{0, 1}).kind == INTERPLAY_BINARY);
}

BOOST_AUTO_TEST_CASE(binary_with_other_labels_is_refused_with_their_range) {
  fails(INTERPLAY_BAD_DATA, {"binary", "0 and 1", "from 1 to 5"}, [] {
    core::choose_objective("binary", Floats{1, 5});
  });
}

BOOST_AUTO_TEST_CASE(constant_labels_are_refused_with_the_value) {
  for (const char* choice : {"auto", "binary", "rating", "regression"}) {
    fails(INTERPLAY_BAD_DATA, {"3 training labels", "labels is 1:", "nothing to learn"}, [&] {
      core::choose_objective(choice, Floats{1, 1, 1});
    });
  }
}

BOOST_AUTO_TEST_CASE(no_rows_are_refused) {
  fails(INTERPLAY_BAD_DATA, {"no row"}, [] { core::choose_objective("auto", {}); });
}

// 1 of 1000 labels is 1/16 above 1e6 (exact in float): deviation 1/16 * sqrt(0.001 * 0.999).
BOOST_AUTO_TEST_CASE(the_deviation_survives_a_mean_that_is_far_larger) {
  Floats labels(1000, 1e6F);
  labels[500] = 1000000.0625F;

  const interplay_objective objective = core::choose_objective("regression", labels);

  const double deviation = objective.high - objective.low;
  BOOST_TEST(deviation == std::sqrt(0.001 * 0.999) / 16, tt::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(data_without_labels_is_binary_with_the_share_of_positives) {
  const interplay_objective objective = core::implicit_objective(4);

  BOOST_TEST(objective.kind == INTERPLAY_BINARY);
  BOOST_TEST(objective.low == 0.0);
  BOOST_TEST(objective.high == 1.0);
  BOOST_TEST(objective.mean == 0.2, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_score_is_the_logit_in_the_range_of_the_labels) {
  const interplay_objective binary{INTERPLAY_BINARY, 0, 0, 1, 0.5};
  const interplay_objective rating{INTERPLAY_RATING, 0, 1, 5, 4};
  const interplay_objective regression{INTERPLAY_REGRESSION, 0, 10, 12, 10};

  BOOST_TEST(core::score_of(binary, 0) == 0.5F);
  BOOST_TEST(core::score_of(binary, std::log(3.0F)) == 0.75F, tt::tolerance(1e-6F));  // 3 / (1 + 3)
  BOOST_TEST(core::score_of(rating, 0) == 3.0F);
  BOOST_TEST(core::score_of(rating, std::log(3.0F)) == 4.0F, tt::tolerance(1e-6F));
  BOOST_TEST(core::score_of(regression, 0) == 10.0F);
  BOOST_TEST(core::score_of(regression, -1.5F) == 7.0F);  // may leave the range
}

BOOST_AUTO_TEST_CASE(a_score_of_an_extreme_logit_stays_in_the_range) {
  const interplay_objective rating{INTERPLAY_RATING, 0, 1, 5, 4};

  for (const float logit : {1e3F, 1e30F, HUGE_VALF}) {
    BOOST_TEST(core::score_of(rating, logit) == 5.0F);
    BOOST_TEST(core::score_of(rating, -logit) == 1.0F);
  }
}

BOOST_AUTO_TEST_CASE(objectives_have_names_and_metrics) {
  BOOST_TEST(core::objective_name(INTERPLAY_BINARY) == std::string("binary"));
  BOOST_TEST(core::objective_name(INTERPLAY_RATING) == std::string("rating"));
  BOOST_TEST(core::objective_name(INTERPLAY_REGRESSION) == std::string("regression"));
  BOOST_TEST(core::metric_name(INTERPLAY_BINARY) == std::string("log_loss"));
  BOOST_TEST(core::metric_name(INTERPLAY_RATING) == std::string("rmse"));
  BOOST_TEST(core::metric_name(INTERPLAY_REGRESSION) == std::string("rmse"));
}

BOOST_AUTO_TEST_SUITE_END()
