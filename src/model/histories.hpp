// Histories in a model: which interactions they hold, and histories that a table brings.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/fit.hpp"

namespace interplay::core {

/// Interactions to be added to a log.
struct Events {
  std::vector<std::int32_t> user, item;  // index in the catalogue
  std::vector<float> label;              // empty: none
  std::vector<double> time;              // empty: none
};

struct AddedEvents {
  EventLog log;
  std::vector<std::int32_t> place;  // in the log, of each event that was added
  std::int64_t first_added = 0;     // without time: the old events stay in front
};

/// The events of a dataset's rows (of records().interactions) whose users and items the catalogue knows.
Events events_of(const Catalogue& catalogue, const Dataset& dataset, std::span<const std::int64_t> rows);

/// `old` less what happens again in `added` or stands in `forgotten` (the same user, item and, with time, time), and `added`:
/// by time, or without it behind the old ones, in an order drawn by `seed` where one is given.
AddedEvents add_events(const EventLog& old, const Events& added, const Events& forgotten,
                       std::optional<std::uint64_t> seed);

bool has_histories(const std::vector<Field>& fields);
/// The histories of a model's fields, or null when it has none.
std::shared_ptr<const Histories> make_histories(const Fitted& fitted, EventLog log, LabelScale scale,
                                                std::int64_t first_trained);

/// What the rows to learn from may see. Sets fitted.catalogue.histories, and returns each row's place in the log.
std::vector<std::int32_t> learn_histories(const Fitted* old, Fitted& fitted, const Dataset& train,
                                          const TrainingSplit& split, const Dataset* valid,
                                          std::uint64_t seed);
/// What the fitted model sees: all rows of train, held out or not.
void complete_histories(const Fitted* old, Fitted& fitted, const Dataset& train, std::uint64_t seed);

/// A history that a table brings: a list of ids, oldest first, for one with labels with the labels as weights, inline or in
/// the column <name>_weights. Values that the model does not know are left out; a null list is an empty one.
EncodedColumn encode_history(const Fitted& fitted, const Field& field, const Table& table,
                             const Column& column);

}  // namespace interplay::core
