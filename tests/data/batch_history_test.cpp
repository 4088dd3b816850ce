// What a batch shows of a history, rule by rule. Expected lists are worked out by hand from the few events of each case.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "data/rows.hpp"

namespace core = interplay::core;
namespace tt = boost::test_tools;
using core::Batch;
using core::By;
using core::Drawing;
using core::EventLog;
using core::FixedHistories;
using core::HistoryRule;
using core::Part;
using core::RowSet;

namespace {

using Codes = std::vector<std::int32_t>;
using Offsets = std::vector<std::int64_t>;
using Floats = std::vector<float>;
using Times = std::vector<double>;

constexpr HistoryRule plain_user{Part::user, false, false, 200}, plain_item{Part::item, false, false, 200},
    earlier_user{Part::user, false, true, 200}, labels_user{Part::user, true, true, 200},
    labels_item{Part::item, true, true, 200};

/// Item n has the id 11 + n, user n the id 21 + n.
struct Case {
  explicit Case(EventLog log, HistoryRule rule) {
    Codes users(30), items(300);
    std::iota(users.begin(), users.end(), 21);
    std::iota(items.begin(), items.end(), 11);
    add(rule);
    set.user = Codes(log.user.begin(), log.user.end());
    set.item = Codes(log.item.begin(), log.item.end());
    set.label = Floats(log.user.size(), 1);
    set.rows = log.size();
    set.event.resize(log.user.size());
    std::iota(set.event.begin(), set.event.end(), 0);
    set.histories = std::make_shared<const core::Histories>(std::move(log), core::LabelScale{3, 2},
                                                            std::move(users), std::move(items), 0);
    drawing.seed = 5;
  }
  void add(HistoryRule rule) {
    set.fields.push_back({"h", 2, static_cast<std::int32_t>(rule.of), 1000, 0});
    set.lists.push_back({false, core::Combiner::mean, rule});
    set.sources.push_back({nullptr, rule.of == Part::user ? By::user : By::item, -1});
  }
  /// The rows are scored, not learned from.
  Case& scoring() {
    set.event.clear();
    return *this;
  }
  Batch& fill(std::uint64_t draw = 1, FixedHistories histories = FixedHistories::whole) {
    Offsets rows(static_cast<std::size_t>(set.rows * (1 + drawing.negatives)));
    std::iota(rows.begin(), rows.end(), 0);
    batch = std::make_unique<Batch>(set, std::max<std::int64_t>(1, static_cast<std::int64_t>(rows.size())),
                                    histories);
    batch->fill(rows, drawing, draw);
    return *batch;
  }

  RowSet set;
  Drawing drawing;
  std::unique_ptr<Batch> batch;
};

Codes ids(const interplay_batch& batch, std::int64_t row, std::size_t field = 0) {
  const interplay_values& v = batch.fields[field];
  return {v.ids + v.offsets[row], v.ids + v.offsets[row + 1]};
}
Codes up_to(std::int32_t n) {
  Codes values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 0);
  return values;
}
Codes sorted(Codes values) {
  std::sort(values.begin(), values.end());
  return values;
}
Floats coefficients(const interplay_batch& batch, std::int64_t row, std::size_t field = 0) {
  const interplay_values& v = batch.fields[field];
  return {v.numbers + v.offsets[row], v.numbers + v.offsets[row + 1]};
}

/// User 0: items 0, 1, 2; user 1: items 0, 3. Labels 1, 3, 5, 5, 1: standardised -1, 0, 1, 1, -1.
EventLog shop() {
  EventLog log;
  log.user = Codes{0, 0, 0, 1, 1};
  log.item = Codes{0, 1, 2, 0, 3};
  log.label = Floats{1, 3, 5, 5, 1};
  return log;
}
EventLog shop_by_time(Times times) {
  EventLog log = shop();
  log.time = std::move(times);
  return log;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_batch_history)

BOOST_AUTO_TEST_CASE(a_plain_history_lacks_the_row_s_own_pair) {
  Case user(shop(), plain_user), item(shop(), plain_item);

  const Batch& users = user.fill();
  BOOST_TEST(sorted(ids(users, 0)) == (Codes{12, 13}), tt::per_element());
  BOOST_TEST(sorted(ids(users, 1)) == (Codes{11, 13}), tt::per_element());
  BOOST_TEST(ids(users, 3) == Codes{14}, tt::per_element());
  BOOST_TEST(coefficients(users, 0)[1] == static_cast<float>(1 / std::sqrt(2.0)));
  BOOST_TEST(coefficients(users, 3) == Floats{1}, tt::per_element());
  const Batch& items = item.fill();
  BOOST_TEST(ids(items, 0) == Codes{22}, tt::per_element());
  BOOST_TEST(ids(items, 3) == Codes{21}, tt::per_element());
  BOOST_TEST(ids(items, 1).empty());  // nobody else has item 1
}

BOOST_AUTO_TEST_CASE(a_plain_history_lacks_every_occurrence_of_the_own_pair) {
  EventLog log;
  log.user = Codes{0, 0, 0, 0};
  log.item = Codes{5, 6, 5, 7};
  Case data(std::move(log), plain_user);

  const Batch& batch = data.fill();

  BOOST_TEST(sorted(ids(batch, 0)) == (Codes{17, 18}), tt::per_element());
  BOOST_TEST(sorted(ids(batch, 2)) == (Codes{17, 18}), tt::per_element());
  BOOST_TEST(sorted(ids(batch, 1)) == (Codes{16, 16, 18}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(with_time_only_earlier_entries_are_shown_and_ties_are_none) {
  for (const HistoryRule rule : {earlier_user, labels_user}) {
    Case data(shop_by_time({1, 2, 2, 4, 5}), rule);

    const Batch& batch = data.fill();

    BOOST_TEST(ids(batch, 0).empty());
    BOOST_TEST(ids(batch, 1) == Codes{11}, tt::per_element());
    BOOST_TEST(ids(batch, 2) == Codes{11}, tt::per_element());  // item 1 happened at the same time
    BOOST_TEST(ids(batch, 4) == Codes{11}, tt::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_history_with_labels_has_the_standardised_labels_by_the_root_of_their_number) {
  Case data(shop_by_time({1, 2, 3, 4, 5}), labels_user);

  const Batch& batch = data.fill();

  BOOST_TEST(ids(batch, 2) == (Codes{11, 12}), tt::per_element());
  BOOST_TEST(coefficients(batch, 2)[0] == static_cast<float>(-1 / std::sqrt(2.0)));
  BOOST_TEST(coefficients(batch, 2)[1] == 0);
  BOOST_TEST(coefficients(batch, 4) == Floats{1}, tt::per_element());
}

// Of two rows of one user, whatever the order of an epoch, one sees the other and the other does not see the one.
BOOST_AUTO_TEST_CASE(without_time_a_history_with_labels_shows_what_is_earlier_in_the_epoch_s_order) {
  EventLog log;
  for (const bool of_user : {true, false}) {
    const Codes others = up_to(20);
    log.user = of_user ? Codes(20, 0) : Codes(others);
    log.item = of_user ? Codes(others) : Codes(20, 0);
    log.label = Floats(20, 5);
    Case data(log, of_user ? labels_user : labels_item);
    const std::int32_t base = of_user ? 11 : 21;
    std::vector<Codes> epochs;
    for (std::uint64_t draw = 0; draw < 4; ++draw) {
      const Batch& batch = data.fill(draw);
      Codes lengths;
      for (std::int32_t a = 0; a < 20; ++a) {
        const Codes seen = ids(batch, a);
        lengths.push_back(static_cast<std::int32_t>(seen.size()));
        for (std::int32_t b = 0; b < a; ++b) {
          const Codes back = ids(batch, b);
          const bool sees = std::count(seen.begin(), seen.end(), base + b) == 1;
          const bool is_seen = std::count(back.begin(), back.end(), base + a) == 1;
          BOOST_TEST(sees != is_seen);
        }
      }
      epochs.push_back(lengths);
      BOOST_TEST(sorted(lengths) == up_to(20), tt::per_element());
    }
    BOOST_TEST((epochs[1] != epochs[2]));
    BOOST_TEST((epochs[0] == Codes(sorted(epochs[0]))));  // draw 0: the log's order
  }
}

// So that neither length nor sum tells a drawn row: it loses as many entries as the row that it was drawn for.
BOOST_AUTO_TEST_CASE(a_negative_s_history_is_as_long_as_that_of_its_row) {
  EventLog log;
  log.user = Codes{0, 0, 0, 0, 0, 1};
  log.item = Codes{5, 6, 5, 7, 8, 9};
  Case data(std::move(log), plain_user);
  const Codes items{0, 1, 2};
  data.drawing.negatives = 3;
  data.drawing.drawn_from = items;
  for (std::uint64_t draw = 0; draw < 5; ++draw) {
    const Batch& batch = data.fill(draw);
    for (std::int64_t row = 0; row < 6; ++row)
      for (std::int64_t k = 0; k < 3; ++k)
        BOOST_TEST(ids(batch, 6 + row * 3 + k).size() == ids(batch, row).size());
    BOOST_TEST(ids(batch, 0).size() == 3U);  // 5 less both of item 5
    BOOST_TEST(ids(batch, 1).size() == 4U);
  }
}

// Item 0 has three users and item 1 one; as drawn items of user 9 they show two and none.
BOOST_AUTO_TEST_CASE(a_drawn_item_s_history_loses_one_entry_at_random) {
  EventLog log;
  log.user = Codes{0, 1, 2, 3, 9};
  log.item = Codes{0, 0, 0, 1, 4};
  Case data(std::move(log), plain_item);
  const Codes items{0};
  data.drawing.negatives = 2;
  data.drawing.drawn_from = items;
  Codes lost(3, 0);

  for (std::uint64_t draw = 0; draw < 30; ++draw) {
    const Codes shown = ids(data.fill(draw), 5 + 4 * 2);
    BOOST_TEST(shown.size() == 2U);
    for (std::int32_t user = 0; user < 3; ++user)
      if (std::count(shown.begin(), shown.end(), 21 + user) == 0) ++lost[static_cast<std::size_t>(user)];
  }

  for (const std::int32_t times : lost) BOOST_TEST(times > 0);
}

BOOST_AUTO_TEST_CASE(with_time_a_negative_loses_nothing_because_its_row_does_not) {
  Case data(shop_by_time({1, 2, 3, 4, 5}), earlier_user);
  const Codes items{7};
  data.drawing.negatives = 1;
  data.drawing.drawn_from = items;

  const Batch& batch = data.fill();

  for (std::int64_t row = 0; row < 5; ++row)
    BOOST_TEST(ids(batch, 5 + row) == ids(batch, row), tt::per_element());
}

BOOST_AUTO_TEST_CASE(rows_that_are_scored_see_all_but_their_own_pair) {
  for (const HistoryRule rule : {plain_user, earlier_user, labels_user}) {
    Case data(shop_by_time({1, 2, 3, 4, 5}), rule);
    data.scoring().set.item[4] = 9;  // a pair that never happened

    const Batch& batch = data.fill(0);

    BOOST_TEST(ids(batch, 0) == (Codes{12, 13}), tt::per_element());
    BOOST_TEST(ids(batch, 2) == (Codes{11, 12}), tt::per_element());
    BOOST_TEST(ids(batch, 4) == (Codes{11, 14}), tt::per_element());
  }
}

BOOST_AUTO_TEST_CASE(who_is_not_known_has_an_empty_history) {
  Case data(shop(), plain_user);
  data.scoring().set.user = Codes{-1, 29, 30000, 1, 1};

  const Batch& batch = data.fill(0);

  for (std::int64_t row = 0; row < 3; ++row) BOOST_TEST(ids(batch, row).empty());
  BOOST_TEST(ids(batch, 3) == Codes{14}, tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_long_history_shows_the_newest_entries_by_time_and_others_each_epoch_without) {
  EventLog log;
  log.user = Codes(100, 0);
  log.item = up_to(100);
  const HistoryRule ten{Part::user, false, false, 10}, ten_earlier{Part::user, false, true, 10};
  Case without(log, ten);
  const Codes first = ids(without.fill(1), 50);
  const Codes second = ids(without.fill(2), 50);
  BOOST_TEST(first.size() == 10U);
  BOOST_TEST((sorted(first) != sorted(second)));
  BOOST_TEST(std::count(first.begin(), first.end(), 11 + 50) == 0);

  Times times(100);
  std::iota(times.begin(), times.end(), 0);
  log.time = std::move(times);
  Case with(log, ten_earlier);
  const Codes newest = ids(with.fill(1), 50);
  Codes expected(10);
  std::iota(expected.begin(), expected.end(), 11 + 40);
  BOOST_TEST(newest == expected, tt::per_element());
  const Codes scored = ids(with.scoring().fill(0), 99);
  std::iota(expected.begin(), expected.end(), 11 + 89);  // its own pair, item 99, is left out
  BOOST_TEST(scored == expected, tt::per_element());
}

BOOST_AUTO_TEST_CASE(masked_ids_keep_their_coefficients) {
  EventLog log;
  log.user = Codes(200, 0);
  log.item = up_to(200);
  Case data(std::move(log), plain_user);
  data.drawing.unknown_rate = 0.25;
  const Batch& batch = data.fill(1);
  std::int64_t masked = 0, shown = 0, empty = 0;
  for (std::int64_t row = 0; row < 200; ++row) {
    const Codes list = ids(batch, row);
    empty += list.empty() ? 1 : 0;
    masked += std::count(list.begin(), list.end(), 0);
    shown += static_cast<std::int64_t>(list.size());
    for (const float c : coefficients(batch, row)) BOOST_TEST(c == static_cast<float>(1 / std::sqrt(199.0)));
  }

  // A quarter of 200 rows and of 30,000 ids: within five deviations, and the draws are fixed anyway.
  BOOST_TEST((empty > 20 && empty < 80));
  BOOST_TEST(std::abs(static_cast<double>(masked) / static_cast<double>(shown) - 0.25) < 0.0125);
}

BOOST_AUTO_TEST_CASE(both_histories_of_a_user_are_dropped_together) {
  EventLog log;
  log.user = Codes(100, 0);
  log.item = up_to(100);
  log.label = Floats(100, 1);
  Case data(std::move(log), plain_user);
  data.add(labels_user);
  data.drawing.unknown_rate = 0.5;
  const Batch& batch = data.fill(1);
  for (std::int64_t row = 0; row < 100; ++row)
    if (ids(batch, row, 0).empty()) BOOST_TEST(ids(batch, row, 1).empty());
}

BOOST_AUTO_TEST_CASE(what_a_row_shows_does_not_depend_on_its_batch) {
  Case data(shop(), plain_user);
  data.add(labels_item);
  data.drawing.unknown_rate = 0.2;
  const Codes items{7, 8, 0};
  data.drawing.negatives = 2;
  data.drawing.drawn_from = items;
  const Batch& whole = data.fill(3);
  Batch part(data.set, 2);
  for (std::int64_t row = 0; row < 15; ++row) {
    part.fill(Offsets{row}, data.drawing, 3);
    for (const std::size_t field : {0U, 1U}) {
      BOOST_TEST(ids(part, 0, field) == ids(whole, row, field), tt::per_element());
      BOOST_TEST(coefficients(part, 0, field) == coefficients(whole, row, field), tt::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_history_that_the_row_brings_wins_less_its_own_item) {
  core::EncodedColumn given;
  given.kind = core::Kind::categories;
  given.ids = Codes{11, 15, 16, 11};
  given.offsets = Offsets{0, 3, 3, 3, 4, 4};
  given.numbers = Floats{1, -0.5F, 2, 3};
  HistoryRule two = labels_user;
  two.max_length = 2;
  Case data(shop(), two);
  data.scoring().set.sources[0] = {&given, By::row, -1};

  const Batch& batch = data.fill(0);

  BOOST_TEST(ids(batch, 0) == (Codes{15, 16}), tt::per_element());  // item 0 is its own
  BOOST_TEST(coefficients(batch, 0)[1] == static_cast<float>(2 / std::sqrt(2.0)));
  BOOST_TEST(ids(batch, 1).empty());
  BOOST_TEST(ids(batch, 3).empty());
}

BOOST_AUTO_TEST_CASE(a_fixed_history_is_one_row_and_each_lacks_the_row_s_own_item) {
  Case fixed(shop(), plain_user), item(shop(), plain_item);
  fixed.scoring().set.sources[0] = {nullptr, By::fixed, 0};
  for (Case* const data : {&fixed, &item}) {
    data->scoring().set.user.clear();
    data->set.fixed_user = 0;
  }

  const Batch& one = fixed.fill(0);
  BOOST_TEST(one.fields[0].rows == 1);
  BOOST_TEST(ids(one, 0) == (Codes{11, 12, 13}), tt::per_element());
  const Batch& many = fixed.fill(0, FixedHistories::without_own);
  BOOST_TEST(many.fields[0].rows == 5);
  BOOST_TEST(ids(many, 0) == (Codes{12, 13}), tt::per_element());
  BOOST_TEST(ids(many, 4) == (Codes{11, 12, 13}), tt::per_element());
  BOOST_TEST(ids(item.fill(0), 0) == Codes{22}, tt::per_element());  // user 0 is the one who asks
}

BOOST_AUTO_TEST_SUITE_END()
