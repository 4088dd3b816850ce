// Biases that paper and pencil find, through the engine's C table.
#include "support.hpp"

#include <boost/test/unit_test.hpp>
#include <interplay/sdk/objective.hpp>
#include <interplay/sdk/random.hpp>

namespace interplay::popularity::test {
namespace {

/// The score in the label's unit.
double unit(double logit, const interplay_objective& objective) { return Objective(objective).score(logit); }

/// The logit of a probability.
double logit(double p) { return std::log(p / (1 - p)); }

std::vector<Row> random_rows(std::size_t n, bool zero_or_one) {
  Random random(5, Purpose::golden_rows);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < n; ++i)
    rows.push_back({static_cast<std::int32_t>(random.below(10)), static_cast<std::int32_t>(random.below(10)),
                    static_cast<float>(zero_or_one ? random.below(2) : 1 + random.below(5))});
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(popularity_engine)

BOOST_AUTO_TEST_CASE(
    ratings_that_are_sums_come_back_exactly) {  // 3 + {-1, 1} of users + {-0.5, 0.5} of items
  const Fitted fitted(make_data({{1, 1, 1.5F}, {1, 2, 2.5F}, {2, 1, 3.5F}, {2, 2, 4.5F}}, stars), undamped());

  const auto logits = score(fitted.state, {{1, 1, 0}, {2, 2, 0}, {2, 0, 0}, {0, 1, 0}, {0, 0, 0}});

  const std::vector<double> expected{1.5, 4.5, 4, 2.5, 3};  // id 0 is unknown: its bias is 0
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(std::abs(unit(logits.at(i), stars) - expected[i]) < 1e-5, i);
}

BOOST_AUTO_TEST_CASE(damping_counts_as_rows_of_an_average_label) {
  // mean 3; item 1 has two rows that are 2 above it, item 2 two that are 2 below: 4 / (2 + 2) = 1
  const Fitted fitted(make_data({{0, 1, 5}, {0, 1, 5}, {0, 2, 1}, {0, 2, 1}}, stars), damped(0, 2));

  const auto logits = score(fitted.state, {{0, 1, 0}, {0, 2, 0}});

  BOOST_TEST(std::abs(unit(logits.at(0), stars) - 4) < 1e-5);
  BOOST_TEST(std::abs(unit(logits.at(1), stars) - 2) < 1e-5);
}

BOOST_AUTO_TEST_CASE(
    clicks_get_the_share_of_their_item) {  // without damping the likeliest share is the seen one
  const Fitted fitted(
      make_data({{0, 1, 1}, {0, 1, 1}, {0, 1, 1}, {0, 1, 0}, {0, 2, 0}, {0, 2, 0}, {0, 2, 1}, {0, 2, 0}},
                binary),
      undamped());

  const auto logits = score(fitted.state, {{0, 1, 0}, {0, 2, 0}, {0, 0, 0}});

  BOOST_TEST(std::abs(logits.at(0) - logit(0.75)) < 1e-5);
  BOOST_TEST(std::abs(logits.at(1) - logit(0.25)) < 1e-5);
  BOOST_TEST(std::abs(logits.at(2) - logit(0.5)) < 1e-5);
}

BOOST_AUTO_TEST_CASE(
    an_item_that_everybody_clicks_stays_finite) {  // slope 0: 10 (1 - p) = 5 / 4 b at share 1 / 2
  std::vector<Row> rows(10, Row{0, 1, 1});
  rows.insert(rows.end(), 10, Row{0, 2, 0});
  const Fitted fitted(make_data(rows, binary), damped(15, 5));

  const double bias = score(fitted.state, {{0, 1, 0}}).at(0);

  BOOST_TEST(std::abs(10 * (1 - sigmoid(bias)) - 1.25 * bias) < 1e-4);
}

BOOST_AUTO_TEST_CASE(a_click_on_a_rare_item_does_not_swing_for_ever) {
  // share 0.01, so an average row weighs 0.0099: Newton's full steps go from 0 to 50 and back to 0
  std::vector<Row> rows(99, Row{0, 2, 0});
  rows.push_back({0, 1, 1});
  const Fitted fitted(make_data(rows, binary), damped(15, 1));

  const double x = score(fitted.state, {{0, 1, 0}}).at(0), bias = x - logit(0.01);

  BOOST_TEST(std::abs(1 - sigmoid(x) - 0.0099 * bias) < 1e-4);
}

BOOST_AUTO_TEST_CASE(a_weight_of_two_is_a_row_twice) {
  for (const bool zero_or_one : {false, true}) {
    std::vector<Row> twice = random_rows(200, zero_or_one);
    fake::Data weighted = make_data(twice, zero_or_one ? binary : stars);
    weighted.weights.assign(twice.size(), 1);
    for (std::size_t i = 0; i < 200; i += 3) {
      twice.push_back(twice[i]);
      weighted.weights[i] = 2;
    }
    const Fitted a(weighted, damped(15, 10, 1)),
        b(make_data(twice, zero_or_one ? binary : stars), damped(15, 10, 1));

    const auto of_a = score(a.state, random_rows(50, true)), of_b = score(b.state, random_rows(50, true));

    for (std::size_t i = 0; i < 50; ++i) BOOST_TEST(std::abs(of_a.at(i) - of_b.at(i)) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(without_ids_every_row_gets_the_mean) {
  fake::Data data = make_data({{1, 1, 1}, {2, 1, 2}, {3, 2, 6}}, numbers);
  for (fake::Column& column : data.columns) column.is_id = 0;
  const Fitted fitted(data, damped(15, 10));

  for (const double logit : score(fitted.state, {{1, 1, 0}, {3, 2, 0}}))
    BOOST_TEST(std::abs(unit(logit, numbers) - 3) < 1e-5);
}

BOOST_AUTO_TEST_CASE(without_labels_the_items_rank_by_their_count) {
  // rows 0 to 5 are the data, the twelve behind them are drawn and say nothing
  std::vector<Row> rows{{1, 3, 1}, {2, 3, 1}, {3, 3, 1}, {1, 2, 1}, {2, 2, 1}, {1, 1, 1}};
  rows.insert(rows.end(), 12, Row{3, 1, 0});
  fake::Data data = make_data(rows, {INTERPLAY_BINARY, 0, 0, 1, 1.0 / 3});
  data.negatives = 2;
  const Fitted fitted(data, damped(15, 10));

  const auto logits = score(fitted.state, {{1, 3, 0}, {1, 2, 0}, {1, 1, 0}, {1, 4, 0}, {0, 0, 0}});

  const double drawn = 6 * 2 / 9.0;  // of each of the nine items
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST(std::abs(logits.at(i) - std::log((1 + 3.0 - static_cast<double>(i)) / (1 + drawn))) < 1e-5);
  BOOST_TEST(logits.at(3) == logits.at(4));  // an item that nobody took is like one that nobody knows
  BOOST_TEST(logits.at(3) < logits.at(2));
}

BOOST_AUTO_TEST_CASE(without_labels_a_weight_counts_as_so_many_rows) {
  fake::Data data = make_data({{1, 1, 1}, {1, 2, 1}, {1, 3, 0}, {1, 4, 0}}, {INTERPLAY_BINARY, 0, 0, 1, 0.5});
  data.negatives = 1;
  data.weights = {1, 3, 1, 1};
  const Fitted fitted(data, damped(15, 10));

  const auto logits = score(fitted.state, {{1, 1, 0}, {1, 2, 0}});

  BOOST_TEST(std::abs(logits.at(1) - logits.at(0) - std::log(4 / 2.0)) < 1e-5);
}

BOOST_AUTO_TEST_CASE(ratings_beyond_the_range_keep_their_order_and_stay_inside) {
  // users 1 and 2 and items 1 and 2 are so good together that the sums are above 5
  const Fitted fitted(
      make_data({{1, 3, 5}, {2, 3, 5}, {3, 1, 4}, {3, 2, 5}, {3, 3, 1}, {3, 4, 1}, {4, 4, 1}}, stars),
      undamped());

  const auto logits = score(fitted.state, {{1, 1, 0}, {1, 2, 0}});

  BOOST_TEST(logits.at(0) < logits.at(1));
  BOOST_TEST(unit(logits.at(0), stars) > 4.96);
  BOOST_TEST(unit(logits.at(1), stars) <= 5);
}

BOOST_AUTO_TEST_CASE(an_id_beyond_its_table_scores_as_unknown) {
  const Fitted fitted(make_data(random_rows(200, false), stars), damped(15, 10));

  const auto logits = score(fitted.state, {{0, 1, 0}, {10, 1, 0}, {-5, 1, 0}});

  BOOST_TEST(logits.at(1) == logits.at(0));
  BOOST_TEST(logits.at(2) == logits.at(0));
}

BOOST_AUTO_TEST_CASE(a_field_with_one_row_is_shared_by_the_batch) {  // a user's part of a ranking call
  const Fitted fitted(make_data(random_rows(200, false), stars), damped(15, 10));
  const fake::Data data = make_data({{1, 1, 0}, {2, 2, 0}, {3, 3, 0}}, stars);
  const std::int64_t rows[] = {0, 1, 2};
  fake::BatchMemory memory(data);
  memory.fill(rows, 3);
  memory.values[1].rows = 1;
  std::vector<float> out(3);

  BOOST_REQUIRE(engine().score(fitted.state, nullptr, &memory.batch, out.data(), nullptr) == INTERPLAY_OK);

  const std::vector<double> found(out.begin(), out.end());
  BOOST_TEST((found == score(fitted.state, {{1, 1, 0}, {1, 2, 0}, {1, 3, 0}})));
}

BOOST_AUTO_TEST_CASE(a_batch_of_other_fields_is_refused) {
  const Fitted fitted(make_data(random_rows(20, false), stars), damped(15, 10));
  fake::Data other = make_data(random_rows(20, false), stars);
  other.columns.pop_back();
  fake::BatchMemory memory(other);
  const std::int64_t row = 0;
  memory.fill(&row, 1);
  float out = 0;

  BOOST_TEST(engine().score(fitted.state, nullptr, &memory.batch, &out, nullptr) ==
             INTERPLAY_INVALID_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(any_number_of_workers_learns_the_same_bits) {  // three chunks of rows
  for (const bool zero_or_one : {false, true}) {
    const fake::Data data = make_data(random_rows(10000, zero_or_one), zero_or_one ? binary : stars);

    const Fitted one(data, damped(15, 10, 10), 1), four(data, damped(15, 10, 10), 4);

    BOOST_TEST((bytes_of(one.state) == bytes_of(four.state)));
  }
}

BOOST_AUTO_TEST_CASE(the_loss_falls_from_round_to_round) {
  for (const bool zero_or_one : {false, true}) {
    const fake::Data data = make_data(random_rows(2000, zero_or_one), zero_or_one ? binary : stars);

    const Fitted fitted(data, damped(0, 0, 6));

    BOOST_REQUIRE(fitted.run.events.size() == 6);
    for (std::size_t i = 1; i < 6; ++i)
      BOOST_TEST(fitted.run.events[i].loss <= fitted.run.events[i - 1].loss * (1 + 1e-9), i);
  }
}

BOOST_AUTO_TEST_CASE(cancelling_leaves_nothing_behind) {
  const fake::Data data = make_data(random_rows(200, false), stars);
  for (const int at : {0, 3}) {
    const Fitted fitted(data, damped(15, 10), 2, nullptr, at);

    BOOST_TEST(fitted.status == INTERPLAY_CANCELLED);
    BOOST_TEST(fitted.state == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(going_on_keeps_the_biases_of_ids_without_new_rows) {
  // both sets have the mean 3; the second has nothing of item 1 and another opinion of item 2
  const Fitted first(make_data({{0, 1, 5}, {0, 2, 1}}, stars), damped(0, 1));
  const Fitted second(make_data({{0, 2, 4}, {0, 3, 2}}, stars), damped(0, 1), 1, first.state);

  const auto logits = score(second.state, {{0, 1, 0}, {0, 2, 0}});

  BOOST_TEST(std::abs(unit(logits.at(0), stars) - 4) < 1e-5);
  BOOST_TEST(std::abs(unit(logits.at(1), stars) - 3.5) < 1e-5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::popularity::test
