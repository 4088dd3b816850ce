#include "eval/metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

namespace core = interplay::core;
namespace tt = boost::test_tools;

namespace {

using Floats = std::vector<float>;
constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

BOOST_AUTO_TEST_SUITE(eval_metrics)

// Errors 1, -2, 0: sqrt((1 + 4 + 0) / 3), (1 + 2 + 0) / 3.
BOOST_AUTO_TEST_CASE(rmse_and_mae_are_means_of_the_errors) {
  const Floats scores{2, 1, 5}, labels{1, 3, 5};

  BOOST_TEST(core::rmse(scores, labels, {}) == std::sqrt(5.0 / 3), tt::tolerance(1e-12));
  BOOST_TEST(core::mae(scores, labels, {}) == 1.0, tt::tolerance(1e-12));
}

// Weights 3, 1, 0: sqrt((3 * 1 + 1 * 4) / 4), (3 * 1 + 1 * 2) / 4.
BOOST_AUTO_TEST_CASE(weights_count_rows_several_times_or_not_at_all) {
  const Floats scores{2, 1, 99}, labels{1, 3, 5}, weights{3, 1, 0};

  BOOST_TEST(core::rmse(scores, labels, weights) == std::sqrt(7.0 / 4), tt::tolerance(1e-12));
  BOOST_TEST(core::mae(scores, labels, weights) == 5.0 / 4, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(sums_do_not_lose_small_errors_beside_large_ones) {
  Floats scores(100001, 1.0F), labels(100001, 0.0F);
  scores[0] = 1e6F;  // in float, 1e12 + 1 is 1e12

  BOOST_TEST(core::rmse(scores, labels, {}) == std::sqrt((1e12 + 1e5) / 100001), tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(log_loss_is_the_logarithm_of_the_probability_given_to_the_label) {
  const Floats labels{1, 0};

  BOOST_TEST(core::log_loss(Floats{0.5F, 0.5F}, labels, {}) == std::log(2.0), tt::tolerance(1e-12));
  BOOST_TEST(core::log_loss(Floats{0.75F, 0.5F}, labels, {}) == -(std::log(0.75) + std::log(0.5)) / 2,
             tt::tolerance(1e-12));
  BOOST_TEST(
      core::log_loss(Floats{0.75F, 0.5F}, labels, Floats{3, 1}) == -(3 * std::log(0.75) + std::log(0.5)) / 4,
      tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(log_loss_of_certainty_is_clipped_at_1e_7) {
  BOOST_TEST(core::log_loss(Floats{0}, Floats{1}, {}) == -std::log(1e-7), tt::tolerance(1e-9));
  BOOST_TEST(core::log_loss(Floats{1}, Floats{0}, {}) == -std::log(1e-7), tt::tolerance(1e-7));
  BOOST_TEST(core::log_loss(Floats{1}, Floats{1}, {}) == 1e-7, tt::tolerance(1e-6));
  BOOST_TEST(core::log_loss(Floats{0}, Floats{0}, {}) == 1e-7, tt::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(auc_counts_pairs_in_the_right_order) {
  const Floats labels{0, 0, 1, 1};

  BOOST_TEST(core::auc(Floats{1, 2, 3, 4}, labels, {}) == 1.0);
  BOOST_TEST(core::auc(Floats{4, 3, 2, 1}, labels, {}) == 0.0);
  BOOST_TEST(core::auc(Floats{1, 3, 2, 4}, labels, {}) == 0.75);  // of 4 pairs, 3 > 2 is wrong
  BOOST_TEST(core::auc(Floats{4, 2, 1, 3}, Floats{1, 1, 0, 0}, {}) ==
             0.75);  // the order of the rows is no matter
}

// Negatives 1, 2; positives 2, 3: pairs (2, 1) 1, (2, 2) 1/2, (3, 1) 1, (3, 2) 1: 3.5 of 4.
BOOST_AUTO_TEST_CASE(auc_counts_ties_one_half) {
  BOOST_TEST(core::auc(Floats{1, 2, 2, 3}, Floats{0, 0, 1, 1}, {}) == 0.875);
  BOOST_TEST(core::auc(Floats{1, 2, 2, 3}, Floats{0, 1, 0, 1}, {}) == 0.875);
  BOOST_TEST(core::auc(Floats{7, 7, 7, 7, 7}, Floats{0, 1, 1, 0, 1}, {}) == 0.5);
  BOOST_TEST(core::auc(Floats{0.0F, -0.0F}, Floats{0, 1}, {}) == 0.5);
}

// Pairs weigh the product: (3, 1) right 1 * 2, (3, 4) wrong 3 * 2: 2 of 8.
BOOST_AUTO_TEST_CASE(auc_weighs_a_pair_by_the_product) {
  BOOST_TEST(core::auc(Floats{1, 4, 3}, Floats{0, 0, 1}, Floats{1, 3, 2}) == 0.25);
}

BOOST_AUTO_TEST_CASE(auc_of_one_class_is_no_number) {
  BOOST_TEST(std::isnan(core::auc(Floats{1, 2}, Floats{1, 1}, {})));
  BOOST_TEST(std::isnan(core::auc(Floats{1, 2}, Floats{0, 0}, {})));
  BOOST_TEST(
      std::isnan(core::auc(Floats{1, 2}, Floats{0, 1}, Floats{0, 1})));  // the only negative weighs nothing
  BOOST_TEST(std::isnan(core::auc({}, {}, {})));
}

BOOST_AUTO_TEST_CASE(auc_of_infinite_scores_is_still_their_order) {
  const float far = std::numeric_limits<float>::infinity();

  BOOST_TEST(core::auc(Floats{-far, far, far}, Floats{0, 0, 1}, {}) == 0.75);
}

// A loadable engine may write anything; a score that is no number must not stop the evaluation for ever.
BOOST_AUTO_TEST_CASE(auc_ends_where_a_score_is_no_number, *boost::unit_test::timeout(20)) {
  const float nan = std::numeric_limits<float>::quiet_NaN();

  const double area = core::auc(Floats{1, nan, 2, nan}, Floats{0, 1, 1, 0}, {});

  BOOST_TEST((std::isnan(area) || (area >= 0 && area <= 1)));
}

// Group 7: 1 < 2, right: area 1, two rows. Group 3: the positive has the lowest of three scores: area 0, three rows.
// Group 5 has one class. (2 * 1 + 3 * 0) / 5.
BOOST_AUTO_TEST_CASE(group_auc_is_the_mean_of_the_groups_areas_by_their_rows) {
  const Floats scores{1, 9, 3, 2, 4, 2}, labels{0, 1, 0, 1, 0, 1};
  const std::vector<std::int32_t> group{7, 5, 3, 7, 3, 3};

  const core::GroupAuc found = core::group_auc(scores, labels, {}, group);

  BOOST_TEST(found.value == 0.4, tt::tolerance(1e-12));
  BOOST_TEST(found.counted == 2);
  BOOST_TEST(found.left_out == 1);
}

// Group 1 (weights 3 and 1) has area 1 and weighs 4; group 2 (1, 1) has area 0: 4 / 6.
BOOST_AUTO_TEST_CASE(group_auc_weighs_a_group_by_its_weights) {
  const core::GroupAuc found = core::group_auc(Floats{1, 2, 2, 1}, Floats{0, 1, 0, 1}, Floats{3, 1, 1, 1},
                                               std::vector<std::int32_t>{1, 1, 2, 2});

  BOOST_TEST(found.value == 4.0 / 6, tt::tolerance(1e-12));
}

// All rows together are in perfect order, and yet no group says anything.
BOOST_AUTO_TEST_CASE(group_auc_is_no_number_where_every_group_has_one_class) {
  const core::GroupAuc found =
      core::group_auc(Floats{1, 2, 3}, Floats{0, 1, 1}, {}, std::vector<std::int32_t>{1, 2, 2});

  BOOST_TEST(std::isnan(found.value));
  BOOST_TEST(found.counted == 0);
  BOOST_TEST(found.left_out == 2);
}

// Two bins: 0.1 and 0.3 with labels 0 and 1, means 0.2 and 0.5; 0.6 and 0.8 with labels 1 and 1, means 0.7 and 1. Both are
// off by 0.3.
BOOST_AUTO_TEST_CASE(calibration_error_is_how_far_a_bin_is_off_in_the_mean) {
  const Floats scores{0.8F, 0.1F, 0.6F, 0.3F}, labels{1, 0, 1, 1};

  BOOST_TEST(core::calibration_error(scores, labels, {}, 2) == 0.3, tt::tolerance(1e-6));
  BOOST_TEST(core::calibration_error(scores, labels, {}, 1) == 0.3, tt::tolerance(1e-6));
  // Each row a bin of its own: 0.2, 0.1, 0.4, 0.7.
  BOOST_TEST(core::calibration_error(scores, labels, {}) == 0.35, tt::tolerance(1e-6));
}

// 4 of 10 are positive and all get 0.3; a bin more or less cannot matter, nor can the order of rows.
BOOST_AUTO_TEST_CASE(calibration_error_of_equal_scores_is_that_of_their_mean) {
  const Floats scores(10, 0.3F);

  BOOST_TEST(core::calibration_error(scores, Floats{1, 1, 1, 1, 0, 0, 0, 0, 0, 0}, {}) == 0.1,
             tt::tolerance(1e-6));
  BOOST_TEST(core::calibration_error(scores, Floats{0, 1, 0, 1, 0, 1, 0, 1, 0, 0}, {}) == 0.1,
             tt::tolerance(1e-6));
}

// Stars: 2 for 3 and 4 for 3 are each off by 1, and right in the mean. With weights 3 and 1 one bin is off by 2 / 4.
BOOST_AUTO_TEST_CASE(calibration_error_of_ratings_is_in_the_labels_unit) {
  const Floats scores{2, 4}, labels{3, 3};

  BOOST_TEST(core::calibration_error(scores, labels, {}, 2) == 1.0);
  BOOST_TEST(core::calibration_error(scores, labels, {}, 1) == 0.0);
  BOOST_TEST(core::calibration_error(scores, labels, Floats{3, 1}, 1) == 0.5);
}

BOOST_AUTO_TEST_CASE(calibration_error_ends_where_a_score_is_no_number, *boost::unit_test::timeout(20)) {
  const float nan = std::numeric_limits<float>::quiet_NaN();

  BOOST_TEST(std::isnan(core::calibration_error(Floats{1, nan, 2}, Floats{0, 1, 1}, {})));
}

BOOST_AUTO_TEST_CASE(the_middle_rank_counts_half_of_the_equals) {
  BOOST_TEST(core::mid_rank(0, 0) == 1.0);
  BOOST_TEST(core::mid_rank(3, 0) == 4.0);
  BOOST_TEST(core::mid_rank(0, 1) == 1.5);
  BOOST_TEST(core::mid_rank(0, 9) == 5.5);  // all ten equal: the mean of 1 .. 10
}

// Ranks 2 and 5 of two relevant: at 3 only the first counts; the ideal is ranks 1 and 2.
BOOST_AUTO_TEST_CASE(a_ranking_at_k_counts_what_stands_within_k) {
  const std::vector<double> ranks{5, 2};

  const core::Ranking at = core::rank_metrics(ranks, 3);

  BOOST_TEST(at.hit == 1.0);
  BOOST_TEST(at.recall == 0.5);
  BOOST_TEST(at.reciprocal == 0.5);
  BOOST_TEST(at.ndcg == (1 / std::log2(3.0)) / (1 + 1 / std::log2(3.0)), tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_perfect_ranking_scores_one) {
  const std::vector<double> ranks{2, 1, 3};

  const core::Ranking at3 = core::rank_metrics(ranks, 3), at10 = core::rank_metrics(ranks, 10);

  BOOST_TEST(at3.ndcg == 1.0, tt::tolerance(1e-12));
  BOOST_TEST(at3.recall == 1.0);
  BOOST_TEST(at10.ndcg == 1.0, tt::tolerance(1e-12));
  BOOST_TEST(at10.reciprocal == 1.0);
}

BOOST_AUTO_TEST_CASE(the_ideal_ranking_at_k_has_only_k_places) {
  const std::vector<double> ranks{1, 2, 3, 4};

  const core::Ranking at = core::rank_metrics(ranks, 2);

  BOOST_TEST(at.ndcg == 1.0, tt::tolerance(1e-12));
  BOOST_TEST(at.recall == 0.5);
}

BOOST_AUTO_TEST_CASE(an_item_that_cannot_be_recommended_counts_as_missed) {
  const core::Ranking none = core::rank_metrics(std::vector<double>{infinite, infinite}, 10);
  const core::Ranking one = core::rank_metrics(std::vector<double>{infinite, 1}, 10);

  BOOST_TEST(none.hit == 0.0);
  BOOST_TEST(none.ndcg == 0.0);
  BOOST_TEST(none.recall == 0.0);
  BOOST_TEST(none.reciprocal == 0.0);
  BOOST_TEST(one.recall == 0.5);
  BOOST_TEST(one.ndcg == 1 / (1 + 1 / std::log2(3.0)), tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_middle_rank_beyond_k_is_a_miss) {
  BOOST_TEST(core::rank_metrics(std::vector<double>{1.5}, 1).hit == 0.0);
  BOOST_TEST(core::rank_metrics(std::vector<double>{1.5}, 2).hit == 1.0);
  BOOST_TEST(core::rank_metrics(std::vector<double>{1.5}, 2).reciprocal == 1 / 1.5, tt::tolerance(1e-12));
}

// Five relevant items and nothing else: three places hold three of them, in the best order there can be.
BOOST_AUTO_TEST_CASE(no_metric_of_a_ranking_exceeds_one) {
  const core::Ranking at = core::rank_metrics(std::vector<double>{1, 2, 3, 4, 5}, 3);

  BOOST_TEST(at.ndcg == 1.0, tt::tolerance(1e-12));
  BOOST_TEST(at.recall == 0.6, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_SUITE_END()
