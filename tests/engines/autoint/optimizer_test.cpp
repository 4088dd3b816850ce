// Lazy Adam with decay against the twin, which decays every row at every step.
#include "network.hpp"
#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <optional>

namespace interplay::autoint::test {
namespace {

// Adam divides by the root of a mean square, so a gradient's relative error arrives undiminished in a
// weight's step: about 1e-4 of the learning rate, each step.
constexpr double step_tolerance = 2e-4;

/// The engine's parts and the twin, learning from the same batches.
class Pair {
 public:
  Pair(const Case& c, fake::Data rows, double decay, std::int64_t warmup = 0)
      : data(std::move(rows)), settings(settings_of(c)), objective(data.objective) {
    settings.embedding_decay = decay;
    settings.warmup_steps = warmup;
    settings.learning_rate = 0.01;
    model = make_model(data.fields(), settings, 0, kernels());
    optimizer.emplace(model, moments, settings);
    twin = to_twin(model);
    adam.learning_rate = 0.01;
    adam.decay = decay;
    adam.warmup_steps = static_cast<std::size_t>(warmup);
  }

  void step(const std::vector<std::int64_t>& rows, bool twin_too = true) {
    fake::BatchMemory memory(data);
    memory.fill(rows.data(), static_cast<std::int64_t>(rows.size()));
    if (twin_too) adam.update(twin, memory.batch, data.objective);
    const Shape& s = model.shape;
    Network network(model, settings, objective, rows.size());
    Floats d_e(rows.size() * s.M * s.dp), d_dense(s.dense());
    double weight = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
      weight += memory.batch.weights ? static_cast<double>(memory.batch.weights[i]) : 1;
    network.train({memory.batch, weight, 1}, 0, rows.size(), &*optimizer, d_dense.data(), d_e.data());
    optimizer->begin_step();
    optimizer->update_dense(d_dense.data());
    for (std::size_t f = 0; f < s.M; ++f) {
      TableGradient gradient(model.tables[f].rows(), s.dp);
      gradient.collect(model, memory.batch, f, d_e.data());
      optimizer->update_table(f, gradient);
    }
  }

  double difference() {
    optimizer->flush();
    const reference::AutoInt found = to_twin(model);
    double most = 0;
    for (std::size_t i = 0; i < found.size(); ++i) most = std::max(most, std::abs(found.p[i] - twin.p[i]));
    return most;
  }

  fake::Data data;
  Settings settings;
  Objective objective;
  Model model;
  Moments moments;
  std::optional<Optimizer> optimizer;
  reference::AutoInt twin{};
  reference::Adam adam;
};

/// One field with ids 1 .. 3; row r has id r.
fake::Data three_ids() {
  fake::Data data;
  data.columns.push_back({"id", INTERPLAY_CATEGORY, 4, {0, 1, 2, 3}, {}, {}});
  data.labels = {1, 1, 0, 1};
  return data;
}

const Case small{"c", 3, 2, 1, 1, 4, INTERPLAY_BINARY, false};

}  // namespace

BOOST_AUTO_TEST_SUITE(autoint_optimizer)

BOOST_AUTO_TEST_CASE(ten_steps_agree_with_the_twin) {
  for (const double decay : {0.0, 0.5})
    for (const Case& c : cases()) BOOST_TEST_CONTEXT(c << " decay " << decay) {
        Pair pair(c, make_data(c, 3), decay, 4);

        for (int i = 0; i < 10; ++i) pair.step(all_rows(pair.data));

        BOOST_TEST(pair.difference() < 10 * 0.01 * step_tolerance * 10);
      }
}

BOOST_AUTO_TEST_CASE(a_row_first_touched_at_step_1000_agrees_with_the_twin) {
  for (const double decay : {0.0, 0.05}) BOOST_TEST_CONTEXT("decay " << decay) {
      Pair pair(small, three_ids(), decay);

      for (int i = 0; i < 999; ++i) pair.step({1, 2});
      pair.step({1, 3});

      // a thousand steps of a saturating problem drift apart by more than ten do
      BOOST_TEST(pair.difference() < 2e-3);
    }
}

BOOST_AUTO_TEST_CASE(a_row_untouched_for_500_steps_agrees_with_the_twin) {
  for (const double decay : {0.0, 0.05}) BOOST_TEST_CONTEXT("decay " << decay) {
      Pair pair(small, three_ids(), decay);

      for (int i = 0; i < 10; ++i) pair.step({1, 3});
      for (int i = 0; i < 500; ++i) pair.step({1, 2});
      pair.step({1, 3});

      BOOST_TEST(pair.difference() < 2e-3);
    }
}

BOOST_AUTO_TEST_CASE(an_untouched_row_keeps_its_bits_without_decay) {
  Pair pair(small, three_ids(), 0);
  const std::vector<float> before(pair.model.tables[0].data() + 9, pair.model.tables[0].data() + 12);

  for (int i = 0; i < 50; ++i) pair.step({1, 2}, false);

  BOOST_TEST(
      (before == std::vector<float>(pair.model.tables[0].data() + 9, pair.model.tables[0].data() + 12)));
}

BOOST_AUTO_TEST_CASE(decay_follows_its_closed_form) {  // (1 - 0.01 * 0.5)^7000: beyond the table of powers
  Pair pair(small, three_ids(), 0.5);
  const float before = pair.model.tables[0].data()[9];

  for (int i = 0; i < 7000; ++i) pair.optimizer->begin_step();
  pair.optimizer->flush();

  const double expected = static_cast<double>(before) * std::pow(1 - 0.01 * 0.5, 7000);
  BOOST_TEST(std::abs(static_cast<double>(pair.model.tables[0].data()[9]) - expected) <=
             1e-5 * std::abs(expected));
}

BOOST_AUTO_TEST_CASE(equal_ids_256_times_in_a_batch_make_one_step_along_their_sum) {
  fake::Data data;
  data.columns.push_back({"id", INTERPLAY_CATEGORY, 3, std::vector<std::int32_t>(256, 2), {}, {}});
  for (int i = 0; i < 256; ++i) data.labels.push_back(i % 3 == 0 ? 1.0f : 0.0f);
  Pair pair(small, data, 0);

  for (int i = 0; i < 3; ++i) pair.step(all_rows(pair.data));

  BOOST_TEST(pair.difference() < 3 * 0.01 * step_tolerance);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
