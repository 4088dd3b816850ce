// Calls of a save that fail on order; hook_files.cpp asks at each.
#pragma once

#include <cerrno>

namespace interplay::test::file_faults {

enum CallKind : unsigned { open_call = 1, write_call = 2, fsync_call = 4, close_call = 8, rename_call = 16 };

struct Order {
  unsigned kinds = 0;  // which calls count
  long n = 0;          // the n-th of them fails, from 1
  int error = 0;
  bool halves = false;  // every write does half of what it is asked for
  bool fired = false;
};
inline thread_local Order order;

inline bool fails(CallKind kind) {
  if ((order.kinds & kind) == 0 || --order.n != 0) return false;
  order.fired = true;
  errno = order.error;
  return true;
}
inline bool halves() { return order.halves; }

}  // namespace interplay::test::file_faults
