// Datasets that do not mean what a model learned, or what the training set beside them means: refused, with both in words.
#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr const char* users_only = R"({"user": "user_id", "label": "rating", "ignore": ["item_id"]})";
constexpr const char* items_only = R"({"item": "item_id", "label": "rating", "ignore": ["user_id"]})";
constexpr const char* neither = R"({"label": "rating", "ignore": ["user_id", "item_id"]})";
constexpr const char* swapped = R"({"user": "item_id", "item": "user_id", "label": "rating"})";
constexpr const char* unlabelled = R"({"user": "user_id", "item": "item_id", "ignore": ["rating"]})";
constexpr const char* hourless =
    R"({"user": "user_id", "item": "item_id", "label": "rating", "ignore": ["hour"]})";

Dataset bare(const Events& e, const char* schema = shop_schema) {
  Dataset data(schema);
  data.append("interactions", interactions(e)).seal();
  return data;
}
/// 1 for ratings of at least 3
Events liked() {
  Events e = events();
  for (float& rating : e.rating) rating = rating >= 3 ? 1.0F : 0.0F;
  return e;
}
Model untrained() { return Model::create("fm", R"({"rank": 2, "epochs": 1, "validation_fraction": 0})"); }
Json evaluated(const Model& model, const Dataset& data, const char* options = nullptr) {
  return Json::parse(model.evaluate(data, options).view());
}
void fit_refused(const Dataset& train, const Dataset& valid, Words said) {
  refused(INTERPLAY_BAD_DATA, said, [&] { (void)untrained().fit(train, &valid); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_agreement)

BOOST_AUTO_TEST_CASE(evaluate_wants_the_model_s_user_and_item_columns) {
  const Model model = untrained().fit(bare(events()));
  const auto evaluate_refused = [&](const char* schema, Words said) {
    for (const char* options : {"{}", R"({"k": 3})"})
      refused(INTERPLAY_BAD_DATA, said, [&] { evaluated(model, bare(events(), schema), options); });
  };
  evaluate_refused(items_only, {"user column \"user_id\"", "found none", "schema"});
  evaluate_refused(users_only, {"item column \"item_id\"", "found none"});
  evaluate_refused(neither, {"user column \"user_id\"", "found none"});
  evaluate_refused(swapped, {"user column \"user_id\"", "found \"item_id\""});
}

BOOST_AUTO_TEST_CASE(a_model_without_users_takes_a_dataset_that_has_them) {
  const Model model = untrained().fit(bare(events(), items_only));
  BOOST_TEST(evaluated(model, bare(events()))["metrics"]["rmse"].get<double>() ==
             evaluated(model, bare(events(), items_only))["metrics"]["rmse"].get<double>());
}

BOOST_AUTO_TEST_CASE(a_validation_set_has_the_roles_and_the_columns_of_the_training_set) {
  const Dataset train = bare(events());
  fit_refused(train, bare(events(), items_only), {"validation", "user column \"user_id\"", "found none"});
  fit_refused(train, bare(events(), users_only), {"validation", "item column \"item_id\"", "found none"});
  fit_refused(train, bare(events(), unlabelled), {"validation", "label column \"rating\"", "found none"});
  fit_refused(bare(events(), unlabelled), train, {"validation", "no label column", "found \"rating\""});
  fit_refused(bare(events(), unlabelled), bare(events(), users_only), {"validation", "item column"});
  fit_refused(train, bare(events(), hourless), {"validation", "column \"hour\"", "found none"});
}

BOOST_AUTO_TEST_CASE(training_goes_on_only_with_every_column_that_the_model_learned) {
  const Model model = untrained().fit(bare(events()));
  refused(INTERPLAY_BAD_DATA, {"column \"hour\"", "missing"},
          [&] { (void)model.fit(bare(events(), hourless)); });
}

BOOST_AUTO_TEST_CASE(evaluate_counts_a_column_that_is_not_there_as_unknown_in_every_row) {
  Events e = events();
  Ints device(e.user.size());
  for (std::size_t i = 0; i < device.size(); ++i) device[i] = static_cast<int64_t>(i % 3);
  Dataset data(shop_schema);
  data.append("interactions", interactions(e).add("device", device)).seal();
  const Model model = untrained().fit(data);

  BOOST_TEST(evaluated(model, data)["unknown"]["device"] == 0);
  BOOST_TEST(evaluated(model, bare(e))["unknown"]["device"] == static_cast<int>(e.user.size()));
}

BOOST_AUTO_TEST_CASE(a_model_of_clicks_refuses_other_labels) {
  const Dataset of_clicks = bare(liked()), of_ratings = bare(events());
  const Words said{"labels 0 and 1", "found "};
  for (const Model& model : {untrained().fit(of_clicks), untrained().fit(bare(events(), unlabelled))}) {
    refused(INTERPLAY_BAD_DATA, said, [&] { evaluated(model, of_ratings); });
    refused(INTERPLAY_BAD_DATA, {"pass \"relevant\""}, [&] { evaluated(model, of_ratings, R"({"k": 3})"); });
  }
  const Model model = untrained().fit(of_clicks);
  refused(INTERPLAY_BAD_DATA, said, [&] { (void)model.fit(of_ratings); });
  fit_refused(of_clicks, of_ratings, said);
}

BOOST_AUTO_TEST_CASE(rows_that_all_weigh_nothing_are_nothing_to_learn_from) {
  const Events e = events();
  Dataset data(R"({"user": "user_id", "item": "item_id", "label": "rating", "weight": "importance"})");
  data.append("interactions", interactions(e).add("importance", Floats(e.user.size(), 0.0F))).seal();
  refused(INTERPLAY_BAD_DATA, {"every weight in \"importance\" is 0, so no row counts"},
          [&] { (void)untrained().fit(data); });
}

BOOST_AUTO_TEST_CASE(relevant_says_which_ratings_are_clicks) {
  const Model model = untrained().fit(bare(liked()));
  const Json ratings = evaluated(model, bare(events()), R"({"relevant": 3})"),
             same = evaluated(model, bare(liked()));
  for (const char* metric : {"rmse", "log_loss", "auc", "group_auc"})
    BOOST_TEST(ratings["metrics"][metric].get<double>() == same["metrics"][metric].get<double>(), metric);
  BOOST_TEST(ratings["baselines"] == same["baselines"]);
}

// A dataset keeps float32, and 0.1 is none: as a double it lies below the cut that it made.
BOOST_AUTO_TEST_CASE(a_value_lies_in_the_bucket_that_it_was_learned_in) {
  constexpr int64_t n = 200;
  std::vector<double> price;
  Floats label;
  for (int64_t i = 0; i < n; ++i) {
    price.push_back(static_cast<double>(i % 10) / 10);
    label.push_back(static_cast<float>(i % 10 >= 1 ? 5 + i % 2 : 1 + i % 2));
  }
  Table rows(n);
  rows.add("price", price).add("stars", label);
  Dataset data(R"({"label": "stars", "fields": {"price": {"transform": {"buckets": 10}}}})");
  data.append("interactions", rows).seal();
  const Model model =
      Model::create("fm", R"({"rank": 0, "epochs": 30, "learning_rate": 0.1, "validation_fraction": 0})")
          .fit(data);
  const Floats found = scores(model, rows);
  double squares = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    squares += std::pow(static_cast<double>(found[i] - label[i]), 2);

  BOOST_TEST(std::sqrt(squares / n) == evaluated(model, data)["metrics"]["rmse"].get<double>(),
             tt::tolerance(1e-6));
}

BOOST_AUTO_TEST_SUITE_END()
