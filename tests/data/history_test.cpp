// Lists of what happened, and what of them a row shows.
#include "data/history.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>
#include <vector>

namespace core = interplay::core;
namespace tt = boost::test_tools;
using core::EventLog;
using core::Histories;
using core::HistoryList;
using core::Showing;

namespace {

using Codes = std::vector<std::int32_t>;
using Floats = std::vector<float>;
using Times = std::vector<double>;

// User 0 met items 0, 1 and 2, user 1 items 0 and 3; item n has the id 11 + n, but item 3, which is not known, 0.
EventLog five() {
  EventLog log;
  log.user = Codes{0, 0, 1, 0, 1};
  log.item = Codes{0, 1, 0, 2, 3};
  log.label = Floats{1, 3, 5, std::nanf(""), 4};
  return log;
}
Histories histories(EventLog log, std::int64_t first_trained = 0) {
  return {std::move(log), {3, 2}, Codes{21, 22}, Codes{11, 12, 13, 0}, first_trained};
}
Codes all(std::span<const std::int32_t> values) { return {values.begin(), values.end()}; }
Floats all(std::span<const float> values) { return {values.begin(), values.end()}; }

const Codes six{1, 2, 3, 4, 5, 6};
const Floats six_labels{0.5F, -1, 2, 0, 1, -2};

struct Shown {
  Codes ids;
  Floats coefficients;
};
Shown shown(const Showing& showing, bool labels = false) {
  Shown result;
  core::show({six, six_labels, {}}, showing, labels, result.ids, result.coefficients);
  return result;
}
Showing everything() {
  Showing showing;
  showing.visible = 6;
  showing.max_length = 200;
  return showing;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_history)

BOOST_AUTO_TEST_CASE(each_user_and_each_item_has_a_list_in_the_order_of_the_log) {
  const Histories h = histories(five());

  BOOST_TEST(all(h.lists().users.of(0).ids) == (Codes{11, 12, 13}), tt::per_element());
  BOOST_TEST(all(h.lists().users.of(1).ids) == Codes{11}, tt::per_element());  // item 3 has no id
  BOOST_TEST(all(h.lists().items.of(0).ids) == (Codes{21, 22}), tt::per_element());
  BOOST_TEST(all(h.lists().items.of(3).ids) == Codes{22}, tt::per_element());
  BOOST_TEST(h.lists().users.of(-1).ids.empty());
  BOOST_TEST(h.lists().users.of(2).ids.empty());
}

// (label - 3) / 2; a label that nobody knows counts as the mean.
BOOST_AUTO_TEST_CASE(labels_are_shown_standardised) {
  const Histories h = histories(five());

  BOOST_TEST(all(h.lists().users.of(0).labels) == (Floats{-1, 0, 0}), tt::per_element());
  BOOST_TEST(all(h.lists().items.of(0).labels) == (Floats{-1, 1}), tt::per_element());
}

// 1, 2, 3, 6: mean 3, deviation sqrt((4 + 1 + 0 + 9) / 4). Equal labels, and none, change nothing.
BOOST_AUTO_TEST_CASE(the_scale_is_mean_and_deviation_of_the_labels) {
  const core::LabelScale scale = core::scale_of(Floats{1, 2, 3, 6}), equal = core::scale_of(Floats{4, 4}),
                         none = core::scale_of({});

  BOOST_TEST(scale.mean == 3);
  BOOST_TEST(scale.deviation == std::sqrt(3.5));
  BOOST_TEST(equal.mean == 4);
  BOOST_TEST(equal.deviation == 1);
  BOOST_TEST(none.deviation == 1);
}

BOOST_AUTO_TEST_CASE(events_of_the_same_time_share_a_key) {
  EventLog log = five();
  log.time = Times{1, 2, 2, 2, 7};

  const Histories h = histories(std::move(log));

  BOOST_TEST(h.lists().key == (Codes{0, 1, 1, 1, 2}), tt::per_element());
  BOOST_TEST(all(h.lists().users.of(0).keys) == (Codes{0, 1, 1}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(without_time_each_draw_has_an_order_of_its_own_and_draw_0_the_log_s) {
  EventLog log;
  log.user = Codes(50, 0);
  log.item = Codes(50, 0);
  const Histories h = histories(std::move(log));

  const auto one = h.lists(7, 1), two = h.lists(7, 2), other_seed = h.lists(8, 1);

  BOOST_TEST((one->key != two->key));
  BOOST_TEST((one->key != other_seed->key));
  BOOST_TEST((h.lists(7, 1)->key == one->key));
  BOOST_TEST((h.lists(7, 0)->key == h.lists().key));
  Codes sorted = one->key, expected(50);
  std::sort(sorted.begin(), sorted.end());
  std::iota(expected.begin(), expected.end(), 0);
  BOOST_TEST(sorted == expected, tt::per_element());
}

BOOST_AUTO_TEST_CASE(events_of_an_earlier_fit_stay_in_front) {
  EventLog log;
  log.user = Codes(50, 0);
  log.item = Codes(50, 0);
  const Histories h = histories(std::move(log), 48);

  for (std::uint64_t draw = 1; draw < 10; ++draw)
    for (std::int32_t event = 0; event < 48; ++event)
      BOOST_TEST(h.lists(7, draw)->key[static_cast<std::size_t>(event)] == event);
}

BOOST_AUTO_TEST_CASE(with_time_the_order_is_never_drawn) {
  EventLog log = five();
  log.time = Times{1, 2, 3, 4, 5};
  const Histories h = histories(std::move(log));

  BOOST_TEST((h.lists(7, 3)->key == h.lists().key));
}

// 1 / sqrt(6), and 1 / sqrt(4) when two are not visible.
BOOST_AUTO_TEST_CASE(a_plain_entry_counts_one_by_the_root_of_their_number) {
  Showing four = everything();
  four.visible = 4;

  const Shown whole = shown(everything()), start = shown(four);

  BOOST_TEST(whole.ids == six, tt::per_element());
  for (const float c : whole.coefficients) BOOST_TEST(c == static_cast<float>(1 / std::sqrt(6.0)));
  BOOST_TEST(start.ids == (Codes{1, 2, 3, 4}), tt::per_element());
  BOOST_TEST(start.coefficients[0] == 0.5F);
}

BOOST_AUTO_TEST_CASE(an_entry_with_a_label_counts_the_label_by_the_root_of_their_number) {
  Showing four = everything();
  four.visible = 4;

  BOOST_TEST(shown(four, true).coefficients == (Floats{0.25F, -0.5F, 1, 0}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(every_occurrence_of_the_own_id_is_left_out) {
  const Codes repeated{3, 1, 3, 2, 3};
  Showing showing;
  showing.visible = 5;
  showing.own = 3;
  showing.max_length = 200;
  for (const bool around : {false, true}) {
    showing.around = around;
    Shown result;
    core::show({repeated, {}, {}}, showing, false, result.ids, result.coefficients);
    BOOST_TEST(result.ids == (Codes{1, 2}), tt::per_element());
    BOOST_TEST(result.coefficients[1] == static_cast<float>(1 / std::sqrt(2.0)));
  }
}

BOOST_AUTO_TEST_CASE(the_newest_entries_are_kept_of_a_long_list) {
  Showing showing = everything();
  showing.max_length = 3;
  showing.own = 5;

  BOOST_TEST(shown(showing).ids == (Codes{3, 4, 6}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(around_the_list_they_are_taken_from_the_start_on) {
  Showing showing = everything();
  showing.around = true;
  showing.max_length = 3;
  showing.start = 4;
  showing.own = 6;

  BOOST_TEST(shown(showing).ids == (Codes{5, 1, 2}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(extra_entries_are_lost_from_the_start_on) {
  Showing showing = everything();
  showing.extra = 2;
  showing.start = 5;

  BOOST_TEST(shown(showing).ids == (Codes{2, 3, 4, 5}), tt::per_element());
  showing.around = true;
  BOOST_TEST(shown(showing).ids == (Codes{2, 3, 4, 5}), tt::per_element());
  showing.extra = 9;
  BOOST_TEST(shown(showing).ids.empty());
  showing.around = false;
  BOOST_TEST(shown(showing).ids.empty());
}

BOOST_AUTO_TEST_CASE(nothing_visible_shows_nothing) {
  Showing showing = everything();
  showing.visible = 0;

  BOOST_TEST(shown(showing).ids.empty());
  showing.around = true;
  BOOST_TEST(shown(showing).ids.empty());
}

BOOST_AUTO_TEST_SUITE_END()
