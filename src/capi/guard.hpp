// The border: handles, and the one place where what the core throws becomes a status and an interplay_error.
#pragma once

#include <interplay/interplay.h>

#include <atomic>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "data/dataset.hpp"
#include "data/table.hpp"
#include "model/model.hpp"
#include "registry/error_object.hpp"

struct interplay_text {
  std::string bytes;
};

struct interplay_table {
  std::shared_ptr<interplay::core::Table> table;  // shared with the streams that export it
};

struct interplay_dataset {
  interplay::core::Dataset dataset;
};

struct interplay_model {
  interplay::core::Model model;
  std::string id;  // computed when it is first asked for, under id_mutex
  std::mutex id_mutex;
  std::atomic<std::int64_t> references{1};
};

namespace interplay::core {

/// Every function of interplay.h that can fail is one of these around a few lines.
template <class Body>
interplay_status guard(interplay_error** error, const Body& body) noexcept {
  if (error != nullptr) *error = nullptr;
  return shield(error, body);
}

/// INVALID_ARGUMENT when a pointer that must be given is null.
inline void require(const void* pointer, const char* name) {
  if (pointer == nullptr)
    fail(INTERPLAY_INVALID_ARGUMENT, std::string(name) + " must not be NULL",
         R"({"key":")" + std::string(name) + "\"}");
}

/// Out parameters are always written: first to what failure leaves in them.
template <class T>
void clear(T* out) noexcept {
  if (out != nullptr) *out = T{};
}

inline interplay_text* new_text(std::string bytes) { return new interplay_text{std::move(bytes)}; }
inline interplay_text* new_text(const Json& json) { return new_text(dump_json(json)); }
inline interplay_table* new_table(Table table) {
  return new interplay_table{std::make_shared<Table>(std::move(table))};
}

inline interplay_model* new_model(Model model) {
  auto handle = std::make_unique<interplay_model>();
  handle->model = std::move(model);
  return handle.release();
}

/// The monitor is const for its users, who may cancel and read from any thread; inside it keeps the newest event.
inline interplay_monitor* watched(const interplay_monitor* monitor) {
  return const_cast<interplay_monitor*>(monitor);
}

}  // namespace interplay::core
