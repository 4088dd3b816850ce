// Every method and penalty against a plain one in double that moves whatever should move, at every step.
#include "kit/optimizer.hpp"
#include "kit/average.hpp"
#include "kit/ops/norm.hpp"
#include "kit/ops/output.hpp"
#include "support/fake_host.hpp"

#include <interplay/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <optional>

namespace interplay::kit::test {
namespace {

constexpr std::size_t ids = 5, width = 3;

/// The gradient that row `row` of a batch sends back at a step.
float gradient_of(std::int64_t step, std::size_t row, std::size_t c) {
  return Random(5, Purpose::golden_rows, static_cast<std::uint64_t>(step), row * width + c).normal();
}

/// w (ids, width) in double, by the textbook.
struct Textbook {
  Training t;
  std::vector<double> w, m, v;
  std::vector<int> uses = std::vector<int>(ids);
  int step = 0;

  void move(std::size_t id, std::size_t c, double g, double rate) {
    const std::size_t i = id * width + c;
    if (t.penalty == Penalty::decoupled) w[i] *= 1 - rate * t.embedding_l2;
    if (t.method == Method::adagrad) {
      v[i] += g * g;
      w[i] -= rate * g / (std::sqrt(v[i]) + t.epsilon);
      return;
    }
    m[i] = 0.9 * m[i] + 0.1 * g;
    v[i] = 0.999 * v[i] + 0.001 * g * g;
    w[i] -=
        rate * m[i] / (1 - std::pow(0.9, step)) / (std::sqrt(v[i] / (1 - std::pow(0.999, step))) + t.epsilon);
  }

  void update(const std::vector<std::int32_t>& batch, double rate) {
    ++step;
    std::vector<double> g(ids * width);
    std::vector<bool> named(ids);
    for (std::size_t row = 0; row < batch.size(); ++row)
      for (std::size_t c = 0; c < width; ++c) {
        g[static_cast<std::size_t>(batch[row]) * width + c] += static_cast<double>(gradient_of(step, row, c));
        named[static_cast<std::size_t>(batch[row])] = true;
      }
    for (std::size_t id = 0; id < ids; ++id) {
      uses[id] += named[id];
      double penalty = 0;
      if (t.penalty == Penalty::loss || (named[id] && t.penalty == Penalty::lazy)) penalty = t.embedding_l2;
      if (named[id] && t.penalty == Penalty::frequency) penalty = t.embedding_l2 * step / uses[id];
      const bool all = t.method == Method::adam || t.method == Method::adamw || t.penalty == Penalty::loss;
      for (std::size_t c = 0; c < width; ++c) {
        if (all || named[id])
          move(id, c, g[id * width + c] + penalty * w[id * width + c], rate);
        else if (t.penalty == Penalty::decoupled)
          w[id * width + c] *= 1 - rate * t.embedding_l2;
      }
    }
  }
};

/// The engine's part: one field, one table, one readout.
class Ours {
 public:
  explicit Ours(const Training& training) : training_(training) {
    detail::host_table = &fake::host();
    auto graph = std::make_shared<Graph>();
    slot_ = graph->add_tables("tables", 1, width, 0.5, false);
    Readout::add(*graph, "output", slot_, width);
    stride_ = gradient_stride(width);
    data_.columns.push_back({"id", INTERPLAY_CATEGORY, ids, {0, 1, 2, 3, 4}, {}, {}});
    data_.labels.assign(ids, 0);
    model = make_model(std::move(graph), data_.fields(), 1, 0, kernels());
    optimizer.emplace(model, moments, training_);
  }

  void update(const std::vector<std::int32_t>& batch, double rate, float scale = 1) {
    fake::BatchMemory memory(data_);
    const std::vector<std::int64_t> rows(batch.begin(), batch.end());
    memory.fill(rows.data(), static_cast<std::int64_t>(rows.size()));
    optimizer->catch_up(0, memory.batch);
    Floats d(rows.size() * stride_);
    for (std::size_t r = 0; r < rows.size(); ++r)
      for (std::size_t c = 0; c < width; ++c) d[r * stride_ + c] = gradient_of(moments.step + 1, r, c);
    TableGradient gradient(ids, stride_);
    gradient.collect(model, 0, memory.batch, d.data());
    optimizer->begin_step(rate);
    optimizer->update_table(0, gradient, scale);
  }

  double difference(const Textbook& other) {
    optimizer->flush();
    double most = 0;
    for (std::size_t i = 0; i < ids * width; ++i)
      most = std::max(most, std::abs(static_cast<double>(model.tables[0].data()[i]) - other.w[i]));
    return most;
  }
  Textbook textbook() const {
    Textbook t{training_, {}, std::vector<double>(ids * width), std::vector<double>(ids * width)};
    t.w.assign(model.tables[0].data(), model.tables[0].data() + ids * width);
    return t;
  }

  Model model;
  Moments moments;
  std::optional<Optimizer> optimizer;

 private:
  Training training_;
  fake::Data data_;
  std::size_t slot_ = 0, stride_ = 0;
};

const std::vector<std::pair<Method, Penalty>>& combinations() {
  static const std::vector<std::pair<Method, Penalty>> all = [] {
    std::vector<std::pair<Method, Penalty>> pairs;
    for (const Method method : {Method::lazy_adam, Method::adam, Method::adamw, Method::adagrad})
      for (const Penalty penalty :
           {Penalty::none, Penalty::decoupled, Penalty::loss, Penalty::lazy, Penalty::frequency})
        pairs.emplace_back(method, penalty);
    return pairs;
  }();
  return all;
}

Training training_of(Method method, Penalty penalty) {
  Training t;
  t.method = method;
  t.penalty = penalty;
  t.embedding_l2 = 0.3;
  return t;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kit_optimizer)

BOOST_AUTO_TEST_CASE(every_method_and_penalty_moves_as_the_textbook_says) {
  // batches that name ids twice, leave ids out for one step and for forty; a rate that changes
  for (const auto& [method, penalty] : combinations())
    BOOST_TEST_CONTEXT("method " << int(method) << " penalty " << int(penalty)) {
      Ours ours(training_of(method, penalty));
      Textbook book = ours.textbook();
      for (int step = 0; step < 60; ++step) {
        std::vector<std::int32_t> batch{1, 2, 1};
        if (step % 2) batch = {1, 3};
        if (step == 0 || step == 41) batch.push_back(4);
        const double rate = 0.01 / (1 + step);
        ours.update(batch, rate);
        book.update(batch, rate);
      }
      // Adam divides by the root of a mean square, so a gradient's relative error arrives undiminished in a step
      BOOST_TEST(ours.difference(book) < 1e-5);
    }
}

BOOST_AUTO_TEST_CASE(
    a_row_untouched_for_two_thousand_steps_is_where_every_single_step_would_have_brought_it) {
  for (const Penalty penalty : {Penalty::none, Penalty::decoupled}) BOOST_TEST_CONTEXT(int(penalty)) {
      Ours ours(training_of(Method::adam, penalty));
      Textbook book = ours.textbook();
      for (int step = 0; step < 2000; ++step) {
        const std::vector<std::int32_t> batch =
            step < 5 ? std::vector<std::int32_t>{1, 4} : std::vector<std::int32_t>{1, 2};
        ours.update(batch, 0.001);
        book.update(batch, 0.001);
      }
      ours.update({4}, 0.001);
      book.update({4}, 0.001);
      BOOST_TEST(ours.difference(book) < 2e-4);
    }
}

BOOST_AUTO_TEST_CASE(lazy_adam_leaves_an_untouched_row_its_bits) {
  Ours ours(training_of(Method::lazy_adam, Penalty::none));
  const std::vector<float> before(ours.model.tables[0].data() + 12, ours.model.tables[0].data() + 15);

  for (int i = 0; i < 50; ++i) ours.update({1, 2}, 0.01);

  BOOST_TEST(
      (before == std::vector<float>(ours.model.tables[0].data() + 12, ours.model.tables[0].data() + 15)));
}

BOOST_AUTO_TEST_CASE(a_clipped_gradient_is_scaled_before_adagrad_sees_it) {
  // first step: w -= rate g / (|g| + epsilon) whatever the scale, but v keeps the scaled square
  Ours ours(training_of(Method::adagrad, Penalty::none));
  ours.update({1}, 0.01, 0.5f);
  const float g = 0.5f * gradient_of(1, 0, 0);

  BOOST_TEST(std::abs(ours.moments.table_v[0][width] - g * g) < 1e-6f);
}

BOOST_AUTO_TEST_CASE(moving_averages_go_a_hundredth_towards_the_batch_and_feel_no_gradient) {
  auto graph = std::make_shared<Graph>();
  const std::size_t slot = graph->add_slot({1, {1, 2}});
  BatchNorm::add(*graph, "norm", slot);
  Model model = make_model(std::move(graph), {}, 1, 0, kernels());
  Moments moments;
  const Training training;
  Optimizer optimizer(model, moments, training);
  Floats gradient(model.graph->dense());
  const auto at = [&](const char* name) {
    for (const Parameter& p : model.graph->parameters)
      if (p.name == name) return p.offset;
    return std::size_t{0};
  };
  gradient[at("norm/mean")] = 100 * 3;  // 100 rows whose mean is 3 above the average
  gradient[at("norm/variance")] = 100 * -0.5;

  optimizer.begin_step(0.001);
  optimizer.update_dense(gradient.data(), 100, 1);

  BOOST_TEST(std::abs(model.dense[at("norm/mean")] - 0.03f) < 1e-6f);
  BOOST_TEST(std::abs(model.dense[at("norm/variance")] - 0.995f) < 1e-6f);
}

BOOST_AUTO_TEST_CASE(an_average_counts_the_first_weights_fully_and_then_less_and_less) {
  Ours ours(training_of(Method::lazy_adam, Penalty::none));
  Average average(0.99);
  float* w = ours.model.tables[0].own();
  w[0] = 1;
  average.add(ours.model);
  BOOST_TEST(average.model().tables[0].data()[0] == 1);
  w[0] = 2;
  average.add(ours.model);  // keep = min(0.99^16, 2 / 12)

  BOOST_TEST(std::abs(average.model().tables[0].data()[0] - (1.0f / 6 + 2 * 5.0f / 6)) < 1e-6f);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::kit::test
