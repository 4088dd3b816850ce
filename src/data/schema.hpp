// The schema: which column is what. Parsed strictly from JSON, kept in the model.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace interplay::core {

enum class Kind : std::int32_t { category = 1, categories = 2, number = 3 };  // as in engine.h
enum class Part : std::int32_t { context = 0, user = 1, item = 2 };           // as in engine.h
const char* kind_name(Kind kind);
const char* part_name(Part part);  // "interactions", "users", "items"
/// Whose a field is, by Part: what documents call it.
constexpr const char* owner_names[] = {"context", "user", "item"};
inline const char* owner_name(Part of) { return owner_names[static_cast<std::size_t>(of)]; }
Part parse_part(const char* name);

enum class Unknown : std::int32_t { bucket, error, hash };
enum class Transform : std::int32_t { none, standardise, log, log2, buckets };
/// How the weights w of a list's values become their coefficients: w / sum(w), w, or w / sqrt(sum(w^2)).
enum class Combiner : std::int32_t { mean, sum, sqrtn };

/// What the schema says of one field; the rest follows from the column's type.
struct FieldOptions {
  std::optional<Kind> kind;
  std::int64_t min_count = 1;     // values that fewer training rows have share the unknown value
  std::int32_t hash_buckets = 0;  // > 0: values are hashed into so many ids instead of kept in a vocabulary
  std::optional<Transform> transform;
  std::int32_t buckets = 0;  // with Transform::buckets
  Unknown unknown = Unknown::bucket;
  std::string weights;                 // categories: the column with the weights
  Combiner combiner = Combiner::mean;  // categories
};

/// A field that the core builds from the interactions: ids of the other side that this side has met.
struct HistoryRule {
  Part of = Part::user;  // user: items of the user; item: users of the item
  bool labels = false;   // weighted by the standardised label, else all alike
  bool earlier = false;  // a row that is learned from sees earlier rows only, else all but its own pair
  std::int32_t max_length = 200;  // the newest entries
};

struct Schema {
  std::string user, item, label, weight, time, group;  // "" : no such role
  std::optional<std::vector<std::string>> features;    // only these
  std::vector<std::string> ignore;
  std::map<std::string, FieldOptions> fields;
  std::map<std::string, HistoryRule> histories;  // by the field's name

  /// INVALID_ARGUMENT for an unknown key, a column with two roles, `features` together with `ignore`, ...
  static Schema parse(const Json& json);
  Json to_json() const;

  const FieldOptions& options(std::string_view field) const;
  /// Is this column of `part` a feature (no role, not ignored, not a weights column, not a history)?
  bool is_feature(std::string_view column) const;
};

}  // namespace interplay::core
