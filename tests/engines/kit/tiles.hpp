// What the tests of the tiles share: random numbers, and the way from rows to tiles and back.
#pragma once

#include "kit/kernels/kernels.hpp"
#include "kit/memory.hpp"

#include <interplay/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>

namespace interplay::kit::test {

// Sums of up to 70 products of numbers near 1 in float, in another order and with fused products: about 70 *
// 2^-24.
constexpr double tolerance = 1e-5;

inline Floats draw(std::size_t n, std::uint64_t seed) {
  Random random(seed, Purpose::golden_rows);
  Floats x(n);
  for (float& value : x) value = random.normal();
  return x;
}

inline void for_each_level(const std::function<void(const Kernels&)>& body) {
  const Kernels* available[8];
  const std::size_t n = available_kernels(available);
  for (std::size_t i = 0; i < n; ++i) BOOST_TEST_CONTEXT(available[i]->name) body(*available[i]);
}

/// rows of n numbers, side by side in tiles of W; the last tile is filled up with zeros
inline Floats to_tiles(const Floats& rows, std::size_t n, std::size_t w) {
  const std::size_t count = rows.size() / n;
  Floats tiles((count + w - 1) / w * n * w);
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t c = 0; c < n; ++c) tiles[(r / w * n + c) * w + r % w] = rows[r * n + c];
  return tiles;
}
inline Floats from_tiles(const Floats& tiles, std::size_t count, std::size_t n, std::size_t w) {
  Floats rows(count * n);
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t c = 0; c < n; ++c) rows[r * n + c] = tiles[(r / w * n + c) * w + r % w];
  return rows;
}

inline std::size_t whole(std::size_t n, std::size_t w) { return (n + w - 1) / w * w; }

/// items of n numbers, as a kernel of one row has them: each filled up to whole vectors
inline Floats to_row(const Floats& items, std::size_t n, std::size_t w) {
  Floats row(items.size() / n * whole(n, w));
  for (std::size_t i = 0; i < items.size(); ++i) row[i / n * whole(n, w) + i % n] = items[i];
  return row;
}
inline Floats from_row(const Floats& row, std::size_t count, std::size_t n, std::size_t w) {
  Floats items(count * n);
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = row[i / n * whole(n, w) + i % n];
  return items;
}

inline void check_close(const Floats& found, const Floats& expected) {
  BOOST_REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    BOOST_TEST(std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i])) <
               tolerance * (1 + std::abs(static_cast<double>(expected[i]))));
}

}  // namespace interplay::kit::test
