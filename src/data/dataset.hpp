// Interactions, and optionally one row per user and one per item with their features: dictionary-coded against
// themselves in flat columns. Belongs to no model. A split shares the columns and selects rows.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/dictionary.hpp"
#include "data/schema.hpp"
#include "data/table.hpp"

namespace interplay::core {

/// One feature of one part.
struct CodedColumn {
  std::string name;
  Kind kind = Kind::category;
  Dictionary values;  // category, categories
  std::vector<std::int32_t>
      codes;  // category: one a row; categories: offsets.back() of them; null has a code of its own
  std::vector<std::int64_t> offsets;  // categories: rows + 1; a null list is the single code of null
  std::vector<float> numbers;         // number: one a row, NaN where null; categories: weights, or empty
};

struct CodedPart {
  std::int64_t rows = 0;
  std::vector<CodedColumn> columns;

  /// Null when there is none of this name.
  const CodedColumn* find(std::string_view name) const {
    for (const CodedColumn& column : columns)
      if (column.name == name) return &column;
    return nullptr;
  }
};

/// Everything that was appended; const once sealed, and shared by the splits of a dataset.
struct Records {
  Dictionary users, items;  // every id that occurs in any part (no nulls)
  CodedPart interactions, user_features, item_features;
  std::vector<std::int32_t> user, item;  // of each interaction: code; empty where the schema has no such role
  std::vector<float> label, weight;      // empty without the role
  std::vector<double> time;              // empty without the role
  std::vector<std::int32_t> group;       // code in groups; empty without the role
  Dictionary groups;
  std::vector<std::int32_t> user_of_row, item_of_row;  // of each row of users / items: its code
  std::vector<std::int32_t> row_of_user,
      row_of_item;  // of each code: its row in users / items, or -1; whole after seal
};

/// What later chunks of a part must agree with.
struct PartLayout {
  struct UsedColumn {
    std::string name;
    Type type = Type::int64;
    bool multi_valued = false;
    std::optional<bool> weighted;  // list<struct<value, weight>>; unknown before there are values
  };
  std::int64_t chunks = 0;
  std::vector<UsedColumn> used;    // roles and features
  std::vector<std::string> names;  // of all columns of the first chunk
};

class Dataset {
 public:
  explicit Dataset(Schema schema);

  const Schema& schema() const { return schema_; }
  bool sealed() const { return sealed_; }
  const Records& records() const { return *records_; }
  const std::shared_ptr<Records>& shared_records() const { return records_; }
  /// Rows of interactions that this dataset selects.
  std::int64_t rows() const;
  /// Selected row i as a row of records().interactions.
  std::int64_t row(std::int64_t i) const { return all_ ? i : selection_[static_cast<std::size_t>(i)]; }
  /// All of them.
  std::vector<std::int64_t> selected() const;

  /// Strong guarantee: on failure the dataset is as it was.
  void append(Part part, const Table& table);
  void seal();
  Json info() const;

  /// A sealed dataset over the same records with these rows of records().interactions, in this order.
  Dataset select(std::vector<std::int64_t> rows) const;

 private:
  Schema schema_;
  std::shared_ptr<Records> records_;
  std::array<PartLayout, 3> layouts_;  // by Part
  std::vector<std::int64_t> selection_;
  bool all_ = true;
  bool sealed_ = false;
};

/// options: see interplay_dataset_split. Second part: round(fraction * n), but at least 1 and at most n - 1, of n rows (random,
/// time), of each user's rows (last) or of the users (users); of a single one the first part keeps it.
std::pair<Dataset, Dataset> split(const Dataset& dataset, const Json& options);

}  // namespace interplay::core
