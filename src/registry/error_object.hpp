// The error that crosses the border. Made only by the capi's guard and by the host's `fail`.
#pragma once

#include <interplay/interplay.h>

#include <string>

struct interplay_error {
  interplay_status status = INTERPLAY_INTERNAL;
  std::string message, detail;
};

namespace interplay::core {

/// Writes *out (when out is not null) and returns the status. Never throws: where memory is out, *out is one static
/// object, so that reporting it cannot fail.
interplay_status make_error(interplay_error** out, interplay_status status, const char* message,
                            const char* detail_json) noexcept;
void free_error(interplay_error* error) noexcept;

}  // namespace interplay::core
