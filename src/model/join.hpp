// From tables and datasets to rows that an engine can score: values become ids, users and items are looked up, and each
// field is told where its values come from.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/model.hpp"

namespace interplay::core {

/// A table's columns as a model's fields see them.
struct EncodedTable {
  std::int64_t rows = 0;
  std::vector<std::optional<EncodedColumn>> columns;  // by field; nullopt: the table has no such column
  std::vector<std::int32_t> user, item;               // index in the catalogue or -1; empty: no such column
};

/// Where a table has the weights of a column of lists, if not with its values: the column that the schema names for them, or
/// <name>_weights, as in a scorer. Null: they are all 1, or with the values.
const Column* weights_of(const Field& field, const Column& column, const Table& table);

EncodedTable encode_table(const Fitted& fitted, const Table& table, Strict strict);

/// NOT_FOUND for a table that has none of the model's columns: a mistake, not a request about unknown everything.
void require_some_column(const Fitted& fitted, const Table& rows, const char* verb);
/// The rows of a table that predict and explain score: a column of the table wins over the catalogue. Borrows both.
RowSet rows_to_score(const Fitted& fitted, const EncodedTable& table);

/// The catalogue's column of a field, or null for a field of the context and for a history.
const EncodedColumn* catalogue_column(const Fitted& fitted, std::size_t field);

/// Rows of a dataset for training, validation and evaluation, with the columns that they borrow.
struct JoinedDataset {
  RowSet set;
  std::vector<EncodedColumn> context;  // by field, empty for those of users and items
};

/// `chosen`: rows of dataset.records().interactions. The dataset's users and items are looked up in the catalogue.
std::unique_ptr<JoinedDataset> join_dataset(const Fitted& fitted, const Dataset& dataset,
                                            std::span<const std::int64_t> chosen, Strict strict);

/// The catalogue with the features that the dataset brings for its own users and items; new ones are not present, so
/// that nobody is recommended them.
Catalogue with_features_of(const Fitted& fitted, const Dataset& dataset, Strict strict);

/// Dictionary codes -> indices of the catalogue, -1 where it is not known. BAD_DATA when the ids' types differ.
std::vector<std::int32_t> look_up(const Entities& entities, const Dictionary& dictionary,
                                  const std::string& column);

/// The rows of a dataset's users or items part, encoded for the catalogue.
PartRows part_rows(const std::vector<Field>& fields, const Dataset& dataset, Part of, Strict strict);

}  // namespace interplay::core
