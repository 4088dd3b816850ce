#include "learned.hpp"

#include <utility>

#include "errors.hpp"
#include "tables.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

template <class Work>
auto about_model_file(const std::string& path, Work work) {
  try {
    return work();
  } catch (const Exception& error) {
    if (std::string_view(error.what()).find(path) != std::string_view::npos) throw;
    throw Exception(error.status(), path + ": " + error.what(), error.detail());
  }
}

/// A scorer counts what it did not know. The id alone is enough for that.
bool is_known(const Model& model, const std::string& column, const Column& id) {
  CellHeap heap;
  const interplay_cell value =
      id.type() == INTERPLAY_STRING ? heap.text(id.text(0)) : cell(id.values<int64_t>()[0]);
  try {
    Scorer scorer(model, {column}, {}, R"({"max_rows": 1})");
    scorer.score({value}, {}, heap);
    return integer_at(at(parse_json(scorer.stats(), "scorer stats"), "unknown"), column.c_str()) == 0;
  } catch (const Exception& error) {
    if (error.status() != INTERPLAY_UNSUPPORTED) throw;
    return true;  // an engine without logits has no scorer, and nothing to tell
  }
}

}  // namespace

Model load_model(const std::string& path) {
  return about_model_file(path, [&] { return Model::load(path); });
}

Json info_of_file(const std::string& path) {
  return about_model_file(path, [&] { return parse_json(file_info(path), path); });
}

Learned::Learned(Json model_info) : info(std::move(model_info)) {
  const Json& schema = at(info, "schema");
  user = text_at(schema, "user");
  item = text_at(schema, "item");
  label = text_at(schema, "label");
  for (const Json& field : at(info, "fields")) {
    if (text_at(field, "kind") == "number") types[text_at(field, "name")] = CellType::real;
    if (text_at(field, "kind") == "categories") lists.insert(text_at(field, "name"));
  }
}

const std::string& Learned::user_column() const {
  if (user.empty())
    throw DataError("the model's schema names no user column, so this needs --rows with the model's fields");
  return user;
}

const std::string& Learned::item_column() const {
  if (item.empty())
    throw DataError("the model's schema names no item column, so this needs --rows with the model's fields");
  return item;
}

CsvReader Learned::open(const FileOptions& files, const std::string& role, const std::string& path) const {
  CsvReader reader = files.open(role, path, types);
  for (const CsvColumnPlan& plan : reader.columns())
    if (plan.separator.empty() && lists.count(plan.name))
      throw DataError(reader.file() + ": the model's field " + in_quotes(plan.name) +
                      " has several values a row; say what separates them: --list " + plan.name + "='|'");
  return reader;
}

void Learned::expect_id(const CsvReader& reader, const char* role) const {
  expect_column(reader, at(info, "schema"), role,
                "the model learned it under this name; rename the column in the file");
}

std::string column_of_wrong_type(const Exception& error) {
  if (error.status() != INTERPLAY_BAD_DATA) return "";
  const Json detail = Json::parse(error.detail(), nullptr, false);
  return at(detail, "row").is_null() ? text_at(detail, "column") : "";
}

std::optional<int64_t> parse_id(const std::string& text) {
  return type_of_cell(text) == CellType::integer ? parse_int(text) : std::nullopt;
}

Table table_of(const Ids& ids, const std::set<std::string>& as_text) {
  Table table(1);
  for (const auto& [option, column, value] : ids) {
    const auto integer = as_text.count(column) ? std::nullopt : parse_id(value);
    if (integer) table.add(column, std::vector<int64_t>{*integer});
    if (!integer) table.add(column, std::vector<std::string>{value});
  }
  return table;
}

void expect_integer(const Ids& ids, const std::string& refused_column) {
  for (const auto& [option, column, value] : ids)
    if (column == refused_column && !parse_id(value))
      throw DataError(option + ": expected an integer, as the model learned, found " + in_quotes(value));
}

bool knows(const Model& model, const Ids& ids, const Table& table) {
  bool all = true;
  for (const Id& id : ids) {
    if (is_known(model, id.column, table.column(id.column))) continue;
    all = false;
    print_error("note: " + id.option + ": the model does not know the " + printable(id.column) + " " +
                in_quotes(id.value) + "; the scores are those of an unknown one\n");
  }
  return all;
}

}  // namespace interplay::cli
