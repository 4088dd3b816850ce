// Values into ids and numbers, by a field that was learned: of a dataset's coded columns, and of a table's.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "data/field.hpp"

namespace interplay::core {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

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

[[noreturn]] void fail_learned(const std::string& column, const std::string& known,
                               const std::string& found) {
  Json detail;
  detail["column"] = column;
  fail(INTERPLAY_BAD_DATA,
       "column \"" + column + "\": the model learned " + known + ", " + found +
           "; convert the column before the call",
       dump_json(detail));
}

/// number_of(row): its value, NaN where it is null
template <typename NumberOf>
EncodedColumn encode_numbers_of(const Field& field, std::int64_t rows, NumberOf number_of) {
  EncodedColumn result;
  result.kind = field.kind;
  std::vector<std::int32_t> ids;
  std::vector<float> numbers;
  for (std::int64_t row = 0; row < rows; ++row) {
    if (field.is_bucketed())
      ids.push_back(field.bucket(number_of(row)));
    else
      numbers.push_back(field.number(number_of(row)));
  }
  result.ids = std::move(ids);
  result.numbers = std::move(numbers);
  return result;
}

/// Of a dataset's column: whole numbers that its schema took for categories are numbers, too.
EncodedColumn encode_numbers(const Field& field, const CodedColumn& column) {
  if (column.kind == Kind::number)
    return encode_numbers_of(field, static_cast<std::int64_t>(column.numbers.size()), [&](std::int64_t row) {
      return static_cast<double>(column.numbers[static_cast<std::size_t>(row)]);
    });
  return encode_numbers_of(field, static_cast<std::int64_t>(column.codes.size()), [&](std::int64_t row) {
    const Key key = column.values.key(column.codes[static_cast<std::size_t>(row)]);
    return key.kind == Key::Kind::integer ? static_cast<double>(key.integer) : nan;
  });
}

}  // namespace

void check_learned(const Field& field, const CodedColumn& column) {
  const KeyType found = column.values.type();
  const bool list = column.kind == Kind::categories;
  if (field.holds_numbers()) {
    if (list || found == KeyType::text)
      fail_learned(field.name, "numbers", list ? "this dataset has lists" : "this dataset has strings");
    return;
  }
  const KeyType known = field.vocabulary->type();
  if (column.kind == Kind::number) fail_learned(field.name, key_type_name(known), "this dataset has numbers");
  if (list != (field.kind == Kind::categories))
    fail_learned(field.name, list ? "one value a row" : "lists",
                 list ? "this dataset has lists" : "this dataset has one value a row");
  if (known != KeyType::none && found != KeyType::none && known != found)
    fail_learned(field.name, key_type_name(known), std::string("this dataset has ") + key_type_name(found));
}

EncodedColumn encode(const Field& field, const CodedColumn& column, Strict strict) {
  check_learned(field, column);
  if (field.holds_numbers()) return encode_numbers(field, column);
  EncodedColumn result;
  result.kind = field.kind;
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
  fail_learned(name, key_type_name(known), std::string("this table has ") + key_type_name(found));
}

Key key_at(const Column& column, std::int64_t value) {
  return column.type == Type::string ? Key::of(column.text(value)) : Key::of(column.integer(value));
}

namespace {

EncodedColumn encode_numbers(const Field& field, const Column& column) {
  if (column.type == Type::string || column.multi_valued())
    fail(INTERPLAY_BAD_DATA, "column \"" + field.name + "\": the model learned numbers, this table has " +
                                 (column.multi_valued() ? "lists" : type_name(column.type)));
  return encode_numbers_of(field, column.rows, [&](std::int64_t row) {
    const double value = column.is_null(row) ? nan : column.number(row);
    if (std::isinf(static_cast<float>(value)))
      fail(INTERPLAY_BAD_DATA, "column \"" + field.name + "\", row " + std::to_string(row) +
                                   ": expected a finite number, found an infinite one");
    return value;
  });
}

}  // namespace

namespace {

[[noreturn]] void fail_weight(const std::string& column, std::int64_t row) {
  fail(INTERPLAY_BAD_DATA, "column \"" + column + "\", row " + std::to_string(row) +
                               ": a weight must be a finite number of at least 0");
}

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
        fail_weight(weights.name, row);
  }
}

}  // namespace

EncodedColumn encode(const Field& field, const Column& column, const Column* weights, Strict strict) {
  if (field.holds_numbers()) return encode_numbers(field, column);
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
  const auto weight_of = [&](std::int64_t i, std::int64_t row) {
    if (weights != nullptr) return static_cast<float>(weights->number(i));
    const float weight = column.weights.empty() ? 1.0F : column.weights[static_cast<std::size_t>(i)];
    if (!std::isfinite(weight) || weight < 0) fail_weight(column.name, row);
    return weight;
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
        numbers.push_back(weight_of(i, row));
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

}  // namespace interplay::core
