// Training: members, epochs, the order of rows, the learning rate, when to stop. step.hpp has what one batch does.
#pragma once

#include "kit/state.hpp"

#include <memory>

namespace interplay::kit {

/// The whole of fit, one member after the other. from: NULL, or what to go on from. Throws Error, CANCELLED among others;
/// then nothing is left behind.
std::unique_ptr<State> train(Run& run, const Training& training, const std::shared_ptr<const Graph>& graph,
                             const View& view, const View* valid, const State* from, const Kernels& kernels);

}  // namespace interplay::kit
