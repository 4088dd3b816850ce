// The steps of fit, each its own function: which rows, which catalogue, which fields, then the engine.
#pragma once

#include <cstdint>
#include <vector>

#include "model/join.hpp"

namespace interplay::core {

/// Rows of train's records: those to learn from, and those held out (none when a validation set is given).
struct TrainingSplit {
  std::vector<std::int64_t> learn, held_out;
};
TrainingSplit hold_out(const Dataset& train, bool valid_given, double fraction, std::uint64_t seed);

/// INVALID_STATE or BAD_DATA, with what to do, for a dataset that cannot be fitted or does not agree with `from`.
void check_dataset(const Model& from, const Dataset& dataset, const char* which);

/// Fields and catalogue from the rows to learn from; `old` is what training goes on from, or null. What users have seen
/// comes from all rows of train, held out or not.
Fitted learn_vocabulary(const Fitted* old, const Dataset& train, const TrainingSplit& split);

/// Of the rows' codes, labels and order.
std::string fingerprint(const Dataset& dataset);

}  // namespace interplay::core
