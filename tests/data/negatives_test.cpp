// Which items are drawn as negatives.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "data/rows.hpp"

namespace core = interplay::core;
namespace tt = boost::test_tools;

namespace {

using Codes = std::vector<std::int32_t>;
using Offsets = std::vector<std::int64_t>;

/// One row of data, of user 0 with item 0, and `n` negatives from items 0 .. items - 1.
struct Draws {
  Draws(std::int64_t n, std::int32_t items) {
    set.rows = 1;
    set.user = {0};
    set.item = {0};
    set.label = {1};
    candidates.resize(static_cast<std::size_t>(items));
    std::iota(candidates.begin(), candidates.end(), 0);
    drawing.seed = 11;
    drawing.negatives = n;
    drawing.drawn_from = candidates;
  }
  void see(Codes items) {
    seen.offsets = Offsets{0, static_cast<std::int64_t>(items.size())};
    seen.items = std::move(items);
    drawing.seen = &seen;
  }
  Codes draw() {
    Offsets rows(static_cast<std::size_t>(drawing.negatives));
    std::iota(rows.begin(), rows.end(), 1);
    core::Batch batch(set, drawing.negatives);
    batch.fill(rows, drawing, 1);
    return {batch.items, batch.items + drawing.negatives};
  }

  core::RowSet set;
  Codes candidates;
  core::Seen seen;
  core::Drawing drawing;
};

/// sum (found - expected)^2 / expected
double chi_square(const Codes& drawn, const std::vector<double>& shares) {
  double sum = 0;
  for (std::size_t item = 0; item < shares.size(); ++item) {
    const double expected = shares[item] * static_cast<double>(drawn.size());
    const auto found =
        static_cast<double>(std::count(drawn.begin(), drawn.end(), static_cast<std::int32_t>(item)));
    sum += (found - expected) * (found - expected) / expected;
  }
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_negatives)

// Chi-square with 4 degrees of freedom stays below 18.5 in 999 of 1000 cases (any table); the draws are fixed anyway.
BOOST_AUTO_TEST_CASE(uniform_negatives_are_all_alike) {
  BOOST_TEST(chi_square(Draws(5000, 5).draw(), {0.2, 0.2, 0.2, 0.2, 0.2}) < 18.5);
}

// Counts 1, 16, 81, 256 and 0: to the power 0.75 they are 1, 8, 27, 64 and 0, together 100.
BOOST_AUTO_TEST_CASE(popular_negatives_are_drawn_by_the_count_to_the_power_of_three_quarters) {
  Draws draws(5000, 5);
  const auto sums = core::running_sums(std::array<std::int64_t, 5>{1, 16, 81, 256, 0}, 0.75);
  draws.drawing.popularity = sums;

  const Codes drawn = draws.draw();

  BOOST_TEST(sums[3] == 100.0, tt::tolerance(1e-12));
  BOOST_TEST(std::count(drawn.begin(), drawn.end(), 4) == 0);
  BOOST_TEST(chi_square(drawn, {0.01, 0.08, 0.27, 0.64}) < 16.3);  // 3 degrees of freedom
}

BOOST_AUTO_TEST_CASE(counts_of_nothing_draw_all_items_alike) {
  Draws draws(5000, 5);
  const std::vector<double> sums(5, 0.0);
  draws.drawing.popularity = sums;

  BOOST_TEST(chi_square(draws.draw(), {0.2, 0.2, 0.2, 0.2, 0.2}) < 18.5);
}

BOOST_AUTO_TEST_CASE(seen_items_are_drawn_only_where_nothing_is_excluded) {
  Draws draws(1000, 4);
  const Codes any = draws.draw();
  draws.see({0, 1});
  const Codes unseen = draws.draw();

  BOOST_TEST((std::set(any.begin(), any.end()) == std::set{0, 1, 2, 3}));
  BOOST_TEST((std::set(unseen.begin(), unseen.end()) == std::set{2, 3}));
}

// Of 5000 items the last is unseen: 32 tries find it in 1 of 150 draws, the search always.
BOOST_AUTO_TEST_CASE(who_has_seen_nearly_everything_gets_what_is_left) {
  Draws draws(50, 5000);
  Codes seen(4999);
  std::iota(seen.begin(), seen.end(), 0);
  draws.see(std::move(seen));
  std::vector<std::int64_t> counts(5000, 1);
  const auto sums = core::running_sums(counts, 0.75);
  for (const bool popular : {false, true}) {
    if (popular) draws.drawing.popularity = sums;
    for (const std::int32_t item : draws.draw()) BOOST_TEST(item == 4999);
  }
}

BOOST_AUTO_TEST_CASE(who_has_seen_everything_gets_any_item) {
  Draws draws(200, 4);
  draws.see({0, 1, 2, 3});

  const Codes drawn = draws.draw();

  BOOST_TEST((std::set(drawn.begin(), drawn.end()) == std::set{0, 1, 2, 3}));
}

BOOST_AUTO_TEST_SUITE_END()
