// What the tests of this folder share: rows of two ids, and the way through the engine's C table.
#pragma once

#include "support/fake_host.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

extern "C" const interplay_engine* interplay_builtin_popularity(std::uint32_t abi,
                                                                const interplay_host* host);

namespace interplay::popularity::test {

/// The engine over the fake host.
const interplay_engine& engine();

constexpr interplay_objective binary{INTERPLAY_BINARY, 0, 0, 1, 0.5};
constexpr interplay_objective stars{INTERPLAY_RATING, 0, 1, 5, 3};
constexpr interplay_objective numbers{INTERPLAY_REGRESSION, 0, 10, 13, 10};

struct Row {
  std::int32_t user, item;
  float label;
};
/// Fields: a number, the user's id, the item's id, so that neither id comes first. Ids reach up to 9.
fake::Data make_data(const std::vector<Row>& rows, interplay_objective objective);

/// No damping and enough rounds to converge, so that results are what paper and pencil say.
fake::Params undamped();
fake::Params damped(double user, double item, double rounds = 50);

/// Logits of pairs of ids, labels unused.
std::vector<double> score(const void* state, const std::vector<Row>& pairs);
/// What save writes, by section.
std::map<std::string, std::vector<std::uint64_t>> bytes_of(const void* state);

/// A state and whoever destroys it.
struct Fitted {
  Fitted(const fake::Data& data, fake::Params params, int workers = 1, const void* from = nullptr,
         int cancel_at = -1);
  ~Fitted();

  fake::Run run;
  fake::Failure failure;
  interplay_status status = INTERPLAY_OK;
  void* state = nullptr;
};

}  // namespace interplay::popularity::test
