// Allocations that fail on order. hook_new.cpp or hook_malloc.cpp, whichever a program is linked with, asks at each of them.
#pragma once

#include <atomic>

namespace interplay::test::faults {

inline std::atomic<long> living{0}, left{0};
inline std::atomic<bool> lasting{false}, fired{false}, armed{false};

/// From here on the n-th allocation fails (n counts from 1), and, if it `lasts`, every one after it.
inline void arm(long n, bool lasts) {
  left = n;
  lasting = lasts;
  fired = false;
  armed = true;
}
/// Allocations are answered again; did one fail?
inline bool disarm() {
  armed = false;
  return fired;
}
/// Asked at every allocation.
inline bool fails() {
  if (!armed.load(std::memory_order_relaxed)) return false;
  const long now = left.fetch_sub(1) - 1;
  if (now > 0 || (now < 0 && !lasting)) return false;
  fired = true;
  return true;
}

}  // namespace interplay::test::faults
