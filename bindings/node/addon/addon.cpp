// The functions of interplay.h for JavaScript, under their own names: `here` calls them on this thread, `pool` on another.
// src/native.ts is the only caller; what people use is above it.
#include <string>

#include "call.hpp"

namespace interplay::node {
namespace {

napi_value buffer_of(napi_env env, const void* bytes, size_t size) {
  napi_value value = nullptr;
  void* data = nullptr;
  if (bytes == nullptr && size > 0) {
    napi_get_null(env, &value);
    return value;
  }
  napi_create_arraybuffer(env, size, &data, &value);
  if (size > 0) std::memcpy(data, bytes, size);
  return value;
}

constexpr size_t size_of(int32_t type) {
  if (type == INTERPLAY_INT64 || type == INTERPLAY_FLOAT64) return 8;
  return type == INTERPLAY_BOOL8 ? 1 : 4;
}

}  // namespace

napi_value Argument<interplay_column*>::result(napi_env env) const {
  const auto rows = static_cast<size_t>(column.rows);
  const auto n_values = static_cast<size_t>(column.n_values);
  const bool text = column.type == INTERPLAY_STRING;
  const size_t bytes = text ? static_cast<size_t>(column.n_bytes) : n_values * size_of(column.type);
  napi_value object = nullptr;
  napi_value type = nullptr;
  napi_create_object(env, &object);
  napi_create_int32(env, column.type, &type);
  napi_set_named_property(env, object, "type", type);
  auto set = [&](const char* name, const void* data, size_t size) {
    napi_set_named_property(env, object, name, buffer_of(env, data, size));
  };
  set("values", column.values, bytes);
  set("stringOffsets", column.string_offsets, text ? (n_values + 1) * sizeof(int64_t) : 0);
  set("rowOffsets", column.row_offsets, (rows + 1) * sizeof(int64_t));
  set("valid", column.valid, rows);
  return object;
}

napi_value Argument<Item*>::result(napi_env env) const {
  napi_value value = nullptr;
  if (item.cell.type == INTERPLAY_CELL_STRING)
    napi_create_string_utf8(env, item.text, item.cell.size, &value);
  else
    napi_create_bigint_int64(env, static_cast<int64_t>(item.cell.value), &value);
  return value;
}

namespace {

// Prototypes that JavaScript has otherwise.

interplay_status scorer_item(const interplay_scorer* scorer, int64_t index, Item* out,
                             interplay_error** error) {
  return interplay_scorer_item(scorer, index, &out->cell, &out->text, error);
}

/// Without a callback: JavaScript reads the monitor.
interplay_status monitor_new(interplay_monitor** out, interplay_error** error) {
  return interplay_monitor_new(nullptr, nullptr, out, error);
}

interplay_status monitor_cancel(const interplay_monitor* monitor, interplay_error** error) {
  if (error != nullptr) *error = nullptr;
  interplay_monitor_cancel(monitor);
  return INTERPLAY_OK;
}

/// close(handle): free it now, or when the last call that is inside leaves.
napi_value close(napi_env env, napi_callback_info info) {
  napi_value value = nullptr;
  size_t n = 1;
  napi_get_cb_info(env, info, &n, &value, nullptr, nullptr);
  if (Handle* handle = handle_in(env, value)) {
    handle->closed = true;
    handle->free_when_idle();
  }
  return nullptr;
}

/// weigh(handle, bytes): how much memory it holds, for the garbage collector. Returns what that knows of all.
napi_value weigh(napi_env env, napi_callback_info info) {
  std::array<napi_value, 2> values{};
  size_t n = values.size();
  int64_t bytes = 0;
  napi_get_cb_info(env, info, &n, values.data(), nullptr, nullptr);
  Handle* handle = handle_in(env, values[0]);
  if (handle != nullptr && !handle->closed && napi_get_value_int64(env, values[1], &bytes) == napi_ok)
    handle->weigh(bytes);
  napi_value value = nullptr;
  napi_adjust_external_memory(env, 0, &bytes);
  napi_create_int64(env, bytes, &value);
  return value;
}

struct Entry {
  const char* name;
  napi_callback here;
  napi_callback pool;
};

template <auto function>
constexpr Entry entry(const char* name) {
  return {name, call_here<function>, call_on_pool<function>};
}

#define INTERPLAY_NODE_ENTRY(name) entry<interplay_##name>(#name)
constexpr Entry entries[] = {
    INTERPLAY_NODE_ENTRY(fit_pairs),           INTERPLAY_NODE_ENTRY(predict_pairs),
    INTERPLAY_NODE_ENTRY(recommend_user),      INTERPLAY_NODE_ENTRY(table_new),
    INTERPLAY_NODE_ENTRY(table_add),           INTERPLAY_NODE_ENTRY(table_add_strings),
    INTERPLAY_NODE_ENTRY(table_column),        INTERPLAY_NODE_ENTRY(table_info),
    INTERPLAY_NODE_ENTRY(dataset_new),         INTERPLAY_NODE_ENTRY(dataset_append),
    INTERPLAY_NODE_ENTRY(dataset_seal),        INTERPLAY_NODE_ENTRY(dataset_split),
    INTERPLAY_NODE_ENTRY(dataset_info),        entry<monitor_new>("monitor_new"),
    entry<monitor_cancel>("monitor_cancel"),   INTERPLAY_NODE_ENTRY(monitor_read),
    INTERPLAY_NODE_ENTRY(engine_list),         INTERPLAY_NODE_ENTRY(engine_info),
    INTERPLAY_NODE_ENTRY(model_create),        INTERPLAY_NODE_ENTRY(model_fit),
    INTERPLAY_NODE_ENTRY(model_predict),       INTERPLAY_NODE_ENTRY(model_recommend),
    INTERPLAY_NODE_ENTRY(model_evaluate),      INTERPLAY_NODE_ENTRY(model_explain),
    INTERPLAY_NODE_ENTRY(model_update),        INTERPLAY_NODE_ENTRY(model_info),
    INTERPLAY_NODE_ENTRY(scorer_open),         INTERPLAY_NODE_ENTRY(scorer_score),
    INTERPLAY_NODE_ENTRY(scorer_top),          INTERPLAY_NODE_ENTRY(scorer_resolve),
    entry<scorer_item>("scorer_item"),         INTERPLAY_NODE_ENTRY(scorer_stats),
    INTERPLAY_NODE_ENTRY(assembly_new),        INTERPLAY_NODE_ENTRY(assembly_add_values),
    INTERPLAY_NODE_ENTRY(assembly_add_tensor), INTERPLAY_NODE_ENTRY(assembly_finish),
    INTERPLAY_NODE_ENTRY(model_tensors),       INTERPLAY_NODE_ENTRY(model_tensor),
    INTERPLAY_NODE_ENTRY(model_save),          INTERPLAY_NODE_ENTRY(model_load),
    INTERPLAY_NODE_ENTRY(model_dump),          INTERPLAY_NODE_ENTRY(model_parse),
    INTERPLAY_NODE_ENTRY(file_info),           INTERPLAY_NODE_ENTRY(engine_load),
};
#undef INTERPLAY_NODE_ENTRY

void set_function(napi_env env, napi_value object, const char* name, napi_callback callback) {
  napi_value function = nullptr;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  napi_set_named_property(env, object, name, function);
}

/// start(make_error): {here, pool, close, weigh, version, abiVersion}. make_error: (status, message, detail) => Error
napi_value start(napi_env env, napi_callback_info info) {
  napi_value make_error = nullptr;
  size_t n = 1;
  napi_get_cb_info(env, info, &n, &make_error, nullptr, nullptr);
  auto* mine = new Environment;
  napi_create_reference(env, make_error, 1, &mine->make_error);
  napi_set_instance_data(
      env, mine, [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); }, nullptr);

  napi_value out = nullptr;
  napi_value here = nullptr;
  napi_value pool = nullptr;
  napi_value version = nullptr;
  napi_value abi = nullptr;
  napi_create_object(env, &out);
  napi_create_object(env, &here);
  napi_create_object(env, &pool);
  for (const Entry& one : entries) {
    set_function(env, here, one.name, one.here);
    set_function(env, pool, one.name, one.pool);
  }
  set_function(env, out, "close", close);
  set_function(env, out, "weigh", weigh);
  napi_create_string_utf8(env, interplay_version(), NAPI_AUTO_LENGTH, &version);
  napi_create_uint32(env, interplay_abi_version(), &abi);
  napi_set_named_property(env, out, "here", here);
  napi_set_named_property(env, out, "pool", pool);
  napi_set_named_property(env, out, "version", version);
  napi_set_named_property(env, out, "abiVersion", abi);
  return out;
}

}  // namespace
}  // namespace interplay::node

NAPI_MODULE_INIT() {
  interplay::node::set_function(env, exports, "start", interplay::node::start);
  return exports;
}
