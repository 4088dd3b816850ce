// What a model's info tells the commands that read files for it: its roles, and how its columns are to be read.
#pragma once

#include <exception>
#include <interplay/interplay.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "csv_reader.hpp"
#include "json.hpp"
#include "options.hpp"

namespace interplay::cli {

/// Model::load, whose errors name the file.
Model load_model(const std::string& path);
/// What the model file says of itself.
Json info_of_file(const std::string& path);

struct Learned {
  Json info;
  std::string user, item, label;          ///< "" where the schema has no such role
  std::map<std::string, CellType> types;  ///< columns that must be numbers
  std::set<std::string> lists;            ///< multi-valued fields

  explicit Learned(Json model_info);
  /// "" where there is none is a DataError: this command needs users and items.
  const std::string& user_column() const;
  const std::string& item_column() const;
  /// Opens a file for this model.
  CsvReader open(const FileOptions& files, const std::string& role, const std::string& path) const;
  /// Throws DataError when the file lacks the column of this role. To the library an absent id is an unknown one; in a
  /// file its column is misnamed.
  void expect_id(const CsvReader& reader, const char* role) const;
};

/// The column whose type the library refuses with this error, or "": then it is about something else.
std::string column_of_wrong_type(const Exception& error);

/// Runs work(learned), and again while the library says that a column's type is not the one that was learned and the
/// other type has not been tried: a CSV file does not say whether 98107 is a number or a zip code.
template <class Work>
auto with_learned_types(Learned& learned, const FileOptions& files, Work work) {
  std::exception_ptr first;
  for (;;) {
    try {
      return work(learned);
    } catch (const Exception& error) {
      if (!first) first = std::current_exception();
      // Where the other type does not help, the first complaint is the one that makes sense to the reader.
      if (!files.choose_other_type(column_of_wrong_type(error), learned.types)) std::rethrow_exception(first);
    }
  }
}

/// An id as an integer, if that spells it the same way again.
std::optional<int64_t> parse_id(const std::string& text);

/// An id from the command line.
struct Id {
  std::string option, column, value;
};
using Ids = std::vector<Id>;

/// A table of one row. Values of `as_text` are strings; the others are integers where they look like it.
Table table_of(const Ids& ids, const std::set<std::string>& as_text);
/// Throws DataError when the library refused one of them for its type and it is no integer; else does nothing.
void expect_integer(const Ids& ids, const std::string& refused_column);
/// Whether the model knows all ids of the table; a note on stderr for each that it does not.
bool knows(const Model& model, const Ids& ids, const Table& table);

/// Runs work(table) for ids from the command line, and again with those as text that the model learned as text.
template <class Work>
auto with_ids(const Ids& ids, Work work) {
  std::set<std::string> as_text;
  std::exception_ptr first;
  for (;;) {
    try {
      return work(table_of(ids, as_text));
    } catch (const Exception& error) {
      if (!first) first = std::current_exception();
      const std::string column = column_of_wrong_type(error);
      expect_integer(ids, column);
      if (column.empty() || !as_text.insert(column).second) std::rethrow_exception(first);
    }
  }
}

}  // namespace interplay::cli
