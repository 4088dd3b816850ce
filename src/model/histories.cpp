#include "model/histories.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "base/error.hpp"

namespace interplay::core {
namespace {

/// What makes two rows the same event.
using Same = std::tuple<std::int32_t, std::int32_t, double>;

template <class Log>
Same same_of(const Log& log, std::size_t at, bool has_time) {
  return {log.user[at], log.item[at], has_time ? log.time[at] : 0.0};
}

std::vector<Same> all_of(const Events& added, const Events& forgotten, bool has_time) {
  std::vector<Same> all;
  all.reserve(added.user.size() + forgotten.user.size());
  for (const Events* const events : {&added, &forgotten})
    for (std::size_t i = 0; i < events->user.size(); ++i) all.push_back(same_of(*events, i, has_time));
  std::sort(all.begin(), all.end());
  return all;
}

void append(Events& to, std::int32_t user, std::int32_t item) {
  to.user.push_back(user);
  to.item.push_back(item);
}

Events kept(const EventLog& old, const std::vector<Same>& gone, bool has_time) {
  Events events;
  for (std::size_t i = 0; i < old.user.size(); ++i) {
    if (std::binary_search(gone.begin(), gone.end(), same_of(old, i, has_time))) continue;
    append(events, old.user[i], old.item[i]);
    if (!old.label.empty()) events.label.push_back(old.label[i]);
    if (has_time) events.time.push_back(old.time[i]);
  }
  return events;
}

template <class T>
std::vector<T> in_order(const std::vector<T>& values, const std::vector<std::int32_t>& order) {
  std::vector<T> result;
  if (values.empty()) return result;
  result.reserve(order.size());
  for (const std::int32_t at : order) result.push_back(values[static_cast<std::size_t>(at)]);
  return result;
}

template <class T>
void join_to(std::vector<T>& first, const std::vector<T>& second) {
  first.insert(first.end(), second.begin(), second.end());
}

const EventLog& log_of(const Fitted* fitted) {
  static const EventLog nothing;
  return fitted != nullptr && fitted->catalogue.histories ? fitted->catalogue.histories->log() : nothing;
}

}  // namespace

Events events_of(const Catalogue& catalogue, const Dataset& dataset, std::span<const std::int64_t> rows) {
  const Records& records = dataset.records();
  const Schema& schema = dataset.schema();
  const auto users = look_up(catalogue.users, records.users, schema.user);
  const auto items = look_up(catalogue.items, records.items, schema.item);
  Events events;
  for (const std::int64_t row : rows) {
    const auto at = static_cast<std::size_t>(row);
    const std::int32_t user = users[static_cast<std::size_t>(records.user[at])],
                       item = items[static_cast<std::size_t>(records.item[at])];
    if (user < 0 || item < 0) continue;
    append(events, user, item);
    if (!records.label.empty()) events.label.push_back(records.label[at]);
    if (!records.time.empty()) events.time.push_back(records.time[at]);
  }
  return events;
}

AddedEvents add_events(const EventLog& old, const Events& added, const Events& forgotten,
                       std::optional<std::uint64_t> seed) {
  const bool has_time = old.size() > 0 ? !old.time.empty() : !added.time.empty();
  Events all = kept(old, all_of(added, forgotten, has_time), has_time);
  AddedEvents result;
  result.first_added = static_cast<std::int64_t>(all.user.size());
  join_to(all.user, added.user), join_to(all.item, added.item);
  join_to(all.label, added.label), join_to(all.time, added.time);
  const auto n = static_cast<std::int64_t>(all.user.size());
  std::vector<std::int32_t> order =
      draw_order(n, seed && !has_time ? result.first_added : n, seed.value_or(0), 0);
  if (has_time)
    std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
      return all.time[static_cast<std::size_t>(a)] < all.time[static_cast<std::size_t>(b)];
    });
  result.place.resize(added.user.size());
  for (std::size_t place = 0; place < order.size(); ++place)
    if (order[place] >= result.first_added)
      result.place[static_cast<std::size_t>(order[place] - result.first_added)] =
          static_cast<std::int32_t>(place);
  result.log = {in_order(all.user, order), in_order(all.item, order), in_order(all.label, order),
                in_order(all.time, order)};
  return result;
}

bool has_histories(const std::vector<Field>& fields) {
  return std::any_of(fields.begin(), fields.end(),
                     [](const Field& field) { return field.history.has_value(); });
}

std::shared_ptr<const Histories> make_histories(const Fitted& fitted, EventLog log, LabelScale scale,
                                                std::int64_t first_trained) {
  if (!has_histories(fitted.fields)) return nullptr;
  return std::make_shared<const Histories>(std::move(log), scale, fitted.catalogue.users.id.ids,
                                           fitted.catalogue.items.id.ids, first_trained);
}

std::vector<std::int32_t> learn_histories(const Fitted* old, Fitted& fitted, const Dataset& train,
                                          const TrainingSplit& split, const Dataset* valid,
                                          std::uint64_t seed) {
  if (!has_histories(fitted.fields)) return {};
  const EventLog& before = log_of(old);
  if (before.size() > 0 && before.time.empty() != train.records().time.empty())
    fail(INTERPLAY_BAD_DATA, "fit: the histories of the model that training goes on from are ordered " +
                                 std::string(before.time.empty() ? "without" : "by") +
                                 " time, and this dataset has " + (before.time.empty() ? "a" : "no") +
                                 " time column; give both the same \"time\"");
  const Events learn = events_of(fitted.catalogue, train, split.learn);
  Events forgotten = events_of(fitted.catalogue, train, split.held_out);
  if (valid != nullptr) {
    forgotten = events_of(fitted.catalogue, *valid, valid->selected());
    // Without times of its own, a validation row cannot be told from other rows of its user and item.
    if (forgotten.time.empty() && !learn.time.empty()) forgotten = {};
  }
  const bool first = old == nullptr || !old->catalogue.histories;
  const LabelScale scale = first ? scale_of(learn.label) : old->catalogue.histories->scale();
  AddedEvents added = add_events(before, learn, forgotten, seed);
  fitted.catalogue.histories = make_histories(fitted, std::move(added.log), scale, added.first_added);
  return added.place;
}

void complete_histories(const Fitted* old, Fitted& fitted, const Dataset& train, std::uint64_t seed) {
  if (!fitted.catalogue.histories) return;
  AddedEvents added = add_events(log_of(old), events_of(fitted.catalogue, train, train.selected()), {}, seed);
  fitted.catalogue.histories =
      make_histories(fitted, std::move(added.log), fitted.catalogue.histories->scale(), added.first_added);
  fitted.catalogue.knows_histories = true;
}

namespace {

/// The weight of value i of a row, as the table gives it; NaN: none.
class GivenLabels {
 public:
  GivenLabels(const Field& field, const Table& table, const Column& column)
      : column_(column), beside_(table.find(field.name + "_weights")), name_(field.name) {
    if (beside_ == nullptr && column.weights.empty())
      fail(INTERPLAY_BAD_DATA,
           "column \"" + name_ +
               "\": a history with labels needs the label of each of its values: as a list of "
               "(value, weight), or in a column \"" +
               name_ + "_weights\"");
    if (beside_ != nullptr && (beside_->type == Type::string || !beside_->multi_valued()))
      fail(INTERPLAY_BAD_DATA, "column \"" + beside_->name + "\": expected a list of numbers a row");
  }
  void check_row(std::int64_t row) const {
    if (beside_ == nullptr) return;
    const std::int64_t values = column_.last(row) - column_.first(row);
    const std::int64_t found = beside_->last(row) - beside_->first(row);
    if (values != found)
      fail(INTERPLAY_BAD_DATA, "column \"" + beside_->name + "\", row " + std::to_string(row) +
                                   ": expected a label for each of the " + std::to_string(values) +
                                   " values of \"" + name_ + "\", found " + std::to_string(found));
  }
  double at(std::int64_t row, std::int64_t i) const {
    const double label = beside_ != nullptr
                             ? beside_->number(beside_->first(row) + i - column_.first(row))
                             : static_cast<double>(column_.weights[static_cast<std::size_t>(i)]);
    if (!std::isfinite(label))
      fail(INTERPLAY_BAD_DATA,
           "column \"" + name_ + "\", row " + std::to_string(row) + ": a label must be a finite number");
    return label;
  }

 private:
  const Column& column_;
  const Column* beside_;
  const std::string& name_;
};

}  // namespace

EncodedColumn encode_history(const Fitted& fitted, const Field& field, const Table& table,
                             const Column& column) {
  const Entities& others = field.of == Part::user ? fitted.catalogue.items : fitted.catalogue.users;
  check_key_type(field.name, others.keys->type(), column);
  if (!column.multi_valued())
    fail(INTERPLAY_BAD_DATA,
         "column \"" + field.name + "\": expected a list of ids a row, found one value a row");
  std::optional<GivenLabels> labels;
  if (field.history->labels) labels.emplace(field, table, column);
  const LabelScale scale = fitted.catalogue.histories->scale();
  std::vector<std::int32_t> ids;
  std::vector<float> numbers;
  std::vector<std::int64_t> offsets{0};
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (labels && !column.is_null(row)) labels->check_row(row);
    for (std::int64_t i = column.first(row); i < column.last(row) && !column.is_null(row); ++i) {
      const std::int32_t index = others.keys->find(key_at(column, i));
      const std::int32_t id = index < 0 ? 0 : others.id.ids[static_cast<std::size_t>(index)];
      const double label = labels ? labels->at(row, i) : 0;
      if (id == 0) continue;
      ids.push_back(id);
      if (labels) numbers.push_back(scale.standard(label));
    }
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  EncodedColumn result;
  result.kind = Kind::categories;
  result.ids = std::move(ids);
  result.offsets = std::move(offsets);
  result.numbers = std::move(numbers);
  return result;
}

}  // namespace interplay::core
