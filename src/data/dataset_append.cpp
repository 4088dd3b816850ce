#include "data/dataset_append.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace interplay::core {

namespace {

/// Types that mean the same to a dictionary may change from chunk to chunk: int32 and int64, float32 and float64.
int family(Type type) {
  if (type == Type::int32) return static_cast<int>(Type::int64);
  if (type == Type::float32) return static_cast<int>(Type::float64);
  return static_cast<int>(type);
}

template <class T>
void make_room(std::vector<T>& to, const std::vector<T>& from) {
  if (to.empty() || to.capacity() - to.size() >= from.size()) return;
  to.reserve(std::max(to.size() + from.size(), 2 * to.capacity()));
}

/// Throws nothing after make_room.
template <class T>
void move_in(std::vector<T>& to, std::vector<T>& from) noexcept {
  if (to.empty()) {
    to.swap(from);
  } else {
    to.insert(to.end(), from.begin(), from.end());
  }
}

std::vector<float> narrowed(const std::vector<double>& values, const std::string& column, const char* role,
                            const Place& place, float low) {
  std::vector<float> out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    out[i] = static_cast<float>(values[i]);
    if (std::isinf(out[i]) || out[i] < low) {
      fail_column(place, column,
                  std::string("the ") + role + (low == 0 ? " must be at least 0 and" : " must be") +
                      " finite as a float32, found " + dump_json(Json(values[i])),
                  static_cast<std::int64_t>(i));
    }
  }
  return out;
}

std::string spelt(const Key& key) {
  return key.kind == Key::Kind::text ? in_quotes(key.text) : std::to_string(key.integer);
}

}  // namespace

Append::Append(const Schema& schema, Records& records, std::array<PartLayout, 3>& layouts, Part part,
               const Table& table)
    : schema_(schema),
      records_(records),
      layouts_(layouts),
      layout_(layouts[static_cast<std::size_t>(part)]),
      part_(part),
      table_(table),
      place_{part, this->part().rows} {
  rows_known_ = (part == Part::user ? records.row_of_user : records.row_of_item).size();
  for (Dictionary* dictionary : {&records.users, &records.items, &records.groups}) {
    sizes_.emplace_back(dictionary, dictionary->size());
  }
  for (CodedColumn& column : this->part().columns) sizes_.emplace_back(&column.values, column.values.size());
}

Append::~Append() {
  if (done_) return;
  for (const auto& [dictionary, size] : sizes_) dictionary->shrink(size);
  if (part_ == Part::context) return;
  std::vector<std::int32_t>& rows = part_ == Part::user ? records_.row_of_user : records_.row_of_item;
  for (std::size_t i = 0; i < marked_; ++i) rows[static_cast<std::size_t>(ids_[i])] = -1;
  rows.resize(rows_known_);
}

CodedPart& Append::part() const {
  if (part_ == Part::user) return records_.user_features;
  return part_ == Part::item ? records_.item_features : records_.interactions;
}

std::vector<std::pair<const char*, const std::string*>> Append::roles() const {
  if (part_ == Part::user) return {{"user", &schema_.user}};
  if (part_ == Part::item) return {{"item", &schema_.item}};
  return {{"user", &schema_.user},     {"item", &schema_.item}, {"label", &schema_.label},
          {"weight", &schema_.weight}, {"time", &schema_.time}, {"group", &schema_.group}};
}

void Append::run() {
  check_layout();
  if (part_ == Part::context) {
    code_roles();
  } else {
    code_users_or_items();
  }
  code_features();
  commit();
}

void Append::check_layout() {
  const std::string name = part_name(part_);
  if (part_ != Part::context && roles()[0].second->empty()) {
    fail(INTERPLAY_BAD_DATA, name + ": the schema names no " + roles()[0].first + " column, so rows of " +
                                 name + " cannot be told apart; add \"" + roles()[0].first +
                                 "\" to the schema");
  }
  const auto use = [&](const Column& column) {
    std::optional<bool> weighted;
    if (column.n_values > 0 || !column.multi_valued()) weighted = !column.weights.empty();
    used_.push_back({column.name, column.type, column.multi_valued(), weighted});
  };
  for (const auto& [role, column_name] : roles()) {
    if (column_name->empty()) continue;
    const Column* column = table_.find(*column_name);
    if (column == nullptr)
      fail_missing(INTERPLAY_BAD_DATA, std::string("the ") + role + "'s column", *column_name, table_.names(),
                   name);
    use(*column);
  }
  for (const Column& column : table_.columns()) {
    if (schema_.histories.count(column.name) != 0)
      fail_column(
          place_, column.name,
          "the schema says that it is a history, which is made of the interactions; rename the column or "
          "the history");
    if (!schema_.is_feature(column.name)) continue;
    features_.push_back(&column);
    use(column);
  }
  if (layout_.chunks == 0) return check_foreign_names();
  const std::string chunk = "in chunk " + std::to_string(layout_.chunks + 1);
  for (const auto& before : layout_.used) {
    const auto now =
        std::find_if(used_.begin(), used_.end(), [&](const auto& one) { return one.name == before.name; });
    const std::string was = describe(before.type, before.multi_valued, before.weighted.value_or(false));
    if (now == used_.end())
      fail_column(place_, before.name, "it is missing " + chunk + " and was " + was + " before");
    const bool weights = !now->weighted || !before.weighted || *now->weighted == *before.weighted;
    if (family(now->type) != family(before.type) || now->multi_valued != before.multi_valued || !weights) {
      fail_column(place_, before.name,
                  "it is " + describe(now->type, now->multi_valued, now->weighted.value_or(false)) + " " +
                      chunk + " and was " + was + " before");
    }
    if (!now->weighted) now->weighted = before.weighted;
  }
  for (const auto& now : used_) {
    const bool known = std::any_of(layout_.used.begin(), layout_.used.end(),
                                   [&](const auto& one) { return one.name == now.name; });
    if (!known)
      fail_column(place_, now.name, "it is new " + chunk + "; the chunks of a part have the same columns");
  }
}

void Append::check_foreign_names() const {
  for (const Part other : {Part::context, Part::user, Part::item}) {
    if (other == part_) continue;
    for (const auto& used : layouts_[static_cast<std::size_t>(other)].used) {
      const bool shared = std::any_of(features_.begin(), features_.end(),
                                      [&](const Column* one) { return one->name == used.name; });
      if (!shared) continue;
      fail_column(place_, used.name,
                  std::string("it stands in ") + part_name(other) +
                      " too, and parts may not share a field name; rename or ignore one of them");
    }
  }
}

void Append::code_roles() {
  const auto column = [&](const std::string& name) -> const Column& { return table_.at(name); };
  const Schema& s = schema_;
  if (!s.user.empty()) user_ = code_ids(column(s.user), "user", place_, records_.users);
  if (!s.item.empty()) item_ = code_ids(column(s.item), "item", place_, records_.items);
  if (!s.group.empty()) group_ = code_ids(column(s.group), "group", place_, records_.groups);
  if (!s.time.empty()) time_ = read_role(column(s.time), "time", place_);
  if (!s.label.empty()) {
    label_ = narrowed(read_role(column(s.label), "label", place_), s.label, "label", place_, -HUGE_VALF);
  }
  if (!s.weight.empty()) {
    weight_ = narrowed(read_role(column(s.weight), "weight", place_), s.weight, "weight", place_, 0);
  }
}

void Append::code_users_or_items() {
  const bool user = part_ == Part::user;
  Dictionary& ids = user ? records_.users : records_.items;
  std::vector<std::int32_t>& rows = user ? records_.row_of_user : records_.row_of_item;
  const std::string& name = user ? schema_.user : schema_.item;
  ids_ = code_ids(table_.at(name), user ? "user" : "item", place_, ids);
  rows.resize(static_cast<std::size_t>(ids.size()), -1);
  for (; marked_ < ids_.size(); ++marked_) {
    std::int32_t& row = rows[static_cast<std::size_t>(ids_[marked_])];
    if (row >= 0) {
      fail_column(place_, name,
                  "the id " + spelt(ids.key(ids_[marked_])) + " stood in row " + std::to_string(row) +
                      " already; " + part_name(part_) + " have one row each",
                  static_cast<std::int64_t>(marked_));
    }
    row = static_cast<std::int32_t>(place_.first_row + static_cast<std::int64_t>(marked_));
  }
}

void Append::code_features() {
  const bool first = layout_.chunks == 0;
  columns_.resize(first ? features_.size() : part().columns.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (first) {
      const FieldOptions& options = schema_.options(features_[i]->name);
      columns_[i].name = features_[i]->name;
      columns_[i].kind = field_kind(*features_[i], options, place_);
      code_feature(*features_[i], columns_[i], first);
    } else {
      const CodedColumn& before = part().columns[i];
      columns_[i].name = before.name;
      columns_[i].kind = before.kind;
      code_feature(table_.at(before.name), columns_[i], first);
    }
  }
}

void Append::code_feature(const Column& column, CodedColumn& target, bool first) {
  const auto index = static_cast<std::size_t>(&target - columns_.data());
  Dictionary& values = first ? target.values : part().columns[index].values;
  if (target.kind == Kind::category) {
    target.codes = code_category(column, values);
  } else if (target.kind == Kind::number) {
    target.numbers = read_numbers(column, place_);
  } else {
    const std::string& name = schema_.options(column.name).weights;
    const Column* weights = name.empty() ? nullptr : table_.find(name);
    if (!name.empty() && weights == nullptr) {
      fail_column(place_, name,
                  "it holds the weights of " + in_quotes(column.name) + " and is not in the table");
    }
    code_categories(column, weights, place_, values, target);
  }
}

void Append::make_room_for_columns() {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    CodedColumn& column = part().columns[i];
    CodedColumn& chunk = columns_[i];
    make_room(column.codes, chunk.codes);
    make_room(column.offsets, chunk.offsets);
    // Before a list column's first values its weights are unknown, and a null list counts as one value of weight 1.
    const bool weighted =
        column.kind == Kind::categories && !(column.numbers.empty() && chunk.numbers.empty());
    if (weighted) chunk.numbers.resize(chunk.codes.size(), 1);
    if (weighted && column.numbers.empty()) column.numbers.reserve(column.codes.size() + chunk.codes.size());
    make_room(column.numbers, chunk.numbers);
  }
}

void Append::move_columns_in() noexcept {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    CodedColumn& column = part().columns[i];
    CodedColumn& chunk = columns_[i];
    if (column.kind == Kind::categories && !chunk.numbers.empty())
      column.numbers.resize(column.codes.size(), 1);
    for (std::size_t row = 1; row < chunk.offsets.size(); ++row) {
      column.offsets.push_back(static_cast<std::int64_t>(column.codes.size()) + chunk.offsets[row]);
    }
    move_in(column.codes, chunk.codes);
    move_in(column.numbers, chunk.numbers);
  }
}

void Append::commit() {
  Records& r = records_;
  std::vector<std::int32_t>& ids = part_ == Part::user ? r.user_of_row : r.item_of_row;
  const bool first = layout_.chunks == 0;
  std::vector<std::string> names = table_.names();
  make_room(r.user, user_), make_room(r.item, item_), make_room(r.group, group_), make_room(r.time, time_);
  make_room(r.label, label_), make_room(r.weight, weight_), make_room(ids, ids_);
  if (!first) make_room_for_columns();
  // Nothing below can fail.
  move_in(r.user, user_), move_in(r.item, item_), move_in(r.group, group_), move_in(r.time, time_);
  move_in(r.label, label_), move_in(r.weight, weight_), move_in(ids, ids_);
  if (first) {
    part().columns.swap(columns_);
    layout_.names.swap(names);
  } else {
    move_columns_in();
  }
  layout_.used.swap(used_);
  part().rows += table_.rows();
  ++layout_.chunks;
  done_ = true;
}

}  // namespace interplay::core
