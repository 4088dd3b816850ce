// What is learned, and how: a mean, and a bias for each user and each item.
#pragma once

#include <cstdint>
#include <interplay/sdk/host.hpp>
#include <limits>
#include <span>
#include <vector>

namespace interplay::popularity {

constexpr std::size_t no_field = std::numeric_limits<std::size_t>::max();

/// The biases of one side, by id; id 0, the unknown one, has none.
struct Side {
  std::size_t field = no_field;  // among the batch's
  std::vector<float> bias;       // by id; empty where there is no such field

  double of(std::int32_t id) const {
    return id > 0 && static_cast<std::size_t>(id) < bias.size()
               ? static_cast<double>(bias[static_cast<std::size_t>(id)])
               : 0.0;
  }
};

struct State {
  std::uint32_t fields = 0;
  interplay_objective objective{};
  double mean = 0;  // a logit where labels are 0 and 1, otherwise in the label's unit, as the biases are
  Side users, items;
};

/// A state for these fields whose mean and biases are 0.
State empty_state(std::span<const interplay_field> fields, const interplay_objective& objective);

/// Finds the mean and the biases from the rows of the view. A bias whose id has no row stays as it was. Throws
/// CANCELLED when the caller of fit asks to stop.
void learn(Run& run, const Params& params, const View& view, State& state);

}  // namespace interplay::popularity
