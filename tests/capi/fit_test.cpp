// fit: what it refuses, how it is watched and cancelled, that it is repeatable, and how training goes on.
#include <algorithm>
#include <map>
#include <thread>

#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

Model fit(const Dataset& data, const char* options = nullptr, const Monitor* monitor = nullptr) {
  return Model::create("autoint", quick).fit(data, nullptr, options, monitor);
}

Events with(Events e, int64_t user, int64_t item, float rating) {
  e.user.push_back(user);
  e.item.push_back(item);
  e.rating.push_back(rating);
  e.hour.push_back(3);
  return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_fit)

BOOST_AUTO_TEST_CASE(a_dataset_that_is_not_sealed_is_refused) {
  Dataset data(shop_schema);
  data.append("interactions", interactions(events()));
  refused(INTERPLAY_INVALID_STATE, {"seal"}, [&] { (void)fit(data); });
  const Dataset sealed = shop();
  refused(INTERPLAY_INVALID_STATE, {"validation", "seal"},
          [&] { (void)Model::create("autoint", quick).fit(sealed, &data); });
}

BOOST_AUTO_TEST_CASE(no_interactions_are_refused) {
  Dataset data(shop_schema);
  data.seal();
  refused(INTERPLAY_BAD_DATA, {"no interactions"}, [&] { (void)fit(data); });
  const Events none;
  refused(INTERPLAY_BAD_DATA, {"no interactions"}, [&] { (void)fit(shop(none)); });
  refused(INTERPLAY_BAD_DATA, {"no interactions"},
          [] { (void)Model::fit_pairs("autoint", quick, Ints{}, Ints{}); });
  const Dataset sealed = shop();
  refused(INTERPLAY_BAD_DATA, {"validation"},
          [&] { (void)Model::create("autoint", quick).fit(sealed, &data); });
}

BOOST_AUTO_TEST_CASE(a_label_that_is_always_the_same_is_refused) {
  Events e = events();
  for (float& rating : e.rating) rating = 4;
  refused(INTERPLAY_BAD_DATA, {"label", "4"}, [&] { (void)fit(shop(e)); });
}

BOOST_AUTO_TEST_CASE(labels_that_are_no_numbers_are_refused_in_the_shortcut_too) {
  refused(INTERPLAY_BAD_DATA, {"rating", "row 1"}, [] {
    (void)Model::fit_pairs("autoint", quick, Ints{1, 2}, Ints{1, 2}, Floats{1, not_a_number});
  });
}

BOOST_AUTO_TEST_CASE(binary_labels_are_zero_and_one) {
  const Model model = Model::create("autoint", R"({"objective": "binary", "epochs": 1})");
  refused(INTERPLAY_BAD_DATA, {"binary", "0 and 1"}, [&] { (void)model.fit(shop()); });
}

BOOST_AUTO_TEST_CASE(a_dataset_without_labels_and_items_is_refused) {
  Dataset data(R"({"user": "user_id"})");
  data.append("interactions", Table(2).add("user_id", Ints{1, 2})).seal();
  refused(INTERPLAY_BAD_DATA, {"label", "item"}, [&] { (void)fit(data); });
}

BOOST_AUTO_TEST_CASE(ids_may_be_negative_and_huge) {
  constexpr int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  const Ints users{low, -1, 0, high, low}, items{high, low, -7, 0, -7};
  const Model model = Model::fit_pairs("autoint", quick, users, items, Floats{1, 2, 3, 4, 5});
  for (const float score : model.predict_pairs(users, items)) BOOST_TEST(std::isfinite(score));
  Ints items_left = model.recommend_user(low, 10).items;
  std::sort(items_left.begin(), items_left.end());
  BOOST_TEST(items_left == (Ints{low, 0}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(ids_may_be_empty_strings) {
  Dataset data(shop_schema);
  data.append("interactions", Table(3)
                                  .add("user_id", Texts{"", "a", "a"})
                                  .add("item_id", Texts{"x", "", "\u00e9"})
                                  .add("rating", Floats{1, 2, 3}));
  data.seal();
  const Model model = fit(data);
  const Table best = model.recommend(Table(1).add("user_id", Texts{"x"}), nullptr, R"({"k": 9})");
  std::vector<std::string> items;
  for (int64_t i = 0; i < 3; ++i) items.emplace_back(best.column("item_id").text(i));
  std::sort(items.begin(), items.end());
  BOOST_TEST(items == (Texts{"", "x", "\u00e9"}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_changes_no_byte) {
  const Dataset data = shop();
  const std::string one = dump(fit(data, R"({"threads": 1})"));
  BOOST_TEST((one == dump(fit(data, R"({"threads": 3})"))));
  BOOST_TEST((one == dump(fit(data))));
}

BOOST_AUTO_TEST_CASE(another_seed_gives_another_model) {
  const Model other =
      Model::create("autoint", R"({"embedding_dim": 4, "attention_dim": 4, "num_heads": 2, "num_layers": 1,
    "epochs": 2, "batch_size": 32, "warmup_steps": 0, "learning_rate": 0.02, "seed": 2})")
          .fit(shop());
  BOOST_TEST(score_bits(other, everything()) != score_bits(fitted(), everything()));
}

BOOST_AUTO_TEST_CASE(watching_changes_no_byte_and_tells_every_epoch) {
  std::vector<Json> ends;
  const auto thread = std::this_thread::get_id();
  const Monitor monitor([&](std::string_view json) {
    const Json event = Json::parse(json);
    if (event.value("epoch_end", false)) ends.push_back(event);
    return std::this_thread::get_id() == thread;  // on no other thread, or the call is cancelled
  });
  const Model watched = fit(shop(), R"({"threads": 2})", &monitor);
  BOOST_TEST((dump(watched) == dump(fitted())));
  BOOST_REQUIRE(ends.size() == 2U);
  for (const char* key : {"stage", "epoch", "epochs", "rows", "rows_total", "loss", "valid_loss", "metric",
                          "valid_metric", "best_epoch", "rows_per_second", "seconds", "seconds_left"})
    BOOST_TEST(ends[1].contains(key), key);
  BOOST_TEST(ends[1]["epoch"] == 2);
  BOOST_TEST(Json::parse(monitor.read().view()) == ends[1]);
}

BOOST_AUTO_TEST_CASE(a_monitor_has_seen_nothing_before_the_first_event) {
  BOOST_TEST(Monitor().read().view() == "{}");
}

BOOST_AUTO_TEST_CASE(a_fit_that_is_cancelled_half_way_changes_nothing) {
  const Model& old = fitted();
  const std::string before = dump(old);
  int events = 0;
  const Monitor monitor([&](std::string_view) { return ++events < 2; });
  const Model longer =
      Model::create("autoint", R"({"embedding_dim": 4, "attention_dim": 4, "epochs": 50, "patience": 0})");
  refused(INTERPLAY_CANCELLED, {"cancel"}, [&] { (void)longer.fit(shop(), nullptr, nullptr, &monitor); });
  BOOST_TEST(events == 2);
  events = 1;
  refused(INTERPLAY_CANCELLED, {"cancel"}, [&] { (void)old.fit(shop(), nullptr, nullptr, &monitor); });
  BOOST_TEST((dump(old) == before));

  const Dataset data = shop();
  events = 1;
  make_fails<interplay_model>(INTERPLAY_CANCELLED, {}, interplay_model_fit, old.get(),
                              static_cast<const interplay_dataset*>(data.get()), nullptr, "{}",
                              static_cast<const interplay_monitor*>(monitor.get()), nullptr);
}

BOOST_AUTO_TEST_CASE(a_monitor_that_was_cancelled_stops_every_later_call) {
  const Monitor monitor;
  monitor.cancel();
  const Table users = user_table(all_users());
  refused(INTERPLAY_CANCELLED, {"cancel"}, [&] { (void)fit(shop(), nullptr, &monitor); });
  refused(INTERPLAY_CANCELLED, {"recommend", "cancel"},
          [&] { (void)fitted().recommend(users, nullptr, nullptr, &monitor); });
  refused(INTERPLAY_CANCELLED, {"evaluate", "cancel"},
          [&] { (void)fitted().evaluate(shop(), nullptr, &monitor); });
}

BOOST_AUTO_TEST_CASE(a_given_validation_set_is_learned_from_by_nobody) {
  const auto [first, second] = shop().split(R"({"fraction": 0.25})");
  const Model model = Model::create("autoint", quick).fit(first, &second);
  const Json training = info(model)["training"];
  BOOST_TEST(training["rows"] == 180);
  BOOST_TEST(training["valid_rows"] == 60);
  BOOST_TEST(training["split"] == "given");
  BOOST_TEST(training["valid_metric"].get<double>() > 0);
}

BOOST_AUTO_TEST_CASE(positives_alone_draw_negatives) {
  const Events e = events();
  const Model model = Model::fit_pairs("autoint", quick, e.user, e.item);
  const Json about = info(model);
  BOOST_TEST(about["objective"]["kind"] == "binary");
  for (const float score : model.predict_pairs(e.user, e.item)) BOOST_TEST((score > 0 && score < 1));
  BOOST_TEST(model.recommend_user(100, 20).items.size() == 12U);
}

BOOST_AUTO_TEST_CASE(the_shortcut_gives_the_model_of_the_long_calls) {
  const Events e = events();
  const Model quickly = Model::fit_pairs("autoint", quick, e.user, e.item, e.rating);
  Dataset data(shop_schema);
  Table rows = pairs(e.user, e.item);
  rows.add("rating", e.rating);
  data.append("interactions", rows).seal();
  const Model slowly = fit(data);
  BOOST_TEST((dump(quickly) == dump(slowly)));
  BOOST_TEST(info(quickly)["schema"] == Json::parse(shop_schema));
}

BOOST_AUTO_TEST_CASE(training_goes_on_with_new_rows_users_and_items) {
  const Model& old = fitted();
  const std::string before = dump(old);
  Dataset data(shop_schema);
  data.append("users", user_table({100, 999})).append("items", item_table({1000, 9999}));
  data.append("interactions",
              interactions(with(with(with(events(), 999, 9999, 5), 999, 1000, 4), 100, 9999, 2)))
      .seal();
  const Model more = old.fit(data);

  BOOST_TEST((dump(old) == before));
  const Json was = info(old), is = info(more);
  BOOST_TEST(is["parent"] == was["id"]);
  BOOST_TEST(is["id"] != was["id"]);
  BOOST_TEST(is["objective"] == was["objective"]);
  BOOST_TEST(is["catalogue"]["users"] == 31);
  BOOST_TEST(is["catalogue"]["items"] == 21);
  const Floats now = scores(more, everything()), then = scores(old, everything());
  float apart = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    BOOST_TEST((now[i] >= 1 && now[i] <= 5));
    apart = std::max(apart, std::fabs(now[i] - then[i]));
  }
  BOOST_TEST(apart < 2.5F);
  BOOST_TEST(apart > 0.0F);
  BOOST_TEST(more.recommend_user(999, 100).items.size() == 19U);
  BOOST_TEST(old.recommend_user(999, 100).items.size() == 20U);
}

BOOST_AUTO_TEST_CASE(training_goes_on_only_with_the_same_columns_and_types) {
  const Model& old = fitted();
  refused(INTERPLAY_BAD_DATA, {"user_id"}, [&] { (void)old.fit(shop(Ids::strings)); });
  Dataset without(shop_schema);
  Table rows = pairs({1, 2}, {1, 2});
  rows.add("rating", Floats{1, 2});
  without.append("interactions", rows).seal();
  refused(INTERPLAY_BAD_DATA, {"hour"}, [&] { (void)old.fit(without); });
  refused(INTERPLAY_BAD_DATA, {"rating"},
          [&] { (void)old.fit(shop(Ids::integers, R"({"user": "user_id", "item": "item_id"})")); });
}

BOOST_AUTO_TEST_CASE(info_tells_what_the_header_promises) {
  const Json about = info(fitted());
  for (const char* key : {"id", "parent", "fitted", "engine", "parameters", "schema", "fields", "objective",
                          "catalogue", "training", "warnings"})
    BOOST_TEST(about.contains(key), key);
  for (const char* key : {"rows", "valid_rows", "split", "fingerprint", "epochs", "best_epoch", "metric",
                          "valid_metric", "baselines", "history"})
    BOOST_TEST(about["training"].contains(key), key);
  BOOST_TEST(about["objective"]["kind"] == "rating");
  BOOST_TEST(about["objective"]["low"] == 1.0);
  BOOST_TEST(about["objective"]["high"] == 5.0);
  BOOST_TEST(about["catalogue"] == Json::parse(R"({"users": 30, "items": 20, "seen": 240})"));
  BOOST_TEST(about["training"]["rows"] == 216);
  BOOST_TEST(about["training"]["history"].size() == 2U);
  std::map<std::string, std::string> kinds;
  for (const Json& field : about["fields"])
    kinds[field["name"]] = field["of"].get<std::string>() + " " + field["kind"].get<std::string>();
  BOOST_TEST(kinds["user_id"] == "user category");
  BOOST_TEST(kinds["country"] == "user category");
  BOOST_TEST(kinds["genres"] == "item categories");
  BOOST_TEST(kinds["hour"] == "context number");
}

BOOST_AUTO_TEST_CASE(info_tells_the_kernel_level) {
  const Json about = info(fitted());
  BOOST_TEST(about.contains("kernel"),
             "interplay.h promises \"kernel\", found " << about.dump().substr(0, 200));
}

BOOST_AUTO_TEST_SUITE_END()
