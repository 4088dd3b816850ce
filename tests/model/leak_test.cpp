// A history must not give a row's label away. On labels that are coin flips there is nothing to learn but the rows by heart:
// what a model reaches beyond that on its training rows, it has read in their histories.
#include <interplay/sdk/random.hpp>

#include <boost/test/unit_test.hpp>
#include <vector>

#include "eval/metrics.hpp"
#include "model/model.hpp"

namespace core = interplay::core;

namespace {

constexpr std::int64_t users = 300, items = 200, rows = 6000;

core::Table coin_flips() {
  interplay::Random random(4, interplay::Purpose::dataset_split);
  std::vector<std::int64_t> user, item;
  std::vector<float> label;
  for (std::int64_t row = 0; row < rows; ++row) {
    user.push_back(static_cast<std::int64_t>(random.below(users)));
    item.push_back(static_cast<std::int64_t>(random.below(items)));
    label.push_back(static_cast<float>(random.below(2)));
  }
  core::Table table(rows);
  table.add(core::make_column("user", std::move(user)));
  table.add(core::make_column("item", std::move(item)));
  table.add(core::make_column("label", std::move(label)));
  return table;
}

/// The AUC on the rows that were learned from, with ids and one history of the user.
double training_auc(const core::HistoryRule& rule) {
  core::Schema schema;
  schema.user = "user";
  schema.item = "item";
  schema.label = "label";
  schema.histories["history"] = rule;  // unchecked: the schema's JSON refuses what leaks
  const core::Table table = coin_flips();
  core::Dataset data(schema);
  data.append(core::Part::context, table);
  data.seal();
  const core::Model model = core::fit(
      core::create("autoint", core::parse_json(R"({"epochs": 25, "validation_fraction": 0, "dropout": 0,
        "embedding_dropout": 0, "embedding_l2": 0, "unknown_rate": 0, "patience": 0, "restore_best": false,
        "embedding_dim": 8, "attention_dim": 8, "num_heads": 2, "num_layers": 1, "learning_rate": 0.01})",
                                               "parameters")),
      data, nullptr, core::parse_json(R"({"threads": 2})", "options"), nullptr);
  const core::Json found = core::evaluate(model, data, core::Json::object(), nullptr);
  return found["metrics"]["auc"].get<double>();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_leak)

BOOST_AUTO_TEST_CASE(a_history_with_labels_does_not_give_the_row_s_own_label_away) {
  const double plain = training_auc({core::Part::user, false, false, 200});
  const double labels = training_auc({core::Part::user, true, true, 200});
  // All rows but the row itself, not only earlier ones: what must not be, and shows that this test can see it.
  const double leave_one_out = training_auc({core::Part::user, true, false, 200});
  BOOST_TEST_MESSAGE("training AUC: plain " << plain << ", labels of earlier rows " << labels
                                            << ", labels of all other rows " << leave_one_out);

  BOOST_TEST(labels < plain + 0.03);
  BOOST_TEST(leave_one_out > 0.95);
}

BOOST_AUTO_TEST_SUITE_END()
