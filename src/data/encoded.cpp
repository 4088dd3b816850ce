#include "data/encoded.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace interplay::core {

std::int64_t EncodedColumn::rows() const {
  switch (kind) {
    case Kind::category:
      return static_cast<std::int64_t>(ids.size());
    case Kind::number:
      return static_cast<std::int64_t>(numbers.size());
    case Kind::categories:
      break;
  }
  return offsets.empty() ? 0 : static_cast<std::int64_t>(offsets.size()) - 1;
}

FieldBuffer::FieldBuffer(Kind kind_, bool weighted_, std::int64_t max_rows)
    : kind(kind_), weighted(weighted_) {
  const auto n = static_cast<std::size_t>(max_rows);
  if (kind != Kind::number) ids.reserve(n);
  if (kind == Kind::number || weighted) numbers.reserve(n);
  if (kind == Kind::categories) offsets.reserve(n + 1);
  clear();
}

void FieldBuffer::clear() {
  ids.clear();
  numbers.clear();
  offsets.assign(kind == Kind::categories ? 1 : 0, 0);
}

void FieldBuffer::add_unknown() {
  if (kind == Kind::number) {
    numbers.push_back(std::numeric_limits<float>::quiet_NaN());
    return;
  }
  ids.push_back(0);
  if (kind != Kind::categories) return;
  if (weighted) numbers.push_back(1.0F);
  offsets.push_back(static_cast<std::int32_t>(ids.size()));
}

void FieldBuffer::add(const EncodedColumn& column, std::int64_t row) {
  if (row < 0 || row >= column.rows()) return add_unknown();
  const auto at = static_cast<std::size_t>(row);
  switch (kind) {
    case Kind::category:
      ids.push_back(column.ids[at]);
      return;
    case Kind::number:
      numbers.push_back(column.numbers[at]);
      return;
    case Kind::categories:
      break;
  }
  // Clamped: the offsets of a mapped file may not have been verified.
  const auto end = static_cast<std::int64_t>(column.ids.size());
  const std::int64_t first = std::clamp<std::int64_t>(column.offsets[at], 0, end);
  const std::int64_t last = std::clamp<std::int64_t>(column.offsets[at + 1], first, end);
  ids.insert(ids.end(), column.ids.begin() + first, column.ids.begin() + last);
  if (weighted) {
    if (column.numbers.size() == column.ids.size())
      numbers.insert(numbers.end(), column.numbers.begin() + first, column.numbers.begin() + last);
    else
      numbers.insert(numbers.end(), static_cast<std::size_t>(last - first), 1.0F);
  }
  offsets.push_back(static_cast<std::int32_t>(ids.size()));
}

void FieldBuffer::combine_weights(Combiner combiner) {
  if (combiner == Combiner::sum) return;
  for (std::size_t row = 0; row + 1 < offsets.size(); ++row) {
    const std::span<float> weights(numbers.data() + offsets[row], numbers.data() + offsets[row + 1]);
    double total = 0;
    for (const float w : weights) {
      const auto x = static_cast<double>(w);
      total += combiner == Combiner::mean ? x : x * x;
    }
    if (combiner == Combiner::sqrtn) total = std::sqrt(total);
    for (float& w : weights) w = total == 0 ? 0.0F : static_cast<float>(static_cast<double>(w) / total);
  }
}

EncodedColumn combine(Kind kind, const EncodedColumn* first, std::span<const std::int32_t> first_rows,
                      const EncodedColumn* second, std::span<const std::int32_t> second_rows) {
  const bool weighted = kind == Kind::categories && ((first != nullptr && !first->numbers.empty()) ||
                                                     (second != nullptr && !second->numbers.empty()));
  FieldBuffer buffer(kind, weighted, static_cast<std::int64_t>(first_rows.size()));
  for (std::size_t i = 0; i < first_rows.size(); ++i) {
    if (first != nullptr && first_rows[i] >= 0)
      buffer.add(*first, first_rows[i]);
    else if (second != nullptr)
      buffer.add(*second, second_rows[i]);
    else
      buffer.add_unknown();
  }
  if (buffer.ids.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    fail(INTERPLAY_UNSUPPORTED, "a column of lists has " + std::to_string(buffer.ids.size()) +
                                    " values in all, at most 2^31 - 1 are supported");
  EncodedColumn result;
  result.kind = kind;
  if (kind == Kind::categories)
    result.offsets = std::vector<std::int64_t>(buffer.offsets.begin(), buffer.offsets.end());
  result.ids = std::move(buffer.ids);
  result.numbers = std::move(buffer.numbers);
  return result;
}

}  // namespace interplay::core
