// models: create, fit, predict, recommend, evaluate, update, info
#include "capi/guard.hpp"
#include "model/container.hpp"

using namespace interplay::core;

extern "C" {

interplay_status interplay_model_create(const char* engine, const char* params_json,
                                        interplay_model** out_model, interplay_error** error) {
  clear(out_model);
  return guard(error, [&] {
    require(engine, "engine");
    require(out_model, "out_model");
    *out_model = new_model(create(engine, parse_json(params_json, "parameters")));
  });
}

interplay_status interplay_model_fit(const interplay_model* from, const interplay_dataset* train,
                                     const interplay_dataset* valid, const char* options_json,
                                     const interplay_monitor* monitor, const struct interplay_comm* comm,
                                     interplay_model** out_model, interplay_error** error) {
  clear(out_model);
  return guard(error, [&] {
    require(from, "from");
    require(train, "train");
    require(out_model, "out_model");
    if (comm != nullptr) fail(INTERPLAY_UNSUPPORTED, "fit: comm is reserved and must be NULL");
    *out_model = new_model(fit(from->model, train->dataset, valid != nullptr ? &valid->dataset : nullptr,
                               parse_json(options_json, "options of fit"), watched(monitor)));
  });
}

interplay_status interplay_model_predict(const interplay_model* model, const interplay_table* rows,
                                         const char* options_json, interplay_table** out_table,
                                         interplay_error** error) {
  clear(out_table);
  return guard(error, [&] {
    require(model, "model");
    require(rows, "rows");
    require(out_table, "out_table");
    *out_table =
        new_table(predict(model->model, *rows->table, parse_json(options_json, "options of predict")));
  });
}

interplay_status interplay_model_recommend(const interplay_model* model, const interplay_table* users,
                                           const interplay_table* candidates, const char* options_json,
                                           const interplay_monitor* monitor, interplay_table** out_table,
                                           interplay_error** error) {
  clear(out_table);
  return guard(error, [&] {
    require(model, "model");
    require(users, "users");
    require(out_table, "out_table");
    *out_table = new_table(recommend(model->model, *users->table,
                                     candidates != nullptr ? candidates->table.get() : nullptr,
                                     parse_json(options_json, "options of recommend"), watched(monitor)));
  });
}

interplay_status interplay_model_evaluate(const interplay_model* model, const interplay_dataset* dataset,
                                          const char* options_json, const interplay_monitor* monitor,
                                          interplay_text** out_json, interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(model, "model");
    require(dataset, "dataset");
    require(out_json, "out_json");
    *out_json = new_text(evaluate(model->model, dataset->dataset,
                                  parse_json(options_json, "options of evaluate"), watched(monitor)));
  });
}

interplay_status interplay_model_explain(const interplay_model* model, const interplay_table* rows,
                                         const char* options_json, const interplay_monitor* monitor,
                                         interplay_text** out_json, interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(model, "model");
    require(rows, "rows");
    require(out_json, "out_json");
    *out_json = new_text(explain(model->model, *rows->table, parse_json(options_json, "options of explain"),
                                 watched(monitor)));
  });
}

interplay_status interplay_model_update(const interplay_model* model, const char* part,
                                        const interplay_table* table, const char* options_json,
                                        interplay_model** out_model, interplay_error** error) {
  clear(out_model);
  return guard(error, [&] {
    require(model, "model");
    require(part, "part");
    require(table, "table");
    require(out_model, "out_model");
    *out_model =
        new_model(update(model->model, part, *table->table, parse_json(options_json, "options of update")));
  });
}

interplay_status interplay_model_info(const interplay_model* model, interplay_text** out_json,
                                      interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(model, "model");
    require(out_json, "out_json");
    // Hashing reads every tensor, so it is done once; the handle is const to its users, hence the lock.
    auto* const handle = const_cast<interplay_model*>(model);
    const std::lock_guard<std::mutex> lock(handle->id_mutex);
    if (handle->id.empty() && model->model.fitted) handle->id = model_id(model->model);
    *out_json = new_text(info(model->model, handle->id));
  });
}

interplay_model* interplay_model_retain(const interplay_model* model) {
  auto* const handle = const_cast<interplay_model*>(model);
  if (handle != nullptr) handle->references.fetch_add(1, std::memory_order_relaxed);
  return handle;
}

void interplay_model_free(interplay_model* model) {
  if (model != nullptr && model->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete model;
}

}  // extern "C"
