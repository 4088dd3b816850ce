#include "data/field.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace interplay::core {
namespace {

/// The part of a transform that does not depend on the data.
double bend(Transform transform, double x) {
  switch (transform) {
    case Transform::log:
      return std::copysign(std::log1p(std::fabs(x)), x);
    case Transform::log2:
      return x > 2 ? std::log(x) * std::log(x) : x;  // the AutoInt paper's, section 5.1
    case Transform::none:
    case Transform::standardise:
    case Transform::buckets:
      break;
  }
  return x;
}

struct Weighted {
  double value;
  std::int64_t count;
};

std::vector<Weighted> training_values(const CodedColumn& column, std::span<const std::int64_t> row_counts) {
  std::vector<Weighted> values;
  for (std::size_t row = 0; row < row_counts.size(); ++row)
    if (row_counts[row] > 0 && !std::isnan(column.numbers[row]))
      values.push_back({static_cast<double>(column.numbers[row]), row_counts[row]});
  return values;
}

void fit_standard(Field& field, const std::vector<Weighted>& values) {
  double n = 0, sum = 0, squares = 0;
  for (const Weighted& v : values) {
    n += static_cast<double>(v.count);
    sum += bend(field.transform, v.value) * static_cast<double>(v.count);
  }
  if (n == 0) return;
  const auto [least, most] = std::minmax_element(
      values.begin(), values.end(), [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  if (least->value ==
      most->value) {  // a constant column becomes exactly 0, whatever rounding does to its mean
    field.shift = bend(field.transform, least->value);
    return;
  }
  field.shift = sum / n;
  for (const Weighted& v : values) {
    const double d = bend(field.transform, v.value) - field.shift;
    squares += d * d * static_cast<double>(v.count);
  }
  const double deviation = std::sqrt(squares / n);
  field.scale = deviation > 0 ? deviation : 1;
}

/// Cuts between `buckets` parts of equal weight; equal values stay together, so there may be fewer.
void fit_buckets(Field& field, std::vector<Weighted> values) {
  std::sort(values.begin(), values.end(),
            [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  std::int64_t total = 0, below = 0;
  for (const Weighted& v : values) total += v.count;
  const std::int64_t buckets = field.options.buckets;
  std::int64_t next = 1;
  for (std::size_t i = 0; i + 1 < values.size() && next < buckets; ++i) {
    below += values[i].count;
    if (below * buckets < next * total || values[i].value == values[i + 1].value) continue;
    field.cuts.push_back(values[i + 1].value);  // a value equal to a cut belongs above it
    while (next < buckets && below * buckets >= next * total) ++next;
  }
}

void fit_number(Field& field, const CodedColumn& column, std::span<const std::int64_t> row_counts) {
  field.transform = field.options.transform.value_or(Transform::standardise);
  if (field.transform == Transform::none || field.transform == Transform::log2) return;
  const std::vector<Weighted> values = training_values(column, row_counts);
  if (field.is_bucketed()) {
    field.kind = Kind::category;
    fit_buckets(field, values);
  } else {
    fit_standard(field, values);
  }
}

std::vector<std::int64_t> count_codes(const CodedColumn& column, std::span<const std::int64_t> row_counts) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(column.values.size()), 0);
  for (std::size_t row = 0; row < row_counts.size(); ++row) {
    if (row_counts[row] == 0) continue;
    const bool single = column.offsets.empty();
    const std::size_t first = single ? row : static_cast<std::size_t>(column.offsets[row]);
    const std::size_t last = single ? row + 1 : static_cast<std::size_t>(column.offsets[row + 1]);
    for (std::size_t i = first; i < last; ++i)
      counts[static_cast<std::size_t>(column.codes[i])] += row_counts[row];
  }
  return counts;
}

void fit_categories(Field& field, const CodedColumn& column, std::span<const std::int64_t> row_counts) {
  if (field.hashed_only()) {
    // No vocabulary, but null keeps a value of its own and the type of the keys is remembered.
    if (field.vocabulary->type() == KeyType::none && column.values.size() > 0) {
      Vocabulary::Parts parts = field.vocabulary->parts();
      parts.type = column.values.type();
      parts.offsets = std::vector<std::int64_t>{0};
      parts.slots = std::vector<std::uint32_t>{0};
      field.vocabulary = std::make_shared<const Vocabulary>(std::move(parts), field.name.c_str(), false);
    }
    return;
  }
  const std::vector<std::int64_t> counts = count_codes(column, row_counts);
  std::vector<Key> added;
  for (std::int32_t code = 0; code < column.values.size(); ++code) {
    const Key key = column.values.key(code);
    if (counts[static_cast<std::size_t>(code)] >= std::max<std::int64_t>(field.options.min_count, 1) &&
        field.vocabulary->find(key) < 0)
      added.push_back(key);
  }
  if (!added.empty() || field.vocabulary->parts().slots.empty())
    field.vocabulary = extend_vocabulary(*field.vocabulary, added);
}

}  // namespace

std::int32_t Field::cardinality() const {
  if (is_id || history) return known_ids + 1;
  if (kind == Kind::number) return 0;
  if (is_bucketed()) return static_cast<std::int32_t>(cuts.size()) + 3;
  return 1 + options.hash_buckets + (hashed_only() ? 0 : vocabulary->size());
}

std::string Field::weights_name() const {
  if (!weighted && !(history && history->labels)) return "";
  return options.weights.empty() ? name + "_weights" : options.weights;
}

std::int32_t Field::id(const Key& key) const {
  const std::int32_t index = hashed_only() ? -1 : vocabulary->find(key);
  if (index >= 0) return 1 + options.hash_buckets + index;
  if (options.hash_buckets == 0) return 0;
  const std::uint64_t hash = key.kind == Key::Kind::text      ? hash_bytes(key.text.data(), key.text.size())
                             : key.kind == Key::Kind::integer ? hash_integer(key.integer)
                                                              : 0;
  return 1 + static_cast<std::int32_t>(hash % static_cast<std::uint64_t>(options.hash_buckets));
}

namespace {

/// As a dataset keeps it: what was learned from and what is scored must be one value.
double kept(double value) { return static_cast<double>(static_cast<float>(value)); }

}  // namespace

float Field::number(double value) const {
  return static_cast<float>((bend(transform, kept(value)) - shift) / scale);
}

std::int32_t Field::bucket(double value) const {
  if (std::isnan(value)) return 1;
  return 2 +
         static_cast<std::int32_t>(std::upper_bound(cuts.begin(), cuts.end(), kept(value)) - cuts.begin());
}

Field fit_field(const CodedColumn& column, Part of, const FieldOptions& options,
                std::span<const std::int64_t> row_counts, const Field* old) {
  Field field;
  if (old != nullptr) {
    field = *old;
    check_learned(field, column);
    if (field.holds_numbers()) return field;  // transforms stay
  } else {
    field.name = column.name;
    field.kind = column.kind;
    field.of = of;
    field.options = options;
    field.weighted = column.kind == Kind::categories && !column.numbers.empty();
    if (column.kind == Kind::number) {
      fit_number(field, column, row_counts);
      return field;
    }
  }
  fit_categories(field, column, row_counts);
  return field;
}

namespace {

const std::vector<std::string>& transform_names() {
  static const std::vector<std::string> names{"none", "standardise", "log", "log2", "buckets"};
  return names;
}

}  // namespace

Json Field::to_json() const {
  Json json;
  json["name"] = name;
  json["of"] = static_cast<std::int64_t>(of);
  json["kind"] = static_cast<std::int64_t>(kind);
  json["is_id"] = is_id;
  json["weighted"] = weighted;
  if (history) json["history"] = true;
  json["known_ids"] = known_ids;
  json["transform"] = transform_names()[static_cast<std::size_t>(transform)];
  json["shift"] = shift;
  json["scale"] = scale;
  json["cuts"] = cuts;
  return json;
}

Field Field::from_json(const Json& json) {
  ObjectReader reader(json, "field");
  Field field;
  field.name = reader.text("name", "");
  field.of = static_cast<Part>(reader.integer("of", 0, 0, 2));
  field.kind = static_cast<Kind>(reader.integer("kind", 1, 1, 3));
  field.is_id = reader.boolean("is_id", false);
  field.weighted = reader.boolean("weighted", false);
  if (reader.boolean("history", false)) field.history.emplace();
  field.known_ids = static_cast<std::int32_t>(
      reader.integer("known_ids", 0, 0, std::numeric_limits<std::int32_t>::max() - 1));
  const std::string transform = reader.choice("transform", "none", transform_names());
  field.transform = static_cast<Transform>(
      std::find(transform_names().begin(), transform_names().end(), transform) - transform_names().begin());
  constexpr double most = std::numeric_limits<double>::max();
  field.shift = reader.number("shift", 0, -most, most);
  field.scale = reader.number("scale", 1, std::numeric_limits<double>::min(), most);
  if (const Json* const cuts = reader.raw("cuts"); cuts != nullptr)
    for (const Json& cut : *cuts) {
      if (!cut.is_number()) fail(INTERPLAY_CORRUPT, "field \"" + field.name + "\": a cut is not a number");
      field.cuts.push_back(cut.get<double>());
    }
  reader.finish();
  return field;
}

}  // namespace interplay::core
