// The functions that an engine calls. Each is noexcept towards the engine: what the core throws becomes a status here.
#include <interplay/engine.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include "base/error.hpp"
#include "data/rows.hpp"
#include "registry/error_object.hpp"
#include "registry/registry.hpp"
#include "registry/run.hpp"
#include "registry/sections.hpp"

namespace interplay::core {
namespace {

/// A batch as the host hands it out: it remembers its view.
struct ViewBatch : Batch {
  ViewBatch(const interplay_view& from, std::int64_t max_rows) : Batch(*from.set, max_rows), view(from) {}
  const interplay_view& view;
};

interplay_status fail_call(interplay_error** error, interplay_status status, const char* message,
                           const char* detail) {
  return make_error(error, status, message != nullptr ? message : "", detail);
}

const Json* find(const interplay_params* params, const char* name) {
  const auto it = params->values.find(name);
  return it == params->values.end() ? nullptr : &*it;
}

std::int64_t param_int(const interplay_params* params, const char* name) {
  const Json* const value = find(params, name);
  return value != nullptr && value->is_number() ? value->get<std::int64_t>() : 0;
}

double param_number(const interplay_params* params, const char* name) {
  const Json* const value = find(params, name);
  return value != nullptr && value->is_number() ? value->get<double>() : 0.0;
}

const char* param_text(const interplay_params* params, const char* name) {
  const Json* const value = find(params, name);
  return value != nullptr && value->is_string() ? value->get_ref<const std::string&>().c_str() : "";
}

std::int32_t param_bool(const interplay_params* params, const char* name) {
  const Json* const value = find(params, name);
  return value != nullptr && value->is_boolean() && value->get<bool>() ? 1 : 0;
}

std::size_t param_list(const interplay_params* params, const char* name, double* out, std::size_t capacity) {
  const Json* const value = find(params, name);
  if (value == nullptr || !value->is_array()) return 0;
  for (std::size_t i = 0; i < std::min(capacity, value->size()); ++i) out[i] = (*value)[i].get<double>();
  return value->size();
}

std::int64_t view_rows(const interplay_view* view) { return view->rows(); }

std::uint32_t view_fields(const interplay_view* view, const interplay_field** out_fields) {
  *out_fields = view->set->fields.data();
  return static_cast<std::uint32_t>(view->set->fields.size());
}

void view_objective(const interplay_view* view, interplay_objective* out) { *out = view->objective; }

interplay_status batch_new(const interplay_view* view, std::int64_t max_rows, interplay_batch** out,
                           interplay_error** error) {
  *out = nullptr;
  return shield(error, [&] { *out = new ViewBatch(*view, max_rows); });
}

interplay_status batch_fill(interplay_batch* batch, const std::int64_t* rows, std::int64_t n,
                            std::uint64_t draw, interplay_error** error) {
  return shield(error, [&] {
    auto& mine = *static_cast<ViewBatch*>(batch);
    if (n < 0) fail(INTERPLAY_INVALID_ARGUMENT, "a batch cannot be filled with a negative number of rows");
    mine.fill({rows, static_cast<std::size_t>(n)}, mine.view.drawing, draw);
  });
}

void batch_free(interplay_batch* batch) { delete static_cast<ViewBatch*>(batch); }

std::int32_t workers(const interplay_run* run) { return run->pool.workers(); }

interplay_status parallel(interplay_run* run, std::int64_t n_shards,
                          interplay_status (*body)(void* arg, std::int64_t shard, std::int32_t worker),
                          void* arg) {
  try {
    // The engine's own function does not throw, so a status is carried through the pool as an exception.
    run->pool.run(n_shards, [&](std::int64_t shard, int worker) {
      const interplay_status status = body(arg, shard, worker);
      if (status != INTERPLAY_OK) throw status;
    });
    return INTERPLAY_OK;
  } catch (const interplay_status& status) {
    return status;
  } catch (...) {
    return INTERPLAY_INTERNAL;
  }
}

interplay_status report(interplay_run* run, const interplay_event* event) {
  interplay_status status = INTERPLAY_OK;
  // An engine built with an older header has a shorter event: what it lacks is not measured.
  interplay_event whole{};
  whole.loss = whole.valid_loss = whole.valid_metric = __builtin_nan("");
  std::memcpy(&whole, event, std::min<std::size_t>(event->struct_size, sizeof whole));
  const interplay_status failure = shield(nullptr, [&] { status = run->report(whole); });
  return failure != INTERPLAY_OK ? failure : status;
}

void note(interplay_run* run, const char* key, double value) {
  const interplay_status status = shield(nullptr, [&] {
    // Whole numbers, such as counts, read better without ".0".
    if (value == static_cast<double>(static_cast<std::int64_t>(value)))
      run->notes[key] = static_cast<std::int64_t>(value);
    else
      run->notes[key] = value;
  });
  if (status != INTERPLAY_OK) run->word_lost = true;
}

void warn(interplay_run* run, const char* message) {
  if (shield(nullptr, [&] { run->warnings.emplace_back(message); }) != INTERPLAY_OK) run->word_lost = true;
}

interplay_status put(interplay_writer* writer, const char* name, const interplay_tensor* tensor,
                     interplay_error** error) {
  return shield(error, [&] { writer->put(name, *tensor); });
}

std::int32_t wants_optimizer(const interplay_writer* writer) { return writer->optimizer ? 1 : 0; }

interplay_status get(interplay_reader* reader, const char* name, interplay_tensor* out,
                     interplay_error** error) {
  return shield(error, [&] {
    if (!reader->get(name, *out))
      fail(INTERPLAY_NOT_FOUND, "the model has no tensor \"" + std::string(name) + "\"");
  });
}

std::int32_t has(const interplay_reader* reader, const char* name) {
  interplay_tensor ignored{};
  bool there = true;  // out of memory: get, which is asked next, can say so
  (void)shield(nullptr, [&] { there = reader->get(name, ignored); });
  return there ? 1 : 0;
}

void error_free(interplay_error* error) { free_error(error); }

int64_t view_negatives(const interplay_view* view) { return view->drawing.negatives; }

std::int32_t table_type(const interplay_writer* writer) {
  writer->asked_table_type = true;
  return writer->table_type;
}

std::int32_t verifies(const interplay_reader* reader) { return reader->verify ? 1 : 0; }

}  // namespace

const interplay_host& host() {
  static const interplay_host table = {sizeof(interplay_host),
                                       INTERPLAY_ENGINE_ABI,
                                       fail_call,
                                       param_int,
                                       param_number,
                                       param_text,
                                       param_bool,
                                       param_list,
                                       view_rows,
                                       view_fields,
                                       view_objective,
                                       batch_new,
                                       batch_fill,
                                       batch_free,
                                       workers,
                                       parallel,
                                       report,
                                       note,
                                       warn,
                                       put,
                                       wants_optimizer,
                                       get,
                                       has,
                                       error_free,
                                       view_negatives,
                                       table_type,
                                       verifies};
  return table;
}

}  // namespace interplay::core
