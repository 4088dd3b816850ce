// The factorization machine against its definition, pair by pair, and what it can and cannot learn.
#include "interactions.hpp"
#include "kit/scorer.hpp"
#include "kit/state.hpp"
#include "support/fake_host.hpp"

#include <interplay/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

extern "C" const interplay_engine* interplay_builtin_fm(std::uint32_t abi, const interplay_host* host);

namespace interplay::fm::test {
namespace {

const interplay_engine& engine() { return *interplay_builtin_fm(INTERPLAY_ENGINE_ABI, &fake::host()); }

/// Two categories and, always, a number; labels by whether the categories agree modulo 3, or by the first one alone.
fake::Data data_of(std::int64_t rows, bool interact, std::uint64_t seed) {
  fake::Data data;
  Random random(seed, Purpose::golden_rows);
  data.columns.resize(3);
  for (int f = 0; f < 2; ++f)
    data.columns[static_cast<std::size_t>(f)] = {"c", INTERPLAY_CATEGORY, 13, {}, {}, {}};
  data.columns[2] = {"n", INTERPLAY_NUMBER, 0, {}, {}, {}};
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto a = static_cast<std::int32_t>(1 + random.below(12)),
               b = static_cast<std::int32_t>(1 + random.below(12));
    data.columns[0].ids.push_back(a);
    data.columns[1].ids.push_back(b);
    data.columns[2].numbers.push_back(random.normal());
    const bool yes = interact ? a % 3 == b % 3 : a % 2 == 0;
    data.labels.push_back(yes == (random.below(10) != 0) ? 1.0f : 0.0f);
  }
  return data;
}

struct Fitted {
  Fitted(const fake::Data& data, double rank, int workers = 1) {
    fake::Run run(workers);
    fake::Params params = fake::Params::defaults(engine().params_schema);
    for (const auto& [name, value] : std::map<std::string, double>{{"rank", rank},
                                                                   {"epochs", 15},
                                                                   {"learning_rate", 0.02},
                                                                   {"embedding_l2", 0},
                                                                   {"embedding_init", 0.1}})
      params.numbers[name] = value;
    BOOST_REQUIRE(engine().fit(run.get(), params.get(), data.view(), nullptr, nullptr, &state, nullptr) ==
                  INTERPLAY_OK);
  }
  ~Fitted() { engine().destroy(state); }
  const kit::Model& model() const { return static_cast<const kit::State*>(state)->members.front().model; }
  std::vector<float> score(const fake::Data& data) const {
    fake::BatchMemory memory(data);
    std::vector<std::int64_t> rows(static_cast<std::size_t>(data.rows()));
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
    memory.fill(rows.data(), data.rows());
    std::vector<float> out(rows.size());
    BOOST_REQUIRE(engine().score(state, nullptr, &memory.batch, out.data(), nullptr) == INTERPLAY_OK);
    return out;
  }

  void* state = nullptr;
};

double error_rate(const std::vector<float>& logits, const fake::Data& data) {
  double wrong = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) wrong += (logits[i] > 0) != (data.labels[i] > 0.5f);
  return wrong / static_cast<double>(logits.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fm_engine)

BOOST_AUTO_TEST_CASE(the_logit_is_the_sum_over_all_pairs) {
  const fake::Data data = data_of(300, true, 1);
  const Fitted fitted(data, 5);
  const kit::Model& m = fitted.model();
  const std::vector<float> found = fitted.score(data);
  for (std::size_t row = 0; row < 300; ++row) {
    // field f: its number w and vector v, both times the field's value
    double logit = static_cast<double>(m.dense[m.graph->parameters[0].offset]), v[3][5], pairs = 0;
    for (std::size_t f = 0; f < 3; ++f) {
      const std::size_t id = f < 2 ? static_cast<std::size_t>(data.columns[f].ids[row]) : 0;
      const double value = f < 2 ? 1.0 : static_cast<double>(data.columns[2].numbers[row]);
      logit += value * static_cast<double>(m.tables[f].data()[id]);
      for (std::size_t c = 0; c < 5; ++c)
        v[f][c] = value * static_cast<double>(m.tables[3 + f].data()[id * 5 + c]);
    }
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = i + 1; j < 3; ++j)
        for (std::size_t c = 0; c < 5; ++c) pairs += v[i][c] * v[j][c];
    BOOST_TEST(std::abs(static_cast<double>(found[row]) - (logit + pairs)) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(the_gradient_of_the_interactions_agrees_with_differences) {
  kit::Graph graph;
  const std::size_t e = graph.add_slot({3, {1, 5}});
  const Interactions op(graph, e);
  kit::TrainingPass pass;
  pass.kernels = &kit::kernels().tiles;
  pass.rows = 2;
  pass.tiles = (2 + pass.lanes() - 1) / pass.lanes();
  const std::size_t n = pass.floats(graph.slot(e)), rows = pass.computed();
  kit::Floats x(n), d_x(n), logits(rows), d_logits(rows);
  d_logits[0] = 0.7f;
  d_logits[1] = -2.0f;
  Random random(1, Purpose::golden_rows);
  const auto each = [&](const auto& visit) {
    for (std::size_t r = 0; r < 2; ++r)
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t c = 0; c < 5; ++c) visit(pass.at(graph.slot(e), r, i, c));
  };
  each([&](std::size_t at) { x[at] = random.normal(); });
  pass.x = {logits.data(), x.data()};
  pass.d_x = {d_logits.data(), d_x.data()};
  const auto weighted = [&] {
    std::fill(logits.begin(), logits.end(), 0.0f);
    op.forward(pass);
    return static_cast<double>(d_logits[0] * logits[0] + d_logits[1] * logits[1]);
  };

  op.backward(pass);

  each([&](std::size_t at) {
    const float kept = x[at], h = 1.0f / 64;  // the function is quadratic: central differences are exact
    x[at] = kept + h;
    const double above = weighted();
    x[at] = kept - h;
    const double below = weighted();
    x[at] = kept;
    BOOST_TEST(std::abs((above - below) / (2 * static_cast<double>(h)) - static_cast<double>(d_x[at])) <
               5e-4);  // sums of float near 10, divided by 1 / 32
  });
}

BOOST_AUTO_TEST_CASE(with_a_rank_it_learns_which_pairs_go_together_and_without_one_it_cannot) {
  const fake::Data data = data_of(6000, true, 1), fresh = data_of(2000, true, 2);

  BOOST_TEST(error_rate(Fitted(data, 8).score(fresh), fresh) < 0.13);  // a tenth is noise
  BOOST_TEST(error_rate(Fitted(data, 0).score(fresh), fresh) > 0.3);
}

BOOST_AUTO_TEST_CASE(rank_0_is_logistic_regression) {
  const fake::Data data = data_of(6000, false, 1), fresh = data_of(2000, false, 2);
  const Fitted fitted(data, 0);

  BOOST_TEST(error_rate(fitted.score(fresh), fresh) < 0.12);
  BOOST_TEST(fitted.model().tables.size() == 3u);  // one number a value, nothing else
  BOOST_TEST(fitted.model().graph->tables[0].width == 1u);
}

BOOST_AUTO_TEST_CASE(the_same_numbers_come_from_any_number_of_workers) {
  const fake::Data data = data_of(1000, true, 1);

  BOOST_TEST((Fitted(data, 4, 1).score(data) == Fitted(data, 4, 3).score(data)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::fm::test
