// A C function as two JavaScript functions, made of its prototype in interplay.h: one that calls it here, one that calls it on a
// thread of libuv's pool and returns a promise.
#ifndef INTERPLAY_NODE_CALL_HPP
#define INTERPLAY_NODE_CALL_HPP

#include <array>
#include <memory>
#include <tuple>

#include "argument.hpp"

namespace interplay::node {

/// What the addon keeps for each environment (the main thread and each worker have one).
struct Environment {
  napi_ref make_error = nullptr;  // (status, message, detail) => Error
};

inline napi_value error_of(napi_env env, interplay_status status, const interplay_error* error) {
  Environment* mine = nullptr;
  napi_get_instance_data(env, reinterpret_cast<void**>(&mine));
  napi_value make = nullptr;
  napi_value nothing = nullptr;
  napi_value result = nullptr;
  std::array<napi_value, 3> arguments{};
  napi_get_reference_value(env, mine->make_error, &make);
  napi_get_undefined(env, &nothing);
  napi_create_int32(env, status, &arguments[0]);
  napi_create_string_utf8(env, interplay_error_message(error), NAPI_AUTO_LENGTH, &arguments[1]);
  napi_create_string_utf8(env, interplay_error_detail(error), NAPI_AUTO_LENGTH, &arguments[2]);
  napi_call_function(env, nothing, make, arguments.size(), arguments.data(), &result);
  return result;
}

/// One call: its arguments, and what became of it.
template <class... A>
class Call {
 public:
  using Function = interplay_status (*)(A...);
  static constexpr size_t n_given = (size_t{Argument<A>::given} + ...);

  explicit Call(Function function) : function_(function) {}

  bool read(napi_env env, const std::array<napi_value, n_given>& values) {
    size_t next = 0;
    auto one = [&](auto& argument) {
      if constexpr (std::remove_reference_t<decltype(argument)>::given)
        return argument.read(env, values[next++]);
      else
        return true;
    };
    return std::apply([&](auto&... argument) { return (one(argument) && ...); }, arguments_);
  }

  void run() {
    status_ = std::apply([&](auto&... argument) { return function_(argument.pass()...); }, arguments_);
  }

  bool failed() const { return status_ != INTERPLAY_OK; }

  napi_value error(napi_env env) const {
    return error_of(env, status_, std::get<Argument<interplay_error**>>(arguments_).error);
  }

  /// undefined, the one result, or an array of several.
  napi_value result(napi_env env) {
    std::vector<napi_value> results;
    auto one = [&](auto& argument) {
      if constexpr (std::remove_reference_t<decltype(argument)>::out) results.push_back(argument.result(env));
    };
    std::apply([&](auto&... argument) { (one(argument), ...); }, arguments_);
    napi_value value = nullptr;
    if (results.empty()) napi_get_undefined(env, &value);
    if (results.size() == 1) return results[0];
    if (results.size() > 1) napi_create_array(env, &value);
    for (uint32_t i = 0; results.size() > 1 && i < results.size(); i++)
      napi_set_element(env, value, i, results[i]);
    return value;
  }

 private:
  Function function_;
  std::tuple<Argument<A>...> arguments_;
  interplay_status status_ = INTERPLAY_OK;
};
template <class... A>
Call(interplay_status (*)(A...)) -> Call<A...>;

template <auto function>
using CallOf = decltype(Call(function));

template <auto function>
napi_value call_here(napi_env env, napi_callback_info info) {
  std::array<napi_value, CallOf<function>::n_given> values{};
  size_t n = values.size();
  napi_get_cb_info(env, info, &n, values.data(), nullptr, nullptr);
  CallOf<function> call(function);
  if (!call.read(env, values)) return nullptr;
  call.run();
  if (!call.failed()) return call.result(env);
  napi_throw(env, call.error(env));
  return nullptr;
}

/// A call on its way: it keeps its values from the garbage collector.
template <auto function>
struct Pending {
  CallOf<function> call{function};
  napi_deferred promise = nullptr;
  napi_async_work work = nullptr;
  napi_ref values = nullptr;
};

template <auto function>
void settle(napi_env env, napi_status, void* data) {
  std::unique_ptr<Pending<function>> pending(static_cast<Pending<function>*>(data));
  if (pending->call.failed())
    napi_reject_deferred(env, pending->promise, pending->call.error(env));
  else
    napi_resolve_deferred(env, pending->promise, pending->call.result(env));
  napi_delete_reference(env, pending->values);
  napi_delete_async_work(env, pending->work);
}

template <auto function>
napi_value call_on_pool(napi_env env, napi_callback_info info) {
  std::array<napi_value, CallOf<function>::n_given> values{};
  size_t n = values.size();
  napi_get_cb_info(env, info, &n, values.data(), nullptr, nullptr);
  auto pending = std::make_unique<Pending<function>>();
  if (!pending->call.read(env, values)) return nullptr;
  napi_value kept = nullptr;
  napi_value name = nullptr;
  napi_value promise = nullptr;
  napi_create_array(env, &kept);
  for (uint32_t i = 0; i < values.size(); i++) napi_set_element(env, kept, i, values[i]);
  napi_create_reference(env, kept, 1, &pending->values);
  napi_create_promise(env, &pending->promise, &promise);
  napi_create_string_utf8(env, "interplay", NAPI_AUTO_LENGTH, &name);
  napi_create_async_work(
      env, nullptr, name, [](napi_env, void* data) { static_cast<Pending<function>*>(data)->call.run(); },
      settle<function>, pending.get(), &pending->work);
  napi_queue_async_work(env, pending->work);
  pending.release();  // settle() takes it
  return promise;
}

}  // namespace interplay::node

#endif
