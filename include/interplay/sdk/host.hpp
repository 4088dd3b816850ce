// What the core hands an engine, as C++: parameters, views of rows, batches, one fit's workers and progress,
// tensors of a file. Everything is borrowed but Batch. A call that fails throws Error, which the trampolines
// of engine.hpp translate.
#pragma once

#include <interplay/engine.h>
#include <interplay/sdk/error.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace interplay {

/// Of each plug-in its own: the loader gives whatever is inline and visible in several of them the address of the first.
#if defined(__GNUC__)
#define INTERPLAY_ENGINE_LOCAL __attribute__((visibility("hidden")))
#else
#define INTERPLAY_ENGINE_LOCAL
#endif

namespace detail {
/// Set once by the entry function; the host's table lives for ever.
INTERPLAY_ENGINE_LOCAL inline const interplay_host* host_table = nullptr;
}  // namespace detail

inline const interplay_host& host() noexcept { return *detail::host_table; }

/// Owns an error that the core made while it travels through C++ as an exception: the trampoline hands it on
/// as it is; an engine that catches it and goes on has nothing to free.
class HostError : public Error {
 public:
  HostError(interplay_status status, interplay_error* error)
      : Error(status, "the host failed"), error_(error, Free{}) {}
  /// The error, once: whoever takes it frees it or gives it away.
  interplay_error* hand_on() const noexcept {
    Free& free = *std::get_deleter<Free>(error_);
    return std::exchange(free.armed, false) ? error_.get() : nullptr;
  }

 private:
  struct Free {
    bool armed = true;
    void operator()(interplay_error* error) const noexcept {
      if (armed && error) host().error_free(error);
    }
  };
  std::shared_ptr<interplay_error> error_;  // shared by the exception's copies
};

namespace detail {
/// error: by reference, for it is written by the call that gives the status, and a copy might be made before that.
inline void require(interplay_status status, interplay_error* const& error) {
  if (status != INTERPLAY_OK) throw HostError(status, error);
}
}  // namespace detail

/// Parsed, checked against the schema, defaults filled in. A name that the schema lacks reads as 0, false or
/// "".
class Params {
 public:
  explicit Params(const interplay_params* params) noexcept : params_(params) {}

  std::int64_t integer(const char* name) const { return host().param_int(params_, name); }
  double number(const char* name) const { return host().param_number(params_, name); }
  bool flag(const char* name) const { return host().param_bool(params_, name) != 0; }
  std::string_view text(const char* name) const {
    const char* text = host().param_text(params_, name);
    return text ? text : "";
  }
  std::vector<double> list(const char* name) const {
    std::vector<double> values(host().param_list(params_, name, nullptr, 0));
    host().param_list(params_, name, values.data(), values.size());
    return values;
  }
  std::uint64_t seed() const { return static_cast<std::uint64_t>(integer("seed")); }

 private:
  const interplay_params* params_;
};

/// Rows of a view, filled by the core. One thread at a time may use a batch; different batches are
/// independent.
class Batch {
 public:
  Batch() = default;
  Batch(const interplay_view* view, std::int64_t max_rows) {
    interplay_error* error = nullptr;
    detail::require(host().batch_new(view, max_rows, &batch_, &error), error);
  }
  Batch(Batch&& other) noexcept : batch_(std::exchange(other.batch_, nullptr)) {}
  Batch& operator=(Batch&& other) noexcept {
    std::swap(batch_, other.batch_);
    return *this;
  }
  ~Batch() {
    if (batch_) host().batch_free(batch_);
  }

  /// draw: the epoch, from 1; 0 masks nothing and draws the same negatives every time
  void fill(std::span<const std::int64_t> rows, std::uint64_t draw) {
    interplay_error* error = nullptr;
    const auto n = static_cast<std::int64_t>(rows.size());
    detail::require(host().batch_fill(batch_, rows.data(), n, draw, &error), error);
  }

  const interplay_batch& get() const noexcept { return *batch_; }
  std::int64_t rows() const noexcept { return batch_->rows; }
  const interplay_values& field(std::size_t i) const noexcept { return batch_->fields[i]; }
  const float* labels() const noexcept { return batch_->labels; }
  /// NULL where every row weighs 1
  const float* weights() const noexcept { return batch_->weights; }

 private:
  interplay_batch* batch_ = nullptr;
};

/// Encoded rows, joined with users and items on demand.
class View {
 public:
  explicit View(const interplay_view* view) noexcept : view_(view) {}

  std::int64_t rows() const { return host().view_rows(view_); }
  std::span<const interplay_field> fields() const {
    const interplay_field* fields = nullptr;
    const std::uint32_t n = host().view_fields(view_, &fields);
    return {fields, n};
  }
  /// Rows drawn for each row of data: rows 0 .. rows() / (1 + negatives()) - 1 are the data; 0: the data have labels.
  std::int64_t negatives() const { return host().view_negatives(view_); }
  interplay_objective objective() const {
    interplay_objective objective{};
    host().view_objective(view_, &objective);
    return objective;
  }
  Batch make_batch(std::int64_t max_rows) const { return Batch(view_, max_rows); }

 private:
  const interplay_view* view_;
};

/// One fit: its workers, its progress, its cancellation. report, note and warn only on fit's own thread.
class Run {
 public:
  explicit Run(interplay_run* run) noexcept : run_(run) {}

  int workers() const { return host().workers(run_); }

  /// Calls body(shard, worker) for shards 0 .. n_shards - 1 on the fit's threads, in any order; worker <
  /// workers() names the scratch to use. Throws the first exception in the order of shards. Allocates
  /// nothing.
  template <class Body>
  void parallel(std::int64_t n_shards, Body&& body) {
    Call<std::remove_reference_t<Body>> call{body, {}, n_shards, nullptr};
    const interplay_status status = host().parallel(run_, n_shards, &call.run, &call);
    if (call.failure) std::rethrow_exception(call.failure);
    if (status != INTERPLAY_OK) throw Error(status, "the fit's threads failed");
  }

  /// Throws Error(CANCELLED) when the caller of fit asks to stop.
  void report(interplay_event event) {
    event.struct_size = sizeof event;
    const interplay_status status = host().report(run_, &event);
    if (status != INTERPLAY_OK)
      throw Error(status, "fit was cancelled; the model it started from is unchanged");
  }
  void note(const char* key, double value) { host().note(run_, key, value); }
  void warn(const std::string& message) { host().warn(run_, message.c_str()); }

 private:
  template <class Body>
  struct Call {
    Body& body;
    std::mutex mutex;
    std::int64_t failed_shard;
    std::exception_ptr failure;

    static interplay_status run(void* arg, std::int64_t shard, std::int32_t worker) noexcept {
      Call& call = *static_cast<Call*>(arg);
      try {
        call.body(shard, worker);
        return INTERPLAY_OK;
      } catch (...) {
        const std::lock_guard lock(call.mutex);
        if (shard < call.failed_shard) {
          call.failed_shard = shard;
          call.failure = std::current_exception();
        }
        return INTERPLAY_INTERNAL;
      }
    }
  };

  interplay_run* run_;
};

}  // namespace interplay
