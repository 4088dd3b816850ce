#include "model/scorer.hpp"

#include <algorithm>
#include <numeric>

#include "base/error.hpp"

namespace interplay::core {
namespace {

constexpr std::int64_t most_block_rows = std::int64_t{1} << 20;

const Fitted& check(const Model& model, std::span<const std::string> shared, std::span<const std::string> row,
                    const ScorerOptions& options) {
  const Fitted& fitted = model.require_fitted("scorer");
  if (options.logits && !model.engine->gives_logits())
    fail(INTERPLAY_UNSUPPORTED,
         "scorer: engine \"" + model.engine->name() + "\" has no logits; ask for \"score\"");
  std::vector<std::string> names(shared.begin(), shared.end());
  names.insert(names.end(), row.begin(), row.end());
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    Json detail;
    detail["key"] = *twice;
    fail(INTERPLAY_INVALID_ARGUMENT, "scorer: the column \"" + *twice + "\" is named twice",
         dump_json(detail));
  }
  return fitted;
}

}  // namespace

ScorerOptions ScorerOptions::parse(const Json& json) {
  ObjectReader reader(json, "options of scorer");
  ScorerOptions options;
  options.logits = reader.choice("output", "score", {"score", "logit"}) == "logit";
  options.max_rows = reader.integer("max_rows", block_rows, 1, most_block_rows);
  if (reader.has("exclude_seen")) options.exclude_seen = reader.boolean("exclude_seen", true);
  reader.finish();
  return options;
}

Scorer::Scorer(const Model& model, std::span<const std::string> shared, std::span<const std::string> row,
               const ScorerOptions& options)
    : model_(model),
      fitted_(check(model, shared, row, options)),
      options_(options),
      shared_(fitted_, shared, 1),
      row_(fitted_, row, options.max_rows),
      scratch_(*model.engine, fitted_, options.max_rows),
      given_(scratch_, make_set(false), options.max_rows),
      numbers_(static_cast<std::size_t>(options.max_rows)) {
  std::iota(numbers_.begin(), numbers_.end(), 0);
  chosen_.reserve(numbers_.size());
  // A block of rows of which nothing is known.
  RowSet& set = given_.set();
  set.rows = options_.max_rows;
  if (row_.id(Part::user) != nullptr) set.user.assign(numbers_.size(), -1);
  if (row_.id(Part::item) != nullptr) set.item.assign(numbers_.size(), -1);
  given_.warm_up();
}

/// A column that is given wins over the catalogue; an absent one comes from there; otherwise it is unknown.
Source Scorer::source_of(std::size_t field, bool catalogue) const {
  const Part of = fitted_.fields[field].of;
  if (const CellColumn* const column = shared_.find(field); column != nullptr && !fitted_.fields[field].is_id)
    return {&column->values(), By::fixed, 0};
  const CellColumn* const own = catalogue ? nullptr : row_.find(field);
  if (own != nullptr && !fitted_.fields[field].is_id) return {&own->values(), By::row, -1};
  if (of == Part::context) return {nullptr, By::fixed, -1};
  const bool by_row = of == Part::item && catalogue;
  if (by_row || (!catalogue && row_.id(of) != nullptr))
    return {catalogue_column(fitted_, field), of == Part::user ? By::user : By::item, -1};
  return {shared_.id(of) != nullptr ? catalogue_column(fitted_, field) : nullptr, By::fixed, -1};
}

RowSet Scorer::make_set(bool catalogue) const {
  RowSet set;
  set.fields = describe(fitted_.fields);
  set.histories = fitted_.catalogue.histories;
  for (std::size_t f = 0; f < fitted_.fields.size(); ++f) {
    set.lists.push_back(list_rule(fitted_.fields[f]));
    set.sources.push_back(source_of(f, catalogue));
  }
  if (catalogue) set.item = present_items(fitted_).items;
  set.rows = static_cast<std::int64_t>(set.item.size());
  return set;
}

/// Reads the shared part and tells a set who its user and item are.
void Scorer::share(RowSet& set, const CellCall& call) {
  shared_.read({call.shared, shared_.size(), 1, CellPlace::shared}, call.heap);
  const auto index = [&](Part of) {
    const CellColumn* const id = shared_.id(of);
    return id != nullptr ? id->indices()[0] : -1;
  };
  set.fixed_user = index(Part::user);
  set.fixed_item = index(Part::item);
  for (std::size_t f = 0; f < set.sources.size(); ++f) {
    const bool given = shared_.find(f) != nullptr && !fitted_.fields[f].is_id;
    if (set.sources[f].by != By::fixed || given) continue;
    const Part of = fitted_.fields[f].of;
    set.sources[f].fixed = of == Part::user ? set.fixed_user : of == Part::item ? set.fixed_item : -1;
  }
}

/// The next block of rows of a call, as rows 0, 1, ... of the set.
std::span<const std::int64_t> Scorer::read_rows(const CellCall& call, std::size_t first) {
  if (shared_.size() + row_.size() == 0)
    fail(INTERPLAY_INVALID_ARGUMENT,
         "scorer: it was opened without a column, so a row would be about nobody and nothing");
  const std::size_t n = std::min(numbers_.size(), call.n_rows - first);
  const interplay_cell* const cells = row_.size() == 0 ? nullptr : call.rows + first * row_.size();
  row_.read({cells, row_.size(), n, static_cast<std::int64_t>(first)}, call.heap);
  RowSet& set = given_.set();
  set.rows = static_cast<std::int64_t>(n);
  for (const Part of : {Part::user, Part::item})
    if (const CellColumn* const id = row_.id(of); id != nullptr)
      (of == Part::user ? set.user : set.item).assign(id->indices().begin(), id->indices().end());
  return std::span(numbers_).first(n);
}

/// Only rows that were scored count: a call that fails leaves no trace of the block it failed in.
void Scorer::count(const CellTable* rows, std::size_t n) {
  scored_ += static_cast<std::int64_t>(n);
  shared_.count(static_cast<std::int64_t>(n));
  if (rows != nullptr) row_.count(1);
}

void Scorer::score(const CellCall& call, float* out) {
  share(given_.set(), call);
  for (std::size_t first = 0; first < call.n_rows; first += numbers_.size()) {
    const auto rows = read_rows(call, first);
    given_.score(rows, [&](std::span<const std::int64_t> which, std::span<const float> values) {
      for (std::size_t i = 0; i < which.size(); ++i)
        out[first + static_cast<std::size_t>(which[i])] = output(values[i]);
    });
    count(&row_, rows.size());
  }
}

void Scorer::choose_unseen(const RowSet& set, std::span<const std::int64_t> rows) {
  chosen_.clear();
  for (const std::int64_t row : rows) {
    const auto at = static_cast<std::size_t>(row);
    const std::int32_t user = set.user.empty() ? set.fixed_user : set.user[at];
    const std::int32_t item = set.item.empty() ? set.fixed_item : set.item[at];
    if (item < 0 || !fitted_.catalogue.seen.contains(user, item)) chosen_.push_back(row);
  }
}

void Scorer::require_seen(bool asked) const {
  if (asked && !fitted_.catalogue.knows_seen)
    fail(INTERPLAY_UNSUPPORTED,
         "scorer: this model was saved without what users have seen; open the scorer with \"exclude_seen\": "
         "false");
}

std::span<const Ranked> Scorer::top_of_rows(const CellCall& call, std::size_t k) {
  const bool unseen_only = options_.exclude_seen.value_or(false);
  require_seen(unseen_only);
  best_.reset(std::min(k, std::max(call.n_rows, numbers_.size())));
  share(given_.set(), call);
  for (std::size_t first = 0; first < call.n_rows; first += numbers_.size()) {
    const auto rows = read_rows(call, first);
    if (unseen_only) choose_unseen(given_.set(), rows);
    given_.score(unseen_only ? chosen_ : rows,
                 [&](std::span<const std::int64_t> which, std::span<const float> values) {
                   for (std::size_t i = 0; i < which.size(); ++i)
                     best_.offer(values[i], static_cast<std::int64_t>(first) + which[i]);
                 });
    count(&row_, rows.size());
  }
  return best_.sorted();
}

RowScorer& Scorer::catalogue() {
  if (catalogue_) return *catalogue_;
  if (fitted_.schema.item.empty())
    fail(INTERPLAY_UNSUPPORTED,
         "scorer: the schema of this model names no item column, so there is no catalogue to rank");
  if (shared_.id(Part::item) != nullptr || row_.id(Part::user) != nullptr)
    fail(INTERPLAY_INVALID_ARGUMENT,
         "scorer: to rank the catalogue, the user's column must be shared and the item's must not be");
  auto made = std::make_unique<RowScorer>(scratch_, make_set(true), options_.max_rows);
  const std::size_t items = made->set().item.size();
  if (items > numbers_.size()) chosen_.reserve(items);
  catalogue_ = std::move(made);
  return *catalogue_;
}

std::span<const Ranked> Scorer::top_of_catalogue(const CellCall& call, std::size_t k) {
  const bool unseen_only = options_.exclude_seen.value_or(true);
  require_seen(unseen_only);
  RowScorer& rows = catalogue();
  RowSet& set = rows.set();
  best_.reset(std::min(k, set.item.size()));
  share(set, call);
  // The catalogue's items and what a user has seen both ascend.
  const std::span<const std::int32_t> seen =
      unseen_only ? fitted_.catalogue.seen.of(set.fixed_user) : std::span<const std::int32_t>();
  auto next = seen.begin();
  chosen_.clear();
  for (std::size_t i = 0; i < set.item.size(); ++i) {
    while (next != seen.end() && *next < set.item[i]) ++next;
    if (next == seen.end() || *next != set.item[i]) chosen_.push_back(static_cast<std::int64_t>(i));
  }
  rows.score(chosen_, [&](std::span<const std::int64_t> which, std::span<const float> values) {
    for (std::size_t i = 0; i < which.size(); ++i)
      best_.offer(values[i], set.item[static_cast<std::size_t>(which[i])]);
  });
  count(nullptr, chosen_.size());
  return best_.sorted();
}

interplay_cell Scorer::resolve(std::size_t column, const interplay_cell& value, const Heap& heap) const {
  const std::size_t columns = shared_.size() + row_.size();
  if (column >= columns)
    fail(INTERPLAY_INVALID_ARGUMENT,
         "column " + std::to_string(column) + " of a scorer with " + std::to_string(columns) + " columns",
         R"({"key":"column"})");
  return column < shared_.size() ? shared_.resolve(column, value, heap)
                                 : row_.resolve(column - shared_.size(), value, heap);
}

Key Scorer::item(std::int64_t index) const {
  const Vocabulary& keys = *fitted_.catalogue.items.keys;
  if (index < 0 || index >= keys.size())
    fail(INTERPLAY_INVALID_ARGUMENT,
         "item " + std::to_string(index) + " of a catalogue with " + std::to_string(keys.size()) + " items",
         R"({"key":"index"})");
  return keys.key(static_cast<std::int32_t>(index));
}

Json Scorer::stats() const {
  Json json;
  json["rows"] = scored_;
  json["unknown"] = Json::object();
  shared_.report_unknown(json["unknown"]);
  row_.report_unknown(json["unknown"]);
  return json;
}

}  // namespace interplay::core
