// Cells that lie: each is a clear error that names where it stands, and the scorer goes on.
#include "capi/scorer_support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

using Names = Scorer::Names;

/// A scorer with one column of rows, asked about one cell behind a good one.
struct Asked {
  Asked(const Model& model, const char* column, interplay_cell good_)
      : scorer(model, {}, {column}), good(good_) {}

  interplay_status score(interplay_cell bad, Words words, interplay_status expected = INTERPLAY_BAD_DATA) {
    const Cells cells{good, bad};
    float out[2] = {7, 7};
    call_fails(expected, words, interplay_scorer_score, scorer.get(),
               static_cast<const interplay_cell*>(nullptr), cells.data(), std::size_t{2}, heap.data(),
               heap.size(), static_cast<float*>(out));
    BOOST_TEST((out[0] == 0 && out[1] == 0), "what fails leaves zeros");
    BOOST_TEST(interplay_scorer_score(scorer.get(), nullptr, cells.data(), 1, heap.data(), heap.size(), out,
                                      nullptr) == INTERPLAY_OK);
    return INTERPLAY_OK;
  }

  Scorer scorer;
  interplay_cell good;
  CellHeap heap;
};

interplay_cell raw(int32_t type, uint32_t size, uint64_t value) { return {type, size, value}; }
const interplay_cell user = cell(int64_t{100});

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_scorer_hostile)

BOOST_AUTO_TEST_CASE(a_type_that_is_none_is_refused) {
  Asked asked(fitted(), "user_id", user);
  for (const int32_t type : {-1, 6, 77, std::numeric_limits<int32_t>::min()})
    asked.score(raw(type, 1, 1), {"user_id", "row 1", "cell type", std::to_string(type).c_str()});
}

BOOST_AUTO_TEST_CASE(a_cell_of_another_type_than_was_learned_is_refused) {
  Asked ids(fitted(), "user_id", user), texts(fitted(), "country", cell()),
      numbers(fitted(), "hour", cell(1.0)), lists(fitted(), "genres", cell());
  ids.score(ids.heap.text("100"), {"user_id", "row 1", "integer", "found a string"});
  ids.score(cell(100.0), {"user_id", "row 1", "integer", "found a float"});
  ids.score(ids.heap.list(Cells{user}), {"user_id", "found a list"});
  texts.score(cell(int64_t{1}), {"country", "row 1", "string", "found an integer"});
  numbers.score(numbers.heap.text("1"), {"hour", "row 1", "number", "found a string"});
  numbers.score(numbers.heap.list(Cells{cell(1.0)}), {"hour", "found a list"});
  lists.score(lists.heap.text("war"), {"genres", "row 1", "list", "found a string"});
  lists.score(lists.heap.list(Cells{cell(int64_t{1})}), {"genres", "row 1, value 0", "found an integer"});
}

BOOST_AUTO_TEST_CASE(what_does_not_lie_in_the_heap_is_refused) {
  Asked texts(fitted(), "country", cell()), lists(fitted(), "genres", cell());
  (void)texts.heap.text("de");  // 8 bytes of heap
  for (const auto& [size, at] : {std::pair<uint32_t, uint64_t>{9, 0},
                                 {1, 8},
                                 {0, 9},
                                 {UINT32_MAX, 0},
                                 {1, UINT64_MAX},
                                 {UINT32_MAX, UINT64_MAX},
                                 {8, 1}})
    texts.score(raw(INTERPLAY_CELL_STRING, size, at), {"country", "row 1", "heap of 8 bytes"});
  (void)lists.heap.list(Cells{cell(), cell()});
  for (const auto& [size, at] :
       {std::pair<uint32_t, uint64_t>{3, 0}, {2, 8}, {1, 32}, {1, UINT64_MAX - 7}, {UINT32_MAX, 0}})
    lists.score(raw(INTERPLAY_CELL_LIST, size, at), {"genres", "row 1", "heap of 32 bytes"});
}

BOOST_AUTO_TEST_CASE(strings_end_exactly_where_the_heap_ends) {
  Scorer scorer(fitted(), {}, {"country"});
  float out = 0;
  const interplay_cell whole = raw(INTERPLAY_CELL_STRING, 2, 0), empty = raw(INTERPLAY_CELL_STRING, 0, 2);
  const std::vector<char> bytes{'d', 'e'};
  for (const interplay_cell& cell : {whole, empty})
    BOOST_TEST(interplay_scorer_score(scorer.get(), nullptr, &cell, 1, bytes.data(), 2, &out, nullptr) ==
               INTERPLAY_OK);
  const interplay_cell nothing = raw(INTERPLAY_CELL_STRING, 0, 0);
  BOOST_TEST(interplay_scorer_score(scorer.get(), nullptr, &nothing, 1, nullptr, 0, &out, nullptr) ==
             INTERPLAY_OK);
}

BOOST_AUTO_TEST_CASE(a_list_that_is_not_aligned_is_refused) {
  Asked lists(fitted(), "genres", cell());
  (void)lists.heap.list(Cells{cell(), cell()});
  for (const uint64_t at : {1U, 4U, 7U})
    lists.score(raw(INTERPLAY_CELL_LIST, 1, at),
                {"genres", "row 1", "multiple of 8", std::to_string(at).c_str()});
}

BOOST_AUTO_TEST_CASE(lists_in_lists_and_nulls_in_lists_are_refused) {
  Asked lists(fitted(), "genres", cell());
  const interplay_cell inner = lists.heap.list(Cells{lists.heap.text("war")});
  lists.score(lists.heap.list(Cells{lists.heap.text("war"), inner}),
              {"genres", "row 1, value 1", "found a list"});
  lists.score(lists.heap.list(Cells{cell()}), {"genres", "row 1, value 0", "null"});
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_refused) {
  Asked texts(fitted(), "country", cell());
  for (const char* const bad : {"\xff", "de\xc0\xaf", "\xed\xa0\x80", "d\xc3"})
    texts.score(texts.heap.text(bad), {"country", "row 1", "UTF-8"});
}

BOOST_AUTO_TEST_CASE(infinite_numbers_are_refused) {
  Asked plain(rich(), "hour", cell(1.0)), buckets(rich(), "price", cell(1.0));
  for (const double bad :
       {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), 1e300}) {
    plain.score(cell(bad), {"hour", "row 1", "finite"});
    buckets.score(cell(bad), {"price", "row 1", "finite"});
  }
}

BOOST_AUTO_TEST_CASE(ids_out_of_range_or_of_another_column_are_refused) {
  Scorer maker(rich(), {}, {"user_id", "item_id", "country", "genres"});
  CellHeap texts;
  const interplay_cell person = maker.resolve(0, user), thing = maker.resolve(1, cell(int64_t{1000})),
                       country = maker.resolve(2, texts.text("de"), texts),
                       genre = maker.resolve(3, texts.text("war"), texts);
  Asked users(rich(), "user_id", user), countries(rich(), "country", cell()),
      genres(rich(), "genres", cell());
  users.score(thing, {"user_id", "row 1", "another column"});
  countries.score(person, {"country", "row 1", "another column"});
  genres.score(genre, {"genres", "row 1", "list"});
  genres.score(genres.heap.list(Cells{genre, country}), {"genres", "row 1, value 1", "another column"});
  for (const uint64_t bad : {uint64_t{31}, uint64_t{1} << 32, UINT64_MAX})
    users.score(raw(INTERPLAY_CELL_ID, person.size, bad), {"user_id", "row 1", "at most 30"});
  for (const uint64_t bad : {uint64_t{4}, UINT64_MAX})
    countries.score(raw(INTERPLAY_CELL_ID, country.size, bad), {"country", "row 1", "id of at most 3"});
}

BOOST_AUTO_TEST_CASE(weights_that_do_not_fit_their_list_are_refused) {
  Scorer scorer(rich(), {}, {"tags", "tags_power", "user_history_labels", "user_history_labels_weights"});
  CellHeap heap;
  const interplay_cell red = heap.text("red"), big = heap.text("big");
  const interplay_cell two = heap.list(Cells{red, big}), one_number = heap.list(Cells{cell(1.0)}),
                       negative = heap.list(Cells{cell(1.0), cell(-1.0)}),
                       words = heap.list(Cells{cell(1.0), red}),
                       missing = heap.list(Cells{cell(1.0), cell()}),
                       history = heap.list(Cells{cell(int64_t{1000}), cell(int64_t{1001})});
  const auto refuse = [&](const Cells& row, Words words_) {
    refused(INTERPLAY_BAD_DATA, words_, [&] { (void)scorer.score({}, row, heap); });
  };
  refuse({two, one_number, cell(), cell()}, {"tags_power", "row 0", "2", "found 1"});
  refuse({two, cell(), cell(), cell()}, {"tags_power", "row 0", "found 0"});
  refuse({two, negative, cell(), cell()}, {"tags_power", "row 0, value 1", "at least 0"});
  refuse({two, words, cell(), cell()}, {"tags_power", "row 0, value 1", "found a string"});
  refuse({two, missing, cell(), cell()}, {"tags_power", "row 0, value 1"});
  refuse({two, cell(2.0), cell(), cell()}, {"tags_power", "row 0", "list"});
  refuse({cell(), cell(), history, one_number}, {"user_history_labels_weights", "row 0", "found 1"});
  refuse({cell(), cell(), history, missing}, {"user_history_labels_weights", "row 0, value 1", "finite"});
  (void)scorer.score({}, Cells{cell(), cell(), history, negative}, heap);  // a label may be negative
}

BOOST_AUTO_TEST_CASE(lists_that_share_their_cells_do_not_add_up_without_end) {
  Scorer scorer(rich(), {}, {"clicks"});
  CellHeap heap;
  const interplay_cell long_list = heap.list(Cells(10000, cell(int64_t{1})));
  const Cells rows(1000, long_list);
  refused(INTERPLAY_BAD_DATA, {"clicks", "row 419", "max_rows"}, [&] { (void)scorer.score({}, rows, heap); });
}

BOOST_AUTO_TEST_CASE(a_shared_cell_is_named_as_shared_and_a_later_row_by_its_number) {
  Scorer scorer(fitted(), {"user_id"}, {"item_id"}, R"({"max_rows": 2})");
  refused(INTERPLAY_BAD_DATA, {"user_id", "shared"}, [&] { (void)scorer.score({cell(0.5)}, Cells{cell()}); });
  Cells rows(7, cell(int64_t{1000}));
  rows[5] = cell(0.5);
  refused(INTERPLAY_BAD_DATA, {"item_id", "row 5", "\"row\": 5"}, [&] { (void)scorer.score({user}, rows); });
}

BOOST_AUTO_TEST_CASE(what_is_unknown_is_an_error_where_the_schema_says_so) {
  static const Model strict =
      Model::create("autoint", quick)
          .fit(shop(Ids::integers, R"({"user": "user_id", "item": "item_id", "label": "rating",
    "fields": {"country": {"unknown": "error"}, "user_id": {"unknown": "error"}}})"));
  Asked users(strict, "user_id", user), countries(strict, "country", users.heap.text(""));
  users.score(cell(int64_t{555}), {"user_id", "row 1", "555", "did not occur"});
  users.score(cell(), {"user_id", "row 1", "did not occur"});
  countries.good = countries.heap.text("de");
  countries.score(countries.heap.text("atlantis"), {"country", "row 1", "atlantis"});
  refused(INTERPLAY_BAD_DATA, {"user_id", "555"}, [&] { (void)users.scorer.resolve(0, cell(int64_t{555})); });
}

BOOST_AUTO_TEST_CASE(names_that_do_not_fit_are_refused_when_the_scorer_is_opened) {
  const auto open = [](const Model& model, const Names& shared, const Names& row,
                       const char* options = nullptr) { (void)Scorer(model, shared, row, options); };
  refused(INTERPLAY_NOT_FOUND,
          {"user_ids", "did you mean", "\"key\": \"user_ids\"", "\"nearest\": \"user_id\""},
          [&] { open(fitted(), {"user_ids"}, {}); });
  refused(INTERPLAY_NOT_FOUND, {"rating"}, [&] { open(fitted(), {}, {"rating"}); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"item_id", "twice"},
          [&] { open(fitted(), {"item_id"}, {"item_id"}); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"tags_power", "part"},
          [&] { open(rich(), {"tags_power"}, {"tags"}); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"user_history_labels", "user_history_labels_weights"},
          [&] { open(rich(), {"user_history_labels"}, {}); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"max_row", "max_rows"},
          [&] { open(fitted(), {}, {}, R"({"max_row": 3})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"max_rows"}, [&] { open(fitted(), {}, {}, R"({"max_rows": 0})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"output", "logit"},
          [&] { open(fitted(), {}, {}, R"({"output": "logits"})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"without a column"},
          [] { (void)Scorer(fitted(), {}, {}).score({}, Cells()); });
  refused(INTERPLAY_INVALID_STATE, {"fit"}, [&] { open(Model::create("autoint", quick), {}, {}); });
}

BOOST_AUTO_TEST_CASE(missing_pointers_are_refused_and_what_comes_out_is_defined) {
  const char* const columns[] = {"user_id", nullptr};
  make_fails<interplay_scorer>(INTERPLAY_INVALID_ARGUMENT, {"columns"}, interplay_scorer_open, fitted().get(),
                               static_cast<const char* const*>(columns), uint32_t{1}, uint32_t{1}, nullptr);
  make_fails<interplay_scorer>(INTERPLAY_INVALID_ARGUMENT, {"columns"}, interplay_scorer_open, fitted().get(),
                               nullptr, uint32_t{1}, uint32_t{0}, nullptr);
  make_fails<interplay_scorer>(INTERPLAY_INVALID_ARGUMENT, {"model"}, interplay_scorer_open, nullptr, nullptr,
                               uint32_t{0}, uint32_t{0}, nullptr);
  Scorer scorer(fitted(), {"user_id"}, {"item_id"});
  float out[2] = {7, 7};
  int64_t index[2];
  std::size_t n = 9;
  interplay_cell key = user;
  const char* text = "untouched";
  const Cells item{cell(int64_t{1000})};
  const interplay_cell* const none = nullptr;
  call_fails(INTERPLAY_INVALID_ARGUMENT, {"shared"}, interplay_scorer_score, scorer.get(), none, item.data(),
             std::size_t{1}, nullptr, std::size_t{0}, static_cast<float*>(out));
  call_fails(INTERPLAY_INVALID_ARGUMENT, {"rows"}, interplay_scorer_score, scorer.get(), &user, none,
             std::size_t{2}, nullptr, std::size_t{0}, static_cast<float*>(out));
  BOOST_TEST((out[0] == 0 && out[1] == 0));
  call_fails(INTERPLAY_INVALID_ARGUMENT, {"heap"}, interplay_scorer_score, scorer.get(), &user, item.data(),
             std::size_t{1}, nullptr, std::size_t{8}, static_cast<float*>(out));
  call_fails(INTERPLAY_INVALID_ARGUMENT, {"out_scores"}, interplay_scorer_score, scorer.get(), &user,
             item.data(), std::size_t{1}, nullptr, std::size_t{0}, static_cast<float*>(nullptr));
  call_fails(INTERPLAY_INVALID_ARGUMENT, {"rows"}, interplay_scorer_top, scorer.get(), &user, none,
             std::size_t{2}, nullptr, std::size_t{0}, std::size_t{2}, static_cast<int64_t*>(index),
             static_cast<float*>(out), &n);
  BOOST_TEST(n == 0U);
  call_fails(INTERPLAY_INVALID_ARGUMENT, {"column 2", "2 columns"}, interplay_scorer_resolve, scorer.get(),
             uint32_t{2}, &user, nullptr, std::size_t{0}, &key);
  BOOST_TEST(key.type == INTERPLAY_CELL_NULL);
  call_fails(INTERPLAY_INVALID_ARGUMENT, {"catalogue"}, interplay_scorer_item, scorer.get(), int64_t{-1},
             &key, &text);
  BOOST_TEST((text == nullptr));
  make_fails<interplay_text>(INTERPLAY_INVALID_ARGUMENT, {"scorer"}, interplay_scorer_stats, nullptr);
  interplay_scorer_free(nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
