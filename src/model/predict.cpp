// predict: score the rows of a table. A column that is present wins over the catalogue, nulls included.
#include "base/error.hpp"
#include "model/join.hpp"
#include "model/scoring.hpp"

namespace interplay::core {

RowSet rows_to_score(const Fitted& fitted, const EncodedTable& table) {
  RowSet set;
  set.rows = table.rows;
  set.fields = describe(fitted.fields);
  set.user = table.user;
  set.item = table.item;
  set.histories = fitted.catalogue.histories;
  for (std::size_t f = 0; f < fitted.fields.size(); ++f) {
    const Field& field = fitted.fields[f];
    set.lists.push_back(list_rule(field));
    const bool joined =
        field.of == Part::user ? !table.user.empty() : field.of == Part::item && !table.item.empty();
    if (table.columns[f])
      set.sources.push_back({&*table.columns[f], By::row, -1});
    else if (joined)
      set.sources.push_back({catalogue_column(fitted, f), field.of == Part::user ? By::user : By::item, -1});
    else
      set.sources.push_back({nullptr, By::row, -1});
  }
  return set;
}

void require_some_column(const Fitted& fitted, const Table& rows, const char* verb) {
  std::vector<std::string> known;
  for (const Field& field : fitted.fields) {
    if (rows.find(field.name) != nullptr) return;
    known.push_back(field.name);
  }
  fail(INTERPLAY_NOT_FOUND,
       std::string(verb) + ": the table has none of the model's columns; expected any of " + join(known));
}

Table predict(const Model& model, const Table& rows, const Json& options) {
  ObjectReader reader(options, "options of predict");
  const int threads = threads_option(reader);
  const bool logits = reader.choice("output", "score", {"score", "logit"}) == "logit";
  reader.finish();
  const Fitted& fitted = model.require_fitted("predict");
  if (logits && !model.engine->gives_logits())
    fail(INTERPLAY_UNSUPPORTED,
         "predict: engine \"" + model.engine->name() + "\" has no logits; ask for \"score\"");
  require_some_column(fitted, rows, "predict");
  const EncodedTable table = encode_table(fitted, rows, Strict::yes);
  Table result(rows.rows());
  result.add(make_column(
      logits ? "logit" : "score",
      score_set(*model.engine, fitted, rows_to_score(fitted, table), threads, logits, nullptr, "predict")));
  return result;
}

}  // namespace interplay::core
