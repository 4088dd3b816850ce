#include "data/encoded.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

namespace core = interplay::core;
namespace tt = boost::test_tools;
using core::EncodedColumn;
using core::FieldBuffer;
using core::Kind;

namespace {

using Codes = std::vector<std::int32_t>;
using Offsets = std::vector<std::int64_t>;
using Floats = std::vector<float>;

EncodedColumn ids(Codes values) {
  EncodedColumn column;
  column.ids = std::move(values);
  return column;
}

EncodedColumn numbers(Floats values) {
  EncodedColumn column;
  column.kind = Kind::number;
  column.numbers = std::move(values);
  return column;
}

EncodedColumn lists(Codes values, Offsets offsets, Floats weights = {}) {
  EncodedColumn column;
  column.kind = Kind::categories;
  column.ids = std::move(values);
  column.offsets = std::move(offsets);
  column.numbers = std::move(weights);
  return column;
}

template <class T>
std::vector<T> all(const core::Array<T>& array) {
  return {array.begin(), array.end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_encoded)

BOOST_AUTO_TEST_CASE(a_column_knows_its_rows) {
  BOOST_TEST(ids({1, 2}).rows() == 2);
  BOOST_TEST(numbers({1}).rows() == 1);
  BOOST_TEST(lists({1, 2, 3}, {0, 0, 3}).rows() == 2);
  BOOST_TEST(lists({}, {}).rows() == 0);
  BOOST_TEST(EncodedColumn{}.rows() == 0);
}

BOOST_AUTO_TEST_CASE(a_buffer_of_ids_takes_rows_and_0_for_unknown_ones) {
  const EncodedColumn column = ids({5, 7});
  FieldBuffer buffer(Kind::category, false, 4);

  for (const std::int64_t row : {1, -1, 0, 2}) buffer.add(column, row);

  BOOST_TEST(buffer.ids == (Codes{7, 0, 5, 0}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_buffer_of_numbers_takes_rows_and_nan_for_unknown_ones) {
  FieldBuffer buffer(Kind::number, false, 3);

  buffer.add(numbers({1.5F}), 0);
  buffer.add(numbers({1.5F}), 1);
  buffer.add_unknown();

  BOOST_REQUIRE(buffer.numbers.size() == 3U);
  BOOST_TEST(buffer.numbers[0] == 1.5F);
  BOOST_TEST(std::isnan(buffer.numbers[1]));
  BOOST_TEST(std::isnan(buffer.numbers[2]));
}

BOOST_AUTO_TEST_CASE(an_empty_list_stays_empty_and_an_unknown_one_is_the_list_of_0) {
  const EncodedColumn column = lists({4, 5, 6}, {0, 2, 2, 3});
  FieldBuffer buffer(Kind::categories, false, 5);

  for (const std::int64_t row : {1, 0, -1, 2, 3}) buffer.add(column, row);

  BOOST_TEST(buffer.offsets == (Codes{0, 0, 2, 3, 4, 5}), tt::per_element());
  BOOST_TEST(buffer.ids == (Codes{4, 5, 0, 6, 0}), tt::per_element());
  BOOST_TEST(buffer.numbers.empty());
}

BOOST_AUTO_TEST_CASE(weights_come_along_and_are_1_where_there_are_none) {
  FieldBuffer buffer(Kind::categories, true, 3);

  buffer.add(lists({4, 5}, {0, 2}, {0.5F, 0.25F}), 0);
  buffer.add(lists({6}, {0, 1}), 0);
  buffer.add_unknown();

  BOOST_TEST(buffer.ids == (Codes{4, 5, 6, 0}), tt::per_element());
  BOOST_TEST(buffer.numbers == (Floats{0.5F, 0.25F, 1, 1}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(weights_of_a_column_are_left_out_where_the_field_has_none) {
  FieldBuffer buffer(Kind::categories, false, 1);

  buffer.add(lists({4, 5}, {0, 2}, {0.5F, 0.25F}), 0);

  BOOST_TEST(buffer.numbers.empty());
}

BOOST_AUTO_TEST_CASE(a_cleared_buffer_begins_anew) {
  FieldBuffer buffer(Kind::categories, true, 2);
  buffer.add(lists({4, 5}, {0, 2}), 0);

  buffer.clear();
  buffer.add(lists({6}, {0, 1}), 0);

  BOOST_TEST(buffer.offsets == (Codes{0, 1}), tt::per_element());
  BOOST_TEST(buffer.ids == Codes{6}, tt::per_element());
  BOOST_TEST(buffer.numbers == Floats{1}, tt::per_element());
}

BOOST_AUTO_TEST_CASE(offsets_that_lead_nowhere_are_held_within_the_ids) {
  constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max();
  const EncodedColumn column = lists({4, 5}, {-3, far, 1});
  FieldBuffer buffer(Kind::categories, true, 2);

  buffer.add(column, 0);
  buffer.add(column, 1);

  BOOST_TEST(buffer.offsets == (Codes{0, 2, 2}), tt::per_element());
  BOOST_TEST(buffer.ids == (Codes{4, 5}), tt::per_element());
}

// Weights 1 and 3, none, 0 and 0, and the unknown value, whose weight is 1.
BOOST_AUTO_TEST_CASE(weights_become_coefficients_by_the_combiner) {
  const EncodedColumn column = lists({4, 5, 6, 7}, {0, 2, 2, 4}, {1, 3, 0, 0});
  const auto coefficients = [&](core::Combiner combiner) {
    core::FieldBuffer buffer(Kind::categories, true, 4);
    for (const std::int64_t row : {0, 1, 2, -1}) buffer.add(column, row);
    buffer.combine_weights(combiner);
    return buffer.numbers;
  };
  const float root = static_cast<float>(std::sqrt(10.0));

  BOOST_TEST(coefficients(core::Combiner::mean) == (Floats{0.25F, 0.75F, 0, 0, 1}), tt::per_element());
  BOOST_TEST(coefficients(core::Combiner::sum) == (Floats{1, 3, 0, 0, 1}), tt::per_element());
  BOOST_TEST(coefficients(core::Combiner::sqrtn) == (Floats{1 / root, 3 / root, 0, 0, 1}),
             tt::tolerance(1e-6F) << tt::per_element());
}

// Row 0 from the first, 1 from the second, 2 from neither, 3 beyond the first's end: the first was meant.
BOOST_AUTO_TEST_CASE(combining_takes_the_first_then_the_second_then_unknown) {
  const EncodedColumn first = ids({1, 2}), second = ids({7, 8});

  const EncodedColumn both =
      core::combine(Kind::category, &first, Codes{1, -1, -1, 9}, &second, Codes{0, 1, -1, 0});
  const EncodedColumn without_first =
      core::combine(Kind::category, nullptr, Codes{0, 1}, &second, Codes{1, -1});
  const EncodedColumn alone = core::combine(Kind::category, &first, Codes{0, -1}, nullptr, {});

  BOOST_TEST(all(both.ids) == (Codes{2, 8, 0, 0}), tt::per_element());
  BOOST_TEST(all(without_first.ids) == (Codes{8, 0}), tt::per_element());
  BOOST_TEST(all(alone.ids) == (Codes{1, 0}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(combined_lists_keep_empty_ones_and_get_weights_if_either_has_them) {
  const EncodedColumn first = lists({1, 2}, {0, 2, 2}), second = lists({3}, {0, 1}, {0.5F});

  const EncodedColumn both =
      core::combine(Kind::categories, &first, Codes{0, 1, -1, -1}, &second, Codes{-1, -1, 0, -1});

  BOOST_TEST(all(both.offsets) == (Offsets{0, 2, 2, 3, 4}), tt::per_element());
  BOOST_TEST(all(both.ids) == (Codes{1, 2, 3, 0}), tt::per_element());
  BOOST_TEST(all(both.numbers) == (Floats{1, 1, 0.5F, 1}), tt::per_element());
  BOOST_TEST(both.rows() == 4);
}

BOOST_AUTO_TEST_CASE(combined_numbers_have_no_ids) {
  const EncodedColumn first = numbers({1.5F}), second = numbers({2.5F});

  const EncodedColumn both = core::combine(Kind::number, &first, Codes{-1, 0, -1}, &second, Codes{0, 0, -1});

  BOOST_TEST(both.rows() == 3);
  BOOST_TEST(both.numbers[0] == 2.5F);
  BOOST_TEST(both.numbers[1] == 1.5F);
  BOOST_TEST(std::isnan(both.numbers[2]));
  BOOST_TEST(both.ids.empty());
}

BOOST_AUTO_TEST_SUITE_END()
