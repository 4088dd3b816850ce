// The JSON value of the core: nlohmann's, made so that destroying one asks for no memory. The library's own way moves a
// value's children onto a std::vector before it destroys them, and where that vector finds no memory, the destructor that
// needs it ends the process. Depth is bounded here (parse_json), so the children may as well be destroyed where they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace interplay::core {

/// Memory for the head of an object, array or string, 32 bytes at most, when there is no other: a value that becomes one of
/// them says so before it asks for the head, and without it could not be destroyed. Whatever is to stand in it asks for
/// ordinary memory next and fails, so that few of these are lent at a time. Null when all are.
void* lend_json_head() noexcept;
/// False when `head` was not lent.
bool return_json_head(void* head) noexcept;

/// std::allocator under a name of ours. So a value's array is no std::vector<Json>, and that type is left to the destructor.
template <class T>
struct JsonAllocator : std::allocator<T> {
  static constexpr bool is_head = sizeof(T) > 16 &&
                                  sizeof(T) <= 32;  // a value has 16 bytes, an object's member more than 32

  template <class U>
  struct rebind {
    using other = JsonAllocator<U>;
  };
  JsonAllocator() = default;
  template <class U>
  JsonAllocator(const JsonAllocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    if constexpr (is_head) {
      void* head = ::operator new(sizeof(T), std::nothrow);
      if (head == nullptr) head = lend_json_head();
      if (head == nullptr) throw std::bad_alloc();
      return static_cast<T*>(head);
    } else {
      return std::allocator<T>::allocate(n);
    }
  }
  void deallocate(T* memory, std::size_t n) noexcept {
    if constexpr (is_head) {
      if (!return_json_head(memory)) ::operator delete(memory);
    } else {
      std::allocator<T>::deallocate(memory, n);
    }
  }
};

using Json = nlohmann::basic_json<nlohmann::ordered_map, std::vector, std::string, bool, std::int64_t,
                                  std::uint64_t, double, JsonAllocator>;

}  // namespace interplay::core

/// What nlohmann's destructor piles children on: each is destroyed at once. Of std::vector it has what is asked for there.
template <>
class std::vector<interplay::core::Json> {
 public:
  using value_type = interplay::core::Json;

  void reserve(std::size_t) noexcept {}
  void push_back(value_type&& child) noexcept { const value_type last(std::move(child)); }
  bool empty() const noexcept { return true; }
  value_type& back() noexcept { __builtin_unreachable(); }
  void pop_back() noexcept {}
};

namespace interplay::core {

/// An object with these members. (In an initializer list of nlohmann's own, what is there already leaks when memory runs out.)
Json members(std::initializer_list<std::pair<const char*, Json>> list);

}  // namespace interplay::core
