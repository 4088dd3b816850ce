#include "data/coding.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace interplay::core {

namespace {

std::string described(const Column& column) {
  return describe(column.type, column.multi_valued(), !column.weights.empty());
}

bool is_float(const Column& column) { return column.type == Type::float32 || column.type == Type::float64; }

Key key_of(const Column& column, std::int64_t i) {
  return column.type == Type::string ? Key::of(column.text(i)) : Key::of(column.integer(i));
}

KeyType key_type(const Column& column) {
  return column.type == Type::string ? KeyType::text : KeyType::integer;
}

void check_kind(const Column& column, Kind kind, const Place& place) {
  const std::string found = ", found " + described(column);
  if (kind != Kind::categories && column.multi_valued()) {
    fail_column(place, column.name,
                std::string("a ") + kind_name(kind) + " has one value a row" + found +
                    "; give it the kind categories or ignore it");
  }
  if (kind == Kind::number && column.type == Type::string) {
    fail_column(place, column.name, "a number must be integers, floats or bools" + found);
  }
  if (kind != Kind::number && is_float(column)) {
    fail_column(place, column.name,
                std::string(kind == Kind::category ? "a category" : "a list of categories") +
                    " must be strings, integers or bools" + found +
                    (column.multi_valued()
                         ? "; convert the values, or ignore the column"
                         : "; give it {\"transform\": {\"buckets\": 10}} or convert it to integers"));
  }
  if (kind == Kind::categories && !column.multi_valued()) {
    fail_column(place, column.name,
                "categories must be a list column" + found + "; give it the kind category");
  }
}

}  // namespace

void fail_column(const Place& place, const std::string& column, const std::string& text, std::int64_t row) {
  std::string message = std::string(part_name(place.part)) + ": column " + in_quotes(column);
  Json detail = members({{"column", column}, {"part", part_name(place.part)}});
  if (row >= 0) {
    message += ", row " + std::to_string(place.first_row + row);
    detail["row"] = place.first_row + row;
  }
  fail(INTERPLAY_BAD_DATA, message + ": " + text, dump_json(detail));
}

std::string describe(Type type, bool multi_valued, bool weighted) {
  return std::string(weighted ? "weighted " : "") + (multi_valued ? "list of " : "") + type_name(type);
}

Kind field_kind(const Column& column, const FieldOptions& options, const Place& place) {
  const bool transformed = options.transform && *options.transform != Transform::none;
  // Who transforms an integer column wants a number.
  const bool number = is_float(column) || (transformed && column.type != Type::string);
  const Kind natural = column.multi_valued() ? Kind::categories : number ? Kind::number : Kind::category;
  const Kind kind = options.kind.value_or(natural);
  check_kind(column, kind, place);
  if (kind != Kind::number && transformed) {
    fail_column(place, column.name, "\"transform\" is for numbers, found " + described(column));
  }
  const bool coded = options.hash_buckets > 0 || options.min_count > 1 || options.unknown != Unknown::bucket;
  if (kind == Kind::number && coded) {
    fail_column(place, column.name,
                "\"hash_buckets\", \"min_count\" and \"unknown\" are for categories, but it is a number (" +
                    described(column) + ")");
  }
  if (kind != Kind::categories && !options.weights.empty()) {
    fail_column(place, column.name, "\"weights\" are for list columns, found " + described(column));
  }
  return kind;
}

std::vector<std::int32_t> code_category(const Column& column, Dictionary& values) {
  std::vector<std::int32_t> codes(static_cast<std::size_t>(column.rows));
  for (std::int64_t row = 0; row < column.rows; ++row) {
    codes[static_cast<std::size_t>(row)] = values.add(column.is_null(row) ? Key{} : key_of(column, row));
  }
  return codes;
}

namespace {

/// The weight of value i of `column` in row r, from the column itself or from the one that stands beside it.
class Weights {
 public:
  Weights(const Column& column, const Column* beside, const Place& place)
      : column_(column), beside_(beside), place_(place) {
    if (beside == nullptr) return;
    if (!column.weights.empty()) {
      fail_column(place, column.name,
                  "it brings weights of its own, so \"weights\" may not name another column");
    }
    if (!beside->multi_valued() || beside->type == Type::string) {
      fail_column(
          place, beside->name,
          "weights of " + in_quotes(column.name) + " must be a list of numbers, found " + described(*beside));
    }
  }

  bool present() const { return beside_ != nullptr || !column_.weights.empty(); }

  void check_row(std::int64_t row) const {
    if (beside_ == nullptr) return;
    const std::int64_t values = column_.last(row) - column_.first(row);
    const std::int64_t weights = beside_->is_null(row) ? 0 : beside_->last(row) - beside_->first(row);
    if (values == weights) return;
    fail_column(place_, beside_->name,
                "expected one weight for each of the " + std::to_string(values) + " values of " +
                    in_quotes(column_.name) + ", found " + std::to_string(weights),
                row);
  }

  float at(std::int64_t row, std::int64_t i) const {
    const double weight = beside_ == nullptr
                              ? static_cast<double>(column_.weights[static_cast<std::size_t>(i)])
                              : beside_->number(beside_->first(row) + i - column_.first(row));
    const auto narrow = static_cast<float>(weight);
    if (std::isfinite(narrow) && narrow >= 0) return narrow;
    fail_column(place_, beside_ == nullptr ? column_.name : beside_->name,
                "a weight must be a finite number of at least 0, found " + spelt(weight), row);
  }

 private:
  const Column& column_;
  const Column* beside_;
  const Place& place_;
};

}  // namespace

void code_categories(const Column& column, const Column* beside, const Place& place, Dictionary& values,
                     CodedColumn& out) {
  const Weights weights(column, beside, place);
  const auto n = static_cast<std::size_t>(column.n_values);
  out.codes.reserve(n);
  out.offsets.reserve(static_cast<std::size_t>(column.rows) + 1);
  out.offsets.push_back(0);
  if (weights.present()) out.numbers.reserve(n);
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (column.is_null(row)) {
      out.codes.push_back(values.add(Key{}));
      if (weights.present()) out.numbers.push_back(1);
    } else {
      weights.check_row(row);
      for (std::int64_t i = column.first(row); i < column.last(row); ++i) {
        out.codes.push_back(values.add(key_of(column, i)));
        if (weights.present()) out.numbers.push_back(weights.at(row, i));
      }
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.codes.size()));
  }
}

std::vector<float> read_numbers(const Column& column, const Place& place) {
  std::vector<float> numbers(static_cast<std::size_t>(column.rows), std::numeric_limits<float>::quiet_NaN());
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (column.is_null(row)) continue;
    const double value = column.number(row);
    const auto narrow = static_cast<float>(value);
    if (std::isinf(narrow)) {
      fail_column(
          place, column.name,
          "a number must be finite as a float32, found " + spelt(value) + "; use null for what is missing",
          row);
    }
    numbers[static_cast<std::size_t>(row)] = narrow;
  }
  return numbers;
}

std::vector<std::int32_t> code_ids(const Column& column, const char* role, const Place& place,
                                   Dictionary& ids) {
  const bool fits = column.type == Type::int64 || column.type == Type::int32 || column.type == Type::string;
  if (!fits || column.multi_valued()) {
    fail_column(place, column.name,
                std::string("the ") + role +
                    " column must be int64, int32 or string, one value a row, found " + described(column));
  }
  if (ids.type() != KeyType::none && ids.type() != key_type(column)) {
    const char* before = ids.type() == KeyType::text ? "string" : "int64";
    fail_column(place, column.name,
                std::string("the ids of the role ") + role + " are " + described(column) + " here and were " +
                    before + " before; convert one of them");
  }
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (column.is_null(row))
      fail_column(place, column.name, std::string("the ") + role + " is null; every row needs one", row);
  }
  return code_category(column, ids);
}

std::vector<double> read_role(const Column& column, const char* role, const Place& place) {
  if (column.type == Type::string || column.multi_valued()) {
    fail_column(
        place, column.name,
        std::string("the ") + role + " column must be numbers, one a row, found " + described(column));
  }
  std::vector<double> out(static_cast<std::size_t>(column.rows));
  const std::string must = std::string("the ") + role + " must be a finite number, found ";
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (column.is_null(row)) fail_column(place, column.name, must + "null; drop the row", row);
    const double value = column.number(row);
    if (!std::isfinite(value)) fail_column(place, column.name, must + spelt(value) + "; drop the row", row);
    out[static_cast<std::size_t>(row)] = value;
  }
  return out;
}

}  // namespace interplay::core
