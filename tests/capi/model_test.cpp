// predict, recommend and evaluate, against what follows from each other.
#include <algorithm>
#include <map>
#include <set>

#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

/// Recommendations for one user, in their order.
struct Best {
  Ints items;
  Floats scores;
};
Best best(const Model& model, const Table& user, const Table* candidates = nullptr,
          const char* options = R"({"k": 100})") {
  const Table table = model.recommend(user, candidates, options);
  return {values<int64_t>(table, "item_id"), values<float>(table, "score")};
}
Table user(int64_t id) { return take(Table(1).add("user_id", Ints{id})); }

Ints unseen(int64_t user_id) {
  Ints items;
  for (const int64_t item : all_items())
    if (!rated(user_id, item)) items.push_back(item);
  return items;
}
Ints sorted(Ints items) {
  std::sort(items.begin(), items.end());
  return items;
}

/// Known users with items that they have not seen, some twice with different labels, so that scores tie.
Events held_out(bool as_clicks) {
  Events e;
  for (const int64_t u : all_users())
    for (const int64_t item : all_items()) {
      if (rated(u, item) || (u + item) % 3 == 0) continue;
      for (int copy = 0; copy < (item % 4 == 0 ? 2 : 1); ++copy) {
        const float label = copy == 0 ? taste(u, item) : 6 - taste(u, item);
        e.user.push_back(u);
        e.item.push_back(item);
        e.rating.push_back(as_clicks ? static_cast<float>(label > 3) : label);
        e.hour.push_back(not_a_number);
      }
    }
  return e;
}
Table rows_of(const Events& e) {
  Table rows = pairs(e.user, e.item);
  rows.add("hour", e.hour);
  return rows;
}
Dataset bare(const Events& e) {
  Dataset data(shop_schema);
  data.append("interactions", interactions(e)).seal();
  return data;
}
Json metrics(const Model& model, const Dataset& data, const char* options = nullptr) {
  return Json::parse(model.evaluate(data, options).view())["metrics"];
}

/// The share of pairs of a positive and a negative that are in order; a tie counts half.
double area(const Floats& s, const Floats& label) {
  double right = 0, all = 0;
  for (std::size_t p = 0; p < s.size(); ++p)
    for (std::size_t n = 0; n < s.size(); ++n) {
      if (label[p] != 1 || label[n] != 0) continue;
      right += s[p] > s[n] ? 1 : s[p] == s[n] ? 0.5 : 0;
      all += 1;
    }
  return right / all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_model)

BOOST_AUTO_TEST_CASE(the_shortcuts_say_what_the_tables_say) {
  const Events e = events();
  const Model model = Model::fit_pairs("autoint", quick, e.user, e.item, e.rating);
  BOOST_TEST(bits(model.predict_pairs(e.user, e.item)) == score_bits(model, pairs(e.user, e.item)),
             tt::per_element());
  const Ranking quickly = model.recommend_user(107, 5);
  const Best slowly = best(model, user(107), nullptr, R"({"k": 5})");
  BOOST_TEST(quickly.items == slowly.items, tt::per_element());
  BOOST_TEST(bits(quickly.scores) == bits(slowly.scores), tt::per_element());
  int64_t items[5];
  std::size_t n = 0;
  BOOST_TEST(interplay_recommend_user(model.get(), 107, 5, items, nullptr, &n, nullptr) == INTERPLAY_OK);
  BOOST_TEST(n == 5U);
  BOOST_TEST(Ints(items, items + 5) == slowly.items, tt::per_element());
}

BOOST_AUTO_TEST_CASE(predicting_no_rows_gives_no_rows) {
  BOOST_TEST(scores(fitted(), pairs({}, {})).empty());
  BOOST_TEST(fitted().predict_pairs(Ints{}, Ints{}).empty());
  BOOST_TEST(values<int64_t>(fitted().recommend(pairs({}, {})), "row").empty());
}

BOOST_AUTO_TEST_CASE(an_id_of_the_wrong_type_is_an_error_and_never_unknown) {
  refused(INTERPLAY_BAD_DATA, {"user_id", "string"},
          [] { (void)fitted().predict(Table(1).add("user_id", Texts{"100"}).add("item_id", Ints{1000})); });
  refused(INTERPLAY_BAD_DATA, {"item_id"}, [] {
    (void)fitted(Ids::strings).predict(Table(1).add("user_id", Texts{"#100"}).add("item_id", Ints{1000}));
  });
  refused(INTERPLAY_BAD_DATA, {"user_id"},
          [] { (void)fitted().predict(Table(1).add("user_id", Floats{100})); });
  refused(INTERPLAY_BAD_DATA, {"user_id"},
          [] { (void)fitted().recommend(Table(1).add("user_id", Texts{"100"})); });
  refused(INTERPLAY_BAD_DATA, {"item_id"}, [] {
    const Table candidates = take(Table(1).add("item_id", Texts{"1000"}));
    (void)fitted().recommend(user(100), &candidates);
  });
  refused(INTERPLAY_BAD_DATA, {"hidden"}, [] {
    const Table users =
        take(Table(1).add("user_id", Ints{100}).add_lists("hidden", Texts{"1000"}, Ints{0, 1}));
    (void)fitted().recommend(users, nullptr, R"({"exclude": "hidden"})");
  });
  refused(INTERPLAY_BAD_DATA, {"user_id"},
          [] { (void)fitted(Ids::strings).predict_pairs(Ints{100}, Ints{1000}); });
  refused(INTERPLAY_BAD_DATA, {}, [] { (void)fitted(Ids::strings).recommend_user(100, 3); });
}

BOOST_AUTO_TEST_CASE(a_feature_of_the_wrong_type_is_named) {
  const auto with = [] { return pairs({100}, {1000}); };
  refused(INTERPLAY_BAD_DATA, {"country"}, [&] { (void)fitted().predict(with().add("country", Ints{3})); });
  refused(INTERPLAY_BAD_DATA, {"hour"}, [&] { (void)fitted().predict(with().add("hour", Texts{"3"})); });
  refused(INTERPLAY_BAD_DATA, {"hour"}, [&] { (void)fitted().predict(with().add("hour", Floats{beyond})); });
  refused(INTERPLAY_BAD_DATA, {"country"}, [&] {
    (void)fitted().predict(with().add_lists("country", Texts{"a", "b"}, Ints{0, 2}));
  });
}

BOOST_AUTO_TEST_CASE(a_table_without_a_known_column_is_refused) {
  refused(INTERPLAY_NOT_FOUND, {"user_id", "item_id"},
          [] { (void)fitted().predict(Table(1).add("usr", Ints{1})); });
  refused(INTERPLAY_NOT_FOUND, {"user_id", "usr_id"},
          [] { (void)fitted().recommend(Table(1).add("usr_id", Ints{1})); });
  refused(INTERPLAY_NOT_FOUND, {"hiden", "hidden"}, [] {
    const Table users = take(Table(1).add("user_id", Ints{100}).add_lists("hidden", Ints{1000}, Ints{0, 1}));
    (void)fitted().recommend(users, nullptr, R"({"exclude": "hiden"})");
  });
}

BOOST_AUTO_TEST_CASE(columns_may_come_in_any_order_and_others_are_ignored) {
  Table rows(2);
  rows.add("colour", Texts{"red", "blue"})
      .add("rating", Texts{"?", "?"})
      .add("item_id", Ints{1001, 1002})
      .add("user_id", Ints{100, 101});
  BOOST_TEST(score_bits(fitted(), rows) == score_bits(fitted(), pairs({100, 101}, {1001, 1002})),
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(ids_that_are_unknown_score_alike_and_finite) {
  const Floats s =
      scores(fitted(), pairs({555, -9, std::numeric_limits<int64_t>::max(), 100}, {77, 78, 79, 77}));
  for (const float score : s) BOOST_TEST((score >= 1 && score <= 5));
  BOOST_TEST(bits({s[0], s[0]}) == bits({s[1], s[2]}), tt::per_element());
  BOOST_TEST(s[3] != s[0]);
  Table nulls(1);
  nulls.add("user_id", Ints{100}, Bools{0}).add("item_id", Ints{1000}, Bools{0});
  BOOST_TEST(score_bits(fitted(), nulls)[0] == bits({s[0]})[0]);
}

BOOST_AUTO_TEST_CASE(a_column_that_is_present_wins_over_the_catalogue_null_included) {
  const Model& model = fitted();
  const auto rows = [] { return pairs({100, 101}, {1001, 1002}); };
  const auto plain = score_bits(model, rows());
  BOOST_TEST(score_bits(model, rows().add("country", countries({100, 101}))) == plain, tt::per_element());
  const auto other = score_bits(model, rows().add("country", countries({101, 102})));
  BOOST_TEST(other[0] != plain[0]);
  const auto null = score_bits(model, rows().add("country", countries({100, 101}), Bools{0, 1}));
  BOOST_TEST(null[0] != plain[0]);
  BOOST_TEST(null[1] == plain[1]);

  Table same = rows(), nothing = rows();
  add_genres(same, {1001, 1002});
  BOOST_TEST(score_bits(model, same) == plain, tt::per_element());
  nothing.add_lists("genres", Texts{}, Ints{0, 0, 0});
  BOOST_TEST(score_bits(model, nothing)[0] != plain[0]);
}

BOOST_AUTO_TEST_CASE(a_context_that_is_absent_is_a_missing_one) {
  const Model& model = fitted();
  const auto rows = [] { return pairs({100}, {1001}); };
  const auto absent = score_bits(model, rows())[0];
  BOOST_TEST(score_bits(model, rows().add("hour", Floats{not_a_number}))[0] == absent);
  BOOST_TEST(score_bits(model, rows().add("hour", Floats{5}, Bools{0}))[0] == absent);
  BOOST_TEST(score_bits(model, rows().add("hour", Floats{5}))[0] != absent);
}

BOOST_AUTO_TEST_CASE(an_unknown_that_the_schema_forbids_is_named_with_its_row) {
  const Model model =
      Model::create("autoint", quick).fit(shop(Ids::integers, R"({"user": "user_id", "item": "item_id",
    "label": "rating", "fields": {"user_id": {"unknown": "error"}, "country": {"unknown": "error"}}})"));
  const auto rows = [](int64_t user) { return pairs({100, user}, {1000, 5}); };
  BOOST_TEST(scores(model, rows(101)).size() == 2U);  // an unknown item is fine
  refused(INTERPLAY_BAD_DATA, {"user_id", "row 1", "555", "unknown"},
          [&] { (void)model.predict(rows(555)); });
  refused(INTERPLAY_BAD_DATA, {"country", "row 0", "xx"}, [&] {
    (void)model.predict(rows(101).add("country", Texts{"xx", "de"}));
  });
  refused(INTERPLAY_BAD_DATA, {"user_id", "555"}, [&] { (void)model.recommend(user(555)); });
  refused(INTERPLAY_BAD_DATA, {"user_id", "555"}, [&] { (void)model.predict_pairs(Ints{555}, Ints{1000}); });
}

BOOST_AUTO_TEST_CASE(threads_and_company_do_not_change_a_score) {
  const Model& model = fitted();
  const Floats together = scores(model, everything());
  BOOST_TEST(bits(scores(model, everything(), R"({"threads": 3})")) == bits(together), tt::per_element());
  for (const std::size_t at : {std::size_t{0}, std::size_t{21}, std::size_t{599}}) {
    const auto alone = score_bits(
        model, pairs({100 + static_cast<int64_t>(at) / 20}, {1000 + static_cast<int64_t>(at) % 20}));
    BOOST_TEST(alone[0] == bits({together[at]})[0]);
  }
}

BOOST_AUTO_TEST_CASE(scores_are_logits_stretched_over_the_range_of_the_label) {
  const Floats s = scores(fitted(), everything()),
               logits = scores(fitted(), everything(), R"({"output": "logit"})", "logit");
  const Floats p = scores(fitted_to_clicks(), everything()),
               clicks = scores(fitted_to_clicks(), everything(), R"({"output": "logit"})", "logit");
  for (std::size_t i = 0; i < s.size(); ++i) {
    BOOST_TEST(std::fabs(s[i] - (1 + 4 / (1 + std::exp(-logits[i])))) < 1e-5F);
    BOOST_TEST(std::fabs(p[i] - 1 / (1 + std::exp(-clicks[i]))) < 1e-6F);
  }
}

BOOST_AUTO_TEST_CASE(recommendations_are_the_best_of_what_was_not_seen) {
  const Model& model = fitted();
  for (const int64_t id : {100, 107, 129}) {
    const Best list = best(model, user(id));
    BOOST_TEST(sorted(list.items) == unseen(id), tt::per_element());
    BOOST_TEST(std::is_sorted(list.scores.rbegin(), list.scores.rend()));
    BOOST_TEST(bits(list.scores) == score_bits(model, pairs(Ints(list.items.size(), id), list.items)),
               tt::per_element());
    const Best three = best(model, user(id), nullptr, R"({"k": 3})");
    BOOST_TEST(three.items == Ints(list.items.begin(), list.items.begin() + 3), tt::per_element());
  }
}

BOOST_AUTO_TEST_CASE(recommendations_come_with_row_and_rank) {
  const Table table =
      fitted().recommend(Table(3).add("user_id", Ints{100, 555, 100}), nullptr, R"({"k": 2, "threads": 2})");
  BOOST_TEST(values<int64_t>(table, "row") == (Ints{0, 0, 1, 1, 2, 2}), tt::per_element());
  BOOST_TEST(values<int32_t>(table, "rank") == (std::vector<int32_t>{1, 2, 1, 2, 1, 2}), tt::per_element());
  const Ints items = values<int64_t>(table, "item_id");
  BOOST_TEST(Ints(items.begin(), items.begin() + 2) == Ints(items.begin() + 4, items.end()),
             tt::per_element());
  const Table texts =
      fitted(Ids::strings).recommend(Table(1).add("user_id", Texts{"#100"}), nullptr, R"({"k": 2})");
  BOOST_TEST(texts.column("item_id").text(1).substr(0, 3) == "#10");
}

BOOST_AUTO_TEST_CASE(a_k_beyond_the_catalogue_gives_what_there_is) {
  BOOST_TEST(best(fitted(), user(100), nullptr, R"({"k": 1000000})").items.size() == 12U);
  BOOST_TEST(best(fitted(), user(555), nullptr, R"({"k": 1000000})").items.size() == 20U);
  std::vector<int64_t> items(21);
  std::size_t n = 0;
  BOOST_TEST(interplay_recommend_user(fitted().get(), 555, items.size(), items.data(), nullptr, &n,
                                      nullptr) == INTERPLAY_OK);
  BOOST_TEST(n == 20U);
  n = 0;  // the caller's word for his room is believed, so a huge one must cost nothing
  BOOST_TEST(interplay_recommend_user(fitted().get(), 555, SIZE_MAX, items.data(), nullptr, &n, nullptr) ==
             INTERPLAY_OK);
  BOOST_TEST(n == 20U);
}

BOOST_AUTO_TEST_CASE(who_has_seen_everything_gets_nothing_and_no_error) {
  const Model model = Model::fit_pairs("autoint", quick, Ints{1, 1, 2}, Ints{7, 8, 8}, Floats{1, 2, 3});
  BOOST_TEST(model.recommend_user(1, 5).items.empty());
  const Table table = model.recommend(Table(2).add("user_id", Ints{1, 2}));
  BOOST_TEST(values<int64_t>(table, "row") == (Ints{1}), tt::per_element());
  BOOST_TEST(values<int64_t>(table, "item_id") == (Ints{7}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(seen_items_come_back_when_asked_for) {
  const Best list = best(fitted(), user(100), nullptr, R"({"k": 100, "exclude_seen": false})");
  BOOST_TEST(sorted(list.items) == all_items(), tt::per_element());
}

BOOST_AUTO_TEST_CASE(candidates_limit_the_choice_and_exclusions_too) {
  const Model& model = fitted();
  const Ints all = unseen(100);
  const Ints some{all[0], 4242, all[3], all[5]};
  const Table candidates = take(Table(4).add("item_id", some));
  BOOST_TEST(sorted(best(model, user(100), &candidates).items) == sorted(some), tt::per_element());

  Table picky(1);
  picky.add("user_id", Ints{100}).add_lists("hidden", Ints{all[0], all[1], 4242, 31337}, Ints{0, 4});
  const Best rest = best(model, picky, nullptr, R"({"k": 100, "exclude": "hidden"})");
  BOOST_TEST(sorted(rest.items) == Ints(all.begin() + 2, all.end()), tt::per_element());
  BOOST_TEST(sorted(best(model, picky, &candidates, R"({"exclude": "hidden"})").items).size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_excluded_candidate_that_the_catalogue_does_not_know_is_left_out) {
  Table picky(1);
  picky.add("user_id", Ints{100}).add_lists("hidden", Ints{4242}, Ints{0, 1});
  const Table candidates = take(Table(2).add("item_id", Ints{4242, 4243}));
  BOOST_TEST(best(fitted(), picky, &candidates, R"({"exclude": "hidden"})").items == (Ints{4243}),
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(context_and_features_of_a_request_count) {
  const Model& model = fitted();
  Table asker = user(100);
  asker.add("hour", Floats{5}).add("country", Texts{"fr"});
  const Best list = best(model, asker);
  const std::size_t n = list.items.size();
  Table rows = pairs(Ints(n, 100), list.items);
  rows.add("hour", Floats(n, 5)).add("country", Texts(n, "fr"));
  BOOST_TEST(bits(list.scores) == score_bits(model, rows), tt::per_element());

  Table candidates = take(Table(2).add("item_id", Ints{1001, 1002}));
  candidates.add_lists("genres", Texts{"war"}, Ints{0, 1, 1});
  const Best two = best(model, asker, &candidates, R"({"exclude_seen": false})");
  Table same = pairs({100, 100}, {1001, 1002});
  same.add("hour", Floats{5, 5})
      .add("country", Texts{"fr", "fr"})
      .add_lists("genres", Texts{"war"}, Ints{0, 1, 1});
  const Floats expected = scores(model, same);
  BOOST_TEST(two.scores[two.items[0] == 1001 ? 0U : 1U] == expected[0]);
  BOOST_TEST(two.scores[two.items[0] == 1001 ? 1U : 0U] == expected[1]);
}

BOOST_AUTO_TEST_CASE(ties_keep_the_order_of_the_candidates_and_of_the_catalogue) {
  const Table candidates = take(Table(5).add("item_id", Ints{7003, 7001, 7005, 7002, 7004}));
  BOOST_TEST(best(fitted(), user(100), &candidates).items == (Ints{7003, 7001, 7005, 7002, 7004}),
             tt::per_element());
  BOOST_TEST(best(fitted(), user(100), &candidates, R"({"k": 2})").items == (Ints{7003, 7001}),
             tt::per_element());

  Table fresh(3);
  fresh.add("item_id", Ints{7002, 7009, 7001}).add_lists("genres", Texts{}, Ints{0, 0, 0, 0});
  const Model more = fitted().update("items", fresh);
  Ints order;
  for (const int64_t item : best(more, user(100)).items)
    if (item > 7000) order.push_back(item);
  BOOST_TEST(order == (Ints{7002, 7009, 7001}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_candidate_without_an_id_is_refused) {
  const Table candidates = take(Table(2).add("item_id", Ints{1001, 1002}, Bools{1, 0}));
  refused(INTERPLAY_BAD_DATA, {"item_id", "row 1", "null"},
          [&] { (void)fitted().recommend(user(100), &candidates); });
  const Table nameless = take(Table(1).add("itemid", Ints{1001}));
  refused(INTERPLAY_NOT_FOUND, {"itemid"}, [&] { (void)fitted().recommend(user(100), &nameless); });
}

BOOST_AUTO_TEST_CASE(a_model_without_items_recommends_nothing) {
  Dataset data(R"({"label": "y"})");
  data.append("interactions", Table(4)
                                  .add("a", Texts{"p", "q", "p", "q"})
                                  .add("b", Floats{1, 2, 3, not_a_number})
                                  .add("y", Floats{0, 1, 0, 1}));
  data.seal();
  const Model model = Model::create("autoint", quick).fit(data);
  BOOST_TEST(scores(model, Table(1).add("a", Texts{"p"})).size() == 1U);
  refused(INTERPLAY_UNSUPPORTED, {"recommend", "item"},
          [&] { (void)model.recommend(Table(1).add("a", Texts{"p"})); });
  refused(INTERPLAY_UNSUPPORTED, {"user"}, [&] { (void)model.predict_pairs(Ints{1}, Ints{1}); });
  refused(INTERPLAY_UNSUPPORTED, {"item"}, [&] { (void)model.recommend_user(1, 1); });
  refused(INTERPLAY_UNSUPPORTED, {"\"k\""}, [&] { (void)model.evaluate(data, R"({"k": 3})"); });
}

BOOST_AUTO_TEST_CASE(rmse_and_mae_follow_from_the_scores) {
  const Events e = held_out(false);
  const Floats s = scores(fitted(), rows_of(e));
  double squares = 0, absolute = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const double off = static_cast<double>(s[i]) - static_cast<double>(e.rating[i]);
    squares += off * off;
    absolute += std::fabs(off);
  }
  const Json found = metrics(fitted(), bare(e), R"({"threads": 2})");
  BOOST_TEST(found["rmse"].get<double>() == std::sqrt(squares / static_cast<double>(s.size())),
             tt::tolerance(1e-9));
  BOOST_TEST(found["mae"].get<double>() == absolute / static_cast<double>(s.size()), tt::tolerance(1e-9));
  BOOST_TEST(!found.contains("auc"));
}

BOOST_AUTO_TEST_CASE(auc_and_log_loss_follow_from_the_scores_ties_counted_half) {
  const Events e = held_out(true);
  const Floats s = scores(fitted_to_clicks(), rows_of(e));
  double loss = 0;
  for (std::size_t i = 0; i < s.size(); ++i)
    loss -= std::log(e.rating[i] == 1 ? static_cast<double>(s[i]) : 1 - static_cast<double>(s[i]));
  const Json found = metrics(fitted_to_clicks(), bare(e));
  BOOST_TEST(found["auc"].get<double>() == area(s, e.rating), tt::tolerance(1e-9));
  BOOST_TEST(found["log_loss"].get<double>() == loss / static_cast<double>(s.size()), tt::tolerance(1e-9));
  BOOST_TEST(std::set<float>(s.begin(), s.end()).size() < s.size());  // there are ties
}

BOOST_AUTO_TEST_CASE(ranking_metrics_follow_from_predictions_of_the_whole_catalogue) {
  Events e = held_out(false);
  for (const int64_t stranger : {5000, 5001}) {  // a stranger, and an item that nobody can be recommended
    e.user.push_back(stranger == 5000 ? stranger : 100);
    e.item.push_back(stranger == 5000 ? 1003 : stranger);
    e.rating.push_back(5);
    e.hour.push_back(not_a_number);
  }
  std::map<int64_t, std::set<int64_t>> relevant;
  for (std::size_t i = 0; i < e.user.size(); ++i)
    if (e.rating[i] >= 4) relevant[e.user[i]].insert(e.item[i]);
  double hit = 0, ndcg = 0, recall = 0, mrr = 0;
  for (const auto& [u, wanted] : relevant) {
    const Ints items = u < 200 ? unseen(u) : all_items();
    const Floats value =
        scores(fitted(), pairs(Ints(items.size(), u), items), R"({"output": "logit"})", "logit");
    double found = 0, gain = 0, ideal = 0, first = 1e9;
    for (const int64_t item : wanted) {
      const auto at = std::find(items.begin(), items.end(), item) - items.begin();
      if (at == static_cast<std::ptrdiff_t>(items.size())) continue;
      double rank = 0.5;
      for (const float v : value)
        rank += v > value[static_cast<std::size_t>(at)]    ? 1
                : v == value[static_cast<std::size_t>(at)] ? 0.5
                                                           : 0;
      first = std::min(first, rank);
      if (rank > 3) continue;
      found += 1;
      gain += 1 / std::log2(1 + rank);
    }
    for (std::size_t i = 1; i <= std::min<std::size_t>(3, wanted.size()); ++i)
      ideal += 1 / std::log2(1.0 + static_cast<double>(i));
    hit += found > 0 ? 1 : 0;
    ndcg += gain / ideal;
    recall += found / static_cast<double>(wanted.size());
    mrr += first <= 3 ? 1 / first : 0;
  }
  const auto n = static_cast<double>(relevant.size());
  const Json got = metrics(fitted(), bare(e), R"({"k": 3, "relevant": 4, "threads": 2})");
  BOOST_TEST(got["hr@3"].get<double>() == hit / n, tt::tolerance(1e-9));
  BOOST_TEST(got["ndcg@3"].get<double>() == ndcg / n, tt::tolerance(1e-9));
  BOOST_TEST(got["recall@3"].get<double>() == recall / n, tt::tolerance(1e-9));
  BOOST_TEST(got["mrr@3"].get<double>() == mrr / n, tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(the_default_of_relevant_is_the_middle_of_the_range) {
  const Dataset data = bare(held_out(false));
  BOOST_TEST(metrics(fitted(), data, R"({"k": 5})") == metrics(fitted(), data, R"({"k": 5, "relevant": 3})"));
}

BOOST_AUTO_TEST_CASE(evaluate_counts_unknown_rows) {
  Events e;
  e.user = {100, 555, 556};
  e.item = {1000, 1001, 77};
  e.rating = {1, 2, 3};
  e.hour = {1, 2, 3};
  const Json result = Json::parse(fitted().evaluate(bare(e)).view());
  BOOST_TEST(result["rows"] == 3);
  BOOST_TEST(result["unknown"]["user_id"] == 2);
  BOOST_TEST(result["unknown"]["item_id"] == 1);
}

BOOST_AUTO_TEST_CASE(ranking_against_a_sample_is_refused) {
  const Dataset data = shop();
  refused(INTERPLAY_UNSUPPORTED, {"sampled", "sample"},
          [&] { (void)fitted().evaluate(data, R"({"k": 3, "sampled": 100})"); });
  BOOST_CHECK_EXCEPTION((void)fitted().evaluate(data, R"({"kk": 3})"), interplay::Exception,
                        [](const auto& error) {
                          return error.status() == INTERPLAY_INVALID_ARGUMENT &&
                                 std::string(error.what()).find("sampled") == std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(evaluate_refuses_what_cannot_be_measured) {
  Dataset open(shop_schema);
  refused(INTERPLAY_INVALID_STATE, {"seal"}, [&] { (void)fitted().evaluate(open); });
  open.seal();
  refused(INTERPLAY_BAD_DATA, {"no interactions"}, [&] { (void)fitted().evaluate(open); });
  Dataset strings = shop(Ids::strings);
  refused(INTERPLAY_BAD_DATA, {"id"}, [&] { (void)fitted().evaluate(strings); });
  Dataset unlabelled(R"({"user": "user_id", "item": "item_id"})");
  unlabelled.append("interactions", pairs({100}, {1000})).seal();
  refused(INTERPLAY_BAD_DATA, {"label", "\"k\""}, [&] { (void)fitted().evaluate(unlabelled); });
}

BOOST_AUTO_TEST_SUITE_END()
