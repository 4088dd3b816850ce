#include "registry/run.hpp"

#include <cmath>

#include "base/error.hpp"

namespace {

using interplay::core::Json;

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

void put_measured(Json& json, const char* key, double value) {
  if (!std::isnan(value)) json[key] = value;
}

}  // namespace

bool interplay_monitor::tell(const std::string& event_json) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    newest_ = event_json;
  }
  // Outside the lock: the callback may read this very monitor.
  return callback == nullptr || callback(user_data, event_json.c_str()) == 0;
}

std::string interplay_monitor::newest() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return newest_;
}

interplay_run::interplay_run(int threads, interplay_monitor* watcher)
    : pool(threads), monitor(watcher), start_(std::chrono::steady_clock::now()), last_told_(start_) {}

interplay_status interplay_run::report(const interplay_event& event) {
  if (event.epoch_end != 0) {
    Json line;
    line["epoch"] = event.epoch;
    put_measured(line, "loss", event.loss);
    put_measured(line, "valid_loss", event.valid_loss);
    put_measured(line, "valid_metric", event.valid_metric);
    history.push_back(std::move(line));
  }
  if (monitor == nullptr) return INTERPLAY_OK;
  if (monitor->cancelled.load(std::memory_order_relaxed)) return INTERPLAY_CANCELLED;
  const auto now = std::chrono::steady_clock::now();
  if (event.epoch_end == 0 && seconds_between(last_told_, now) < 0.25) return INTERPLAY_OK;
  last_told_ = now;

  Json json;
  json["stage"] = "fit";
  json["epoch"] = event.epoch;
  json["epochs"] = event.epochs;
  json["epoch_end"] = event.epoch_end != 0;
  json["rows"] = event.rows;
  json["rows_total"] = event.rows_total;
  put_measured(json, "loss", event.loss);
  put_measured(json, "valid_loss", event.valid_loss);
  json["metric"] = metric;
  put_measured(json, "valid_metric", event.valid_metric);
  json["best_epoch"] = event.best_epoch;
  const double seconds = seconds_between(start_, now);
  const double done = static_cast<double>(event.epoch - 1) * static_cast<double>(event.rows_total) +
                      static_cast<double>(event.rows);
  const double all = static_cast<double>(event.epochs) * static_cast<double>(event.rows_total);
  json["rows_per_second"] = seconds > 0 ? done / seconds : 0.0;
  json["seconds"] = seconds;
  json["seconds_left"] = done > 0 ? seconds / done * (all - done) : 0.0;
  return monitor->tell(interplay::core::dump_json(json)) ? INTERPLAY_OK : INTERPLAY_CANCELLED;
}

namespace interplay::core {

void tick(interplay_monitor* monitor, const char* stage, std::int64_t rows, std::int64_t rows_total) {
  if (monitor == nullptr) return;
  Json json;
  json["stage"] = stage;
  json["rows"] = rows;
  json["rows_total"] = rows_total;
  if (monitor->cancelled.load(std::memory_order_relaxed) || !monitor->tell(dump_json(json)))
    fail(INTERPLAY_CANCELLED, std::string(stage) + " was cancelled after " + std::to_string(rows) + " of " +
                                  std::to_string(rows_total) + " rows");
}

}  // namespace interplay::core
