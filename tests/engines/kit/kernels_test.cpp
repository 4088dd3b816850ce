// What works table row by table row: every instruction set this machine has, held to the readable twin.
#include "tiles.hpp"

namespace interplay::kit::test {
namespace {

double difference(const Floats& a, const Floats& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])) /
                              (1 + std::abs(static_cast<double>(b[i]))));
  return most;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kit_kernels)

// (1 + 2^-12)^2 - 1 = 2^-11 + 2^-24, of which the product alone, rounded to 24 bits, loses the second part. Twice as
// many instructions, and a row alone that differs from a row in a tile, are what a missing fused product costs.
BOOST_AUTO_TEST_CASE(products_are_fused_where_the_processor_can) {
  for_each_level([&](const Kernels& level) {
    const Floats x(16, 1 + std::ldexp(1.0f, -12));
    Floats y(16, -1.0f);
    level.axpy(y.data(), x[0], x.data(), 16);
    const std::string name = level.name;
    const bool can = name == "avx512" || name == "avx2" || name == "neon";
    if (can) BOOST_TEST(y[3] == std::ldexp(1.0f, -11) + std::ldexp(1.0f, -24));
  });
}

BOOST_AUTO_TEST_CASE(every_level_adds_a_multiple_like_the_scalar_twin) {
  const Floats x = draw(48, 1), y = draw(48, 2);
  Floats expected = y;
  scalar_kernels().axpy(expected.data(), -1.5f, x.data(), 48);
  for_each_level([&](const Kernels& level) {
    Floats found = y;
    level.axpy(found.data(), -1.5f, x.data(), 48);
    BOOST_TEST(difference(found, expected) < tolerance);
  });
}

// Widths of whole vectors at some levels, with a rest at others.
BOOST_AUTO_TEST_CASE(every_level_gathers_and_scatters_like_the_scalar_twin) {
  const std::vector<std::int32_t> ids{2, 0, 4, 2, 1, 3, 2};
  for (const std::size_t d : {1u, 3u, 16u, 32u, 83u})
    for (const std::size_t n : {0u, 1u, 2u, 7u}) {
      const Floats table = draw(5 * d, 1), c = draw(7, 2), d_e = draw(96, 3);
      Floats expected(d), sums = draw(5 * 96, 4);
      scalar_kernels().gather(expected.data(), table.data(), d, ids.data(), c.data(), n);
      Floats expected_sums = sums;
      scalar_kernels().scatter(expected_sums.data(), 96, ids.data(), c.data(), n, d_e.data());

      for_each_level([&](const Kernels& level) {
        Floats e(d, 9.0f), found = sums;
        level.gather(e.data(), table.data(), d, ids.data(), c.data(), n);
        level.scatter(found.data(), 96, ids.data(), c.data(), n, d_e.data());
        BOOST_TEST(difference(e, expected) < tolerance);
        BOOST_TEST(difference(found, expected_sums) < tolerance);
      });
    }
}

BOOST_AUTO_TEST_CASE(every_level_steps_like_the_scalar_twin) {
  const AdamStep step{0.01f, 1.7f, 0.99f, 0.9f, 0.999f, 1e-8f, 0.5f, 0.2f};
  for (const std::size_t n : {1u, 3u, 16u, 37u}) {
    Floats w = draw(n, 1), m = draw(n, 2), v(n, 0.3f);
    const Floats g = draw(n, 4);
    Floats w0 = w, m0 = m, v0 = v;
    scalar_kernels().adam(w0.data(), m0.data(), v0.data(), g.data(), n, step);

    for_each_level([&](const Kernels& level) {
      Floats w1 = w, m1 = m, v1 = v;
      level.adam(w1.data(), m1.data(), v1.data(), g.data(), n, step);
      BOOST_TEST(difference(w1, w0) < tolerance);
      BOOST_TEST(difference(m1, m0) < tolerance);
      BOOST_TEST(difference(v1, v0) < tolerance);
    });
  }
}

BOOST_AUTO_TEST_CASE(every_level_idles_like_steps_with_a_gradient_of_zero) {
  const AdamStep first{0.01f, 1.7f, 0.99f, 0.9f, 0.999f, 1e-8f, 1, 0},
      second{0.02f, 1.5f, 1, 0.9f, 0.999f, 1e-8f, 1, 0};
  const AdamStep steps[]{first, second, first};
  for (const std::size_t n : {1u, 3u, 16u, 37u}) {
    const Floats w = draw(n, 1), m = draw(n, 2), v(n, 0.3f), none(n);
    Floats w0 = w, m0 = m, v0 = v;
    for (const AdamStep& step : steps)
      scalar_kernels().adam(w0.data(), m0.data(), v0.data(), none.data(), n, step);

    for_each_level([&](const Kernels& level) {
      Floats w1 = w, m1 = m, v1 = v;
      level.adam_idle(w1.data(), m1.data(), v1.data(), n, steps, 3);
      BOOST_TEST(difference(w1, w0) < tolerance);
      BOOST_TEST(difference(m1, m0) < tolerance);
      BOOST_TEST(difference(v1, v0) < tolerance);
    });
  }
}

BOOST_AUTO_TEST_CASE(the_chosen_level_is_the_best_available) {
  const Kernels* available[8];
  BOOST_TEST(available_kernels(available) >= 1u);
  BOOST_TEST(kernels().name == available[0]->name);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::kit::test
