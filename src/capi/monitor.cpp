// monitors
#include "capi/guard.hpp"

using namespace interplay::core;

extern "C" {

interplay_status interplay_monitor_new(interplay_progress callback, void* user_data,
                                       interplay_monitor** out_monitor, interplay_error** error) {
  clear(out_monitor);
  return guard(error, [&] {
    require(out_monitor, "out_monitor");
    auto monitor = std::make_unique<interplay_monitor>();
    monitor->callback = callback;
    monitor->user_data = user_data;
    *out_monitor = monitor.release();
  });
}

void interplay_monitor_cancel(const interplay_monitor* monitor) {
  if (monitor != nullptr) watched(monitor)->cancelled.store(true);
}

interplay_status interplay_monitor_read(const interplay_monitor* monitor, interplay_text** out_event_json,
                                        interplay_error** error) {
  clear(out_event_json);
  return guard(error, [&] {
    require(monitor, "monitor");
    require(out_event_json, "out_event_json");
    *out_event_json = new_text(monitor->newest());
  });
}

void interplay_monitor_free(interplay_monitor* monitor) { delete monitor; }

}  // extern "C"
