// The engine's part of a model file. Tensors are saved without padding, so a file does not depend on the
// processor.
#pragma once

#include "state.hpp"

#include <interplay/sdk/archive.hpp>

#include <memory>
#include <span>

namespace interplay::autoint {

void save(const State& state, OutputArchive& archive);
/// Throws CORRUPT where a shape contradicts the fields or the parameters, or a number is not finite.
std::unique_ptr<State> load(InputArchive& archive, const Settings& settings,
                            std::span<const interplay_field> fields, const Kernels& kernels);

}  // namespace interplay::autoint
