// A state as sections of the model file, and back. Tensors are without padding, under the names that the graph gives.
#pragma once

#include "kit/state.hpp"

#include <interplay/sdk/archive.hpp>

namespace interplay::kit {

void save(const State& state, OutputArchive& archive);
/// Doubts everything: shapes against the graph, numbers against their range. The tables stay in the file's memory.
std::unique_ptr<State> load(InputArchive& archive, const std::shared_ptr<const Graph>& graph,
                            std::span<const interplay_field> fields, const Kernels& kernels);

}  // namespace interplay::kit
