// Training's kernels: every instruction set this machine has, held to the readable twin. That the twin is right stands in
// autoint's network_test.cpp, against finite differences.
#include "tiles.hpp"

namespace interplay::kit::test {

BOOST_AUTO_TEST_SUITE(kit_gradients)

// 37 rows: whole tiles and a rest at every level, whose lanes hold zeros; widths of whole vectors and others.
BOOST_AUTO_TEST_CASE(every_level_multiplies_back_like_the_scalar_twin) {
  const std::size_t rows = 37;
  for (const std::size_t k : {1u, 13u, 32u})
    for (const std::size_t n : {1u, 13u, 48u}) {
      const Floats x = draw(rows * k, 1), d_y = draw(rows * n, 2), w = draw(k * n + 16, 3),
                   d_x = draw(rows * k, 4), d_w = draw(k * n, 5);
      Floats expected_x = d_x, expected_w = d_w;
      scalar_gradients().linear(
          {expected_x.data(), d_y.data(), w.data(), nullptr, expected_x.data(), rows, n, k, false});
      scalar_gradients().outer({expected_w.data(), x.data(), d_y.data(), rows, k, n, n});

      for_each_level([&](const Kernels& level) {
        const std::size_t lanes = level.tiles.lanes, vectors = (rows + lanes - 1) / lanes,
                          stride = (n + lanes - 1) / lanes * lanes;
        const Floats in = to_tiles(x, k, lanes), d_out = to_tiles(d_y, n, lanes);
        Floats found_x = to_tiles(d_x, k, lanes), found_w = d_w, turned(vectors * lanes * stride);
        for (std::size_t v = 0; v < vectors; ++v)
          level.gradients.turn_back(turned.data() + v * lanes * stride, stride, d_out.data() + v * n * lanes,
                                    n);
        level.gradients.linear(
            {found_x.data(), d_out.data(), w.data(), nullptr, found_x.data(), vectors, n, k, false});
        level.gradients.outer({found_w.data(), in.data(), turned.data(), vectors, k, n, stride});
        check_close(from_tiles(found_x, rows, k, lanes), expected_x);
        check_close(found_w, expected_w);
      });
    }
}

// Every number of queries that a kernel takes at once, and more fields than lanes.
BOOST_AUTO_TEST_CASE(every_level_attends_with_a_mask_and_back_like_the_scalar_twin) {
  const std::size_t rows = 17, H = 2, dh = 5, width = H * dh;
  for (const std::size_t M : {1u, 2u, 3u, 7u, 39u})
    for (const bool masked : {false, true}) {
      const Floats qkv = draw(rows * M * 3 * width, 1), d_out = draw(rows * M * width, 2);
      Floats mask(rows * H * M * M), out(d_out.size()), a(mask.size()), d_qkv(qkv.size(), 9),
          scratch(2 * M * M);
      for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = i % 3 == 0 ? 0.0f : 1.5f;
      const float* kept = masked ? mask.data() : nullptr;
      scalar_tiles().attention(
          {out.data(), qkv.data(), scratch.data(), a.data(), kept, rows, M, H, dh, 0.4f});
      scalar_gradients().attention(
          {d_qkv.data(), d_out.data(), qkv.data(), a.data(), kept, scratch.data(), rows, M, H, dh, 0.4f});

      for_each_level([&](const Kernels& level) {
        const std::size_t lanes = level.tiles.lanes, tiles = (rows + lanes - 1) / lanes;
        const Floats in = to_tiles(qkv, M * 3 * width, lanes), d_in = to_tiles(d_out, M * width, lanes),
                     lane_mask = to_tiles(mask, H * M * M, lanes);
        const float* lane_kept = masked ? lane_mask.data() : nullptr;
        Floats y(d_in.size()), weights(lane_mask.size()), found(in.size(), 9),
            room((4 * M + 2 * M * M) * lanes);
        level.tiles.attention(
            {y.data(), in.data(), room.data(), weights.data(), lane_kept, tiles, M, H, dh, 0.4f});
        level.gradients.attention({found.data(), d_in.data(), in.data(), weights.data(), lane_kept,
                                   room.data(), tiles, M, H, dh, 0.4f});
        check_close(from_tiles(y, rows, M * width, lanes), out);
        check_close(from_tiles(found, rows, M * 3 * width, lanes), d_qkv);
      });
    }
}

BOOST_AUTO_TEST_CASE(every_level_goes_back_through_norm_and_readout_like_the_scalar_twin) {
  const std::size_t rows = 19, n = 21;
  const Floats x = draw(rows * n, 1), gain = draw(n, 2), d_x = draw(rows * n, 4), w = draw(n, 5),
               d_logit = draw(rows, 6);
  Floats d_y = draw(rows * n, 3), expected = d_x, d_gain(n, 1), d_shift(n, 2), read = d_x, d_w(n, 3);
  scalar_gradients().layer_norm({expected.data(), d_y.data(), d_gain.data(), d_shift.data(), x.data(),
                                 gain.data(), nullptr, rows, n, 1e-8f});
  scalar_gradients().readout(read.data(), d_w.data(), x.data(), w.data(), d_logit.data(), rows, n);

  for_each_level([&](const Kernels& level) {
    const std::size_t lanes = level.tiles.lanes, tiles = (rows + lanes - 1) / lanes;
    const Floats in = to_tiles(x, n, lanes), d_logits = to_tiles(d_logit, 1, lanes);
    Floats d_in = to_tiles(d_y, n, lanes), found = to_tiles(d_x, n, lanes), read_back = found,
           found_gain(n, 1), found_shift(n, 2), found_w(n, 3), room(2 * n * lanes);
    level.gradients.layer_norm({found.data(), d_in.data(), found_gain.data(), found_shift.data(), in.data(),
                                gain.data(), room.data(), tiles, n, 1e-8f});
    level.gradients.readout(read_back.data(), found_w.data(), in.data(), w.data(), d_logits.data(), tiles, n);
    check_close(from_tiles(found, rows, n, lanes), expected);
    check_close(found_gain, d_gain);
    check_close(found_shift, d_shift);
    check_close(from_tiles(read_back, rows, n, lanes), read);
    check_close(found_w, d_w);
  });
}

BOOST_AUTO_TEST_CASE(a_relu_lets_a_gradient_back_only_where_it_let_a_number_through) {
  const Floats y = draw(48, 1), d = draw(48, 2);
  for_each_level([&](const Kernels& level) {
    Floats d_x = d, product(48);
    level.gradients.relu(d_x.data(), y.data(), 48);
    level.gradients.multiply(product.data(), y.data(), d.data(), 48);
    for (std::size_t i = 0; i < 48; ++i) {
      BOOST_TEST(d_x[i] == (y[i] > 0 ? d[i] : 0.0f));
      BOOST_TEST(product[i] == y[i] * d[i]);
    }
  });
}

BOOST_AUTO_TEST_CASE(every_level_sums_over_lanes_like_the_scalar_twin) {
  const std::size_t n = 37;
  for_each_level([&](const Kernels& level) {
    const std::size_t lanes = level.tiles.lanes;
    const Floats x = draw(n * lanes, 1);
    Floats found(n, 2), expected(n, 2);
    level.gradients.lane_sums(found.data(), x.data(), n);
    for (std::size_t i = 0; i < n * lanes; ++i) expected[i / lanes] += x[i];
    check_close(found, expected);
  });
}

BOOST_AUTO_TEST_CASE(turning_back_undoes_turning) {
  const std::size_t n = 37;
  const Floats x = draw(16 * n, 1);
  for_each_level([&](const Kernels& level) {
    const std::size_t lanes = level.tiles.lanes;
    const Floats rows(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(lanes * n));
    Floats back(lanes * n);
    level.gradients.turn_back(back.data(), n, to_tiles(rows, n, lanes).data(), n);
    BOOST_TEST((back == rows));
  });
}

// A row's mask is a function of its keys alone: in a lane among others as in a tile of one.
BOOST_AUTO_TEST_CASE(every_level_draws_the_same_masks) {
  const std::size_t n = 37;
  for_each_level([&](const Kernels& level) {
    const std::size_t lanes = level.tiles.lanes;
    DropoutKeys keys{{}, {}, 0.3f * 0x1p24f, 1 / 0.7f};
    for (std::uint32_t lane = 0; lane < lanes; ++lane) {
      keys.first[lane] = 123456789 * (lane + 1);
      keys.second[lane] = 987654321 + lane;
    }
    Floats masks(n * lanes), alone(n);
    level.gradients.dropout(masks.data(), n, keys);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const DropoutKeys own{{keys.first[lane]}, {keys.second[lane]}, keys.dropped, keys.kept};
      scalar_gradients().dropout(alone.data(), n, own);
      for (std::size_t i = 0; i < n; ++i) BOOST_TEST(masks[i * lanes + lane] == alone[i]);
    }
  });
}

// 2^16 draws of a coin that falls on 0 with 0.1: the share's standard deviation is 0.0012; six of them. Two rows whose
// keys differ in one bit agree in about 0.1^2 + 0.9^2 of their places: deviation 0.0015.
BOOST_AUTO_TEST_CASE(masks_drop_the_share_asked_for_and_differ_between_rows) {
  const std::size_t n = std::size_t{1} << 16;
  Floats first(n), second(n);
  scalar_gradients().dropout(first.data(), n, {{1}, {2}, 0.1f * 0x1p24f, 1});
  scalar_gradients().dropout(second.data(), n, {{1}, {3}, 0.1f * 0x1p24f, 1});
  double dropped = 0, same = 0;
  for (std::size_t i = 0; i < n; ++i) dropped += first[i] == 0 ? 1 : 0, same += first[i] == second[i] ? 1 : 0;

  BOOST_TEST(std::abs(dropped / static_cast<double>(n) - 0.1) < 0.0072);
  BOOST_TEST(std::abs(same / static_cast<double>(n) - 0.82) < 0.009);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::kit::test
