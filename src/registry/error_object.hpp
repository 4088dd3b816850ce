// The error that crosses the border. Made only by the capi's guard and by the host's `fail`.
#pragma once

#include <interplay/interplay.h>
#include <interplay/sdk/error.hpp>

#include <new>
#include <stdexcept>
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

/// Runs `body` and turns whatever it throws into a status and an error: the only way out of the core, towards
/// applications (capi's guard) and towards engines (the host's functions).
template <class Body>
interplay_status shield(interplay_error** error, const Body& body) noexcept {
  try {
    body();
    return INTERPLAY_OK;
  } catch (const Error& e) {
    return make_error(error, e.status(), e.what(), e.detail().c_str());
  } catch (const std::bad_alloc&) {
    return make_error(error, INTERPLAY_NO_MEMORY, nullptr, nullptr);
  } catch (const std::length_error&) {  // a container that was asked for more than there can be
    return make_error(error, INTERPLAY_NO_MEMORY, nullptr, nullptr);
  } catch (const std::exception& e) {
    return make_error(error, INTERPLAY_INTERNAL, e.what(), nullptr);
  } catch (...) {
    return make_error(error, INTERPLAY_INTERNAL, "an unknown exception", nullptr);
  }
}

}  // namespace interplay::core
