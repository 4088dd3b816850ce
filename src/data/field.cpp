#include "data/field.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace interplay::core {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

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

[[noreturn]] void fail_unknown_value(const Field& field, const Key& key, std::int64_t row) {
  Json detail;
  detail["column"] = field.name;
  if (row >= 0) detail["row"] = row;
  fail(INTERPLAY_BAD_DATA,
       "column \"" + field.name + "\"" + (row >= 0 ? ", row " + std::to_string(row) : std::string()) +
           ": the value " + key_text(key) +
           " did not occur in training, and the schema says \"unknown\": \"error\" for this field",
       dump_json(detail));
}

}  // namespace

std::int32_t Field::cardinality() const {
  if (is_id) return known_ids + 1;
  if (kind == Kind::number) return 0;
  if (is_bucketed()) return static_cast<std::int32_t>(cuts.size()) + 3;
  return 1 + options.hash_buckets + (hashed_only() ? 0 : vocabulary->size());
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

float Field::number(double value) const {
  return static_cast<float>((bend(transform, value) - shift) / scale);
}

std::int32_t Field::bucket(double value) const {
  if (std::isnan(value)) return 1;
  return 2 + static_cast<std::int32_t>(std::upper_bound(cuts.begin(), cuts.end(), value) - cuts.begin());
}

Field fit_field(const CodedColumn& column, Part of, const FieldOptions& options,
                std::span<const std::int64_t> row_counts, const Field* old) {
  Field field;
  if (old != nullptr) {
    field = *old;
    if (column.kind == Kind::number) return field;  // transforms stay
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

EncodedColumn encode(const Field& field, const CodedColumn& column, Strict strict) {
  EncodedColumn result;
  result.kind = field.kind;
  if (column.kind == Kind::number) {
    if (field.is_bucketed()) {
      std::vector<std::int32_t> ids(column.numbers.size());
      std::transform(column.numbers.begin(), column.numbers.end(), ids.begin(),
                     [&](float x) { return field.bucket(static_cast<double>(x)); });
      result.ids = std::move(ids);
    } else {
      std::vector<float> numbers(column.numbers.size());
      std::transform(column.numbers.begin(), column.numbers.end(), numbers.begin(),
                     [&](float x) { return field.number(static_cast<double>(x)); });
      result.numbers = std::move(numbers);
    }
    return result;
  }
  // One look-up a distinct value, then one table access a row.
  std::vector<std::int32_t> id_of(static_cast<std::size_t>(column.values.size()));
  for (std::int32_t code = 0; code < column.values.size(); ++code)
    id_of[static_cast<std::size_t>(code)] = field.id(column.values.key(code));
  std::vector<std::int32_t> ids(column.codes.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ids[i] = id_of[static_cast<std::size_t>(column.codes[i])];
    if (ids[i] == 0 && strict == Strict::yes && field.options.unknown == Unknown::error)
      fail_unknown_value(field, column.values.key(column.codes[i]), -1);
  }
  result.ids = std::move(ids);
  if (column.kind == Kind::categories) {
    result.offsets = std::vector<std::int64_t>(column.offsets);
    if (field.weighted && !column.numbers.empty()) result.numbers = std::vector<float>(column.numbers);
  }
  return result;
}

void check_key_type(const std::string& name, KeyType known, const Column& column) {
  const KeyType found = column.type == Type::string ? KeyType::text : KeyType::integer;
  if (!column.is_integer() && column.type != Type::string)
    fail(INTERPLAY_BAD_DATA,
         "column \"" + name + "\": expected " + key_type_name(known) + ", found " + type_name(column.type));
  if (known == KeyType::none || known == found) return;
  Json detail;
  detail["column"] = name;
  fail(INTERPLAY_BAD_DATA,
       "column \"" + name + "\": the model learned " + key_type_name(known) + ", this table has " +
           key_type_name(found) + "; convert the column before the call",
       dump_json(detail));
}

Key key_at(const Column& column, std::int64_t value) {
  return column.type == Type::string ? Key::of(column.text(value)) : Key::of(column.integer(value));
}

namespace {

EncodedColumn encode_numbers(const Field& field, const Column& column) {
  if (column.type == Type::string || column.multi_valued())
    fail(INTERPLAY_BAD_DATA, "column \"" + field.name + "\": the model learned numbers, this table has " +
                                 (column.multi_valued() ? "lists" : type_name(column.type)));
  EncodedColumn result;
  result.kind = field.kind;
  std::vector<std::int32_t> ids;
  std::vector<float> numbers;
  for (std::int64_t row = 0; row < column.rows; ++row) {
    const double value = column.is_null(row) ? nan : column.number(row);
    if (std::isinf(static_cast<float>(value)))
      fail(INTERPLAY_BAD_DATA, "column \"" + field.name + "\", row " + std::to_string(row) +
                                   ": expected a finite number, found an infinite one");
    if (field.is_bucketed())
      ids.push_back(field.bucket(value));
    else
      numbers.push_back(field.number(value));
  }
  result.ids = std::move(ids);
  result.numbers = std::move(numbers);
  return result;
}

}  // namespace

namespace {

void check_weights(const Field& field, const Column& column, const Column& weights) {
  const std::string where = "column \"" + weights.name + "\", row ";
  if (weights.type == Type::string)
    fail(INTERPLAY_BAD_DATA, "column \"" + weights.name + "\": expected numbers, found strings");
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (column.is_null(row)) continue;
    const std::int64_t values = column.last(row) - column.first(row),
                       found = weights.last(row) - weights.first(row);
    if (found != values || weights.first(row) != column.first(row))
      fail(INTERPLAY_BAD_DATA, where + std::to_string(row) + ": expected a weight for each of the " +
                                   std::to_string(values) + " values of \"" + field.name + "\", found " +
                                   std::to_string(found));
    for (std::int64_t i = weights.first(row); i < weights.last(row); ++i)
      if (!std::isfinite(static_cast<float>(weights.number(i))) || weights.number(i) < 0)
        fail(INTERPLAY_BAD_DATA,
             where + std::to_string(row) + ": a weight must be a finite number of at least 0");
  }
}

}  // namespace

EncodedColumn encode(const Field& field, const Column& column, const Column* weights, Strict strict) {
  if (field.kind == Kind::number || field.is_bucketed()) return encode_numbers(field, column);
  check_key_type(field.name, field.vocabulary->type(), column);
  if (column.multi_valued() != (field.kind == Kind::categories))
    fail(INTERPLAY_BAD_DATA, "column \"" + field.name + "\": the model learned " +
                                 (field.kind == Kind::categories ? "lists, this table has one value a row"
                                                                 : "one value a row, this table has lists"));
  if (weights != nullptr) check_weights(field, column, *weights);
  const auto id_of = [&](const Key& key, std::int64_t row) {
    const std::int32_t id = field.id(key);
    if (id == 0 && strict == Strict::yes && field.options.unknown == Unknown::error)
      fail_unknown_value(field, key, row);
    return id;
  };
  EncodedColumn result;
  result.kind = field.kind;
  std::vector<std::int32_t> ids;
  std::vector<std::int64_t> offsets{0};
  std::vector<float> numbers;
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (column.is_null(row)) {
      ids.push_back(id_of(Key{}, row));
      if (field.weighted) numbers.push_back(1.0F);
    } else {
      for (std::int64_t i = column.first(row); i < column.last(row); ++i) {
        ids.push_back(id_of(key_at(column, i), row));
        if (!field.weighted) continue;
        numbers.push_back(weights != nullptr        ? static_cast<float>(weights->number(i))
                          : !column.weights.empty() ? column.weights[static_cast<std::size_t>(i)]
                                                    : 1.0F);
      }
    }
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  result.ids = std::move(ids);
  if (field.kind == Kind::categories) {
    result.offsets = std::move(offsets);
    result.numbers = std::move(numbers);
  }
  return result;
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
