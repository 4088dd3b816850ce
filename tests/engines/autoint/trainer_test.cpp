// Training through the engine's C table: repeatable, stoppable, continuable.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace interplay::autoint::test {

BOOST_AUTO_TEST_SUITE(autoint_trainer)

BOOST_AUTO_TEST_CASE(the_same_bytes_come_from_one_two_and_three_workers) {
  const fake::Data data = make_data(mixed, 1), valid = make_data(mixed, 2);
  const Fitted one(data, small_params(), 1, &valid);

  for (const int workers : {2, 3}) {
    const Fitted many(data, small_params(), workers, &valid);
    BOOST_TEST((bytes_of(one.state) == bytes_of(many.state)));
  }
}

BOOST_AUTO_TEST_CASE(another_seed_gives_other_bytes) {
  const fake::Data data = make_data(mixed, 1);
  fake::Params other = small_params();
  other.numbers["seed"] = 8;

  BOOST_TEST((bytes_of(Fitted(data, small_params()).state) != bytes_of(Fitted(data, other).state)));
}

BOOST_AUTO_TEST_CASE(a_cancelled_fit_says_so_and_leaves_nothing) {
  const fake::Data data = make_data(mixed, 1), valid = make_data(mixed, 2);
  for (const int report : {0, 1, 2}) {
    const Fitted fitted(data, small_params(), 2, &valid, nullptr, report);
    BOOST_TEST(fitted.status == INTERPLAY_CANCELLED);
    BOOST_TEST(fitted.state == nullptr);
    BOOST_TEST(fitted.run.reports == report + 1);  // it asks no more after the answer
  }
  BOOST_TEST(fake::live_errors() == 0);
}

BOOST_AUTO_TEST_CASE(a_validation_set_and_its_reports_change_no_step) {
  const fake::Data data = make_data(mixed, 1), valid = make_data(mixed, 2);
  fake::Params params = small_params();
  params.numbers["restore_best"] = 0;
  params.numbers["patience"] = 0;

  BOOST_TEST((bytes_of(Fitted(data, params).state) == bytes_of(Fitted(data, params, 1, &valid).state)));
}

BOOST_AUTO_TEST_CASE(early_stopping_restores_the_best_state) {
  fake::Data data = planted(400, 40, 1);  // ten rows an id and a high rate: it learns its rows by heart
  const fake::Data valid = planted(10000, 40, 2);  // more than one chunk of the evaluator
  fake::Params params = small_params();
  params.numbers["epochs"] = 60;
  params.numbers["learning_rate"] = 0.02;
  params.numbers["embedding_l2"] = 0;

  const Fitted fitted(data, params, 1, &valid);

  const auto epochs = static_cast<std::size_t>(fitted.run.notes.at("epochs"));
  const auto best = static_cast<std::size_t>(fitted.run.notes.at("best_epoch"));
  BOOST_TEST(epochs < 60u);
  BOOST_TEST(best == epochs - 3);
  BOOST_REQUIRE(fitted.run.events.size() == epochs);
  double loss = 0;
  const std::vector<float> logits = score_all(fitted.state, valid);
  for (std::size_t i = 0; i < logits.size(); ++i)
    loss += std::log1p(std::exp((valid.labels[i] > 0.5f ? -1.0 : 1.0) * static_cast<double>(logits[i])));
  BOOST_TEST(std::abs(loss / 10000 - fitted.run.events[best - 1].valid_loss) <
             1e-9);  // the same logits, summed alike
  for (const interplay_event& event : fitted.run.events)
    BOOST_TEST(event.valid_loss >= fitted.run.events[best - 1].valid_loss);
}

BOOST_AUTO_TEST_CASE(stopping_waits_for_the_warm_up) {
  const fake::Data data = planted(400, 40, 1), valid = planted(400, 40, 2);
  fake::Params params = small_params();
  params.numbers["epochs"] = 30;
  params.numbers["learning_rate"] = 0.05;
  params.numbers["patience"] = 1;
  params.numbers["warmup_steps"] = 60;  // three steps an epoch

  const Fitted fitted(data, params, 1, &valid);

  BOOST_TEST(fitted.run.notes.at("epochs") >= 20);
}

BOOST_AUTO_TEST_CASE(equal_labels_are_learned_at_once) {  // the bias starts at the prior
  fake::Data data = planted(200, 11, 3);
  std::fill(data.labels.begin(), data.labels.end(), 4.0f);
  data.objective = {INTERPLAY_REGRESSION, 0, 4, 5, 4};
  fake::Params params = small_params();
  params.numbers["embedding_init"] = 0.001;  // or the first embeddings would add noise to the bias

  const Fitted fitted(data, params);

  BOOST_TEST(fitted.run.events[0].loss < 1e-3);
}

/// Clicks taken for numbers: 0 and `unit`.
static fake::Data in_units_of(float unit, int kind) {
  fake::Data data = planted(2000, 31, 1);
  for (float& label : data.labels) label *= unit;
  data.objective = {kind, 0, 0, static_cast<double>(unit), static_cast<double>(unit) / 2};
  return data;
}

// Gradients in the label's unit squared sank below Adam's epsilon, or overflowed, and weighed differently against penalties.
BOOST_AUTO_TEST_CASE(labels_in_another_unit_are_learned_alike) {
  fake::Params params = small_params();
  params.texts["l2_form"] = "loss";
  params.numbers["embedding_l2"] = 0.01;
  for (const int kind : {INTERPLAY_REGRESSION, INTERPLAY_RATING}) {
    const fake::Data data = in_units_of(1, kind);
    const Fitted fitted(data, params);
    const std::vector<float> expected = score_all(fitted.state, data);
    const auto [low, high] = std::minmax_element(expected.begin(), expected.end());
    BOOST_TEST(*high - *low > 0.2f);  // it has learned something
    for (const float unit : {1e-5f, 1e8f}) {
      const fake::Data other = in_units_of(unit, kind);
      const Fitted alike(other, params);
      BOOST_REQUIRE(alike.status == INTERPLAY_OK);
      const std::vector<float> logits = score_all(alike.state, other);
      for (std::size_t i = 0; i < logits.size(); ++i) BOOST_TEST(std::abs(logits[i] - expected[i]) < 1e-2f);
      BOOST_TEST(std::abs(alike.run.events[0].loss / (static_cast<double>(unit) * static_cast<double>(unit)) -
                          fitted.run.events[0].loss) < 1e-3);  // reported in the label's unit
    }
  }
}

BOOST_AUTO_TEST_CASE(a_state_that_no_file_could_bring_back_is_refused) {
  const fake::Data data = planted(200, 11, 3), more = planted(200, 12, 3);
  const float infinite = std::numeric_limits<float>::infinity();
  for (const bool moment : {false, true}) {
    const Fitted first(data, small_params());
    kit::Member& member = static_cast<State*>(first.state)->members.front();
    if (moment)
      member.moments.table_v[0].front() = infinite;  // of the unknown value's row
    else
      member.model.tables[0].own()[0] = infinite;
    fake::Params params = small_params();
    params.numbers["restore_best"] = 0;
    params.numbers["unknown_rate"] = 0;
    const Fitted second(more, params, 1, nullptr, first.state);
    BOOST_TEST(second.status == INTERPLAY_INVALID_ARGUMENT);
    BOOST_TEST(second.state == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(training_goes_on_with_new_ids) {
  fake::Data data = planted(2000, 31, 1), more = planted(2000, 41, 2);
  const Fitted first(data, small_params());
  const std::vector<float> before = score_all(first.state, data);

  const Fitted second(more, small_params(), 1, nullptr, first.state);

  BOOST_REQUIRE(second.status == INTERPLAY_OK);
  BOOST_TEST(second.get().model.tables[0].rows() == 41u);
  BOOST_TEST(second.get().moments.step == 2 * first.get().moments.step);
  BOOST_TEST((before == score_all(first.state, data)));  // what it started from is untouched
}

BOOST_AUTO_TEST_CASE(growing_at_once_and_in_two_steps_gives_the_same_new_rows) {
  fake::Data small = planted(10, 5, 1), middle = planted(10, 9, 1), large = planted(10, 20, 1);
  const fake::Params params = small_params();
  const kit::Model a = fresh_model(params, small), c = fresh_model(params, large);
  const kit::Model b = grow_model(grow_model(a, a.graph, middle.fields(), 7), a.graph, large.fields(), 7);

  for (std::size_t f = 0; f < 2; ++f)
    BOOST_TEST(std::memcmp(b.tables[f].data(), c.tables[f].data(), 20 * 8 * sizeof(float)) == 0);
}

BOOST_AUTO_TEST_CASE(going_on_with_another_shape_is_refused) {
  fake::Data data = planted(200, 11, 1), fewer = planted(200, 7, 1);
  const Fitted first(data, small_params());
  fake::Params wider = small_params();
  wider.numbers["embedding_dim"] = 16;

  BOOST_TEST(Fitted(data, wider, 1, nullptr, first.state).status == INTERPLAY_INVALID_ARGUMENT);
  BOOST_TEST(Fitted(fewer, small_params(), 1, nullptr, first.state).status == INTERPLAY_INVALID_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(a_diverging_fit_fails_with_advice) {
  const fake::Data data = planted(2000, 11, 1);
  fake::Params params = small_params();
  params.numbers["learning_rate"] = 1e30;
  params.numbers["embedding_l2"] = 0;
  params.numbers["warmup_steps"] = 0;

  const Fitted fitted(data, params);

  BOOST_TEST(fitted.status == INTERPLAY_INVALID_ARGUMENT);
  BOOST_TEST(fitted.failure.message().find("lower learning_rate") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_row_that_no_batch_names_decays_all_the_same) {
  fake::Data data = planted(300, 11, 1);
  data.columns[0].cardinality = 12;  // id 11 is in no row
  fake::Params params = small_params();

  const Fitted fitted(data, params);

  const kit::Model fresh = fresh_model(params, data);
  double log_kept = 0;  // the rate grows over the first five steps
  for (std::int64_t step = 1; step <= fitted.get().steps; ++step)
    log_kept += std::log1p(-0.01 * std::min(1.0, static_cast<double>(step) / 5) * 0.01);
  for (std::size_t c = 0; c < 8; ++c) {
    const double expected = static_cast<double>(fresh.tables[0].data()[11 * 8 + c]) * std::exp(log_kept);
    // one rounding for each of three epochs' ends
    BOOST_TEST(std::abs(static_cast<double>(fitted.get().model.tables[0].data()[11 * 8 + c]) - expected) <=
               4e-7 * std::abs(expected));
  }
}

BOOST_AUTO_TEST_CASE(every_method_schedule_and_penalty_is_the_same_for_any_number_of_workers) {
  const fake::Data data = make_data(mixed, 1), valid = make_data(mixed, 2);
  for (const char* change : {"optimizer=adam", "optimizer=adagrad", "l2_form=loss", "l2_form=frequency",
                             "schedule=drop", "schedule=cosine", "loss=auto"})
    BOOST_TEST_CONTEXT(change) {
      const std::string text = change;
      fake::Params params = small_params();
      params.texts[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
      params.numbers["average"] = 0.9;
      params.numbers["clip_norm"] = 0.1;
      params.numbers["patience"] = 1;
      params.numbers["evaluations_per_epoch"] = 2;
      params.lists["deep_layers"] = {9};
      params.numbers["deep_batch_norm"] = 1;

      BOOST_TEST((bytes_of(Fitted(data, params, 1, &valid).state) ==
                  bytes_of(Fitted(data, params, 3, &valid).state)));
    }
}

BOOST_AUTO_TEST_CASE(the_drop_schedule_goes_on_once_at_a_lower_rate_and_then_stops) {
  const fake::Data data = planted(400, 40, 1), valid = planted(4000, 40, 2);
  fake::Params params = small_params();
  params.numbers["epochs"] = 100;
  params.numbers["learning_rate"] = 0.02;
  params.numbers["embedding_l2"] = 0;
  params.numbers["patience"] = 2;
  const Fitted constant(data, params, 1, &valid);
  params.texts["schedule"] = "drop";

  const Fitted drop(data, params, 1, &valid);

  BOOST_TEST(constant.run.notes.at("epochs") < 100);
  BOOST_TEST(drop.run.notes.at("epochs") >= constant.run.notes.at("epochs") + 2);
  BOOST_TEST(drop.run.notes.at("epochs") < 100);
  const auto best = [](const Fitted& fitted) {
    double loss = 1e9;
    for (const interplay_event& event : fitted.run.events) loss = std::min(loss, event.valid_loss);
    return loss;
  };
  BOOST_TEST(best(drop) <= best(constant));
}

BOOST_AUTO_TEST_CASE(a_clipped_step_is_shorter) {  // Adagrad's second moments keep the scale of what they saw
  const fake::Data data = planted(150, 11, 1);
  fake::Params params = small_params();
  params.numbers["epochs"] = 1;
  params.texts["optimizer"] = "adagrad";
  const Fitted whole(data, params);
  params.numbers["clip_norm"] = 1e-3;

  const Fitted clipped(data, params);

  double squares = 0, unclipped = 0;
  for (const kit::Floats& v : clipped.get().moments.table_v)
    for (const float x : v) squares += static_cast<double>(x);
  for (const float x : clipped.get().moments.dense_v) squares += static_cast<double>(x);
  for (const float x : whole.get().moments.dense_v) unclipped += static_cast<double>(x);
  BOOST_TEST(std::abs(std::sqrt(squares) - 1e-3) < 1e-6);  // one batch, whose whole gradient has that norm
  BOOST_TEST(unclipped > 1e-5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
