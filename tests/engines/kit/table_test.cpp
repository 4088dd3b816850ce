// Narrow tables: what a number becomes, by pencil and paper.
#include "kit/table.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

namespace interplay::kit::test {

BOOST_AUTO_TEST_SUITE(kit_table)

static float rounded(float x) {
  BFloat16 narrow{};
  to_bfloat16(&narrow, {&x, 1});
  float wide = 0;
  Table::borrow_bfloat16(&narrow, 1, 1).widen(&wide, 0);
  return wide;
}

// Seven bits stay behind the point: from 1 on numbers are 2^-7 apart.
BOOST_AUTO_TEST_CASE(bfloat16_rounds_to_the_nearest_and_ties_to_even) {
  const float step = std::ldexp(1.0f, -7), half = step / 2;
  BOOST_TEST(rounded(1 + step) == 1 + step);
  BOOST_TEST(rounded(1 + half) == 1.0f);                            // a tie: down to the even one
  BOOST_TEST(rounded(1 + 3 * half) == 1 + 2 * step);                // a tie: up to it
  BOOST_TEST(rounded(std::nextafter(1 + half, 2.0f)) == 1 + step);  // just above it
  BOOST_TEST(rounded(-1 - 3 * half) == -1 - 2 * step);
  BOOST_TEST(rounded(0.0f) == 0.0f);
}

BOOST_AUTO_TEST_CASE(bfloat16_makes_no_infinity) {
  const float largest = std::numeric_limits<float>::max();
  BOOST_TEST(std::isfinite(rounded(largest)));
  BOOST_TEST(rounded(largest) > 3.3e38f);
  BOOST_TEST(rounded(-largest) == -rounded(largest));
}

// The largest of a row is 127 steps: 0.02 each here.
BOOST_AUTO_TEST_CASE(int8_divides_the_largest_of_a_row_into_127_steps) {
  const float x[] = {2.54f, -2.54f, 0.021f, 0.0f};
  std::int8_t q[4];
  const float scale = to_int8(q, x);
  BOOST_TEST(std::abs(scale - 0.02f) < 1e-8f);
  BOOST_TEST(q[0] == 127);
  BOOST_TEST(q[1] == -127);
  BOOST_TEST(q[2] == 1);
  BOOST_TEST(q[3] == 0);
  float wide[4];
  Table::borrow_int8(q, &scale, 1, 4).widen(wide, 0);
  BOOST_TEST(std::abs(wide[2] - 0.02f) < 1e-8f);
}

BOOST_AUTO_TEST_CASE(int8_of_zeros_is_zeros) {
  const float x[] = {0.0f, 0.0f};
  std::int8_t q[] = {5, 5};
  BOOST_TEST(to_int8(q, x) == 0.0f);
  BOOST_TEST(q[0] == 0);
}

BOOST_AUTO_TEST_CASE(rows_of_a_list_are_widened_in_its_order) {
  const BFloat16 rows[] = {{0x3f80}, {0x4000}, {0x4040}};  // 1, 2, 3
  const std::int32_t chosen[] = {2, 0, 2};
  Widened widened;
  widened.read(Table::borrow_bfloat16(rows, 3, 1), chosen);
  BOOST_TEST(widened.rows()[0] == 3.0f);
  BOOST_TEST(widened.rows()[1] == 1.0f);
  BOOST_TEST(widened.rows()[2] == 3.0f);
  BOOST_TEST(widened.ids()[2] == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::kit::test
