// The scorer gives what predict gives, bit for bit, however a row is told.
#include <thread>

#include "capi/scorer_support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr int64_t stranger = 555;

Rows people_and_things(const Ints& users, const Ints& items) {
  return {{}, {{"user_id", tell(users)}, {"item_id", tell(items)}}, users.size()};
}
/// One user and every item.
Rows one_user(const Value& user) { return {{{"user_id", {user}}}, {{"item_id", tell(all_items())}}, 20}; }

const Ints some_users{100, 101, 107, stranger, 129}, some_items{1000, 1003, 1004, 1011, 4711};

Json stats(const Scorer& scorer) { return Json::parse(scorer.stats().view()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_scorer)

BOOST_AUTO_TEST_CASE(pairs_of_integers_score_as_predict_does_unknown_ones_included) {
  for (const Model* const model : {&fitted(), &rich(), &fitted_to_clicks()})
    expect_as_predicted(*model, people_and_things(some_users, some_items));
}

BOOST_AUTO_TEST_CASE(pairs_of_strings_score_as_predict_does) {
  const Rows rows{{},
                  {{"item_id", tell(Texts{"#1000", "#1003", "", "#4711", "#1019"})},
                   {"user_id", tell(Texts{"#100", "#101", "#555", "nobody", "#129"})}},
                  5};
  expect_as_predicted(rich(Ids::strings), rows);
}

BOOST_AUTO_TEST_CASE(a_shared_user_scores_as_the_same_user_in_each_row) {
  for (const int64_t user : {int64_t{100}, int64_t{107}, stranger})
    for (const Model* const model : {&fitted(), &rich()}) expect_as_predicted(*model, one_user(user));
}

BOOST_AUTO_TEST_CASE(a_shared_item_scores_as_the_same_item_in_each_row) {
  expect_as_predicted(rich(), {{{"item_id", {int64_t{1005}}}}, {{"user_id", tell(all_users())}}, 30});
}

BOOST_AUTO_TEST_CASE(a_shared_pair_has_no_history_of_itself) {
  const Rows rows{{{"item_id", {int64_t{1005}}}, {"user_id", {int64_t{100}}}},
                  {{"hour", {1.5, 23.0, Nothing(), 7.0, 8.0, 9.0}}},
                  6};
  expect_as_predicted(rich(), rows);
}

BOOST_AUTO_TEST_CASE(categories_lists_and_numbers_of_a_row_win_over_the_catalogue_nulls_included) {
  Rows rows = people_and_things(some_users, some_items);
  const std::vector<Told> more{
      {"country", {"de", "fr", Nothing(), "unheard of", ""}},
      {"genres", {Texts{"war", "comedy"}, Texts{}, Nothing(), Texts{"opera"}, Texts{"drama", "opera"}}},
      {"hour", {1.25, int64_t{7} * 1.0, Nothing(), -1e30, 0.0}},
      {"device", {"phone", Nothing(), "desk", "watch", ""}},
      {"price", {3.0, Nothing(), 49.0, -5.0, 1e9}},
      {"shelf", {int64_t{3}, int64_t{-1}, Nothing(), int64_t{1} << 62, int64_t{0}}},
      {"clicks", {Ints{1, 2, 2}, Ints{}, Nothing(), Ints{99}, Ints{0, 99}}}};
  for (const Told& column : more) {
    Rows alone = people_and_things(some_users, some_items);
    alone.row.push_back(column);
    expect_as_predicted(rich(), alone);
    rows.row.insert(rows.row.begin(), column);
  }
  expect_as_predicted(rich(), rows);
  for (const Told& column : more) {
    Rows shared = one_user(int64_t{101});
    for (const Value& value : column.rows) {
      if (value.index() == 0) continue;  // a table of nothing has no type
      shared.shared = {{"user_id", {int64_t{101}}}, {column.name, {value}}};
      expect_as_predicted(rich(), shared);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_integer_is_as_good_a_number_as_a_float) {
  const Rows rows{{}, {{"user_id", tell(some_users)}, {"hour", tell(Ints{1, 2, 3, -4, 5})}}, 5};
  expect_as_predicted(rich(), rows);
}

BOOST_AUTO_TEST_CASE(not_a_number_is_a_number_that_is_missing) {
  Scorer scorer(rich(), {}, {"user_id", "hour", "price"});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Cells cells{cell(int64_t{100}), cell(nan), cell(nan), cell(int64_t{100}), cell(), cell()};
  const auto found = bits(scorer.score({}, cells));
  BOOST_TEST(found[0] == found[1]);
}

BOOST_AUTO_TEST_CASE(lists_take_their_weights_from_the_column_beside_them) {
  Rows rows = people_and_things(some_users, some_items);
  rows.row.push_back({"tags", {Texts{"red", "big"}, Texts{"big"}, Nothing(), Texts{}, Texts{"blue", "red"}}});
  expect_as_predicted(rich(), rows);  // every weight is 1
  const auto even = score_bits(rich(), rows.table());
  rows.row.insert(rows.row.begin(),
                  {"tags_power", {Numbers{3, 0.5}, Numbers{0}, Nothing(), Numbers{}, Numbers{1, 2}}});
  expect_as_predicted(rich(), rows);
  BOOST_TEST(score_bits(rich(), rows.table())[0] != even[0]);
}

BOOST_AUTO_TEST_CASE(histories_of_a_row_win_over_those_of_the_catalogue) {
  const Ints liked{1002, 1005, 1007, 1011, 4711};
  Rows rows = one_user(stranger);
  rows.shared.push_back({"user_history", {liked}});
  rows.shared.push_back({"user_history_labels", {liked}});
  rows.shared.push_back({"user_history_labels_weights", {Numbers{5, 4, 5, 1, 3}}});
  expect_as_predicted(rich(), rows);
  BOOST_TEST((score_bits(rich(), rows.table()) != score_bits(rich(), one_user(stranger).table())));

  Rows own = people_and_things(some_users, some_items);
  own.row.push_back({"user_history", {Ints{1000, 1001}, Ints{1003}, Nothing(), Ints{}, Ints{4711, 1002}}});
  own.row.push_back({"item_history", {Ints{100, 101}, Ints{555}, Ints{129}, Nothing(), Ints{}}});
  expect_as_predicted(rich(), own);
}

BOOST_AUTO_TEST_CASE(columns_that_nobody_names_are_unknown_or_the_catalogue_s) {
  expect_as_predicted(rich(), {{}, {{"item_id", tell(all_items())}}, 20});
  expect_as_predicted(rich(), {{}, {{"hour", tell(Numbers{1, 2, 3})}}, 3});
  expect_as_predicted(rich(), {{{"hour", {2.0}}}, {{"user_id", tell(some_users)}}, 5});
}

BOOST_AUTO_TEST_CASE(rows_beyond_a_block_score_as_those_within) {
  Ints users, items;
  for (int64_t i = 0; i < 2500; ++i) {
    users.push_back(95 + i % 40);
    items.push_back(998 + i % 23);
  }
  const Rows rows = people_and_things(users, items);
  Scorer scorer = rows.open(rich());
  BOOST_TEST((bits(rows.scores(scorer)) == score_bits(rich(), rows.table())));
}

BOOST_AUTO_TEST_CASE(logits_are_those_of_predict) {
  const Rows rows = one_user(int64_t{100});
  Scorer scorer = rows.open(fitted(), R"({"output": "logit"})");
  BOOST_TEST(
      bits(rows.scores(scorer)) == bits(scores(fitted(), rows.table(), R"({"output": "logit"})", "logit")),
      tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_scorer_needs_its_model_no_longer_and_a_newer_one_does_not_change_it) {
  const Rows rows = one_user(int64_t{100});
  const auto before = score_bits(fitted(), rows.table());
  Scorer scorer = [&] {
    const Model copy = Model::parse(dump(fitted()));
    return rows.open(copy);
  }();
  BOOST_TEST(bits(rows.scores(scorer)) == before, tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_id_keeps_what_the_catalogue_knows_and_an_unknown_one_stays_unknown) {
  Scorer scorer(rich(), {"user_id"}, {"item_id"});
  const interplay_cell known = scorer.resolve(0, cell(int64_t{100})),
                       unknown = scorer.resolve(0, cell(stranger));
  BOOST_TEST(known.type == INTERPLAY_CELL_ID);
  BOOST_TEST((unknown.value != known.value));
  const Cells item{scorer.resolve(1, cell(int64_t{1001}))};
  BOOST_TEST(bits(scorer.score({known}, item)) == score_bits(rich(), pairs({100}, {1001})));
  BOOST_TEST(bits(scorer.score({unknown}, item)) == score_bits(rich(), pairs({stranger}, {1001})));
  const interplay_cell again = scorer.resolve(0, known);
  BOOST_TEST((again.type == known.type && again.size == known.size && again.value == known.value));
}

BOOST_AUTO_TEST_CASE(an_item_s_id_goes_into_a_history_of_items_too) {
  Scorer scorer(rich(), {"user_id", "user_history"}, {"item_id"});
  CellHeap heap;
  const Cells told{cell(int64_t{1002}), cell(int64_t{1005})};
  const Cells found{scorer.resolve(2, told[0]), scorer.resolve(1, told[1])};
  const Cells item{cell(int64_t{1001})};
  const Floats by_value = scorer.score({cell(stranger), heap.list(told)}, item, heap);
  BOOST_TEST(bits(scorer.score({cell(stranger), heap.list(found)}, item, heap)) == bits(by_value));
}

BOOST_AUTO_TEST_CASE(numbers_and_weights_resolve_to_themselves) {
  Scorer scorer(rich(), {}, {"hour", "price", "tags", "tags_power"});
  for (const std::size_t column : {0U, 1U, 3U}) {
    const interplay_cell made = scorer.resolve(column, cell(2.5));
    BOOST_TEST(made.type == INTERPLAY_CELL_FLOAT64);
    BOOST_TEST(made.value == cell(2.5).value);
  }
  BOOST_TEST(scorer.resolve(2, cell()).type == INTERPLAY_CELL_NULL);
}

BOOST_AUTO_TEST_CASE(stats_count_the_rows_and_what_was_unknown_in_each_column) {
  Scorer scorer(rich(), {"country"}, {"user_id", "item_id", "hour", "genres"}, R"({"max_rows": 2})");
  CellHeap heap;
  const interplay_cell drama = heap.text("drama"), opera = heap.text("opera");
  const interplay_cell known = heap.list(Cells{drama}), unknown = heap.list(Cells{opera, drama, opera});
  const Cells rows{cell(int64_t{100}), cell(int64_t{1000}), cell(1.0), known,    //
                   cell(stranger),     cell(int64_t{1001}), cell(),    unknown,  //
                   cell(stranger),     cell(int64_t{4711}), cell(2.0), known};
  (void)scorer.score({heap.text("de")}, rows, heap);
  BOOST_TEST(stats(scorer) == Json::parse(R"({"rows": 3, "unknown": {"country": 0, "user_id": 2, "item_id": 1,
    "hour": 1, "genres": 1}})"));
  (void)scorer.score({heap.text("atlantis")}, rows, heap);
  BOOST_TEST(stats(scorer)["rows"] == 6);
  BOOST_TEST(stats(scorer)["unknown"]["country"] == 3);
  BOOST_TEST(stats(scorer)["unknown"]["user_id"] == 4);
}

BOOST_AUTO_TEST_CASE(a_block_that_fails_is_not_counted) {
  Scorer scorer(fitted(), {}, {"user_id"}, R"({"max_rows": 1})");
  refused(INTERPLAY_BAD_DATA, {"user_id", "row 1"}, [&] {
    (void)scorer.score({}, Cells{cell(stranger), cell(0.5)});
  });
  BOOST_TEST(stats(scorer) == Json::parse(R"({"rows": 1, "unknown": {"user_id": 1}})"));
}

BOOST_AUTO_TEST_CASE(scorers_of_one_model_work_at_once) {
  const Rows rows = one_user(int64_t{107});
  const auto expected = score_bits(rich(), rows.table());
  std::vector<std::vector<uint32_t>> found(4);
  std::vector<std::thread> threads;
  for (auto& mine : found)
    threads.emplace_back([&rows, &mine] {
      Scorer scorer = rows.open(rich());
      for (int i = 0; i < 20; ++i) mine = bits(rows.scores(scorer, i % 2 == 0 ? Tell::values : Tell::ids));
    });
  for (std::thread& thread : threads) thread.join();
  for (const auto& mine : found) BOOST_TEST(mine == expected, tt::per_element());
}

BOOST_AUTO_TEST_CASE(other_engines_score_as_they_predict) {
  for (const char* const engine : {"fm", "popularity"}) {
    const Model model = Model::create(engine).fit(shop());
    expect_as_predicted(model, one_user(int64_t{101}));
    expect_as_predicted(model, people_and_things(some_users, some_items));
  }
}

BOOST_AUTO_TEST_SUITE_END()
