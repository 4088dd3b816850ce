// A field of a model: how the values of one column become ids or numbers. Learned from the training part alone, then fixed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "data/dataset.hpp"
#include "data/encoded.hpp"
#include "data/vocabulary.hpp"

namespace interplay::core {

struct Field {
  std::string name;
  Kind kind = Kind::category;  // as the engine sees it: a number in quantile buckets is a category
  Part of = Part::context;
  bool is_id = false;     // the user's or item's own id: its ids stand in the catalogue, not here
  bool weighted = false;  // categories with weights
  FieldOptions options;
  std::optional<HistoryRule>
      history;  // a list that the core builds; its ids are those of the other side's id field

  // Ids: 0 unknown, then options.hash_buckets hashed ones, then the vocabulary's in order.
  std::shared_ptr<const Vocabulary> vocabulary = std::make_shared<const Vocabulary>();
  std::int32_t known_ids =
      0;  // is_id: how many ids were given out; a history: as many as the other side's id field

  // A number becomes (transform(x) - shift) / scale, or the bucket between two cuts.
  Transform transform = Transform::none;
  double shift = 0, scale = 1;
  std::vector<double> cuts;

  bool hashed_only() const { return options.hash_buckets > 0 && options.unknown != Unknown::hash; }
  bool is_bucketed() const { return transform == Transform::buckets; }
  bool holds_numbers() const { return kind == Kind::number || is_bucketed(); }
  std::int32_t cardinality() const;
  /// The column of the weights, or labels, of a list's values; "" where they have none.
  std::string weights_name() const;
  /// The id of a value; 0 where it is unknown.
  std::int32_t id(const Key& key) const;
  float number(double value) const;
  /// Of a bucketed number: 1 for null, 2 .. for the buckets.
  std::int32_t bucket(double value) const;

  /// Everything but the vocabulary, for the model's file.
  Json to_json() const;
  static Field from_json(const Json& json);
};

/// Learn a field. row_counts says how many training rows use each row of the column's part; a value that no training row
/// uses is not learned. `old` (or null) is the field that training goes on from: its ids and transform stay.
Field fit_field(const CodedColumn& column, Part of, const FieldOptions& options,
                std::span<const std::int64_t> row_counts, const Field* old);

/// What to do about a value that the field does not know.
enum class Strict : bool { no, yes };  // yes: where the schema says "unknown": "error", throw BAD_DATA

/// Does a dataset's column hold what the field learned? BAD_DATA with both otherwise.
void check_learned(const Field& field, const CodedColumn& column);

/// BAD_DATA when the column's type is not the one that was learned.
EncodedColumn encode(const Field& field, const CodedColumn& column, Strict strict);
EncodedColumn encode(const Field& field, const Column& column, const Column* weights, Strict strict);

/// Is the type of a table's column what the vocabulary holds? BAD_DATA with both types otherwise.
void check_key_type(const std::string& name, KeyType known, const Column& column);
Key key_at(const Column& column, std::int64_t value);

}  // namespace interplay::core
