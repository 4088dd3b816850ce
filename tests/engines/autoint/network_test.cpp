// Forward and backward against the double twin, the twin against finite differences.
#include "network.hpp"
#include "scorer.hpp"
#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

namespace interplay::autoint::test {
namespace {

// float against double through three layers of sums of some dozens of numbers near 1
constexpr double logit_tolerance = 2e-5;
// the same, times the depth of the way back, relative to the largest gradient
constexpr double gradient_tolerance = 5e-5;
// central differences with h = 1e-5 in double: h^2 and 1e-16 / h
constexpr double difference_tolerance = 1e-7;

struct Trained {
  explicit Trained(const Case& c, const Kernels& level = kernels())
      : data(make_data(c, 11)),
        memory(data),
        settings(settings_of(c)),
        objective(data.objective),
        model(make_model(data.fields(), settings, 0.3f, level)) {
    memory.fill(all_rows(data).data(), data.rows());
  }

  BatchContext context() const {
    double sum = 0;
    for (std::int64_t i = 0; i < memory.batch.rows; ++i)
      sum += memory.batch.weights ? static_cast<double>(memory.batch.weights[i]) : 1;
    return {memory.batch, sum, 1};
  }

  fake::Data data;
  fake::BatchMemory memory;
  Settings settings;
  Objective objective;
  Model model;
};

/// All gradients of the batch in the twin's layout; cut into shards of 64 as training does.
std::vector<double> engine_gradient(const Trained& t, const reference::AutoInt& twin, double& loss) {
  const auto rows = static_cast<std::size_t>(t.memory.batch.rows);
  const Shape& s = t.model.shape;
  Network network(t.model, t.settings, t.objective, 64);
  Floats d_e(rows * s.M * s.dp), d_dense(s.dense());
  std::vector<double> g(twin.size()), shard(twin.size());
  loss = 0;
  for (std::size_t begin = 0; begin < rows; begin += 64) {
    loss += network.train(t.context(), begin, std::min(begin + 64, rows), nullptr, d_dense.data(),
                          d_e.data() + begin * s.M * s.dp);
    dense_to_twin(shard, twin, t.model, d_dense.data());
    for (std::size_t i = twin.dense(); i < g.size(); ++i) g[i] += shard[i];
  }
  for (std::size_t f = 0; f < s.M; ++f) {
    TableGradient table(t.model.tables[f].rows(), s.dp);
    table.collect(t.model, t.memory.batch, f, d_e.data());
    for (std::size_t slot = 0; slot < table.ids().size(); ++slot)
      for (std::size_t c = 0; c < s.d; ++c)
        g[twin.table(f) + table.ids()[slot] * s.d + c] = static_cast<double>(table.row(slot)[c]);
  }
  return g;
}

double largest(const std::vector<double>& x) {
  double most = 0;
  for (const double value : x) most = std::max(most, std::abs(value));
  return most;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(autoint_network)

BOOST_AUTO_TEST_CASE(scores_agree_with_the_twin_at_every_level) {
  const Kernels* available[8];
  const std::size_t levels = available_kernels(available);
  for (const Case& c : cases())
    for (std::size_t level = 0; level < levels; ++level)
      BOOST_TEST_CONTEXT(c << ' ' << available[level]->name) {
        const Trained t(c, *available[level]);
        const reference::AutoInt twin = to_twin(t.model);
        std::vector<float> logits(static_cast<std::size_t>(c.rows));

        Scorer(t.model).score(t.model, t.memory.batch, logits.data());

        for (std::size_t r = 0; r < logits.size(); ++r) {
          const double expected = reference::logit(twin, t.memory.batch, r);
          BOOST_TEST(std::abs(static_cast<double>(logits[r]) - expected) <
                     logit_tolerance * (1 + std::abs(expected)));
        }
      }
}

BOOST_AUTO_TEST_CASE(loss_and_gradients_agree_with_the_twin) {
  for (const Case& c : cases()) BOOST_TEST_CONTEXT(c) {
      const Trained t(c);
      const reference::AutoInt twin = to_twin(t.model);
      const std::vector<double> expected = reference::gradient(twin, t.memory.batch, t.data.objective);

      double loss = 0;
      const std::vector<double> found = engine_gradient(t, twin, loss);

      const double expected_loss = reference::loss(twin, t.memory.batch, t.data.objective);
      BOOST_TEST(std::abs(loss / t.context().weight_sum - expected_loss) <
                 logit_tolerance * (1 + expected_loss));
      double most = 0;
      for (std::size_t i = 0; i < found.size(); ++i) most = std::max(most, std::abs(found[i] - expected[i]));
      BOOST_TEST(most < gradient_tolerance * (1e-3 + largest(expected)));
    }
}

BOOST_AUTO_TEST_CASE(the_twins_gradient_agrees_with_finite_differences) {
  for (const Case& c : cases()) BOOST_TEST_CONTEXT(c) {
      if (c.rows > 10) continue;  // the small ones have every kind of field
      const Trained t(c);
      reference::AutoInt twin = to_twin(t.model);
      const std::vector<double> g = reference::gradient(twin, t.memory.batch, t.data.objective);

      for (std::size_t i = 0; i < twin.size(); ++i) {
        const double kept = twin.p[i], h = 1e-5;
        twin.p[i] = kept + h;
        const double above = reference::loss(twin, t.memory.batch, t.data.objective);
        twin.p[i] = kept - h;
        const double below = reference::loss(twin, t.memory.batch, t.data.objective);
        twin.p[i] = kept;
        BOOST_TEST(std::abs((above - below) / (2 * h) - g[i]) < difference_tolerance * (1 + largest(g)));
      }
    }
}

BOOST_AUTO_TEST_CASE(dropout_masks_depend_on_the_row_and_not_on_the_shard) {
  Trained t(cases()[1]);
  t.settings.dropout = 0.3;
  t.settings.embedding_dropout = 0.2;
  const Shape& s = t.model.shape;
  Network whole(t.model, t.settings, t.objective, 130), parts(t.model, t.settings, t.objective, 50);
  Floats d_dense(s.dense()), together(130 * s.M * s.dp), apart(together.size());

  whole.train(t.context(), 0, 130, nullptr, d_dense.data(), together.data());
  for (std::size_t begin = 0; begin < 130; begin += 50)
    parts.train(t.context(), begin, std::min<std::size_t>(begin + 50, 130), nullptr, d_dense.data(),
                apart.data() + begin * s.M * s.dp);

  // bits may differ, since a BLAS rounds differently at the edges of another block; a mask that differs shows
  // far more
  for (std::size_t i = 0; i < together.size(); ++i) BOOST_TEST(std::abs(together[i] - apart[i]) < 1e-6f);
}

BOOST_AUTO_TEST_CASE(gradients_under_both_dropouts_agree_with_finite_differences) {
  // along the gradient itself, so that one difference stands for all embeddings: its slope is the squared
  // norm
  Trained t({"cc", 6, 8, 2, 2, 40, INTERPLAY_BINARY, false});
  t.settings.dropout = 0.4;
  t.settings.embedding_dropout = 0.3;
  const Shape& s = t.model.shape;
  Network network(t.model, t.settings, t.objective, 40);
  Floats d_e(40 * s.M * s.dp), d_dense(s.dense());
  network.train(t.context(), 0, 40, nullptr, d_dense.data(), d_e.data());
  TableGradient table(t.model.tables[0].rows(), s.dp);
  table.collect(t.model, t.memory.batch, 0, d_e.data());
  double norm = 0;
  const auto moved_loss = [&](float h) {
    norm = 0;
    for (std::size_t slot = 0; slot < table.ids().size(); ++slot)
      for (std::size_t c = 0; c < s.d; ++c) {
        t.model.tables[0].own()[table.ids()[slot] * s.d + c] += h * table.row(slot)[c];
        norm += std::pow(static_cast<double>(table.row(slot)[c]), 2);
      }
    return network.train(t.context(), 0, 40, nullptr, d_dense.data(), d_e.data()) / 40;
  };

  const float h = 0.05f;
  const double above = moved_loss(h), below = moved_loss(-2 * h);

  BOOST_TEST(norm > 1e-4);
  BOOST_TEST(std::abs((above - below) / (2 * static_cast<double>(h)) / norm - 1) <
             0.01);  // curvature, float, kinks
}

BOOST_AUTO_TEST_CASE(a_mask_drops_its_share_keeps_the_mean_and_changes_with_its_key) {
  const std::size_t n = 40000;
  std::vector<float> one(n), other(n);

  draw_mask(one.data(), n, 15, 16, 0.3, Random(1, Purpose::dropout, 1, 1));
  draw_mask(other.data(), n, 15, 16, 0.3, Random(1, Purpose::dropout, 2, 1));

  double dropped = 0, sum = 0, equal = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 16 == 15) continue;  // padding
    dropped += one[i] == 0;
    sum += static_cast<double>(one[i]);
    equal += one[i] == other[i];
  }
  const double used = n * 15.0 / 16, deviation = std::sqrt(0.3 * 0.7 / used);
  BOOST_TEST(std::abs(dropped / used - 0.3) < 4 * deviation);
  BOOST_TEST(std::abs(sum / used - 1) < 4 * deviation / 0.7);
  BOOST_TEST(std::abs(equal / used - (0.3 * 0.3 + 0.7 * 0.7)) < 4 * deviation);
}

BOOST_AUTO_TEST_CASE(another_step_drops_other_weights) {
  Trained t(cases()[1]);
  t.settings.dropout = 0.3;
  Network network(t.model, t.settings, t.objective, 130);
  Floats d_dense(t.model.shape.dense()), d_e(130 * t.model.shape.M * t.model.shape.dp);
  BatchContext context = t.context();

  const double first = network.train(context, 0, 130, nullptr, d_dense.data(), d_e.data());
  context.step += 1;

  BOOST_TEST(network.train(context, 0, 130, nullptr, d_dense.data(), d_e.data()) != first);
}

BOOST_AUTO_TEST_CASE(permuting_fields_with_their_output_weights_leaves_the_logit) {
  Trained t({"ccc", 7, 9, 1, 3, 5, INTERPLAY_BINARY, false});
  const reference::AutoInt before = to_twin(t.model);
  const Shape& s = t.model.shape;
  std::swap(t.model.tables[0], t.model.tables[2]);
  for (std::size_t l = 0; l <= s.L; ++l)
    for (std::size_t c = 0; c < s.dp; ++c)
      std::swap(t.model.dense[s.output(l) + c], t.model.dense[s.output(l) + 2 * s.dp + c]);
  interplay_batch permuted = t.memory.batch;
  std::vector<interplay_values> fields(permuted.fields, permuted.fields + 3);
  std::swap(fields[0], fields[2]);
  permuted.fields = fields.data();
  std::vector<float> logits(5);

  Scorer(t.model).score(t.model, permuted, logits.data());

  for (std::size_t r = 0; r < 5; ++r)
    BOOST_TEST(std::abs(static_cast<double>(logits[r]) - reference::logit(before, t.memory.batch, r)) <
               logit_tolerance);
}

BOOST_AUTO_TEST_CASE(the_twins_attention_rows_sum_to_one_too) {
  const Trained t(cases()[5]);
  std::vector<double> attention;

  reference::logit(to_twin(t.model), t.memory.batch, 0, &attention);

  BOOST_TEST(attention.size() == 3u * 1 * 3 * 3);
  for (std::size_t i = 0; i < attention.size(); i += 3)
    BOOST_TEST(std::abs(attention[i] + attention[i + 1] + attention[i + 2] - 1) < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
