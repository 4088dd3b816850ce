#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <numeric>

#include "data/builders.hpp"
#include "support/fails.hpp"

using namespace interplay::core;
using namespace interplay::test;

namespace {

Offsets rows_of(const Dataset& dataset) {
  Offsets rows;
  for (std::int64_t i = 0; i < dataset.rows(); ++i) rows.push_back(dataset.row(i));
  return rows;
}

std::pair<Dataset, Dataset> divide(const Dataset& dataset, const char* options) {
  return split(dataset, parse_json(options, "options of split"));
}

Dataset events(std::vector<std::int64_t> users, std::vector<std::int64_t> times) {
  Dataset dataset = new_dataset(times.empty() ? R"({"user": "u"})" : R"({"user": "u", "time": "t"})");
  std::vector<Column> columns = {ints("u", std::move(users))};
  if (!times.empty()) columns.push_back(ints("t", std::move(times)));
  dataset.append(Part::context, table(std::move(columns)));
  dataset.seal();
  return dataset;
}

Dataset hundred() {
  std::vector<std::int64_t> users(100);
  for (std::size_t i = 0; i < users.size(); ++i) users[i] = static_cast<std::int64_t>(i % 10);
  return events(users, {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_split)

BOOST_AUTO_TEST_CASE(random_takes_the_exact_share_in_the_order_of_rows) {
  const auto [first, second] = divide(hundred(), R"({"fraction": 0.23})");
  const Offsets a = rows_of(first), b = rows_of(second);

  BOOST_TEST(b.size() == 23U);
  BOOST_TEST((std::is_sorted(a.begin(), a.end()) && std::is_sorted(b.begin(), b.end())));
  Offsets all(a);
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); ++i) BOOST_TEST(all[i] == static_cast<std::int64_t>(i));
  BOOST_TEST(all.size() == 100U);
}

BOOST_AUTO_TEST_CASE(a_seed_decides_what_random_takes) {
  const Dataset dataset = hundred();
  const auto take = [&](const char* options) { return rows_of(divide(dataset, options).second); };

  BOOST_TEST((take(R"({"seed": 5})") == take(R"({"seed": 5})")));
  BOOST_TEST((take("{}") == take(R"({"method": "random", "fraction": 0.2, "seed": 1})")));
  BOOST_TEST((take(R"({"seed": 5})") != take(R"({"seed": 6})")));
}

// By hand from the definition: 2000 draws of 1 in 4 rows, each row expected 500 times, standard deviation 19.4.
BOOST_AUTO_TEST_CASE(random_prefers_no_row) {
  const Dataset dataset = events({1, 2, 3, 4}, {});
  std::vector<int> taken(4);
  for (int seed = 0; seed < 2000; ++seed) {
    const Json options = {{"fraction", 0.25}, {"seed", seed}};
    ++taken[static_cast<std::size_t>(split(dataset, options).second.row(0))];
  }

  for (const int count : taken) BOOST_TEST(std::abs(count - 500) < 100);
}

BOOST_AUTO_TEST_CASE(last_takes_each_users_newest_rows) {
  //                              row: 0  1  2  3  4  5  6
  const Dataset dataset = events({7, 7, 8, 7, 7, 8, 9}, {40, 10, 5, 30, 20, 1, 0});
  const auto [first, second] = divide(dataset, R"({"method": "last", "fraction": 0.5})");

  BOOST_TEST(rows_of(second) == (Offsets{0, 2, 3}), tt::per_element());  // 9 has one row and keeps it
  BOOST_TEST(rows_of(first) == (Offsets{1, 4, 5, 6}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(last_goes_by_position_on_ties_and_without_time) {
  BOOST_TEST(
      rows_of(divide(events({1, 1, 1}, {}), R"({"method": "last", "fraction": 0.3})").second) == (Offsets{2}),
      tt::per_element());
  BOOST_TEST(rows_of(divide(events({1, 1, 1}, {5, 5, 5}), R"({"method": "last", "fraction": 0.3})").second) ==
                 (Offsets{2}),
             tt::per_element());
}

// Enough rows that a sort which does not look at positions would not keep them by luck.
BOOST_AUTO_TEST_CASE(ties_go_by_position) {
  const Dataset dataset = events(Offsets(1000, 7), Offsets(1000, 5));
  for (const char* options :
       {R"({"method": "last", "fraction": 0.3})", R"({"method": "time", "fraction": 0.3})"}) {
    const Offsets rows = rows_of(divide(dataset, options).second);

    BOOST_TEST(rows.size() == 300U, options);
    BOOST_TEST(rows.front() == 700, options);
  }
}

BOOST_AUTO_TEST_CASE(time_takes_the_newest_rows_of_all) {
  const Dataset dataset = events({1, 2, 3, 4, 5}, {50, 10, 40, 40, 20});

  BOOST_TEST(rows_of(divide(dataset, R"({"method": "time", "fraction": 0.4})").second) == (Offsets{0, 3}),
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(users_keeps_every_user_whole) {
  const auto [first, second] = divide(hundred(), R"({"method": "users", "fraction": 0.3})");
  std::vector<std::size_t> in_second(10);
  for (const std::int64_t row : rows_of(second)) ++in_second[static_cast<std::size_t>(row % 10)];

  BOOST_TEST(second.rows() == 30);
  BOOST_TEST(first.rows() == 70);
  for (const std::size_t count : in_second) BOOST_TEST((count == 0 || count == 10));
}

BOOST_AUTO_TEST_CASE(neither_part_is_empty_while_there_are_two) {
  for (const char* options :
       {R"({"fraction": 0.01})", R"({"fraction": 0.99})", R"({"method": "users", "fraction": 0.01})"}) {
    BOOST_TEST(divide(events({1, 2}, {}), options).second.rows() == 1, options);
  }
  BOOST_TEST(divide(events({1}, {}), "{}").first.rows() == 1);
  BOOST_TEST(divide(events({}, {}), "{}").first.rows() == 0);
}

BOOST_AUTO_TEST_CASE(a_part_can_be_split_again) {
  const auto [first, second] = divide(hundred(), R"({"fraction": 0.5})");
  const auto [third, fourth] = divide(second, R"({"fraction": 0.5})");
  const Offsets outer = rows_of(second), inner = rows_of(fourth);

  BOOST_TEST(third.rows() + fourth.rows() == 50);
  BOOST_TEST(std::includes(outer.begin(), outer.end(), inner.begin(), inner.end()));
  BOOST_TEST(&fourth.records() == &first.records());
}

BOOST_AUTO_TEST_CASE(options_that_are_wrong_are_named) {
  const Dataset dataset = hundred();
  const auto wrong = [&](const char* options, std::initializer_list<const char*> words) {
    BOOST_TEST_CONTEXT(options) {
      fails(INTERPLAY_INVALID_ARGUMENT, words, [&] { divide(dataset, options); });
    }
  };

  wrong(R"({"method": "lats"})",
        {"options of split: \"method\"", "random, last, time, users", "did you mean \"last\""});
  wrong(R"({"fraction": 0})", {"\"fraction\" must lie between 0 and 1, found 0"});
  wrong(R"({"fraction": 1.0})", {"found 1.0"});
  wrong(R"({"fraction": 2})", {"\"fraction\" must be a number from 0 to 1, found 2"});
  wrong(R"({"seed": -1})", {"\"seed\"", "found -1"});
  wrong(R"({"frac": 0.1})", {"unknown key \"frac\""});
  wrong(R"({"method": "time"})", {"the role \"time\""});
}

BOOST_AUTO_TEST_CASE(users_and_last_need_a_user_column) {
  Dataset dataset = new_dataset("{}");
  dataset.append(Part::context, table({ints("a", {1, 2})}));
  dataset.seal();

  for (const char* options : {R"({"method": "users"})", R"({"method": "last"})"}) {
    fails(INTERPLAY_INVALID_ARGUMENT, {"the role \"user\""}, [&] { divide(dataset, options); });
  }
}

BOOST_AUTO_TEST_CASE(only_a_sealed_dataset_can_be_split) {
  fails(INTERPLAY_INVALID_STATE, {"seal"}, [] { divide(new_dataset("{}"), "{}"); });
}

BOOST_AUTO_TEST_SUITE_END()
