// Training through the engine's C table: repeatable, stoppable, continuable.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>

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
  params.numbers["embedding_decay"] = 0;

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
  Settings settings;
  const Model a = make_model(small.fields(), settings, 0, kernels());
  const Model b = grow_model(grow_model(a, middle.fields(), settings), large.fields(), settings);
  const Model c = make_model(large.fields(), settings, 0, kernels());

  for (std::size_t f = 0; f < 2; ++f)
    BOOST_TEST(std::memcmp(b.tables[f].data(), c.tables[f].data(), 20 * 32 * sizeof(float)) == 0);
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
  params.numbers["embedding_decay"] = 0;
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

  const Shape& s = fitted.get().model.shape;
  Settings settings;
  settings.embedding_dim = 8;
  settings.embedding_init = 0.1;
  settings.seed = 7;
  std::vector<float> first(12 * s.d);
  init_rows(first.data(), 0, 12, 0, s, settings);
  const double kept = std::pow(1 - 0.01 * 0.01, static_cast<double>(fitted.get().steps));
  for (std::size_t c = 0; c < s.d; ++c) {
    const auto expected = static_cast<double>(first[11 * s.d + c]) * kept;
    // one rounding for each of three epochs' ends
    BOOST_TEST(std::abs(static_cast<double>(fitted.get().model.tables[0].data()[11 * s.d + c]) - expected) <=
               4e-7 * std::abs(expected));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
