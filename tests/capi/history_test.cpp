// Histories from the outside: who is served by what, and that they travel with the model.
#include <algorithm>

#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr const char* with_histories =
    R"({"user": "user_id", "item": "item_id", "label": "rating", "histories": true})";
constexpr int64_t stranger = 555;

const Model& model() {
  static const Model fitted = Model::create("autoint", quick).fit(shop(Ids::integers, with_histories));
  return fitted;
}

int64_t events_in(const Model& m) { return info(m)["catalogue"]["histories"].get<int64_t>(); }

/// The same list in each row.
Table& add_history(Table& table, int64_t rows, const char* name, const Ints& ids) {
  Ints values, offsets{0};
  for (int64_t row = 0; row < rows; ++row) {
    values.insert(values.end(), ids.begin(), ids.end());
    offsets.push_back(static_cast<int64_t>(values.size()));
  }
  return table.add_lists(name, values, offsets);
}
Table& add_labels(Table& table, int64_t rows, const char* name, const Floats& labels) {
  Floats values;
  Ints offsets{0};
  for (int64_t row = 0; row < rows; ++row) {
    values.insert(values.end(), labels.begin(), labels.end());
    offsets.push_back(static_cast<int64_t>(values.size()));
  }
  return table.add_lists(name, values, offsets);
}

const Ints liked{1002, 1005, 1007, 1011, 1013};
const Floats likes{5, 4, 5, 1, 3};

/// A table of `rows` rows that brings what the user has met.
Table& add_liked(Table& table, int64_t rows) {
  add_history(table, rows, "user_history", liked);
  add_history(table, rows, "user_history_labels", liked);
  return add_labels(table, rows, "user_history_labels_weights", likes);
}
Table stranger_with(const Ints& items) { return pairs(Ints(items.size(), stranger), items); }

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_history)

BOOST_AUTO_TEST_CASE(histories_are_fields_with_the_ids_of_the_other_side) {
  const Json fields = info(model())["fields"];
  const auto cardinality = [&](const std::string& name) {
    for (const Json& field : fields)
      if (field["name"] == name) return field["cardinality"].get<int>();
    return -1;
  };
  for (const char* name : {"user_history", "user_history_labels"})
    BOOST_TEST(cardinality(name) == cardinality("item_id"));
  for (const char* name : {"item_history", "item_history_labels"})
    BOOST_TEST(cardinality(name) == cardinality("user_id"));
  BOOST_TEST(events_in(model()) == static_cast<int64_t>(events().user.size()));
  BOOST_TEST(!info(fitted())["catalogue"].contains("histories"));
}

BOOST_AUTO_TEST_CASE(recommend_gives_the_scores_of_predict_for_seen_items_too) {
  const Table users = take(Table(2).add("user_id", Ints{103, stranger}));
  const Table list = model().recommend(users, nullptr, R"({"k": 100, "exclude_seen": false})");
  const Ints rows = values<int64_t>(list, "row"), items = values<int64_t>(list, "item_id");
  Ints asked;
  for (const int64_t row : rows) asked.push_back(row == 0 ? 103 : stranger);
  BOOST_TEST(items.size() == 40U);
  BOOST_TEST(bits(values<float>(list, "score")) == score_bits(model(), pairs(asked, items)),
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(who_was_never_seen_is_served_by_what_the_row_brings) {
  Table rows = stranger_with(all_items()), users = take(Table(1).add("user_id", Ints{stranger}));
  const auto without = score_bits(model(), rows);
  add_liked(rows, 20);
  add_liked(users, 1);
  const auto with = score_bits(model(), rows);
  BOOST_TEST((with != without));

  const Table list = model().recommend(users, nullptr, R"({"k": 100})");
  const Ints items = values<int64_t>(list, "item_id");
  Table ranked = stranger_with(items);
  add_liked(ranked, 20);
  BOOST_TEST(bits(values<float>(list, "score")) == score_bits(model(), ranked), tt::per_element());
}

BOOST_AUTO_TEST_CASE(what_an_update_says_a_user_has_seen_counts_as_what_a_row_brings) {
  const Model updated = model().update("seen", take(pairs(Ints(5, stranger), liked).add("rating", likes)));
  BOOST_TEST(events_in(updated) == events_in(model()) + 5);
  Table rows = stranger_with(all_items());
  const auto by_update = score_bits(updated, rows);
  add_liked(rows, 20);
  BOOST_TEST(by_update == score_bits(model(), rows), tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_update_without_labels_counts_them_as_the_mean) {
  const Model updated = model().update("seen", pairs(Ints(5, stranger), liked));
  const Json objective = info(model())["objective"];
  Table rows = stranger_with(all_items());
  const auto by_update = scores(updated, rows);
  add_history(rows, 20, "user_history", liked);
  add_history(rows, 20, "user_history_labels", liked);
  add_labels(rows, 20, "user_history_labels_weights", Floats(5, objective["mean"].get<float>()));
  const auto by_mean = scores(model(), rows);
  for (std::size_t i = 0; i < by_mean.size(); ++i) BOOST_TEST(std::abs(by_update[i] - by_mean[i]) < 1e-4F);
}

BOOST_AUTO_TEST_CASE(an_event_that_comes_again_replaces_the_old_one) {
  const Events e = events();
  const Model same = model().update("seen", take(pairs({e.user[0]}, {e.item[0]}).add("rating", Floats{1})));
  BOOST_TEST(events_in(same) == events_in(model()));
}

BOOST_AUTO_TEST_CASE(what_is_removed_leaves_the_histories) {
  const Events e = events();
  const int64_t user = e.user[0];
  const auto n = std::count(e.user.begin(), e.user.end(), user);
  const Model gone =
      model().update("users", take(Table(1).add("user_id", Ints{user})), R"({"action": "remove"})");
  BOOST_TEST(events_in(gone) == events_in(model()) - n);
  const Model less =
      model().update("seen", pairs({user, user}, {e.item[0], 4711}), R"({"action": "remove"})");
  BOOST_TEST(events_in(less) == events_in(model()) - 1);
  const Model only = model().update("seen", pairs({user}, {e.item[0]}), R"({"action": "replace"})");
  BOOST_TEST(events_in(only) == 1);
  const Model no_item =
      model().update("items", take(Table(1).add("item_id", Ints{1001})), R"({"action": "remove"})");
  BOOST_TEST(events_in(no_item) == events_in(model()));  // its weights stay, and who has met it too
}

BOOST_AUTO_TEST_CASE(histories_travel_with_the_file) {
  const std::string bytes = dump(model());
  const Model loaded = Model::parse(bytes);
  BOOST_TEST(score_bits(loaded, everything()) == score_bits(model(), everything()), tt::per_element());
  BOOST_TEST((dump(loaded) == bytes));
  BOOST_TEST(info(loaded) == info(model()));
}

BOOST_AUTO_TEST_CASE(without_what_users_have_seen_histories_are_empty_but_for_those_that_rows_bring) {
  const Model loaded = Model::parse(dump(model(), R"({"seen": false})"));
  BOOST_TEST(info(loaded)["catalogue"]["histories"].is_null());
  Table rows = everything();
  const auto found = score_bits(loaded, rows);
  for (const char* name : {"user_history", "item_history", "user_history_labels", "item_history_labels"})
    add_history(rows, 600, name, {});
  for (const char* name : {"user_history_labels_weights", "item_history_labels_weights"})
    add_labels(rows, 600, name, {});
  BOOST_TEST(found == score_bits(model(), rows), tt::per_element());
  BOOST_TEST(found == score_bits(loaded, rows), tt::per_element());

  Table brought = stranger_with(all_items());
  for (const char* name : {"item_history", "item_history_labels"}) add_history(brought, 20, name, {});
  add_labels(brought, 20, "item_history_labels_weights", {});
  add_liked(brought, 20);
  BOOST_TEST(score_bits(loaded, brought) == score_bits(model(), brought), tt::per_element());
}

BOOST_AUTO_TEST_CASE(the_same_data_give_the_same_bytes_for_any_number_of_threads) {
  const Model one =
      Model::create("autoint", quick).fit(shop(Ids::integers, with_histories), nullptr, R"({"threads": 1})");
  const Model three =
      Model::create("autoint", quick).fit(shop(Ids::integers, with_histories), nullptr, R"({"threads": 3})");
  BOOST_TEST((dump(one) == dump(three)));
}

BOOST_AUTO_TEST_CASE(training_that_goes_on_keeps_the_old_events_once) {
  const Model again = model().fit(shop(Ids::integers, with_histories));
  BOOST_TEST(events_in(again) == events_in(model()));
  Events one;
  one.user = {100};
  one.item = {4242};
  one.rating = {4};
  one.hour = {3};
  Events two = one;
  two.user.push_back(101);
  two.item.push_back(4242);
  two.rating.push_back(2);
  two.hour.push_back(5);
  BOOST_TEST(events_in(model().fit(shop(two, Ids::integers, with_histories))) == events_in(model()) + 2);
}

BOOST_AUTO_TEST_CASE(histories_that_do_not_fit_are_refused_and_named) {
  const auto predict = [](Table& rows) { (void)model().predict(rows); };
  Table bare = stranger_with({1001}), short_list = stranger_with({1001}), single = stranger_with({1001}),
        texts = stranger_with({1001}), infinite = stranger_with({1001});
  add_history(bare, 1, "user_history_labels", {1002});
  refused(INTERPLAY_BAD_DATA, {"user_history_labels", "user_history_labels_weights"}, [&] { predict(bare); });
  add_history(short_list, 1, "user_history_labels", {1002, 1003});
  add_labels(short_list, 1, "user_history_labels_weights", {3});
  refused(INTERPLAY_BAD_DATA, {"user_history_labels_weights", "row 0", "2", "found 1"},
          [&] { predict(short_list); });
  single.add("user_history", Ints{1002});
  refused(INTERPLAY_BAD_DATA, {"user_history", "list"}, [&] { predict(single); });
  texts.add_lists("user_history", Texts{"a"}, Ints{0, 1});
  refused(INTERPLAY_BAD_DATA, {"user_history", "string"}, [&] { predict(texts); });
  add_history(infinite, 1, "user_history_labels", {1002});
  add_labels(infinite, 1, "user_history_labels_weights", {beyond});
  refused(INTERPLAY_BAD_DATA, {"user_history_labels", "row 0", "finite"}, [&] { predict(infinite); });
}

BOOST_AUTO_TEST_CASE(data_with_a_column_of_a_history_s_name_are_refused) {
  Dataset data(with_histories);
  refused(INTERPLAY_BAD_DATA, {"user_history", "rename"}, [&] {
    data.append("interactions", take(interactions(events()).add("user_history", events().rating)));
  });
}

BOOST_AUTO_TEST_CASE(a_history_by_labels_needs_labels) {
  Dataset data(R"({"user": "user_id", "item": "item_id", "ignore": ["rating"],
    "histories": {"h": {"of": "user", "weights": "label"}}})");
  data.append("interactions", interactions(events())).seal();
  refused(INTERPLAY_INVALID_ARGUMENT, {"\"h\"", "label"},
          [&] { (void)Model::create("autoint", quick).fit(data); });
}

BOOST_AUTO_TEST_CASE(data_without_labels_have_histories_too) {
  Dataset data(R"({"user": "user_id", "item": "item_id", "ignore": ["rating"], "histories": true})");
  data.append("interactions", interactions(events())).seal();
  const Model implicit = Model::create("autoint", quick).fit(data);
  BOOST_TEST(events_in(implicit) == static_cast<int64_t>(events().user.size()));
  const Model loaded = Model::parse(dump(implicit));
  BOOST_TEST(score_bits(loaded, everything()) == score_bits(implicit, everything()), tt::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
