// The scorer's k best are those of recommend, in its order.
#include "capi/scorer_support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr int64_t stranger = 555;

/// What recommend says for one user: items and scores.
struct Recommended {
  Ints items;
  Floats scores;
};
Recommended recommended(const Model& model, const Table& user, const char* options,
                        const Table* candidates = nullptr) {
  const Table list = model.recommend(user, candidates, options);
  return {values<int64_t>(list, "item_id"), values<float>(list, "score")};
}
Table user_row(int64_t user) { return take(Table(1).add("user_id", Ints{user})); }

Ints items_of(const Scorer& scorer, const Scorer::Best& best) {
  Ints items;
  for (const int64_t index : best.index) {
    const auto [key, text] = scorer.item(index);
    BOOST_TEST(key.type == INTERPLAY_CELL_INT64);
    BOOST_TEST(text.empty());
    items.push_back(static_cast<int64_t>(key.value));
  }
  return items;
}

Cells ids(const Ints& items) {
  Cells cells;
  for (const int64_t item : items) cells.push_back(cell(item));
  return cells;
}

void expect_same(const Recommended& expected, const Ints& items, const Floats& scores) {
  BOOST_TEST(items == expected.items, tt::per_element());
  BOOST_TEST(bits(scores) == bits(expected.scores), tt::per_element());
}

/// A model whose items are all alike, because popularity damps them so: every score is a tie.
const Model& all_ties() {
  static const Model model =
      Model::create("popularity", R"({"item_damping": 1000000000, "user_damping": 1000000000, "rounds": 1})")
          .fit(shop());
  return model;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_scorer_top)

BOOST_AUTO_TEST_CASE(the_best_of_the_catalogue_are_those_that_recommend_finds) {
  for (const Model* const model : {&fitted(), &rich(), &fitted_to_clicks()}) {
    Scorer unseen(*model, {"user_id"}, {"item_id"}),
        all(*model, {"user_id"}, {}, R"({"exclude_seen": false})");
    for (const int64_t user : {int64_t{100}, int64_t{107}, stranger}) {
      for (const std::size_t k : {1U, 5U, 100U}) {
        const std::string options = R"({"k": )" + std::to_string(k) + "}";
        const Scorer::Best best = unseen.top({cell(user)}, k);
        expect_same(recommended(*model, user_row(user), options.c_str()), items_of(unseen, best),
                    best.scores);
      }
      const Scorer::Best best = all.top({cell(user)}, 100);
      BOOST_TEST(best.index.size() == 20U);
      expect_same(recommended(*model, user_row(user), R"({"k": 100, "exclude_seen": false})"),
                  items_of(all, best), best.scores);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_the_request_brings_of_its_user_counts) {
  Scorer scorer(rich(), {"user_id", "country", "user_history", "hour"}, {}, R"({"max_rows": 7})");
  CellHeap heap;
  const Ints liked{1002, 1005, 1007};
  const Cells shared{cell(stranger), heap.text("fr"), heap.list(ids(liked)), cell(13.5)};
  const Scorer::Best best = scorer.top(shared, 10, heap);
  Table user = user_row(stranger);
  user.add("country", Texts{"fr"}).add_lists("user_history", liked, Ints{0, 3}).add("hour", Floats{13.5F});
  expect_same(recommended(rich(), user, nullptr), items_of(scorer, best), best.scores);
}

BOOST_AUTO_TEST_CASE(ties_come_in_the_order_of_the_catalogue_and_of_the_rows) {
  Scorer scorer(all_ties(), {"user_id"}, {"item_id"}, R"({"max_rows": 4})");
  const Scorer::Best best = scorer.top({cell(stranger)}, 6);
  expect_same(recommended(all_ties(), user_row(stranger), R"({"k": 6})"), items_of(scorer, best),
              best.scores);
  const Scorer::Best rows = scorer.top({cell(stranger)}, ids({1019, 1001, 1007, 4711, 1002, 1000}), 6);
  BOOST_TEST(rows.scores.front() == rows.scores.back());
  BOOST_TEST(rows.index == (Ints{0, 1, 2, 3, 4, 5}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(given_rows_are_ranked_as_candidates_are) {
  const Ints given{1019, 1003, 1003, 4711, 1000, 1010, 1011, 1004};
  const Table candidates = take(Table(8).add("item_id", given));
  const char* const keep = R"({"exclude_seen": false})";
  const char* const leave_out = R"({"exclude_seen": true, "max_rows": 3})";
  for (const int64_t user : {int64_t{100}, int64_t{103}, stranger}) {
    Scorer all(rich(), {"user_id"}, {"item_id"}), unseen(rich(), {"user_id"}, {"item_id"}, leave_out);
    for (const auto& [scorer, options] :
         {std::pair{&all, keep}, std::pair{&unseen, static_cast<const char*>(nullptr)}}) {
      const Scorer::Best best = scorer->top({cell(user)}, ids(given), 10);
      Ints items;
      for (const int64_t row : best.index) items.push_back(given[static_cast<std::size_t>(row)]);
      expect_same(recommended(rich(), user_row(user), options, &candidates), items, best.scores);
    }
  }
}

BOOST_AUTO_TEST_CASE(rows_bring_features_of_their_own) {
  Scorer scorer(rich(), {"user_id"}, {"item_id", "hour"});
  const Ints given{1001, 1002, 1003};
  Cells rows;
  for (const int64_t item : given) {
    rows.push_back(cell(item));
    rows.push_back(cell(static_cast<double>(item % 10)));
  }
  const Scorer::Best best = scorer.top({cell(int64_t{100})}, rows, 2);
  const Table candidates = take(Table(3).add("item_id", given).add("hour", Floats{1, 2, 3}));
  const Recommended expected =
      recommended(rich(), user_row(100), R"({"k": 2, "exclude_seen": false})", &candidates);
  Ints items;
  for (const int64_t row : best.index) items.push_back(given[static_cast<std::size_t>(row)]);
  expect_same(expected, items, best.scores);
}

BOOST_AUTO_TEST_CASE(an_item_that_was_removed_is_not_in_the_catalogue_s_ranking) {
  const Model less =
      fitted().update("items", take(Table(1).add("item_id", Ints{1005})), R"({"action": "remove"})");
  Scorer scorer(less, {"user_id"}, {}, R"({"exclude_seen": false})");
  const Scorer::Best best = scorer.top({cell(int64_t{100})}, 100);
  BOOST_TEST(best.index.size() == 19U);
  expect_same(recommended(less, user_row(100), R"({"k": 100, "exclude_seen": false})"),
              items_of(scorer, best), best.scores);
}

BOOST_AUTO_TEST_CASE(logits_keep_the_order) {
  Scorer scores(fitted(), {"user_id"}, {}), logits(fitted(), {"user_id"}, {}, R"({"output": "logit"})");
  const Scorer::Best by_score = scores.top({cell(int64_t{100})}, 5),
                     by_logit = logits.top({cell(int64_t{100})}, 5);
  BOOST_TEST(by_score.index == by_logit.index, tt::per_element());
  BOOST_TEST((by_score.scores != by_logit.scores));
}

BOOST_AUTO_TEST_CASE(items_that_are_strings_come_back_as_they_were) {
  Scorer scorer(fitted(Ids::strings), {"user_id"}, {"item_id"});
  CellHeap heap;
  const Scorer::Best best = scorer.top({heap.text("#100")}, 3, heap);
  const Table list =
      fitted(Ids::strings).recommend(take(Table(1).add("user_id", Texts{"#100"})), nullptr, R"({"k": 3})");
  BOOST_REQUIRE(best.index.size() == 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [key, text] = scorer.item(best.index[i]);
    BOOST_TEST(key.type == INTERPLAY_CELL_STRING);
    BOOST_TEST(text == list.column("item_id").text(static_cast<int64_t>(i)));
  }
}

BOOST_AUTO_TEST_CASE(an_index_that_the_catalogue_has_not_is_refused) {
  const Scorer scorer(fitted(), {"user_id"}, {});
  for (const int64_t index : {int64_t{-1}, int64_t{20}, std::numeric_limits<int64_t>::max()})
    refused(INTERPLAY_INVALID_ARGUMENT, {"catalogue", "20"}, [&] { (void)scorer.item(index); });
}

BOOST_AUTO_TEST_CASE(no_rows_are_not_the_catalogue) {
  Scorer scorer(fitted(), {"user_id"}, {"item_id"});
  BOOST_TEST(scorer.top({cell(int64_t{100})}, Cells(), 3).index.empty());
}

BOOST_AUTO_TEST_CASE(a_ranking_that_makes_no_sense_is_refused) {
  Scorer in_rows(fitted(), {}, {"user_id", "item_id"}), shared_item(fitted(), {"item_id"}, {"user_id"});
  refused(INTERPLAY_INVALID_ARGUMENT, {"shared"}, [&] { (void)in_rows.top({}, 3); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"shared"}, [&] { (void)shared_item.top({cell(int64_t{1000})}, 3); });
  Scorer scorer(fitted(), {"user_id"}, {});
  refused(INTERPLAY_INVALID_ARGUMENT, {"k"}, [&] { (void)scorer.top({cell(int64_t{100})}, 0); });
  const Model forgetful = Model::parse(dump(fitted(), R"({"seen": false})"));
  Scorer wants_seen(forgetful, {"user_id"}, {}),
      does_not(forgetful, {"user_id"}, {}, R"({"exclude_seen": false})");
  refused(INTERPLAY_UNSUPPORTED, {"exclude_seen"}, [&] { (void)wants_seen.top({cell(int64_t{100})}, 3); });
  BOOST_TEST(does_not.top({cell(int64_t{100})}, 3).index.size() == 3U);
}

BOOST_AUTO_TEST_CASE(everyone_of_the_catalogue_may_be_asked_for_at_once) {
  Scorer scorer(fitted(), {"user_id"}, {});
  int64_t index[20];
  std::size_t n = 99;
  const Cells user{cell(int64_t{100})};
  BOOST_TEST(interplay_scorer_top(scorer.get(), user.data(), nullptr, 0, nullptr, 0, SIZE_MAX, index, nullptr,
                                  &n, nullptr) == INTERPLAY_OK);
  BOOST_TEST(n == recommended(fitted(), user_row(100), R"({"k": 100})").items.size());
}

BOOST_AUTO_TEST_SUITE_END()
