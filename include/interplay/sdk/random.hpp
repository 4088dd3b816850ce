// Counter-based random numbers: a draw is a pure function of its key, so results cannot depend on threads or on order.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace interplay {

/// Sebastiano Vigna's finaliser of splitmix64 (public domain constants): a bijection that mixes 64 bits well.
inline std::uint64_t mix64(std::uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// What a draw is for; one number each, so that two purposes never share a stream.
enum class Purpose : std::uint64_t {
  initial_values = 1,
  shuffle,
  dropout,
  mask_unknown,
  negatives,
  validation_split,
  dataset_split,
  golden_rows,
  explain = 10,
  history_order = 20,
  history_choice,
  drop_history,
};

/// A stream of draws for (seed, purpose, a, b), for instance (seed, dropout, step, row). Cheap to make, nothing is shared.
class Random {
 public:
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t a = 0, std::uint64_t b = 0) noexcept
      : key_(mix64(mix64(mix64(mix64(seed) ^ static_cast<std::uint64_t>(purpose)) ^ a) ^ b)) {}

  std::uint64_t bits() noexcept { return mix64(key_ ^ counter_++); }
  /// uniform in [0, 1), 24 bits
  float uniform() noexcept { return static_cast<float>(bits() >> 40) * 0x1p-24f; }
  /// uniform in 0 .. n - 1, for 0 < n < 2^32; the bias is below n / 2^64 (the high half of a 64 by 32 bit product)
  std::uint64_t below(std::uint64_t n) noexcept {
    const std::uint64_t x = bits();
    return ((x >> 32) * n + (((x & 0xffffffffULL) * n) >> 32)) >> 32;
  }
  /// standard normal, by Box and Muller's transform
  float normal() noexcept {
    const double u = (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53;
    const double v = static_cast<double>(bits() >> 11) * 0x1p-53;
    return static_cast<float>(std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * v));
  }

 private:
  std::uint64_t key_;
  std::uint64_t counter_ = 0;
};

/// Every order with the same chance, by Fisher and Yates.
template <class T>
void shuffle(std::span<T> values, Random& random) {
  for (std::size_t left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[random.below(left)]);
}

}  // namespace interplay
