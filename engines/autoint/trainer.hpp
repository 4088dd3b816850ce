// Training: epochs, batches, shards, early stopping.
#pragma once

#include "state.hpp"

#include <memory>

namespace interplay::autoint {

/// The whole of fit. from: NULL, or what to go on from. Throws Error, CANCELLED among others; then nothing is
/// left behind.
std::unique_ptr<State> train(Run& run, const Settings& settings, const View& train, const View* valid,
                             const State* from, const Kernels& kernels);

}  // namespace interplay::autoint
