// The users and items that a model knows: their keys, ids, features, and what each user has seen. Append-only: an index
// once given is never given again, so everything else may refer to it; what is removed is marked as not present.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "data/encoded.hpp"
#include "data/rows.hpp"
#include "data/vocabulary.hpp"

namespace interplay::core {

struct Entities {
  std::shared_ptr<const Vocabulary> keys = std::make_shared<const Vocabulary>();
  EncodedColumn id;                     // category: what the engine knows it as; 0: unknown
  Array<std::uint8_t> present;          // 1: in the catalogue
  std::vector<EncodedColumn> features;  // of the part's feature fields, in their order

  std::int32_t size() const { return keys->size(); }
  std::int64_t present_count() const;
};

struct Catalogue {
  Entities users, items;
  Seen seen;
  bool knows_seen = true;                      // false: saved without what users have seen
  std::shared_ptr<const Histories> histories;  // null: no field is a history
  bool knows_histories = true;                 // false: saved without; all of them are empty
};

/// Rows for the catalogue: distinct keys, of which the first feature_rows have features.
struct PartRows {
  std::vector<Key> keys;
  std::int64_t feature_rows = 0;
  std::vector<std::optional<EncodedColumn>>
      features;  // by feature field; nullopt: no such column, the old values stay
};

/// `kinds` of the part's feature fields. New keys are appended, known ones get the new features; all become present when
/// `present` says so.
Entities upsert(const Entities& old, const std::vector<Kind>& kinds, const PartRows& rows, bool present);
/// Marked as not present, features forgotten.
Entities remove(const Entities& old, const std::vector<Kind>& kinds, std::span<const std::int32_t> indices);

struct Pair {
  std::int32_t user, item;
  auto operator<=>(const Pair&) const = default;
};

/// Sorted by user, without repetition.
Seen make_seen(std::vector<Pair> pairs, std::int32_t users);
std::vector<Pair> pairs_of(const Seen& seen);

}  // namespace interplay::core
