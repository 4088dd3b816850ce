// Golden rows: synthetic rows that travel in the file with what the engine gave for them, so that a wrong kernel, platform
// or version shows itself when a model is loaded, before it serves.
#pragma once

#include <vector>

#include "model/model.hpp"

namespace interplay::core {

struct GoldenRows {
  std::vector<EncodedColumn> columns;  // by field
  std::vector<float> values;           // rank values
};

/// The same rows for the same fields, on every platform.
GoldenRows make_golden(const Model& model, const Fitted& fitted);
/// CORRUPT, with the row and both values, when the engine gives something else than the file says.
void check_golden(const Model& model, const Fitted& fitted, const GoldenRows& golden);

}  // namespace interplay::core
