// Threads for one call: started when it begins, joined before it returns. Work is cut into shards by the caller, so the
// number of threads decides only who does a shard, never what a shard is.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace interplay::core {

/// What this process may use: its affinity mask, less what a CPU quota (cgroup) allows; at least 1.
int usable_threads();
/// The same of other numbers: processors that may be run on, and the quota of their time. Half a processor is one thread.
int threads_for(int affinity, double quota);

class Parallel {
 public:
  /// threads <= 0 takes usable_threads(). One thread means the caller's own and starts none.
  explicit Parallel(int threads);
  ~Parallel();
  Parallel(const Parallel&) = delete;
  Parallel& operator=(const Parallel&) = delete;

  int workers() const { return static_cast<int>(threads_.size()) + 1; }

  /// body(shard, worker) for shards 0 .. n - 1. Of those that throw, the exception of the lowest shard is rethrown;
  /// shards after a failure may be left out. Not reentrant.
  template <class Body>
  void run(std::int64_t n, Body&& body) {
    run_erased(
        n,
        [](void* self, std::int64_t shard, int worker) {
          (*static_cast<std::remove_reference_t<Body>*>(self))(shard, worker);
        },
        &body);
  }

 private:
  using Call = void (*)(void*, std::int64_t, int);
  void run_erased(std::int64_t n, Call call, const void* body);
  void work(int worker);
  void take_shards(int worker);

  std::vector<std::thread> threads_;
  Call call_ = nullptr;
  void* body_ = nullptr;
  std::int64_t shards_ = 0;
  std::atomic<std::int64_t> next_{0};
  std::atomic<std::uint32_t> round_{0};  // counts run(); threads wait for it to change
  std::atomic<int> busy_{0};
  std::atomic<bool> stop_{false};
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  std::int64_t failed_shard_ = 0;
};

}  // namespace interplay::core
