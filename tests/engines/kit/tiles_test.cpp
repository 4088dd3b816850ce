// Scoring's kernels: every instruction set this machine has, held to the readable twin whose tiles are of one row; and one
// row alone to the same row among others, bit for bit.
#include "tiles.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace interplay::kit::test {

BOOST_AUTO_TEST_SUITE(kit_tiles)

// 37 rows: whole tiles and a rest at every level; 13 columns: every width of a kernel's blocks.
BOOST_AUTO_TEST_CASE(every_level_multiplies_like_the_scalar_twin) {
  const std::size_t rows = 37, n = 13;
  for (const std::size_t k : {1u, 3u, 32u})
    for (const bool whole : {false, true}) {
      const Floats x = draw(rows * k, 1), bias = draw(n + 16, 3), residual = draw(rows * n, 4);
      Floats w = draw(k * n + 16, 2), expected(rows * n);
      scalar_tiles().linear({expected.data(), x.data(), w.data(), whole ? bias.data() : nullptr,
                             whole ? residual.data() : nullptr, rows, k, n, whole});

      for_each_level([&](const Kernels& kernels) {
        const TileKernels& level = kernels.tiles;
        const Floats tiles = to_tiles(x, k, level.lanes), added = to_tiles(residual, n, level.lanes);
        Floats y(added.size());
        level.linear({y.data(), tiles.data(), w.data(), whole ? bias.data() : nullptr,
                      whole ? added.data() : nullptr, tiles.size() / k / level.lanes, k, n, whole});
        check_close(from_tiles(y, rows, n, level.lanes), expected);
      });
    }
}

BOOST_AUTO_TEST_CASE(a_plain_row_has_the_bits_of_a_row_in_a_tile) {
  const std::size_t k = 19, n = 45;
  const Floats x = draw(16 * k, 1), w = draw(k * n + 16, 2), bias = draw(n + 16, 3);

  for_each_level([&](const Kernels& kernels) {
    const TileKernels& level = kernels.tiles;
    const std::size_t lanes = level.lanes;
    const Floats tile = to_tiles({x.begin(), x.begin() + static_cast<std::ptrdiff_t>(lanes * k)}, k, lanes);
    Floats y(n * lanes), alone(n + 16), a = draw(n + 16, 5), z(n * lanes), z_alone(n + 16);
    level.linear({y.data(), tile.data(), w.data(), bias.data(), nullptr, 1, k, n, true});
    level.linear_row({alone.data(), x.data(), w.data(), bias.data(), nullptr, 1, k, n, true});
    level.affine(z.data(), y.data(), a.data(), bias.data(), 1, n);
    level.affine_row(z_alone.data(), alone.data(), a.data(), bias.data(), n);
    for (std::size_t c = 0; c < n; ++c) {
      BOOST_TEST(alone[c] == y[c * lanes]);
      BOOST_TEST(z_alone[c] == z[c * lanes]);
    }
  });
}

// Every number of items that a kernel takes at once, narrow and wide.
BOOST_AUTO_TEST_CASE(the_items_of_a_plain_row_have_the_bits_of_items_in_a_tile) {
  for_each_level([&](const Kernels& kernels) {
    const TileKernels& level = kernels.tiles;
    const std::size_t lanes = level.lanes, k = 19;
    for (const std::size_t n : {5u, 32u, 115u})
      for (std::size_t items = 1; items <= 17; ++items) {
        const Floats x = draw(items * k, 1), w = draw(k * n + 16, 2), bias = draw(n + 16, 3),
                     added = draw(items * n, 4);
        const Floats tiles = to_tiles(x, k, lanes), rest = to_tiles(added, n, lanes);
        const Floats plain = to_row(x, k, lanes), plain_rest = to_row(added, n, lanes);
        Floats expected(rest.size()), alone(plain_rest.size());
        for (const float* const b : {static_cast<const float*>(nullptr), bias.data()}) {
          const bool whole = b != nullptr;
          level.linear({expected.data(), tiles.data(), w.data(), b, whole ? rest.data() : nullptr,
                        rest.size() / n / lanes, k, n, whole});
          level.linear_row({alone.data(), plain.data(), w.data(), b, whole ? plain_rest.data() : nullptr,
                            items, k, n, whole});
          BOOST_TEST(from_row(alone, items, n, lanes) == from_tiles(expected, items, n, lanes));
        }
      }
  });
}

// Every number of queries that a kernel takes at once, and more fields than lanes.
BOOST_AUTO_TEST_CASE(every_level_attends_like_the_scalar_twin_and_alone_like_in_a_tile) {
  const std::size_t rows = 17;
  for (const auto [M, H, dh] : std::vector<std::array<std::size_t, 3>>{
           {1, 2, 5}, {2, 3, 5}, {3, 2, 5}, {4, 1, 16}, {7, 2, 16}, {15, 2, 5}, {16, 3, 17}, {39, 2, 5}}) {
    const std::size_t width = H * dh;
    const Floats qkv = draw(rows * M * 3 * width, 1);
    Floats expected(rows * M * width), weights(rows * H * M * M);
    scalar_tiles().attention(
        {expected.data(), qkv.data(), nullptr, weights.data(), nullptr, rows, M, H, dh, 0.4f});

    for_each_level([&](const Kernels& kernels) {
      const TileKernels& level = kernels.tiles;
      const std::size_t lanes = level.lanes, tiles = (rows + lanes - 1) / lanes;
      const Floats in = to_tiles(qkv, M * 3 * width, lanes);
      Floats out(tiles * M * width * lanes), a(tiles * H * M * M * lanes), scratch((4 * M + 2 * dh) * lanes);
      level.attention({out.data(), in.data(), scratch.data(), a.data(), nullptr, tiles, M, H, dh, 0.4f});
      check_close(from_tiles(out, rows, M * width, lanes), expected);
      check_close(from_tiles(a, rows, H * M * M, lanes), weights);

      // Scoring keeps no weights, and so divides by their sum at the end.
      level.attention({out.data(), in.data(), scratch.data(), nullptr, nullptr, tiles, M, H, dh, 0.4f});
      check_close(from_tiles(out, rows, M * width, lanes), expected);

      // the last row, alone
      const std::size_t last = rows - 1;
      const auto first = qkv.begin() + static_cast<std::ptrdiff_t>(last * M * 3 * width);
      Floats row = to_row({first, first + static_cast<std::ptrdiff_t>(M * 3 * width)}, 3 * width, lanes);
      row.resize(row.size() + lanes);
      Floats alone(M * whole(width, lanes));
      level.attention_row({alone.data(), row.data(), scratch.data(), nullptr, nullptr, 1, M, H, dh, 0.4f});
      const Floats found = from_row(alone, M, width, lanes),
                   together = from_tiles(out, rows, M * width, lanes);
      for (std::size_t i = 0; i < M * width; ++i) BOOST_TEST(found[i] == together[last * M * width + i]);
    });
  }
}

/// What the second of two fields gets of the first one's attention when its score is `score` above the first's own:
/// Q = 1, K = (0, score), V = (0, 1), the same in all lanes.
static double attention_to_second(const TileKernels& level, float score) {
  const std::size_t lanes = level.lanes;
  Floats qkv(6 * lanes), out(2 * lanes), scratch(8 * lanes);
  const float values[] = {1, 0, 0, 1, score, 1};
  for (std::size_t i = 0; i < qkv.size(); ++i) qkv[i] = values[i / lanes];
  level.attention({out.data(), qkv.data(), scratch.data(), nullptr, nullptr, 1, 2, 1, 1, 1.0f});
  return static_cast<double>(out[lanes - 1]);
}

// exp(x) / (1 + exp(x)) in double precision. x log2(e) is rounded to 24 bits, which moves 2 to that by x 2^-24 of itself at
// most; a few roundings join. Below exp(-87) a float's own exp ends.
BOOST_AUTO_TEST_CASE(a_weight_is_right_to_the_rounding_of_its_score_however_small_it_is) {
  for_each_level([&](const Kernels& kernels) {
    for (float score = 0; score > -86; score -= 0.37f) {
      const double x = std::exp(static_cast<double>(score)), expected = x / (1 + x);
      const double error = std::abs(attention_to_second(kernels.tiles, score) - expected) / expected;
      BOOST_TEST(error < 5e-7 - 6e-8 * static_cast<double>(score));
    }
    BOOST_TEST(attention_to_second(kernels.tiles, 0.0f) == 0.5);
    BOOST_TEST(attention_to_second(kernels.tiles, -1e30f) < 2e-38);
    BOOST_TEST(attention_to_second(kernels.tiles, 1e30f) == 1.0);
  });
}

BOOST_AUTO_TEST_CASE(a_score_that_is_no_number_is_not_hidden_by_softmax) {
  for_each_level([&](const Kernels& kernels) {
    BOOST_TEST(std::isnan(attention_to_second(kernels.tiles, std::numeric_limits<float>::quiet_NaN())));
    BOOST_TEST(std::isnan(attention_to_second(kernels.tiles, std::numeric_limits<float>::infinity())));
  });
}

// 0 would be a plausible number, and a damaged table would score like a sound one.
BOOST_AUTO_TEST_CASE(a_number_that_is_none_stays_none_through_a_relu) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for_each_level([&](const Kernels& kernels) {
    const TileKernels& level = kernels.tiles;
    const std::size_t lanes = level.lanes;
    Floats x(lanes, nan), w(32, 1.0f), y(lanes), alone(32), plain(32, nan);
    level.linear({y.data(), x.data(), w.data(), nullptr, nullptr, 1, 1, 1, true});
    level.linear_row({alone.data(), plain.data(), w.data(), nullptr, nullptr, 1, 1, 1, true});
    level.relu(x.data(), lanes);
    BOOST_TEST(std::isnan(y[0]));
    BOOST_TEST(std::isnan(alone[0]));
    BOOST_TEST(std::isnan(x[0]));
  });
}

// Element by element, so exact: -1 and 3 to 0 and 3; 3 + 0.5; and 2 x + 1 in a column, -x in the next.
BOOST_AUTO_TEST_CASE(every_level_clips_adds_and_scales_by_pencil) {
  for_each_level([&](const Kernels& kernels) {
    const TileKernels& level = kernels.tiles;
    const std::size_t lanes = level.lanes;
    Floats x(2 * lanes, 3.0f), half(2 * lanes, 0.5f), y(2 * lanes);
    std::fill_n(x.data(), lanes, -1.0f);
    const Floats a{2, -1}, b{1, 0};
    level.affine(y.data(), x.data(), a.data(), b.data(), 1, 2);
    level.relu(x.data(), x.size());
    level.add(half.data(), x.data(), x.size());
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      BOOST_TEST(x[lane] == 0.0f);
      BOOST_TEST(half[lane] == 0.5f);
      BOOST_TEST(half[lanes + lane] == 3.5f);
      BOOST_TEST(y[lane] == -1.0f);
      BOOST_TEST(y[lanes + lane] == -3.0f);
    }
  });
}

BOOST_AUTO_TEST_CASE(every_level_normalises_and_reads_out_like_the_scalar_twin) {
  const std::size_t rows = 19, M = 18, n = 11;
  const Floats x = draw(rows * M * n, 1), w = draw(M * n, 2), gain = draw(n, 3), shift = draw(n, 4);
  Floats expected(x.size()), logits(rows);
  scalar_tiles().layer_norm(expected.data(), x.data(), gain.data(), shift.data(), rows * M, n, 1e-8f);
  scalar_tiles().readout(logits.data(), x.data(), w.data(), rows, M, n);

  for_each_level([&](const Kernels& kernels) {
    const TileKernels& level = kernels.tiles;
    const std::size_t lanes = level.lanes, tiles = (rows + lanes - 1) / lanes;
    const Floats in = to_tiles(x, M * n, lanes);
    Floats y(in.size()), found(tiles * lanes);
    level.layer_norm(y.data(), in.data(), gain.data(), shift.data(), tiles * M, n, 1e-8f);
    level.readout(found.data(), in.data(), w.data(), tiles, M, n);
    check_close(from_tiles(y, rows, M * n, lanes), expected);
    found.resize(rows);
    check_close(found, logits);

    const Floats row = to_row({x.begin(), x.begin() + static_cast<std::ptrdiff_t>(M * n)}, n, lanes);
    float alone = 0;
    level.readout_row(&alone, row.data(), w.data(), M, n);
    BOOST_TEST(alone == found[0]);
  });
}

BOOST_AUTO_TEST_CASE(turning_puts_every_number_of_a_row_into_its_lane) {
  const std::size_t n = 37;
  const Floats x = draw(16 * n, 1);

  for_each_level([&](const Kernels& kernels) {
    const TileKernels& level = kernels.tiles;
    std::vector<const float*> rows;
    for (std::size_t lane = 0; lane < level.lanes; ++lane) rows.push_back(x.data() + lane * n);
    Floats turned(n * level.lanes);
    level.turn(turned.data(), rows.data(), n);
    for (std::size_t lane = 0; lane < level.lanes; ++lane)
      for (std::size_t c = 0; c < n; ++c) BOOST_TEST(turned[c * level.lanes + lane] == x[lane * n + c]);
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::kit::test
