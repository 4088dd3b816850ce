// One fit, as the engine sees it: workers, progress, cancellation, and what goes into the model's info.
#pragma once

#include <interplay/engine.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/parallel.hpp"

/// Watches long calls; see interplay.h. Everything here may be touched by any thread.
struct interplay_monitor {
  interplay_progress callback = nullptr;
  void* user_data = nullptr;
  std::atomic<bool> cancelled{false};

  /// Keeps the event for interplay_monitor_read and hands it to the callback. False: the callback wants to stop.
  bool tell(const std::string& event_json);
  std::string newest() const;

 private:
  mutable std::mutex mutex_;
  std::string newest_ = "{}";
};

struct interplay_run {
  interplay_run(int threads, interplay_monitor* watcher);

  interplay::core::Parallel pool;
  interplay_monitor* monitor;
  // For the model's info. No times: the same training gives the same bytes.
  interplay::core::Json notes = interplay::core::Json::object();
  interplay::core::Json history = interplay::core::Json::array();
  std::vector<std::string> warnings;
  bool word_lost = false;  // a note or a warning, for want of memory
  std::string metric;      // "rmse" or "log_loss"

  /// CANCELLED or OK.
  interplay_status report(const interplay_event& event);

 private:
  std::chrono::steady_clock::time_point start_, last_told_;
};

namespace interplay::core {

/// For long calls other than fit: throws CANCELLED when the monitor asks; tells {"stage", "rows", "rows_total"}.
void tick(interplay_monitor* monitor, const char* stage, std::int64_t rows, std::int64_t rows_total);

}  // namespace interplay::core
