// Scoring and the rest through the engine's C table, as the core calls it.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

namespace interplay::autoint::test {
namespace {

double error_rate(const std::vector<float>& logits, const fake::Data& data) {
  double wrong = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) wrong += (logits[i] > 0) != (data.labels[i] > 0.5f);
  return wrong / static_cast<double>(logits.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(autoint_engine)

BOOST_AUTO_TEST_CASE(
    it_learns_which_pairs_go_together) {  // a tenth of the labels is noise; guessing errs in four tenths
  const fake::Data data = planted(20000, 31, 1), fresh = planted(2000, 31, 2);
  fake::Params params = small_params();
  params.numbers["epochs"] = 6;

  const Fitted fitted(data, params);

  BOOST_REQUIRE(fitted.status == INTERPLAY_OK);
  BOOST_TEST(error_rate(score_all(fitted.state, fresh), fresh) < 0.13);
  BOOST_TEST(fitted.run.notes.at("epochs") == 6);
  BOOST_TEST(fitted.run.notes.at("steps") == 6 * 134);
}

BOOST_AUTO_TEST_CASE(a_batch_scores_like_its_rows_one_by_one_bit_for_bit) {
  const fake::Data data = make_data(mixed, 1);
  const Fitted fitted(data, small_params());
  const std::vector<float> together = score_all(fitted.state, data);
  fake::BatchMemory memory(data);

  for (std::int64_t row = 0; row < data.rows(); ++row) {
    memory.fill(&row, 1);
    BOOST_TEST(score(fitted.state, memory.batch).at(0) == together[static_cast<std::size_t>(row)]);
  }
}

BOOST_AUTO_TEST_CASE(a_field_with_one_row_is_shared_by_the_batch) {  // a user's part of a ranking call
  const fake::Data data = planted(300, 11, 3);
  const Fitted fitted(data, small_params());
  fake::BatchMemory memory(data);
  memory.fill(all_rows(data).data(), 300);
  memory.values[0].rows = 1;

  const std::vector<float> shared = score(fitted.state, memory.batch);

  memory.values[0].rows = 300;
  std::fill(memory.columns[0].ids.begin(), memory.columns[0].ids.end(), memory.columns[0].ids[0]);
  BOOST_TEST((shared == score(fitted.state, memory.batch)));
}

// The first layer's products are looked up, and were computed by the same chains of sums.
BOOST_AUTO_TEST_CASE(projections_change_no_bit_of_categories_and_only_the_rounding_of_others) {
  for (const bool only_categories : {true, false}) {
    const fake::Data data = only_categories ? planted(300, 11, 3) : make_data(mixed, 1);
    fake::Params params = small_params();
    const Fitted plain(data, params);
    params.numbers["projections"] = 1;
    const Fitted projected(data, params);
    fake::BatchMemory memory(data);
    memory.fill(all_rows(data).data(), 100);
    const std::vector<float> expected = score(plain.state, memory.batch),
                             found = score(projected.state, memory.batch);
    for (std::size_t row = 0; row < 100; ++row) {
      BOOST_TEST(std::abs(found[row] - expected[row]) < 2e-6f * (1 + std::abs(expected[row])));
      if (only_categories) BOOST_TEST(found[row] == expected[row]);
    }
    const std::int64_t last = 99;
    memory.fill(&last, 1);
    BOOST_TEST(score(projected.state, memory.batch).at(0) == found[99]);
  }
}

BOOST_AUTO_TEST_CASE(projections_without_effect_are_said_to_be_so) {
  fake::Params params = small_params();
  params.numbers["projections"] = 1;
  params.numbers["qkv_bias"] = 1;
  const Fitted fitted(planted(300, 11, 3), params);
  const auto& warnings = fitted.run.warnings;
  BOOST_TEST(std::any_of(warnings.begin(), warnings.end(), [](const std::string& text) {
    return text.starts_with("projections has no effect");
  }));
}

BOOST_AUTO_TEST_CASE(an_id_beyond_its_table_scores_as_unknown) {
  const fake::Data data = planted(300, 11, 3);
  const Fitted fitted(data, small_params());
  fake::BatchMemory memory(data);
  memory.fill(all_rows(data).data(), 3);
  memory.columns[0].ids = {0, 11, -5};
  memory.columns[1].ids = {1, 1, 1};

  const std::vector<float> scores = score(fitted.state, memory.batch);

  BOOST_TEST(scores.at(1) == scores.at(0));
  BOOST_TEST(scores.at(2) == scores.at(0));
}

BOOST_AUTO_TEST_CASE(dropout_is_off_in_scoring) {
  const fake::Data data = planted(300, 11, 3);
  fake::Params params = small_params();
  params.numbers["dropout"] = 0.9;
  const Fitted fitted(data, params);
  fake::BatchMemory memory(data);
  memory.fill(all_rows(data).data(), data.rows());
  const std::vector<double> expected =
      reference::logits(to_twin(fitted.get().model, params), memory.batch, false);

  const std::vector<float> scores = score(fitted.state, memory.batch);

  for (std::size_t r = 0; r < scores.size();
       ++r)  // the twin knows no dropout; float against double, as everywhere
    BOOST_TEST(std::abs(static_cast<double>(scores[r]) - expected[r]) < 1e-4);
}

BOOST_AUTO_TEST_CASE(parameters_are_counted_as_in_the_tutorial) {  // 324,416 for the ids of MovieLens-1M
  fake::Data data;
  data.columns.push_back({"user", INTERPLAY_CATEGORY, 6041, {1}, {}, {}});
  data.columns.push_back({"movie", INTERPLAY_CATEGORY, 3707, {1}, {}, {}});
  data.labels = {1};
  fake::Params params = small_params();
  for (const char* name : {"embedding_dim", "attention_dim"}) params.numbers[name] = 32;
  params.numbers["num_layers"] = 3;

  const Fitted fitted(data, params);

  const double unknown_rows = 2 * 32, output_bias = 1;  // ours has them, the tutorial has not
  BOOST_TEST(fitted.run.notes.at("parameters") - unknown_rows - output_bias == 324416);
}

BOOST_AUTO_TEST_CASE(a_batch_of_other_fields_is_refused) {
  const fake::Data data = planted(200, 11, 1), other = make_data(mixed, 1);
  const Fitted fitted(data, small_params());
  fake::BatchMemory memory(other);
  memory.fill(all_rows(other).data(), 5);

  BOOST_TEST(score(fitted.state, memory.batch).empty());
}

BOOST_AUTO_TEST_CASE(the_scratch_may_be_used_for_batches_of_any_size) {
  const fake::Data data = make_data(mixed, 1);
  const Fitted fitted(data, small_params());
  fake::BatchMemory memory(data);
  memory.fill(all_rows(data).data(), data.rows());
  std::vector<float> out(static_cast<std::size_t>(data.rows()));
  void* scratch = nullptr;
  BOOST_REQUIRE(engine().scratch_new(fitted.state, 1, &scratch, nullptr) == INTERPLAY_OK);

  BOOST_TEST(engine().score(fitted.state, scratch, &memory.batch, out.data(), nullptr) == INTERPLAY_OK);

  BOOST_TEST((out == score(fitted.state, memory.batch)));
  engine().scratch_free(scratch);
}

BOOST_AUTO_TEST_CASE(comparing_losses_rank_the_row_above_its_negatives) {
  // item 1 goes with even users, item 2 with odd ones; each row has one negative, the other item
  fake::Data data;
  data.columns.resize(2);
  data.columns[0] = {"user", INTERPLAY_CATEGORY, 21, {}, {}, {}};
  data.columns[1] = {"item", INTERPLAY_CATEGORY, 3, {}, {}, {}};
  data.negatives = 1;
  for (const bool drawn : {false, true})
    for (std::int32_t row = 0; row < 200; ++row) {
      const std::int32_t user = 1 + row % 20;
      data.columns[0].ids.push_back(user);
      data.columns[1].ids.push_back(1 + ((user % 2 != 0) != drawn));
      data.labels.push_back(drawn ? 0.0f : 1.0f);
    }
  for (const char* loss : {"bpr", "softmax"}) BOOST_TEST_CONTEXT(loss) {
      fake::Params params = small_params();
      params.texts["loss"] = loss;
      params.numbers["epochs"] = 60;
      const Fitted fitted(data, params, 2);
      BOOST_REQUIRE(fitted.status == INTERPLAY_OK);
      const std::vector<float> scores = score_all(fitted.state, data);
      for (std::size_t row = 0; row < 200; ++row) BOOST_TEST(scores[row] > scores[row + 200]);
    }
}

BOOST_AUTO_TEST_CASE(another_major_of_the_abi_is_refused) {
  BOOST_TEST(interplay_builtin_autoint(INTERPLAY_ENGINE_ABI + 1, &fake::host()) == nullptr);
  interplay_host older = fake::host();
  older.struct_size = 16;
  BOOST_TEST(interplay_builtin_autoint(INTERPLAY_ENGINE_ABI, &older) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
