// Every variant, forward and backward, against the double twin and finite differences of it.
#include "network.hpp"
#include "kit/network.hpp"
#include "kit/scorer.hpp"
#include "support.hpp"

#include <interplay/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <set>

namespace interplay::autoint::test {
namespace {

// float against double through three layers of sums of some dozens of numbers near 1; layer norm divides by small
// deviations now and then
constexpr double logit_tolerance = 1e-4;
// the same, times the depth of the way back, relative to the largest gradient
constexpr double gradient_tolerance = 5e-4;

struct Setup {
  Setup(fake::Params given, const Shape& shape, const kit::Kernels& level = kit::kernels())
      : params(std::move(given)),
        data(make_data(shape, 11)),
        memory(data),
        model(fresh_model(params, data, level)),
        objective(data.objective),
        loss(kit::Loss::pointwise, objective, 0) {
    memory.fill(all_rows(data).data(), data.rows());
    Random random(3, Purpose::golden_rows);
    for (const kit::Parameter& p :
         model.graph->parameters) {  // biases, gains and moving averages away from 0 and 1
      if (p.init == kit::Init::glorot) continue;
      for (std::size_t i = 0; i < p.size(); ++i) model.dense[p.offset + i] += 0.3f * random.uniform();
    }
  }
  kit::BatchContext context() const {
    return {memory.batch, loss.weights(memory.batch, 0, static_cast<std::size_t>(memory.batch.rows)), 1};
  }

  fake::Params params;
  fake::Data data;
  fake::BatchMemory memory;
  kit::Model model;
  Objective objective;
  kit::RowLoss loss;
};

/// All gradients of the batch by name; one shard.
std::map<std::string, std::vector<double>> engine_gradient(const Setup& t, double& loss,
                                                           std::uint64_t seed = 7) {
  const auto rows = static_cast<std::size_t>(t.memory.batch.rows);
  const kit::Graph& graph = *t.model.graph;
  kit::Network network(t.model, seed, t.loss, rows);
  kit::Floats d_dense(graph.dense());
  std::vector<kit::Floats> memory(graph.slots.size());
  std::vector<float*> d_slots(graph.slots.size());
  for (const kit::TableSpec& spec : graph.tables) {
    memory[spec.slot].resize(rows * graph.slot(spec.slot).items * kit::gradient_stride(spec.width));
    d_slots[spec.slot] = memory[spec.slot].data();
  }
  loss = network.train(t.context(), 0, rows, d_dense.data(), d_slots) / t.context().weight_sum;
  auto all = by_name(graph, d_dense.data());
  for (std::size_t i = 0; i < graph.tables.size(); ++i) {
    const kit::TableSpec& spec = graph.tables[i];
    kit::TableGradient gradient(t.model.tables[i].rows(), spec.width);
    gradient.collect(t.model, i, t.memory.batch, d_slots[spec.slot]);
    auto& plain = all[spec.name];
    plain.resize(t.model.tables[i].rows() * spec.width);
    for (std::size_t slot = 0; slot < gradient.ids().size(); ++slot)
      for (std::size_t c = 0; c < spec.width; ++c)
        plain[gradient.ids()[slot] * spec.width + c] = static_cast<double>(gradient.row(slot)[c]);
  }
  return all;
}

/// Compares about six numbers of each weight with central differences of the twin's loss.
void check_gradient(const Setup& t) {
  reference::AutoInt twin = to_twin(t.model, t.params);
  double loss = 0;
  const auto found = engine_gradient(t, loss);
  BOOST_TEST(std::abs(loss - reference::loss(twin, t.memory.batch, t.data.objective)) <
             logit_tolerance * (1 + loss));
  double largest = 1e-3;
  for (const auto& [name, values] : found)
    if (name.find("/mean") == std::string::npos && name.find("/variance") == std::string::npos)
      for (const double value : values) largest = std::max(largest, std::abs(value));
  for (auto& [name, weight] : twin.w) {
    if (name.find("/mean") != std::string::npos || name.find("/variance") != std::string::npos) continue;
    const std::size_t stride = std::max<std::size_t>(1, weight.v.size() / 6);
    for (std::size_t i = 0; i < weight.v.size(); i += stride) {
      const double kept = weight.v[i], h = 1e-6;
      weight.v[i] = kept + h;
      const double above = reference::loss(twin, t.memory.batch, t.data.objective);
      weight.v[i] = kept - h;
      const double below = reference::loss(twin, t.memory.batch, t.data.objective);
      weight.v[i] = kept;
      const double expected = t.loss.unit() * (above - below) / (2 * h);
      BOOST_TEST(std::abs(expected - found.at(name)[i]) < gradient_tolerance * largest,
                 name << '[' << i << "]: " << found.at(name)[i] << " instead of " << expected);
    }
  }
}

void check_scores(const Setup& t) {
  std::vector<float> logits(static_cast<std::size_t>(t.memory.batch.rows));
  const std::vector<double> expected = reference::logits(to_twin(t.model, t.params), t.memory.batch, false);
  kit::Scorer scorer(t.model);
  scorer.score(t.model, t.memory.batch, logits.data());
  fake::BatchMemory one(t.data);
  for (std::size_t r = 0; r < logits.size(); ++r) {
    BOOST_TEST(std::abs(static_cast<double>(logits[r]) - expected[r]) <
               logit_tolerance * (1 + std::abs(expected[r])));
    // alone it goes another way, and has the same bits
    const auto row = static_cast<std::int64_t>(r);
    float alone = 0;
    one.fill(&row, 1);
    scorer.score(t.model, one.batch, &alone);
    BOOST_TEST(alone == logits[r]);
  }
}

/// What an option may be; numbers as text.
const std::vector<std::pair<std::string, std::vector<std::string>>>& options() {
  static const std::vector<std::pair<std::string, std::vector<std::string>>> all{
      {"embedding_dim", {"6", "4"}},
      {"num_layers", {"2", "1"}},
      {"qkv", {"learned", "identity"}},
      {"qkv_bias", {"0", "1"}},
      {"qkv_activation", {"none", "relu"}},
      {"attention", {"dot", "disentangled"}},
      {"score_scale", {"head", "none"}},
      {"output_projection", {"linear", "affine", "none"}},
      {"residual", {"identity", "none", "projection_if_needed", "projection", "once"}},
      {"residual_activation", {"none", "relu"}},
      {"norm", {"none", "before_activation", "after_activation", "post"}},
      {"activation", {"relu", "none", "at_end"}},
      {"feed_forward", {"0", "2"}},
      {"pool", {"all_with_input", "all", "last"}},
      {"input_projection", {"0", "1"}},
      {"first_order", {"0", "1"}},
      {"output_bias", {"1", "0"}},
      {"number_embedding", {"product", "linear"}},
      {"deep_layers", {"", "7"}},
      {"deep_batch_norm", {"0", "1"}},
  };
  return all;
}

using Choice = std::vector<std::size_t>;  // of each option, the index of its value

fake::Params params_of(const Choice& choice) {
  fake::Params params = exact_params();
  for (std::size_t i = 0; i < choice.size(); ++i) {
    const auto& [name, values] = options()[i];
    const std::string& value = values[choice[i]];
    if (name == "deep_layers")
      params.lists[name] = value.empty() ? std::vector<double>{} : std::vector<double>{7, 4};
    else if (params.texts.count(name))
      params.texts[name] = value;
    else
      params.numbers[name] = std::stod(value);
  }
  return params;
}

bool allowed(const Choice& choice) {
  return engine().check(params_of(choice).get(), nullptr) == INTERPLAY_OK;
}

/// Choices in which every allowed pair of values of two options occurs: greedily, the best of many random ones each time.
std::vector<Choice> pairwise() {
  using Pair = std::array<std::size_t, 4>;
  std::set<Pair> missing;
  const std::size_t n = options().size();
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = a + 1; b < n; ++b)
      for (std::size_t x = 0; x < options()[a].second.size(); ++x)
        for (std::size_t y = 0; y < options()[b].second.size(); ++y) missing.insert({a, b, x, y});
  Random random(1, Purpose::golden_rows);
  std::vector<Choice> chosen;
  for (int dry = 0; dry < 8 && !missing.empty();) {
    Choice best;
    std::size_t most = 0;
    for (int attempt = 0; attempt < 300; ++attempt) {
      Choice choice(n);
      for (std::size_t i = 0; i < n; ++i) choice[i] = random.below(options()[i].second.size());
      std::size_t covered = 0;
      for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = a + 1; b < n; ++b) covered += missing.count({a, b, choice[a], choice[b]});
      if (covered > most && allowed(choice)) {
        most = covered;
        best = choice;
      }
    }
    dry = most == 0 ? dry + 1 : 0;
    if (most == 0) continue;
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = a + 1; b < n; ++b) missing.erase({a, b, best[a], best[b]});
    chosen.push_back(best);
  }
  // what is left contradicts itself, identity with a bias say: few
  BOOST_TEST(missing.size() < 12u);
  return chosen;
}

std::string text_of(const Choice& choice) {
  std::string text;
  for (std::size_t i = 0; i < choice.size(); ++i)
    if (choice[i]) text += options()[i].first + "=" + options()[i].second[choice[i]] + " ";
  return text;
}

/// Enough rows for batch normalisation; every kind of field.
const Shape every_kind{"cmwn", 17, INTERPLAY_BINARY, true};

}  // namespace

BOOST_AUTO_TEST_SUITE(autoint_network)

BOOST_AUTO_TEST_CASE(scores_and_gradients_of_every_preset_agree_with_the_twin) {
  for (const char* preset : {"tutorial", "paper", "authors", "fuxictr", "best", "small"})
    for (const Shape& shape :
         {every_kind, Shape{"cc", 20, INTERPLAY_RATING, false}, Shape{"ccn", 18, INTERPLAY_REGRESSION, true}})
      BOOST_TEST_CONTEXT(preset << " " << shape.fields) {
        const Setup t(exact_params(preset), shape);
        check_scores(t);
        check_gradient(t);
      }
}

BOOST_AUTO_TEST_CASE(scores_and_gradients_agree_with_the_twin_for_every_pair_of_options) {
  for (const Choice& choice : pairwise()) BOOST_TEST_CONTEXT(text_of(choice)) {
      const Setup t(params_of(choice), every_kind);
      check_scores(t);
      check_gradient(t);
    }
}

// 24 by 512 by 256 numbers: the second matrix is one that OpenBLAS gets.
BOOST_AUTO_TEST_CASE(gradients_of_a_wide_tower_agree_with_the_twin) {
  fake::Params params = exact_params();
  params.lists["deep_layers"] = {512, 256};
  check_gradient(Setup(params, every_kind));
}

// A block of this model is one tile of rows, of the shard's 150: dropout and gradients must not know.
BOOST_AUTO_TEST_CASE(a_shard_in_blocks_has_the_gradients_of_its_rows_one_by_one) {
  fake::Params params = exact_params();
  params.numbers["embedding_dim"] = params.numbers["attention_dim"] = 32;
  params.numbers["num_layers"] = 3;
  params.numbers["dropout"] = params.numbers["embedding_dropout"] = 0.5;
  const Setup t(params, {"ccccccc", 150, INTERPLAY_BINARY, true});
  const kit::Graph& graph = *t.model.graph;
  const std::size_t slot = graph.tables[0].slot, row_floats = 7 * kit::gradient_stride(32);
  const auto train = [&](kit::Floats& dense, kit::Floats& rows, std::size_t step) {
    kit::Network network(t.model, 7, t.loss, step);
    std::vector<float*> d_slots(graph.slots.size());
    d_slots[slot] = rows.data();
    for (std::size_t begin = 0; begin < 150; begin += step) {
      kit::Floats part(graph.dense());
      network.train(t.context(), begin, begin + step, part.data(), d_slots);
      for (std::size_t i = 0; i < part.size(); ++i) dense[i] += part[i];
    }
  };
  kit::Floats together(graph.dense()), apart(graph.dense()), rows(150 * row_floats), rows_apart(rows.size());

  train(together, rows, 150);
  train(apart, rows_apart, 1);

  BOOST_TEST((rows == rows_apart));
  for (std::size_t i = 0; i < together.size(); ++i)
    BOOST_TEST(std::abs(together[i] - apart[i]) < 1e-5f);  // sums of 150 numbers below 0.1, in another order
}

BOOST_AUTO_TEST_CASE(scores_agree_with_the_twin_at_every_level_and_awkward_size) {
  struct Case {
    Shape shape;
    double d, A, H, L;
  };
  const kit::Kernels* available[8];
  const std::size_t levels = available_kernels(available);
  for (const Case& c : {Case{{"cc", 130, INTERPLAY_RATING, false}, 32, 32, 2, 3},
                        Case{{"c", 1, INTERPLAY_BINARY, false}, 3, 2, 1, 1},
                        Case{{"mwn", 70, INTERPLAY_REGRESSION, false}, 1, 1, 1, 2},
                        Case{{"cn", 6, INTERPLAY_BINARY, true}, 3, 4, 2, 0},
                        Case{{"ccmwnccmwnccmwncc", 65, INTERPLAY_BINARY, true}, 8, 20, 4, 2}})
    for (std::size_t level = 0; level < levels; ++level)
      BOOST_TEST_CONTEXT(c.shape.fields << ' ' << available[level]->name) {
        fake::Params params = exact_params();
        params.numbers["embedding_dim"] = c.d;
        params.numbers["attention_dim"] = c.A;
        params.numbers["num_heads"] = c.H;
        params.numbers["num_layers"] = c.L;
        check_scores(Setup(params, c.shape, *available[level]));
      }
}

BOOST_AUTO_TEST_CASE(parameters_are_counted_as_published) {
  // 13 numbers and 26 categories; 39,361 of the paper without its output bias being left out, 40,513 of the authors' code
  fake::Data criteo;
  for (int f = 0; f < 39; ++f) {
    criteo.columns.push_back(
        {"c", f < 13 ? INTERPLAY_NUMBER : INTERPLAY_CATEGORY, f < 13 ? 0 : 3, {1}, {1}, {}});
  }
  criteo.labels = {1};

  BOOST_TEST(fresh_model(fake::Params::defaults(params_schema(), "paper"), criteo).dense_parameters() ==
             39361u);
  BOOST_TEST(fresh_model(fake::Params::defaults(params_schema(), "authors"), criteo).dense_parameters() ==
             40513u);
}

BOOST_AUTO_TEST_CASE(explained_attention_is_the_twins_and_sums_to_one) {
  for (const char* preset : {"tutorial", "paper"}) BOOST_TEST_CONTEXT(preset) {
      const Setup t(exact_params(preset), every_kind);
      const std::size_t rows = 17, floats = rows * 2 * 2 * 4 * 4;
      std::vector<float> found(floats);
      std::vector<double> expected;

      kit::Scorer(t.model).attention(t.model, t.memory.batch, found.data());
      reference::logits(to_twin(t.model, t.params), t.memory.batch, false, &expected);

      BOOST_REQUIRE(expected.size() == floats);
      for (std::size_t i = 0; i < floats; ++i)
        BOOST_TEST(std::abs(static_cast<double>(found[i]) - expected[i]) < 1e-5);
      for (std::size_t i = 0; i < floats; i += 4)
        BOOST_TEST(std::abs(found[i] + found[i + 1] + found[i + 2] + found[i + 3] - 1) < 1e-5f);
    }
}

BOOST_AUTO_TEST_CASE(dropout_masks_depend_on_the_row_and_not_on_the_shard) {
  fake::Params params = exact_params("best");
  for (const char* name : {"dropout", "embedding_dropout", "output_dropout", "deep_dropout"})
    params.numbers[name] = 0.3;
  params.numbers["deep_batch_norm"] = 0;  // its statistics are a shard's
  const Setup t(params, {"cc", 130, INTERPLAY_RATING, false});
  kit::Network whole(t.model, 7, t.loss, 130), parts(t.model, 7, t.loss, 50);

  const float* z = whole.forward(t.context(), 0, 130);
  const std::vector<float> together(z, z + 130);

  for (std::size_t begin = 0; begin < 130; begin += 50) {
    const std::size_t end = std::min<std::size_t>(begin + 50, 130);
    const float* apart = parts.forward(t.context(), begin, end);
    for (std::size_t r = begin; r < end; ++r) BOOST_TEST(together[r] == apart[r - begin]);
  }
}

BOOST_AUTO_TEST_CASE(gradients_under_every_dropout_agree_with_finite_differences) {
  // along the gradient itself, so that one difference stands for all embeddings: its slope is the squared norm
  fake::Params params = exact_params("best");
  for (const char* name : {"dropout", "embedding_dropout", "output_dropout", "deep_dropout"})
    params.numbers[name] = 0.3;
  Setup t(params, {"cc", 40, INTERPLAY_BINARY, false});
  double loss = 0, norm = 0;
  const auto gradient = engine_gradient(t, loss).at("tables/0");
  for (const double g : gradient) norm += g * g;
  const auto moved_loss = [&](double h) {
    for (std::size_t i = 0; i < gradient.size(); ++i)
      t.model.tables[0].own()[i] += static_cast<float>(h * gradient[i]);
    double moved = 0;
    engine_gradient(t, moved);
    return moved;
  };

  const double h = 0.02, above = moved_loss(h), below = moved_loss(-2 * h);

  BOOST_TEST(norm > 1e-4);
  BOOST_TEST(std::abs((above - below) / (2 * h) / norm - 1) < 0.03);  // curvature, float, kinks
}

BOOST_AUTO_TEST_CASE(another_step_drops_other_weights) {
  fake::Params params = exact_params();
  params.numbers["dropout"] = 0.3;
  const Setup t(params, {"cc", 130, INTERPLAY_RATING, false});
  kit::Network network(t.model, 7, t.loss, 130);
  kit::BatchContext context = t.context();
  const float* z = network.forward(context, 0, 130);
  const std::vector<float> first(z, z + 130);

  context.step += 1;

  z = network.forward(context, 0, 130);
  BOOST_TEST((first != std::vector<float>(z, z + 130)));
}

BOOST_AUTO_TEST_CASE(permuting_fields_with_their_output_weights_leaves_the_logit) {
  Setup t(exact_params(), {"ccc", 5, INTERPLAY_BINARY, false});
  const std::vector<double> before = reference::logits(to_twin(t.model, t.params), t.memory.batch, false);
  std::swap(t.model.tables[0], t.model.tables[2]);
  for (const kit::Parameter& p : t.model.graph->parameters)
    if (p.name.starts_with("output/"))
      for (std::size_t c = 0; c < p.columns.size(); ++c)
        std::swap(t.model.dense[p.offset + c], t.model.dense[p.offset + 2 * p.columns.size() + c]);
  interplay_batch permuted = t.memory.batch;
  std::vector<interplay_values> fields(permuted.fields, permuted.fields + 3);
  std::swap(fields[0], fields[2]);
  permuted.fields = fields.data();
  std::vector<float> logits(5);

  kit::Scorer(t.model).score(t.model, permuted, logits.data());

  for (std::size_t r = 0; r < 5; ++r)
    BOOST_TEST(std::abs(static_cast<double>(logits[r]) - before[r]) < logit_tolerance);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
