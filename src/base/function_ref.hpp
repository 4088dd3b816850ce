// A function that is borrowed for a call: what std::function would copy, and might allocate for, on the scoring path.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace interplay::core {

template <class Signature>
class FunctionRef;

template <class R, class... Arguments>
class FunctionRef<R(Arguments...)> {
 public:
  /// Borrows: `function` must outlive the call that it is handed to, as any argument does.
  template <class F, class = std::enable_if_t<!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>>>
  FunctionRef(const F& function) noexcept  // NOLINT: a function is a reference to one
      : object_(std::addressof(function)), call_([](const void* object, Arguments... arguments) -> R {
          return (*static_cast<const F*>(object))(std::forward<Arguments>(arguments)...);
        }) {}

  R operator()(Arguments... arguments) const { return call_(object_, std::forward<Arguments>(arguments)...); }

 private:
  const void* object_;
  R (*call_)(const void*, Arguments...);
};

}  // namespace interplay::core
