#include "model/catalogue.hpp"

#include <algorithm>
#include <numeric>

namespace interplay::core {

std::int64_t Entities::present_count() const {
  return std::count(present.begin(), present.end(), std::uint8_t{1});
}

namespace {

template <class T>
std::vector<T> grown(const Array<T>& old, std::size_t size, T fill) {
  std::vector<T> values(old.begin(), old.end());
  values.resize(size, fill);
  return values;
}

/// New features over all indices: row_of[i] is the row of `rows` that index i takes, or -1.
std::vector<EncodedColumn> combine_features(const Entities& old, const std::vector<Kind>& kinds,
                                            const std::vector<std::optional<EncodedColumn>>& features,
                                            std::span<const std::int32_t> row_of) {
  std::vector<std::int32_t> same(row_of.size());
  std::iota(same.begin(), same.end(), 0);
  std::vector<EncodedColumn> result;
  for (std::size_t f = 0; f < kinds.size(); ++f) {
    const EncodedColumn* const fresh = f < features.size() && features[f] ? &*features[f] : nullptr;
    const EncodedColumn* const known = f < old.features.size() ? &old.features[f] : nullptr;
    if (fresh == nullptr && known != nullptr && known->rows() == static_cast<std::int64_t>(row_of.size()))
      result.push_back(*known);  // nothing changed: shared
    else
      result.push_back(combine(kinds[f], fresh, row_of, known, same));
  }
  return result;
}

}  // namespace

Entities upsert(const Entities& old, const std::vector<Kind>& kinds, const PartRows& rows, bool present) {
  std::vector<Key> added;
  std::vector<std::int32_t> index_of_row;
  for (const Key& key : rows.keys) {
    const std::int32_t known = old.keys->find(key);
    index_of_row.push_back(known >= 0 ? known : old.size() + static_cast<std::int32_t>(added.size()));
    if (known < 0) added.push_back(key);
  }
  Entities result;
  result.keys = added.empty() && old.size() > 0 ? old.keys : extend_vocabulary(*old.keys, added);
  const auto size = static_cast<std::size_t>(result.size());
  result.id.ids = grown(old.id.ids, size, std::int32_t{0});
  std::vector<std::uint8_t> there = grown(old.present, size, std::uint8_t{0});
  std::vector<std::int32_t> row_of(size, -1);
  for (std::size_t row = 0; row < rows.keys.size(); ++row) {
    const auto index = static_cast<std::size_t>(index_of_row[row]);
    if (present) there[index] = 1;
    if (static_cast<std::int64_t>(row) < rows.feature_rows) row_of[index] = static_cast<std::int32_t>(row);
  }
  result.present = std::move(there);
  result.features = combine_features(old, kinds, rows.features, row_of);
  return result;
}

Entities remove(const Entities& old, const std::vector<Kind>& kinds, std::span<const std::int32_t> indices) {
  std::vector<std::uint8_t> there(old.present.begin(), old.present.end());
  std::vector<std::int32_t> row_of(there.size());
  std::iota(row_of.begin(), row_of.end(), 0);
  for (const std::int32_t index : indices) {
    there[static_cast<std::size_t>(index)] = 0;
    row_of[static_cast<std::size_t>(index)] = -1;
  }
  Entities result = old;
  result.present = std::move(there);
  for (std::size_t f = 0; f < kinds.size(); ++f)
    result.features[f] = combine(kinds[f], &old.features[f], row_of, nullptr, {});
  return result;
}

Seen make_seen(std::vector<Pair> pairs, std::int32_t users) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(users) + 1, 0);
  std::vector<std::int32_t> items;
  items.reserve(pairs.size());
  for (const Pair& pair : pairs) {
    ++offsets[static_cast<std::size_t>(pair.user) + 1];
    items.push_back(pair.item);
  }
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  return {std::move(offsets), std::move(items)};
}

std::vector<Pair> pairs_of(const Seen& seen) {
  std::vector<Pair> pairs;
  pairs.reserve(seen.items.size());
  for (std::int32_t user = 0; user + 1 < static_cast<std::int32_t>(seen.offsets.size()); ++user)
    for (const std::int32_t item : seen.of(user)) pairs.push_back({user, item});
  return pairs;
}

}  // namespace interplay::core
