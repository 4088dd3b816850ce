// update: the catalogue changes, the weights and the old model do not.
#include <algorithm>
#include <set>

#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

Ints everything_for(const Model& model, int64_t user) {
  Ints items = model.recommend_user(user, 1000).items;
  std::sort(items.begin(), items.end());
  return items;
}
bool contains(const Ints& items, int64_t item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

constexpr int64_t stranger = 555;
constexpr const char* replacement = R"({"action": "replace"})";
constexpr const char* removal = R"({"action": "remove"})";

/// The old model is the same to the byte, whatever becomes of the new one.
struct Untouched {
  const std::string before = dump(fitted());
  ~Untouched() { BOOST_TEST((dump(fitted()) == before), "update changed the model that it was given"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_update)

BOOST_AUTO_TEST_CASE(an_upsert_adds_items_and_overwrites_features) {
  const Untouched untouched;
  Table items(2);
  items.add("item_id", Ints{1001, 8888}).add_lists("genres", Texts{"war"}, Ints{0, 1, 1});
  const Model model = fitted().update("items", items);
  BOOST_TEST(info(model)["catalogue"]["items"] == 21);
  BOOST_TEST(info(model)["parent"] == info(fitted())["id"]);
  BOOST_TEST(contains(everything_for(model, stranger), 8888));

  Table explicit_genres = pairs({100, 100}, {1001, 1002});
  explicit_genres.add_lists("genres", Texts{"war", "drama"}, Ints{0, 1, 2});
  BOOST_TEST(score_bits(model, pairs({100, 100}, {1001, 1002}))[0] ==
             score_bits(fitted(), explicit_genres)[0]);
  BOOST_TEST(score_bits(model, pairs({100}, {1002})) == score_bits(fitted(), pairs({100}, {1002})),
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_upsert_without_a_feature_keeps_the_old_one) {
  const Model model = fitted().update("items", Table(1).add("item_id", Ints{1001}));
  BOOST_TEST(score_bits(model, everything()) == score_bits(fitted(), everything()), tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_upsert_adds_users_and_overwrites_features) {
  const Untouched untouched;
  const Model model = fitted().update(
      "users", Table(2).add("user_id", Ints{101, stranger}).add("country", Texts{"de", "fr"}));
  BOOST_TEST(info(model)["catalogue"]["users"] == 31);
  Table rows = pairs({101, stranger}, {1001, 1001});
  const auto now = score_bits(model, rows);
  rows.add("country", Texts{"de", "fr"});
  BOOST_TEST(now == score_bits(fitted(), rows), tt::per_element());
  BOOST_TEST(everything_for(model, 101) == everything_for(fitted(), 101),
             tt::per_element());  // what they have seen stays
}

BOOST_AUTO_TEST_CASE(an_item_that_is_removed_is_never_recommended_and_may_come_back) {
  const Untouched untouched;
  const Model without = fitted().update("items", Table(2).add("item_id", Ints{1005, 31337}), removal);
  BOOST_TEST(!contains(everything_for(without, stranger), 1005));
  BOOST_TEST(info(without)["catalogue"]["items"] == 19);
  const Model back = without.update("items", item_table({1005}));
  BOOST_TEST(score_bits(back, everything()) == score_bits(fitted(), everything()), tt::per_element());
  BOOST_TEST(everything_for(back, stranger) == all_items(), tt::per_element());
  BOOST_TEST(everything_for(back, 100) == everything_for(fitted(), 100), tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_replacement_is_the_whole_catalogue) {
  const Untouched untouched;
  const Model model = fitted().update("items", item_table({1002, 8888, 1007}), replacement);
  BOOST_TEST(everything_for(model, stranger) == (Ints{1002, 1007, 8888}), tt::per_element());
  BOOST_TEST(score_bits(model, pairs({100}, {1002})) == score_bits(fitted(), pairs({100}, {1002})),
             tt::per_element());
  const Model nothing = fitted().update("items", item_table({}), replacement);
  BOOST_TEST(everything_for(nothing, stranger).empty());
}

BOOST_AUTO_TEST_CASE(a_user_who_is_removed_leaves_no_trace) {
  const Untouched untouched;
  const Model model = fitted().update("users", Table(1).add("user_id", Ints{100}), removal);
  BOOST_TEST(info(model)["catalogue"]["users"] == 29);
  BOOST_TEST(everything_for(model, 100) == all_items(), tt::per_element());
  BOOST_TEST(everything_for(model, 101) == everything_for(fitted(), 101), tt::per_element());
  const Model only = fitted().update("users", user_table({100}), replacement);
  BOOST_TEST(info(only)["catalogue"]["users"] == 1);
  BOOST_TEST(everything_for(only, 100) == everything_for(fitted(), 100), tt::per_element());
  BOOST_TEST(everything_for(only, 101) == all_items(), tt::per_element());
}

BOOST_AUTO_TEST_CASE(seen_pairs_are_added_removed_and_replaced) {
  const Untouched untouched;
  const int64_t item = everything_for(fitted(), 100).front();
  const Model seen = fitted().update("seen", pairs({100, 100, stranger}, {item, item, 1000}));
  BOOST_TEST(!contains(everything_for(seen, 100), item));
  BOOST_TEST(!contains(everything_for(seen, stranger), 1000));
  BOOST_TEST(info(seen)["catalogue"]["seen"] == 242);
  const Model back = seen.update("seen", pairs({100, 9}, {item, item}), removal);
  BOOST_TEST(contains(everything_for(back, 100), item));
  BOOST_TEST(info(back)["catalogue"]["seen"] == 241);
  const Model fresh = fitted().update("seen", pairs({100}, {1003}), replacement);
  BOOST_TEST(everything_for(fresh, 100).size() == 19U);
  BOOST_TEST(everything_for(fresh, 101).size() == 20U);
  BOOST_TEST(score_bits(seen, everything()) == score_bits(fitted(), everything()), tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_item_that_somebody_has_seen_is_no_item_to_recommend) {
  const Model model = fitted().update("seen", pairs({100}, {31337}));
  BOOST_TEST(!contains(everything_for(model, stranger), 31337));
  BOOST_TEST(info(model)["catalogue"]["items"] == 20);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_an_update_is_named) {
  const Model& model = fitted();
  refused(INTERPLAY_NOT_FOUND, {"item_id"},
          [&] { (void)model.update("items", Table(1).add("id", Ints{1})); });
  refused(INTERPLAY_NOT_FOUND, {"item_id"},
          [&] { (void)model.update("seen", Table(1).add("user_id", Ints{1})); });
  refused(INTERPLAY_BAD_DATA, {"item_id", "string"},
          [&] { (void)model.update("items", Table(1).add("item_id", Texts{"1000"})); });
  refused(INTERPLAY_BAD_DATA, {"item_id", "row 1", "null"}, [&] {
    (void)model.update("items", Table(2).add("item_id", Ints{1, 2}, Bools{1, 0}));
  });
  refused(INTERPLAY_BAD_DATA, {"user_id", "row 2", "7"}, [&] {
    (void)model.update("users", Table(3).add("user_id", Ints{7, 8, 7}));
  });
  refused(INTERPLAY_BAD_DATA, {"country"},
          [&] { (void)model.update("users", Table(1).add("user_id", Ints{7}).add("country", Floats{1})); });
}

BOOST_AUTO_TEST_CASE(an_updated_model_survives_its_file) {
  Table items(2);
  items.add("item_id", Ints{8888, 1001}).add_lists("genres", Texts{"war", "new"}, Ints{0, 1, 2});
  const Model model = fitted()
                          .update("items", items)
                          .update("users", Table(1).add("user_id", Ints{100}), removal)
                          .update("seen", pairs({stranger}, {8888}));
  const Model read = Model::parse(model.dump());
  BOOST_TEST((dump(read) == dump(model)));
  BOOST_TEST(info(read) == info(model));
  BOOST_TEST(score_bits(read, everything()) == score_bits(model, everything()), tt::per_element());
  for (const int64_t user : {int64_t{100}, int64_t{101}, stranger})
    BOOST_TEST(read.recommend_user(user, 99).items == model.recommend_user(user, 99).items,
               tt::per_element());
}

// The four labels' mean is 3.5: its squared errors are 2.25, 0.25, 0.25, 2.25.
BOOST_AUTO_TEST_CASE(a_metric_stands_beside_the_global_mean_of_the_training_rows_also_after_load) {
  const Ints users{1, 1, 2, 2}, items{1, 2, 1, 2};
  const char* params = R"({"validation_fraction": 0, "epochs": 1, "embedding_dim": 2, "attention_dim": 2})";
  const Model model = Model::fit_pairs("autoint", params, users, items, Floats{2, 3, 4, 5});
  Dataset data(R"({"user": "user_id", "item": "item_id", "label": "rating"})");
  data.append("interactions",
              Table(4).add("user_id", users).add("item_id", items).add("rating", Floats{2, 3, 4, 5}));
  data.seal();

  for (const Model& one : {model, Model::parse(model.dump())}) {
    const Json baselines = Json::parse(one.evaluate(data).view())["baselines"];
    BOOST_TEST(baselines["global_mean"].get<double>() == std::sqrt(1.25), tt::tolerance(1e-6));
    BOOST_TEST(baselines["biases"].get<double>() < std::sqrt(1.25));
  }
}

BOOST_AUTO_TEST_SUITE_END()
