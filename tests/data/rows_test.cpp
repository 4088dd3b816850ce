#include "data/rows.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "support/fails.hpp"

namespace core = interplay::core;
namespace tt = boost::test_tools;
using core::Batch;
using core::By;
using core::Drawing;
using core::EncodedColumn;
using core::Kind;
using core::RowSet;
using interplay::test::fails;

namespace {

using Codes = std::vector<std::int32_t>;
using Offsets = std::vector<std::int64_t>;
using Floats = std::vector<float>;

EncodedColumn ids(Codes values) {
  EncodedColumn column;
  column.ids = std::move(values);
  return column;
}

void add_field(RowSet& set, Kind kind, const EncodedColumn* column, By by = By::row,
               std::int64_t fixed = -1) {
  set.fields.push_back({"f", static_cast<std::int32_t>(kind), 0, 1000, 0});
  set.lists.emplace_back();
  set.sources.push_back({column, by, fixed});
}

std::vector<std::int32_t> ids_of(const interplay_batch& batch, std::size_t field) {
  const interplay_values& values = batch.fields[field];
  return {values.ids, values.ids + values.rows};
}

Offsets up_to(std::int64_t n) {
  Offsets rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

/// 200 rows with id 1, of which `unknown_rate` are masked.
struct Masked {
  explicit Masked(double rate) {
    add_field(set, Kind::category, &column);
    set.rows = 200;
    drawing.seed = 7;
    drawing.unknown_rate = rate;
  }
  Codes fill(const Offsets& chosen, std::uint64_t draw) {
    Batch batch(set, 200);
    batch.fill(chosen, drawing, draw);
    return ids_of(batch, 0);
  }

  EncodedColumn column = ids(Codes(200, 1));
  RowSet set;
  Drawing drawing;
};

/// Two rows of data (user 0 with item 0, user 1 with item 3) with three negatives each from items 0 .. 3.
struct Implicit {
  explicit Implicit(Codes seen_items, Offsets seen_offsets) {
    set.rows = 2;
    set.user = {0, 1};
    set.item = {0, 3};
    set.label = {1, 1};
    set.weight = {0.5F, 2};
    add_field(set, Kind::category, &of_item, By::item);
    seen.items = std::move(seen_items);
    seen.offsets = std::move(seen_offsets);
    drawing.seed = 3;
    drawing.negatives = 3;
    drawing.drawn_from = candidates;
    drawing.seen = &seen;
  }

  EncodedColumn of_item = ids({10, 11, 12, 13});
  Codes candidates{0, 1, 2, 3};
  core::Seen seen;
  RowSet set;
  Drawing drawing;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(data_rows)

BOOST_AUTO_TEST_CASE(seen_items_are_those_of_the_user) {
  core::Seen seen;
  seen.offsets = Offsets{0, 2, 2};
  seen.items = Codes{3, 5};

  BOOST_TEST(seen.contains(0, 3));
  BOOST_TEST(seen.contains(0, 5));
  BOOST_TEST(!seen.contains(0, 4));
  BOOST_TEST(!seen.contains(1, 3));
  BOOST_TEST(seen.of(-1).empty());
  BOOST_TEST(seen.of(2).empty());
  BOOST_TEST(core::Seen{}.of(0).empty());
}

BOOST_AUTO_TEST_CASE(seen_items_stay_within_the_list_whatever_the_offsets) {
  core::Seen seen;
  seen.offsets = Offsets{-4, 1000, 1};
  seen.items = Codes{3, 5};

  BOOST_TEST(seen.of(0).size() == 2U);
  BOOST_TEST(seen.of(1).empty());
}

BOOST_AUTO_TEST_CASE(rows_come_in_the_order_chosen_each_from_its_source) {
  const EncodedColumn own = ids({1, 2, 3}), of_user = ids({10, 11}), of_item = ids({20, 21});
  RowSet set;
  set.rows = 3;
  set.user = {1, 0, -1};
  set.item = {0, 1, 1};
  set.label = {0.5F, 1.5F, 2.5F};
  add_field(set, Kind::category, &own);
  add_field(set, Kind::category, &of_user, By::user);
  add_field(set, Kind::category, &of_item, By::item);
  add_field(set, Kind::category, nullptr, By::item);
  Batch batch(set, 4);

  batch.fill(Offsets{2, 0, 0}, Drawing{}, 0);

  BOOST_TEST(batch.rows == 3);
  BOOST_TEST(ids_of(batch, 0) == (Codes{3, 1, 1}), tt::per_element());
  BOOST_TEST(ids_of(batch, 1) == (Codes{0, 11, 11}), tt::per_element());
  BOOST_TEST(ids_of(batch, 2) == (Codes{21, 20, 20}), tt::per_element());
  BOOST_TEST(ids_of(batch, 3) == (Codes{0, 0, 0}), tt::per_element());
  BOOST_TEST(batch.labels[0] == 2.5F);
  BOOST_TEST(batch.users[1] == 1);
  BOOST_TEST(batch.items[0] == 1);
  BOOST_TEST((batch.weights == nullptr));
}

BOOST_AUTO_TEST_CASE(a_fixed_source_is_one_row_whatever_the_batch) {
  const EncodedColumn fixed = ids({10, 11}), own = ids({1, 2, 3});
  RowSet set;
  set.rows = 3;
  add_field(set, Kind::category, &fixed, By::fixed, 1);
  add_field(set, Kind::category, &fixed, By::fixed, -1);
  add_field(set, Kind::category, nullptr, By::fixed, 1);
  add_field(set, Kind::category, &own);
  Batch batch(set, 3);
  Drawing drawing;
  drawing.unknown_rate = 1;

  batch.fill(up_to(3), drawing, 1);

  BOOST_TEST(batch.rows == 3);
  BOOST_TEST(ids_of(batch, 0) == Codes{11}, tt::per_element());  // not masked: it is no row's own
  BOOST_TEST(ids_of(batch, 1) == Codes{0}, tt::per_element());
  BOOST_TEST(ids_of(batch, 2) == Codes{0}, tt::per_element());
  BOOST_TEST(batch.fields[3].rows == 3);
}

BOOST_AUTO_TEST_CASE(a_batch_shows_each_kind_in_its_own_arrays) {
  const EncodedColumn category = ids({1});
  EncodedColumn number, lists;
  number.kind = Kind::number;
  number.numbers = Floats{1.5F};
  lists.kind = Kind::categories;
  lists.ids = Codes{4, 5};
  lists.offsets = Offsets{0, 2};
  lists.numbers = Floats{0.75F, 0.25F};
  RowSet set;
  set.rows = 1;
  add_field(set, Kind::category, &category);
  add_field(set, Kind::number, &number);
  add_field(set, Kind::categories, &lists);
  set.lists[2].weighted = true;
  Batch batch(set, 1);

  batch.fill(0, 1);

  BOOST_TEST((batch.fields[0].numbers == nullptr && batch.fields[0].offsets == nullptr));
  BOOST_TEST((batch.fields[1].ids == nullptr && batch.fields[1].offsets == nullptr));
  BOOST_TEST(batch.fields[1].numbers[0] == 1.5F);
  BOOST_TEST(batch.fields[2].ids[1] == 5);
  BOOST_TEST(batch.fields[2].numbers[1] == 0.25F);
  BOOST_TEST(batch.fields[2].offsets[1] == 2);
}

// No weights: the mean needs no coefficients, sum has 1 each, sqrtn 1 / sqrt(2). Weights 1 and 3: the mean has 1/4 and 3/4.
BOOST_AUTO_TEST_CASE(lists_come_with_the_coefficients_of_their_combiner) {
  EncodedColumn plain, weighted;
  plain.kind = weighted.kind = Kind::categories;
  plain.ids = weighted.ids = Codes{4, 5};
  plain.offsets = weighted.offsets = Offsets{0, 2};
  weighted.numbers = Floats{1, 3};
  RowSet set;
  set.rows = 1;
  for (const core::Combiner combiner : {core::Combiner::mean, core::Combiner::sum, core::Combiner::sqrtn}) {
    add_field(set, Kind::categories, &plain);
    set.lists.back().combiner = combiner;
  }
  add_field(set, Kind::categories, &weighted);
  set.lists.back().weighted = true;
  Batch batch(set, 1);

  batch.fill(0, 1);

  BOOST_TEST((batch.fields[0].numbers == nullptr));
  BOOST_TEST(batch.fields[1].numbers[1] == 1.0F);
  BOOST_TEST(batch.fields[2].numbers[1] == static_cast<float>(1 / std::sqrt(2.0)));
  BOOST_TEST(batch.fields[3].numbers[0] == 0.25F);
  BOOST_TEST(batch.fields[3].numbers[1] == 0.75F);
}

BOOST_AUTO_TEST_CASE(nothing_is_masked_without_a_draw_or_a_rate) {
  const Codes whole(200, 1);

  BOOST_TEST(Masked(0.5).fill(up_to(200), 0) == whole, tt::per_element());
  BOOST_TEST(Masked(0).fill(up_to(200), 1) == whole, tt::per_element());
}

// 200 draws at one half: 50 to 150 is seven deviations, and the draws are fixed anyway.
BOOST_AUTO_TEST_CASE(about_the_asked_for_share_is_masked_to_0) {
  const Codes masked = Masked(0.5).fill(up_to(200), 1);

  const auto zeros = std::count(masked.begin(), masked.end(), 0);
  BOOST_TEST(zeros > 50);
  BOOST_TEST(zeros < 150);
  BOOST_TEST(std::count(masked.begin(), masked.end(), 1) == 200 - zeros);
}

BOOST_AUTO_TEST_CASE(the_same_draw_masks_the_same_rows_whatever_the_batch) {
  Masked masked(0.5);
  const Codes whole = masked.fill(up_to(200), 1);
  const Offsets some{150, 3, 77, 3, 199};

  const Codes again = masked.fill(up_to(200), 1), part = masked.fill(some, 1);

  BOOST_TEST(again == whole, tt::per_element());
  for (std::size_t i = 0; i < some.size(); ++i)
    BOOST_TEST(part[i] == whole[static_cast<std::size_t>(some[i])]);
}

BOOST_AUTO_TEST_CASE(another_draw_or_seed_masks_other_rows) {
  Masked masked(0.5), other(0.5);
  other.drawing.seed = 8;
  const Codes first = masked.fill(up_to(200), 1);

  BOOST_TEST((masked.fill(up_to(200), 2) != first));
  BOOST_TEST((other.fill(up_to(200), 1) != first));
}

BOOST_AUTO_TEST_CASE(two_fields_are_masked_independently) {
  Masked masked(0.5);
  add_field(masked.set, Kind::category, &masked.column);
  Batch batch(masked.set, 200);

  batch.fill(up_to(200), masked.drawing, 1);

  BOOST_TEST((ids_of(batch, 0) != ids_of(batch, 1)));
}

BOOST_AUTO_TEST_CASE(masking_keeps_numbers_and_the_length_of_lists) {
  EncodedColumn number, lists;
  number.kind = Kind::number;
  number.numbers = Floats{1.5F, 2.5F};
  lists.kind = Kind::categories;
  lists.ids = Codes{4, 5, 6};
  lists.offsets = Offsets{0, 0, 3};
  RowSet set;
  set.rows = 2;
  add_field(set, Kind::number, &number);
  add_field(set, Kind::categories, &lists);
  Batch batch(set, 2);
  Drawing drawing;
  drawing.unknown_rate = 1;

  batch.fill(up_to(2), drawing, 1);

  BOOST_TEST(batch.fields[0].numbers[0] == 1.5F);
  BOOST_TEST(batch.fields[0].numbers[1] == 2.5F);
  BOOST_TEST(batch.fields[1].offsets[1] == 0);
  BOOST_TEST(batch.fields[1].offsets[2] == 3);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(batch.fields[1].ids[i] == 0);
}

BOOST_AUTO_TEST_CASE(negatives_are_unseen_items_of_the_row_they_belong_to) {
  const Implicit data({0, 1, 2, 3}, {0, 2, 4});  // user 0 has seen 0 and 1, user 1 has seen 2 and 3
  Batch batch(data.set, 8);
  std::set<std::pair<std::int32_t, std::int32_t>> drawn;

  for (std::uint64_t draw = 0; draw < 50; ++draw) {
    batch.fill(up_to(8), data.drawing, draw);
    for (std::size_t i = 2; i < 8; ++i) {
      const std::int32_t user = i < 5 ? 0 : 1;
      BOOST_TEST(batch.users[i] == user);
      BOOST_TEST(batch.labels[i] == 0.0F);
      BOOST_TEST(batch.weights[i] == (user == 0 ? 0.5F : 2.0F));
      BOOST_TEST(batch.fields[0].ids[i] == 10 + batch.items[i]);
      drawn.emplace(user, batch.items[i]);
    }
    BOOST_TEST(batch.labels[0] == 1.0F);
    BOOST_TEST(batch.items[1] == 3);
  }

  const std::set<std::pair<std::int32_t, std::int32_t>> unseen{{0, 2}, {0, 3}, {1, 0}, {1, 1}};
  BOOST_TEST((drawn == unseen));
}

BOOST_AUTO_TEST_CASE(the_same_draw_gives_the_same_negatives_whatever_the_batch) {
  const Implicit data({0, 3}, {0, 1, 2});
  Batch batch(data.set, 8), other(data.set, 8);
  batch.fill(up_to(8), data.drawing, 5);

  other.fill(Offsets{7, 2}, data.drawing, 5);

  BOOST_TEST(other.items[0] == batch.items[7]);
  BOOST_TEST(other.items[1] == batch.items[2]);
}

BOOST_AUTO_TEST_CASE(another_draw_gives_other_negatives) {
  const Implicit data({0, 3}, {0, 1, 2});
  Batch batch(data.set, 8);
  std::set<Codes> different;

  for (std::uint64_t draw = 0; draw < 20; ++draw) {
    batch.fill(up_to(8), data.drawing, draw);
    different.emplace(batch.items, batch.items + 8);
  }

  BOOST_TEST(different.size() > 10U);
}

BOOST_AUTO_TEST_CASE(a_user_who_has_seen_everything_gets_an_item_all_the_same,
                     *boost::unit_test::timeout(20)) {
  const Implicit data({0, 1, 2, 3, 3}, {0, 4, 5});
  Batch batch(data.set, 8);

  batch.fill(up_to(8), data.drawing, 1);

  for (std::size_t i = 2; i < 5; ++i) BOOST_TEST((batch.items[i] >= 0 && batch.items[i] < 4));
}

BOOST_AUTO_TEST_CASE(a_row_outside_the_view_is_refused_and_named) {
  const Implicit data({0, 3}, {0, 1, 2});
  Batch batch(data.set, 8);

  fails(INTERPLAY_INVALID_ARGUMENT, {"row 8", "8 rows"}, [&] { batch.fill(Offsets{0, 8}, data.drawing, 0); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"row -1"}, [&] { batch.fill(Offsets{-1}, data.drawing, 0); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"row 2", "2 rows"}, [&] { batch.fill(Offsets{2}, Drawing{}, 0); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"row 2"}, [&] { batch.fill(1, 2); });
}

BOOST_AUTO_TEST_CASE(more_rows_than_a_batch_has_room_for_are_refused) {
  const EncodedColumn column = ids({1, 2, 3});
  RowSet set;
  set.rows = 3;
  add_field(set, Kind::category, &column);
  Batch batch(set, 2);

  fails(INTERPLAY_INVALID_ARGUMENT, {"2 rows", "3"}, [&] { batch.fill(0, 3); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"at least one row"}, [&] { Batch(set, 0); });
  batch.fill(1, 2);  // it still works
  BOOST_TEST(ids_of(batch, 0) == (Codes{2, 3}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(no_rows_fill_an_empty_batch) {
  const EncodedColumn column = ids({1});
  RowSet set;
  set.rows = 1;
  add_field(set, Kind::category, &column);
  Batch batch(set, 1);

  batch.fill(0, 0);

  BOOST_TEST(batch.rows == 0);
  BOOST_TEST(batch.fields[0].rows == 0);
}

BOOST_AUTO_TEST_SUITE_END()
