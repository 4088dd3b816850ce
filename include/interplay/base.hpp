// base.hpp: what every class of interplay.hpp stands on, for C++17 and later: errors, borrowed arguments, handles.
#pragma once

#include <interplay/interplay.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace interplay {

/// The constant's name without INTERPLAY_: "NOT_FOUND". A status that this header does not know counts as "INTERNAL".
constexpr const char* status_name(interplay_status status) noexcept {
  constexpr const char* names[] = {"OK",        "INVALID_ARGUMENT", "INVALID_STATE", "BAD_DATA",
                                   "NOT_FOUND", "UNSUPPORTED",      "CORRUPT",       "INCOMPATIBLE",
                                   "IO",        "NO_MEMORY",        "CANCELLED",     "INTERNAL"};
  return status >= INTERPLAY_OK && status < INTERPLAY_INTERNAL ? names[status] : names[INTERPLAY_INTERNAL];
}
/// The same for a column's element type: "INT64"; "" for a number that is none.
constexpr const char* type_name(int32_t type) noexcept {
  constexpr const char* names[] = {"", "INT64", "INT32", "FLOAT32", "FLOAT64", "BOOL8", "STRING"};
  return type >= INTERPLAY_INT64 && type <= INTERPLAY_STRING ? names[type] : "";
}

/// Why a call failed. (The engine kit has a class Error; this one belongs to applications.)
class Exception : public std::runtime_error {
 public:
  explicit Exception(interplay_status status, const std::string& message, std::string detail = "{}")
      : std::runtime_error(message), status_(status), detail_(std::move(detail)) {}

  /// INTERPLAY_NOT_FOUND and the like; for a log, status_name.
  interplay_status status() const noexcept { return status_; }
  /// A JSON object for programs, see interplay_error_detail.
  const std::string& detail() const noexcept { return detail_; }

 private:
  interplay_status status_;
  std::string detail_;
};

/// A borrowed array: what any vector, array or span converts to. T is the element without const.
template <class T>
class ArrayView {
 public:
  ArrayView() = default;
  ArrayView(const T* data, std::size_t size) : data_(data), size_(size) {}
  template <class Container, class = std::enable_if_t<std::is_convertible_v<
                                 decltype(std::data(std::declval<const Container&>())), const T*>>>
  ArrayView(const Container& values) : data_(std::data(values)), size_(std::size(values)) {}

  const T* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  const T& operator[](std::size_t i) const noexcept { return data_[i]; }
  const T* begin() const noexcept { return data_; }
  const T* end() const noexcept { return data_ + size_; }

 private:
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

/// An argument that the C interface reads up to its NUL; a string with one inside is refused, since it would arrive as another.
/// JSON documents may be nullptr, which means {}.
class ZString {
 public:
  ZString(const char* text) : text_(text) {}
  ZString(const std::string& text) : text_(text.c_str()) {
    if (text.find('\0') != std::string::npos)
      throw Exception(INTERPLAY_INVALID_ARGUMENT,
                      "expected text without a NUL, found one behind \"" + std::string(text_) + "\"");
  }
  const char* get() const noexcept { return text_; }

 private:
  const char* text_;
};

namespace detail {

struct Free {
  void operator()(interplay_error* p) const noexcept { interplay_error_free(p); }
  void operator()(interplay_text* p) const noexcept { interplay_text_free(p); }
  void operator()(interplay_table* p) const noexcept { interplay_table_free(p); }
  void operator()(interplay_dataset* p) const noexcept { interplay_dataset_free(p); }
  void operator()(interplay_monitor* p) const noexcept { interplay_monitor_free(p); }
  void operator()(interplay_model* p) const noexcept { interplay_model_free(p); }
  void operator()(interplay_assembly* p) const noexcept { interplay_assembly_free(p); }
  void operator()(interplay_scorer* p) const noexcept { interplay_scorer_free(p); }
};
template <class T>
using Handle = std::unique_ptr<T, Free>;

[[noreturn]] inline void fail(interplay_status status, interplay_error* error) {
  const Handle<interplay_error> owner(error);
  throw Exception(status, interplay_error_message(error), interplay_error_detail(error));
}
/// function(arguments..., &error)
template <class Function, class... Arguments>
void call(Function function, Arguments... arguments) {
  interplay_error* error = nullptr;
  if (const interplay_status status = function(arguments..., &error)) fail(status, error);
}
/// function(arguments..., &out, &error), and out is ours
template <class T, class Function, class... Arguments>
Handle<T> make(Function function, Arguments... arguments) {
  T* out = nullptr;
  call(function, arguments..., &out);
  return Handle<T>(out);
}
inline void expect(bool holds, const char* message) {
  if (!holds) throw Exception(INTERPLAY_INVALID_ARGUMENT, message);
}
/// what: "valid: a byte a row", say.
inline void expect_length(std::size_t found, std::size_t expected, const char* what) {
  if (found != expected)
    throw Exception(INTERPLAY_BAD_DATA, std::string(what) + ": expected " + std::to_string(expected) +
                                            ", found " + std::to_string(found));
}

/// Fills ids and scores with the best k: fill(room) writes up to `room` and says how many. A k beyond what there is, "all" say, must
/// not take the memory of k.
template <class Fill>
void rank(std::size_t k, std::vector<int64_t>& ids, std::vector<float>& scores, const Fill& fill) {
  for (std::size_t room = k < 4096 ? k : 4096;; room = room > k / 16 ? k : 16 * room) {
    ids.resize(room);
    scores.resize(room);
    const std::size_t found = fill(room);
    if (found == room && room < k) continue;
    ids.resize(found);
    scores.resize(found);
    return;
  }
}
/// An empty optional array must arrive as NULL; an empty vector may still have an address.
template <class T>
const T* data_or_null(ArrayView<T> values) noexcept {
  return values.empty() ? nullptr : values.data();
}
template <class T>
constexpr int32_t type_of() {
  if constexpr (std::is_same_v<T, int64_t>) return INTERPLAY_INT64;
  if constexpr (std::is_same_v<T, int32_t>) return INTERPLAY_INT32;
  if constexpr (std::is_same_v<T, float>) return INTERPLAY_FLOAT32;
  if constexpr (std::is_same_v<T, double>) return INTERPLAY_FLOAT64;
  if constexpr (std::is_same_v<T, uint8_t>) return INTERPLAY_BOOL8;
  return 0;
}

}  // namespace detail

}  // namespace interplay
