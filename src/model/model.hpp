// A model: an engine's name, its parameters, and, once fitted, all that was learned. Immutable: every verb that changes
// something makes a new one, which shares what did not change.
#pragma once

#include <interplay/engine.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/field.hpp"
#include "data/rows.hpp"
#include "eval/baseline.hpp"
#include "eval/objective.hpp"
#include "model/catalogue.hpp"
#include "registry/registry.hpp"
#include "registry/run.hpp"

namespace interplay::core {

/// What fit learned.
struct Fitted {
  Schema schema;
  std::vector<Field> fields;  // in the engine's order
  interplay_objective objective{};
  Catalogue catalogue;
  std::shared_ptr<const Biases> biases;  // what a reader compares metrics with; null without labels
  std::shared_ptr<const void> state;     // the engine's
  Json training = Json::object();        // for info: rows, split, best epoch, metrics, baselines, history
  std::vector<std::string> warnings;
  std::string tables = "float32";  // how the state holds its embedding tables
  std::string parent;              // id of the model it came from, or ""
};

struct Model {
  const Engine* engine = nullptr;
  std::shared_ptr<const interplay_params> params;
  std::shared_ptr<const Fitted> fitted;  // null: only created

  /// INVALID_STATE, naming what was asked for, when there is none.
  const Fitted& require_fitted(const char* verb) const;
};

std::shared_ptr<const void> own_state(const Engine& engine, void* state);
/// The engine's load, into fitted.state. A state may use the tensors where they lie, so it keeps `tensors` alive.
void load_state(const Model& model, interplay_reader& reader, std::shared_ptr<const void> tensors,
                Fitted& fitted);

Model create(const std::string& engine, const Json& params);
Model fit(const Model& from, const Dataset& train, const Dataset* valid, const Json& options,
          interplay_monitor* monitor);
Table predict(const Model& model, const Table& rows, const Json& options);
Table recommend(const Model& model, const Table& users, const Table* candidates, const Json& options,
                interplay_monitor* monitor);
Json evaluate(const Model& model, const Dataset& dataset, const Json& options, interplay_monitor* monitor);
Json explain(const Model& model, const Table& rows, const Json& options, interplay_monitor* monitor);
Model update(const Model& model, const std::string& part, const Table& table, const Json& options);
/// Name, type and shape of what the engine's save writes, without the optimizer's part; in its order.
Json tensors(const Model& model);
/// One of them, row-major. NOT_FOUND with the nearest name.
std::string tensor(const Model& model, const std::string& name);
/// `id` is that of the saved bytes, see container.hpp
Json info(const Model& model, const std::string& id);

/// Positions of the feature fields of a part in `fields` (no ids, no histories), and their kinds.
std::vector<std::size_t> feature_fields(const std::vector<Field>& fields, Part of);
std::vector<Kind> kinds_of(const std::vector<Field>& fields, const std::vector<std::size_t>& chosen);
/// The field of the user's or item's own id, or null where the schema has no such role.
const Field* id_field(const std::vector<Field>& fields, Part of);
/// The id field whose ids a history shows.
const Field* history_ids(const std::vector<Field>& fields, const Field& history);

}  // namespace interplay::core
