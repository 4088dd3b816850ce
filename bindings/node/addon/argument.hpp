// One argument of a C function, by its type in interplay.h: how a JavaScript value becomes it, and what comes out of it.
//
//   given        whether JavaScript passes a value for it
//   out          whether it brings a result
//   read()       take the value; false after throwing
//   pass()       what the C function gets, on whichever thread
//   result()     the value for JavaScript, after a call that succeeded
// Arguments are made and destroyed on JavaScript's thread.
#ifndef INTERPLAY_NODE_ARGUMENT_HPP
#define INTERPLAY_NODE_ARGUMENT_HPP

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "handle.hpp"

namespace interplay::node {

template <class T>
struct Argument;

struct In {
  static constexpr bool given = true, out = false;
};
struct Out {
  static constexpr bool given = false, out = true;
};

inline bool is_null(napi_env env, napi_value value) {
  napi_valuetype type{};
  napi_typeof(env, value, &type);
  return type == napi_null || type == napi_undefined;
}

inline bool refuse(napi_env env, const char* expected) {
  napi_throw_type_error(env, nullptr, expected);
  return false;
}

// ---- numbers

inline bool read_number(napi_env env, napi_value value, int64_t& out) {
  bool lossless = true;
  if (napi_get_value_bigint_int64(env, value, &out, &lossless) == napi_ok)
    return lossless || refuse(env, "expected a whole number of 64 bits, found a larger one");
  double number = 0;
  if (napi_get_value_double(env, value, &number) != napi_ok) return refuse(env, "expected a number");
  if (!(number >= -9007199254740991.0 && number <= 9007199254740991.0) ||
      number != static_cast<double>(static_cast<int64_t>(number)))
    return refuse(env, "expected a whole number: below 2^53, or a bigint");
  out = static_cast<int64_t>(number);
  return true;
}

template <class T>
struct Number : In {
  T number = 0;
  bool read(napi_env env, napi_value value) {
    int64_t wide = 0;
    if (!read_number(env, value, wide)) return false;
    number = static_cast<T>(wide);
    if (std::cmp_not_equal(number, wide))
      return refuse(env, "expected a number within the range of its C type");
    return true;
  }
  T pass() const { return number; }
};
template <>
struct Argument<int32_t> : Number<int32_t> {};
template <>
struct Argument<uint32_t> : Number<uint32_t> {};
template <>
struct Argument<int64_t> : Number<int64_t> {};
template <>
struct Argument<size_t> : Number<size_t> {};

template <>
struct Argument<size_t*> : Out {
  size_t number = 0;
  size_t* pass() { return &number; }
  napi_value result(napi_env env) const {
    napi_value value = nullptr;
    napi_create_int64(env, static_cast<int64_t>(number), &value);
    return value;
  }
};

// ---- memory: typed arrays and buffers, whose values stay referenced as long as the call lasts

inline bool read_memory(napi_env env, napi_value value, void*& data,
                        const char* expected = "expected a typed array or null") {
  bool typed = false;
  data = nullptr;
  if (is_null(env, value)) return true;
  napi_is_typedarray(env, value, &typed);
  if (!typed) return refuse(env, expected);
  napi_get_typedarray_info(env, value, nullptr, nullptr, &data, nullptr, nullptr);
  return true;
}

template <class T>
struct Argument<T*> : In {
  static_assert(!IsHandle<T>);
  void* data = nullptr;
  bool read(napi_env env, napi_value value) { return read_memory(env, value, data); }
  T* pass() const { return static_cast<T*>(data); }
};

/// U+FFFD, which Node-API puts in the place of half a surrogate pair, so that two names would be one.
inline constexpr const char* replacement = "\xEF\xBF\xBD";

/// Whether a text has half a surrogate pair.
inline bool has_half_pair(napi_env env, napi_value value) {
  size_t size = 0;
  napi_get_value_string_utf16(env, value, nullptr, 0, &size);
  std::u16string units(size + 1, u'\0');  // ends with 0, which is no half
  napi_get_value_string_utf16(env, value, units.data(), size + 1, &size);
  const auto half = [&](size_t i) { return units[i] & 0xFC00; };
  for (size_t i = 0; i < size; i++) {
    if (half(i) == 0xDC00 || (half(i) == 0xD800 && half(i + 1) != 0xDC00)) return true;
    if (half(i) == 0xD800) i++;
  }
  return false;
}

template <>
struct Argument<const char*> : In {
  std::string text;
  void* data = nullptr;
  bool read(napi_env env, napi_value value) {
    size_t size = 0;
    if (napi_get_value_string_utf8(env, value, nullptr, 0, &size) != napi_ok)
      return read_memory(env, value, data, "expected a string");
    text.resize(size + 1);
    napi_get_value_string_utf8(env, value, text.data(), size + 1, &size);
    text.resize(size);
    if (text.find('\0') != std::string::npos)
      return refuse(env, "expected a text without a NUL character, found one");
    if (text.find(replacement) != std::string::npos && has_half_pair(env, value))
      return refuse(env, ("expected text without half a surrogate pair, found " + text).c_str());
    data = text.data();
    return true;
  }
  const char* pass() const { return static_cast<const char*>(data); }
  Argument() = default;
  Argument(const Argument&) = delete;  // `data` may point into `text`
  Argument& operator=(const Argument&) = delete;
};

template <>
struct Argument<const char* const*> : In {
  std::vector<Argument<const char*>> texts;
  std::vector<const char*> pointers;
  bool read(napi_env env, napi_value value) {
    uint32_t n = 0;
    if (napi_get_array_length(env, value, &n) != napi_ok) return refuse(env, "expected an array of names");
    texts = std::vector<Argument<const char*>>(n);
    for (uint32_t i = 0; i < n; i++) {
      napi_value one = nullptr;
      napi_get_element(env, value, i, &one);
      if (!texts[i].read(env, one)) return false;
      pointers.push_back(texts[i].pass());
    }
    return true;
  }
  const char* const* pass() const { return pointers.data(); }
};

// ---- handles: const in the prototype is the contract, so any number of readers or one writer

template <class T, bool exclusive>
struct Held : In {
  Handle* handle = nullptr;
  Held() = default;
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    if (handle == nullptr) return;
    if constexpr (exclusive)
      handle->writing = false;
    else
      handle->readers--;
    handle->free_when_idle();
  }
  bool read(napi_env env, napi_value value) {
    if (is_null(env, value)) return true;
    Handle* found = handle_in(env, value);
    if (found == nullptr || std::strcmp(found->kind, Kind<T>::name) != 0 || found->closed)
      return refuse(env,
                    (std::string("expected an open ") + Kind<T>::name + ", found something else").c_str());
    if (found->writing || (exclusive && found->readers > 0))
      return refuse(env, (std::string("expected a ") + Kind<T>::name +
                          " that no other call is changing, found one in use: await the call before")
                             .c_str());
    if constexpr (exclusive)
      found->writing = true;
    else
      found->readers++;
    handle = found;
    return true;
  }
  T* pass() const { return handle == nullptr ? nullptr : static_cast<T*>(handle->pointer); }
};
template <IsHandle T>
struct Argument<const T*> : Held<T, false> {};
template <IsHandle T>
struct Argument<T*> : Held<T, true> {};

template <IsHandle T>
struct Argument<T**> : Out {
  T* made = nullptr;
  Argument() = default;
  Argument(const Argument&) = delete;
  Argument& operator=(const Argument&) = delete;
  ~Argument() {
    if (made != nullptr) Kind<T>::free(made);  // nobody took it
  }
  T** pass() { return &made; }
  napi_value result(napi_env env) { return make_handle(env, std::exchange(made, nullptr)); }
};

// ---- the library's own objects, which JavaScript gets as copies

template <>
struct Argument<interplay_text**> : Out {
  interplay_text* text = nullptr;
  Argument() = default;
  Argument(const Argument&) = delete;
  Argument& operator=(const Argument&) = delete;
  ~Argument() { interplay_text_free(text); }
  interplay_text** pass() { return &text; }
  napi_value result(napi_env env) const {
    napi_value buffer = nullptr;
    napi_create_buffer_copy(env, interplay_text_size(text), interplay_text_data(text), nullptr, &buffer);
    return buffer;
  }
};

/// A name that lives as long as the process.
template <>
struct Argument<const char**> : Out {
  const char* name = nullptr;
  const char** pass() { return &name; }
  napi_value result(napi_env env) const {
    napi_value value = nullptr;
    napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &value);
    return value;
  }
};

template <>
struct Argument<interplay_error**> {
  static constexpr bool given = false, out = false;
  interplay_error* error = nullptr;
  Argument() = default;
  Argument(const Argument&) = delete;
  Argument& operator=(const Argument&) = delete;
  ~Argument() { interplay_error_free(error); }
  interplay_error** pass() { return &error; }
};

/// A column as {type, rows, values, stringOffsets, rowOffsets, valid}: ArrayBuffers with copies, null for what is not there.
template <>
struct Argument<interplay_column*> : Out {
  interplay_column column{};
  interplay_column* pass() { return &column; }
  napi_value result(napi_env env) const;
};

/// The scorer's item at an index: a bigint or a string.
struct Item {
  interplay_cell cell;
  const char* text;
};
template <>
struct Argument<Item*> : Out {
  Item item{};
  Item* pass() { return &item; }
  napi_value result(napi_env env) const;
};

/// Reserved by the ABI: always null.
template <>
struct Argument<const interplay_comm*> {
  static constexpr bool given = false, out = false;
  const interplay_comm* pass() const { return nullptr; }
};

}  // namespace interplay::node

#endif
