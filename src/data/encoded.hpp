// What a field's values became: ids, numbers, or lists of ids, over the rows of one side (interactions, users, items).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/array.hpp"
#include "data/schema.hpp"

namespace interplay::core {

struct EncodedColumn {
  Kind kind = Kind::category;
  Array<std::int32_t> ids;      // category: rows; categories: offsets.back()
  Array<std::int64_t> offsets;  // categories: rows + 1
  Array<float> numbers;         // number: rows; categories: weights, or empty

  std::int64_t rows() const;
};

/// One field of one batch, while it is filled. The unknown value is id 0, NaN, or the list [0]. `numbers` of a list are its
/// weights until combine_weights.
class FieldBuffer {
 public:
  FieldBuffer(Kind kind, bool weighted, std::int64_t max_rows);

  void clear();
  /// Appends row `row` of a column; -1, or a row past its end, appends the unknown value.
  void add(const EncodedColumn& column, std::int64_t row);
  void add_unknown();
  /// The weights of each row become coefficients; weights that add up to 0 become zeros.
  void combine_weights(Combiner combiner);

  Kind kind;
  bool weighted;
  std::vector<std::int32_t> ids, offsets;
  std::vector<float> numbers;
};

/// Output row i is row first_rows[i] of `first`, or, where that is -1, row second_rows[i] of `second`, or the unknown
/// value. `second` may be null.
EncodedColumn combine(Kind kind, const EncodedColumn* first, std::span<const std::int32_t> first_rows,
                      const EncodedColumn* second, std::span<const std::int32_t> second_rows);

}  // namespace interplay::core
