// Every instruction set this machine has, held to the readable twin; and the promise that neighbours change
// no bit.
#include "kit/kernels/kernels.hpp"
#include "kit/memory.hpp"

#include <interplay/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>

namespace interplay::kit::test {
namespace {

// Sums of up to 70 products of numbers near 1 in float, in another order and with fused products: about 70 *
// 2^-24.
constexpr double tolerance = 1e-5;

Floats draw(std::size_t n, std::uint64_t seed) {
  Random random(seed, Purpose::golden_rows);
  Floats x(n);
  for (float& value : x) value = random.normal();
  return x;
}

double difference(const Floats& a, const Floats& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])) /
                              (1 + std::abs(static_cast<double>(b[i]))));
  return most;
}

void for_each_level(const std::function<void(const Kernels&)>& body) {
  const Kernels* available[8];
  const std::size_t n = available_kernels(available);
  for (std::size_t i = 0; i < n; ++i) BOOST_TEST_CONTEXT(available[i]->name) body(*available[i]);
}

/// qkv (rows * M, 3 H dhp) with true head width dh, zeros in the padding
Floats padded_qkv(const AttentionShape& s, std::size_t dh, std::size_t rows, std::size_t stretches) {
  const Floats plain = draw(rows * s.M * stretches * s.H * dh, 5);
  Floats qkv(rows * s.M * stretches * s.H * s.dh);
  for (std::size_t i = 0; i < rows * s.M * stretches * s.H; ++i)
    for (std::size_t c = 0; c < dh; ++c) qkv[i * s.dh + c] = plain[i * dh + c];
  return qkv;
}

struct Attention {
  Floats out, a, d_qkv;
};

std::size_t padded(std::size_t n, std::size_t width) { return (n + width - 1) / width * width; }

/// Runs one set's attention both ways and brings the results to a layout without padding.
Attention attend(const Kernels& k, std::size_t M, std::size_t H, std::size_t dh, std::size_t rows,
                 bool dropout) {
  const AttentionShape s{M, H, padded(dh, k.width), padded(M, k.width),
                         1.0f / std::sqrt(static_cast<float>(dh))};
  const Floats qkv = padded_qkv(s, dh, rows, 3), d_out = padded_qkv(s, dh, rows, 1);
  Floats out(rows * M * H * s.dh), a(rows * H * M * s.Mp), d_qkv(qkv.size()), scratch(2 * M * s.Mp), mask;
  if (dropout) {
    mask.resize(a.size());
    for (std::size_t i = 0; i < rows * H * M; ++i)
      for (std::size_t j = 0; j < M; ++j) mask[i * s.Mp + j] = (i + j) % 3 == 0 ? 0.0f : 1.5f;
  }
  k.attention(out.data(), a.data(), qkv.data(), dropout ? mask.data() : nullptr, scratch.data(), s, rows);
  k.d_attention(d_qkv.data(), d_out.data(), a.data(), qkv.data(), dropout ? mask.data() : nullptr,
                scratch.data(), s, rows);
  Attention plain;
  const auto unpad = [](Floats& to, const Floats& from, std::size_t n, std::size_t np) {
    for (std::size_t i = 0; i < from.size() / np; ++i)
      for (std::size_t c = 0; c < np; ++c)
        if (c < n)
          to.push_back(from[i * np + c]);
        else
          BOOST_TEST(from[i * np + c] == 0.0f);
  };
  unpad(plain.out, out, dh, s.dh);
  unpad(plain.a, a, M, s.Mp);
  unpad(plain.d_qkv, d_qkv, dh, s.dh);
  return plain;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kit_kernels)

BOOST_AUTO_TEST_CASE(every_level_attends_like_the_scalar_twin_both_ways) {
  for (const std::size_t M : {1u, 2u, 7u, 16u, 39u})
    for (const std::size_t dh : {1u, 5u, 16u})
      for (const bool dropout : {false, true}) {
        const Attention expected = attend(scalar_kernels(), M, 2, dh, 3, dropout);

        for_each_level([&](const Kernels& level) {
          const Attention found = attend(level, M, 2, dh, 3, dropout);
          BOOST_TEST(difference(found.a, expected.a) < tolerance);
          BOOST_TEST(difference(found.out, expected.out) < tolerance);
          BOOST_TEST(difference(found.d_qkv, expected.d_qkv) < tolerance);
        });
      }
}

BOOST_AUTO_TEST_CASE(attention_rows_sum_to_one) {
  for_each_level([&](const Kernels& level) {
    const std::size_t M = 13;
    const Floats a = attend(level, M, 2, 8, 4, false).a;
    for (std::size_t i = 0; i < a.size(); i += M) {
      double sum = 0;
      for (std::size_t j = 0; j < M; ++j) sum += static_cast<double>(a[i + j]);
      BOOST_TEST(std::abs(sum - 1) < 1e-6);  // thirteen roundings of 2^-25 and one of the inverse
    }
  });
}

BOOST_AUTO_TEST_CASE(one_field_attends_to_itself_with_weight_one) {
  for_each_level([&](const Kernels& level) {
    for (const float weight : attend(level, 1, 3, 5, 4, false).a) BOOST_TEST(weight == 1.0f);
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

BOOST_AUTO_TEST_CASE(every_level_draws_the_same_mask) {
  const DropoutDraw draw{123456789, 987654321, 0.3f * 0x1p24f, 1 / 0.7f};
  const std::size_t stretches = 5, used = 7, stride = 16;  // a multiple of every width
  Floats expected(stretches * stride);
  scalar_kernels().dropout(expected.data(), stretches, used, stride, draw);

  for_each_level([&](const Kernels& level) {
    Floats mask(stretches * stride);
    level.dropout(mask.data(), stretches, used, stride, draw);
    for (std::size_t s = 0; s < stretches; ++s)
      for (std::size_t i = 0; i < used; ++i) BOOST_TEST(mask[s * stride + i] == expected[s * stride + i]);
  });
}

// 2^16 draws of a coin that falls on 0 with 0.1: the share's standard deviation is 0.0012; six of them. Two rows whose
// keys differ in one bit agree in about 0.1^2 + 0.9^2 of their places: deviation 0.0015.
BOOST_AUTO_TEST_CASE(masks_drop_the_share_asked_for_and_differ_between_rows) {
  const std::size_t n = std::size_t{1} << 16;
  Floats first(n), second(n);
  scalar_kernels().dropout(first.data(), 1, n, n, {1, 2, 0.1f * 0x1p24f, 1});
  scalar_kernels().dropout(second.data(), 1, n, n, {1, 3, 0.1f * 0x1p24f, 1});
  double dropped = 0, same = 0;
  for (std::size_t i = 0; i < n; ++i) dropped += first[i] == 0 ? 1 : 0, same += first[i] == second[i] ? 1 : 0;

  BOOST_TEST(std::abs(dropped / static_cast<double>(n) - 0.1) < 0.0072);
  BOOST_TEST(std::abs(same / static_cast<double>(n) - 0.82) < 0.009);
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

BOOST_AUTO_TEST_CASE(the_chosen_level_is_the_best_available) {
  const Kernels* available[8];
  BOOST_TEST(available_kernels(available) >= 1u);
  BOOST_TEST(kernels().name == available[0]->name);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::kit::test
