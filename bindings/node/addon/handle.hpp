// A C handle as JavaScript holds it: an external value that frees it with the garbage collector, or earlier by close().
// Everything here runs on the thread of its own environment, so the counts need no lock.
#ifndef INTERPLAY_NODE_HANDLE_HPP
#define INTERPLAY_NODE_HANDLE_HPP

#include <interplay/interplay.h>
#include <node_api.h>

namespace interplay::node {

/// Name and free function of the C types that are handles.
template <class T>
struct Kind;

#define INTERPLAY_NODE_KIND(noun)                                                                         \
  template <>                                                                                             \
  struct Kind<interplay_##noun> {                                                                         \
    static constexpr const char* name = #noun;                                                            \
    static void free(void* pointer) { interplay_##noun##_free(static_cast<interplay_##noun*>(pointer)); } \
  };
INTERPLAY_NODE_KIND(table)
INTERPLAY_NODE_KIND(dataset)
INTERPLAY_NODE_KIND(model)
INTERPLAY_NODE_KIND(monitor)
INTERPLAY_NODE_KIND(assembly)
INTERPLAY_NODE_KIND(scorer)
#undef INTERPLAY_NODE_KIND

template <class T>
concept IsHandle = requires {
  Kind<T>::name;
};

struct Handle {
  napi_env env;
  const char* kind;
  void* pointer;
  void (*free)(void*);
  int readers = 0;       // calls that are inside with a const pointer
  bool writing = false;  // one is inside with a pointer that is not
  bool closed = false;   // freed, or to be freed by the last call that leaves

  int64_t bytes = 0;  // what the garbage collector was told that it holds

  void free_when_idle() {
    if (closed && readers == 0 && !writing && pointer != nullptr) {
      free(pointer);
      pointer = nullptr;
      weigh(0);
    }
  }

  /// Without this the garbage collector sees a few bytes, and lets them lie.
  void weigh(int64_t now) {
    int64_t total = 0;
    if (now != bytes) napi_adjust_external_memory(env, now - bytes, &total);
    bytes = now;
  }
};

/// A value for JavaScript that owns `pointer`.
template <IsHandle T>
napi_value make_handle(napi_env env, T* pointer) {
  auto* handle = new Handle{env, Kind<T>::name, pointer, &Kind<T>::free};
  auto collected = [](napi_env, void* data, void*) {
    auto* gone = static_cast<Handle*>(data);
    gone->closed = true;
    gone->free_when_idle();
    delete gone;
  };
  napi_value external = nullptr;
  napi_create_external(env, handle, collected, nullptr, &external);
  return external;
}

/// The handle in a value; null where there is none.
inline Handle* handle_in(napi_env env, napi_value value) {
  napi_valuetype type{};
  void* data = nullptr;
  if (napi_typeof(env, value, &type) != napi_ok || type != napi_external) return nullptr;
  napi_get_value_external(env, value, &data);
  return static_cast<Handle*>(data);
}

}  // namespace interplay::node

#endif
