#include "registry/error_object.hpp"

#include <new>

namespace interplay::core {
namespace {

// Never destroyed: a host may look at an error while the process exits.
interplay_error& out_of_memory() noexcept {
  static interplay_error* const error = [] {
    alignas(interplay_error) static unsigned char memory[sizeof(interplay_error)];
    return new (memory)
        interplay_error{INTERPLAY_NO_MEMORY, "out of memory", "{}"};  // short strings: no allocation
  }();
  return *error;
}

}  // namespace

interplay_status make_error(interplay_error** out, interplay_status status, const char* message,
                            const char* detail_json) noexcept {
  if (out == nullptr) return status;
  if (*out != nullptr) {  // an engine failed twice in one call: the first one stays
    return status;
  }
  if (status == INTERPLAY_NO_MEMORY && message == nullptr) {
    *out = &out_of_memory();
    return status;
  }
  try {
    *out = new interplay_error{status, message != nullptr ? message : "",
                               detail_json != nullptr ? detail_json : "{}"};
    return status;
  } catch (...) {
    *out = &out_of_memory();
    return INTERPLAY_NO_MEMORY;
  }
}

void free_error(interplay_error* error) noexcept {
  if (error != &out_of_memory()) delete error;
}

}  // namespace interplay::core
