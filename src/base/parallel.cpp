#include "base/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

#if defined(__linux__)
#include <sched.h>
#endif

#include "base/quota.hpp"

namespace interplay::core {
namespace {

// A training step hands out work every few hundred microseconds; a sleeping thread takes tens of them to wake. So wait
// by spinning for about that long first, and only then sleep.
constexpr int spins_before_sleep = 4000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

int affinity() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace

int threads_for(int affinity, double quota) {
  const double cpus = std::min(static_cast<double>(affinity), std::ceil(quota));
  return std::clamp(static_cast<int>(cpus), 1, 256);
}

int usable_threads() { return threads_for(affinity(), cpu_quota()); }

Parallel::Parallel(int threads) {
  if (threads <= 0) threads = usable_threads();
  threads_.reserve(static_cast<std::size_t>(threads) - 1);
  try {
    for (int worker = 1; worker < threads; ++worker) threads_.emplace_back([this, worker] { work(worker); });
  } catch (const std::exception&) {
    // The system has no more threads to give, or no memory for one: fewer do the same work. Nothing may leave here, since
    // those that were started would not be joined.
  }
}

Parallel::~Parallel() {
  stop_.store(true);
  round_.fetch_add(1);
  round_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Parallel::work(int worker) {
  std::uint32_t seen = 0;
  for (;;) {
    for (int i = 0; i < spins_before_sleep && round_.load(std::memory_order_acquire) == seen; ++i) pause();
    round_.wait(seen, std::memory_order_acquire);
    seen = round_.load(std::memory_order_acquire);
    if (stop_.load()) return;
    take_shards(worker);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

void Parallel::take_shards(int worker) {
  for (;;) {
    const std::int64_t shard = next_.fetch_add(1, std::memory_order_relaxed);
    if (shard >= shards_) return;
    try {
      call_(body_, shard, worker);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(failure_mutex_);
      if (!failure_ || shard < failed_shard_) {
        failure_ = std::current_exception();
        failed_shard_ = shard;
      }
      next_.store(shards_);  // shards before this one are taken already, so the lowest failure is still seen
    }
  }
}

void Parallel::run_erased(std::int64_t n, Call call, const void* body) {
  call_ = call;
  body_ = const_cast<void*>(body);
  shards_ = n;
  next_.store(0, std::memory_order_relaxed);
  const bool share = n > 1 && !threads_.empty();
  if (share) {
    busy_.store(static_cast<int>(threads_.size()), std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  }
  take_shards(0);
  if (share) {
    for (int i = 0; i < spins_before_sleep && busy_.load(std::memory_order_acquire) != 0; ++i) pause();
    for (int left = busy_.load(std::memory_order_acquire); left != 0;
         left = busy_.load(std::memory_order_acquire))
      busy_.wait(left, std::memory_order_acquire);
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace interplay::core
