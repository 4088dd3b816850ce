// AutoInt as operations: which there are and in which order, for every variant.
#pragma once

#include "kit/graph.hpp"
#include "params.hpp"

namespace interplay::autoint {

/// The network for so many fields.
std::shared_ptr<const kit::Graph> build(const Settings& settings, std::size_t fields);

}  // namespace interplay::autoint
