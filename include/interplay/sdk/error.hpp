// The one exception type of the library and of engines: a status and a text. It never crosses a C function.
#pragma once

#include <interplay/interplay.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace interplay {

class Error : public std::runtime_error {
 public:
  /// detail: a JSON object for programs, or "{}"
  Error(interplay_status status, const std::string& message, std::string detail = "{}")
      : std::runtime_error(message), status_(status), detail_(std::move(detail)) {}

  interplay_status status() const noexcept { return status_; }
  const std::string& detail() const noexcept { return detail_; }

 private:
  interplay_status status_;
  std::string detail_;
};

}  // namespace interplay
