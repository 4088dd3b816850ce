// A table's column becomes codes or floats. Errors are BAD_DATA and name the part, the column and the row counted over all
// chunks of the part.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.hpp"

namespace interplay::core {

/// Where a chunk stands, for messages.
struct Place {
  Part part = Part::context;
  std::int64_t first_row = 0;  // rows of the part before this chunk
};

/// BAD_DATA: `interactions: column "age": <text>`; with the row (of the chunk, counted over all in the text) when >= 0.
[[noreturn]] void fail_column(const Place& place, const std::string& column, const std::string& text,
                              std::int64_t row = -1);

/// "string", "list of int64", "weighted list of string"
std::string describe(Type type, bool multi_valued, bool weighted);

/// The kind of a feature from its type and its options; refuses options that do not fit.
Kind field_kind(const Column& column, const FieldOptions& options, const Place& place);

std::vector<std::int32_t> code_category(const Column& column, Dictionary& values);
/// Fills codes, offsets and, with weights (inline or in `weights`), numbers.
void code_categories(const Column& column, const Column* weights, const Place& place, Dictionary& values,
                     CodedColumn& out);
/// NaN where null
std::vector<float> read_numbers(const Column& column, const Place& place);

/// Ids of a user, an item or a group: int64, int32 or string, one a row, never null.
std::vector<std::int32_t> code_ids(const Column& column, const char* role, const Place& place,
                                   Dictionary& ids);
/// Labels, weights or times: one finite number a row.
std::vector<double> read_role(const Column& column, const char* role, const Place& place);

}  // namespace interplay::core
