// What every call of interplay.h promises, whatever it is given.
#pragma once

#include <interplay/interplay.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace interplay::fuzz {

inline void promise(bool holds, const std::string& what) {
  if (!holds) throw std::logic_error("a broken promise: " + what);
}

/// function(arguments..., &error): status and error agree, the text is for people and the detail for programs, and nothing
/// is blamed on the library itself.
template <class Function, class... Arguments>
interplay_status call(Function function, Arguments... arguments) {
  interplay_error* error = nullptr;
  const interplay_status status = function(arguments..., &error);
  const std::string message = interplay_error_message(error), detail = interplay_error_detail(error);
  const bool told = error != nullptr;
  const interplay_status said = interplay_error_status(error);
  interplay_error_free(error);
  const std::string text = "status " + std::to_string(status) + ": " + message;
  promise(told == (status != INTERPLAY_OK) && said == status, "status and error disagree; " + text);
  promise(status >= INTERPLAY_OK && status < INTERPLAY_INTERNAL, "an internal error; " + text);
  if (!told) return status;
  promise(status == INTERPLAY_NO_MEMORY || message.size() > 10, "a failure without words; " + text);
  promise(core::find_invalid_utf8(message) == core::all_valid, "a message that is not UTF-8; " + text);
  promise(core::Json::accept(detail), "a detail that is no JSON: " + detail);
  return status;
}

/// function(arguments..., &out, &error): there is a result exactly if the call succeeded.
template <class T, class Function, class... Arguments>
T* make(Function function, Arguments... arguments) {
  T* out = nullptr;
  const interplay_status status = call(function, arguments..., &out);
  promise((out != nullptr) == (status == INTERPLAY_OK), "result and status disagree");
  return out;
}

/// Takes an input apart, from its front; what is no longer there is 0.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  template <class T>
  T take() {
    T value{};
    const std::size_t n = size_ < sizeof value ? size_ : sizeof value;
    if (n > 0) std::memcpy(&value, data_, n);
    skip(n);
    return value;
  }
  std::uint8_t byte() { return take<std::uint8_t>(); }
  /// 0 .. n - 1
  std::size_t below(std::size_t n) { return byte() % n; }
  std::string text(std::size_t most) {
    const std::size_t n = size_ < most ? size_ : most;
    std::string out(reinterpret_cast<const char*>(data_), n);
    skip(n);
    return out;
  }
  std::string rest() { return text(size_); }
  std::size_t size() const { return size_; }

 private:
  void skip(std::size_t n) {
    data_ += n;
    size_ -= n;
  }
  const std::uint8_t* data_;
  std::size_t size_;
};

}  // namespace interplay::fuzz
