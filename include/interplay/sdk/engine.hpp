// From a small class to an engine's C table. Write
//
//   struct Mean {
//     static constexpr const char* name = "mean";
//     static constexpr const char* version = "1.0";        // of what save writes
//     static constexpr const char* summary = "One sentence.";
//     static constexpr std::uint32_t flags = 0;            // or INTERPLAY_ENGINE_LOGITS
//     static const char* params_schema();                  // lives for ever
//     struct State { ... };                                // what is learned; const while scoring
//     struct Scratch { ... };                              // optional: one thread's memory for scoring
//
//     static std::unique_ptr<State> fit(Run&, const Params&, const View& train, const View* valid,
//                                       const State* from);
//     static void score(const State&, const interplay_batch&, std::span<float> out);            // no Scratch
//     static void score(const State&, Scratch&, const interplay_batch&, std::span<float> out);  // with Scratch
//     static std::unique_ptr<Scratch> make_scratch(const State&, std::int64_t max_rows);        // with Scratch
//     static void save(const State&, OutputArchive&);
//     static std::unique_ptr<State> load(InputArchive&, const Params&, std::span<const interplay_field>);
//     static void check(const Params&);                                                         // optional
//     static const char* kernel();                                                              // optional
//     static void attention_shape(const State&, std::int32_t& layers, std::int32_t& heads);     // optional, and:
//     static void attention(const State&, Scratch&, const interplay_batch&, std::span<float> out);
//       // out (rows, layers, heads, fields, fields); each row of the last index sums to 1
//   };
//   INTERPLAY_ENGINE(Mean)
//
// and throw interplay::Error where something is wrong: it arrives as a status with its text. Every other
// exception arrives as NO_MEMORY or INTERNAL.
#pragma once

#include <interplay/sdk/archive.hpp>
#include <interplay/sdk/host.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <span>

/// The entry function: a plug-in exports the default name; an engine that is linked in gets a name of its own from the
/// build, which nobody outside the library sees.
#ifdef INTERPLAY_ENGINE_ENTRY
#define INTERPLAY_ENGINE_EXPORT
#else
#define INTERPLAY_ENGINE_ENTRY interplay_engine_entry
#if defined(_WIN32)
#define INTERPLAY_ENGINE_EXPORT __declspec(dllexport)
#else
#define INTERPLAY_ENGINE_EXPORT __attribute__((visibility("default")))
#endif
#endif

namespace interplay::detail {

/// The one place where an engine's exceptions become a status.
template <class Body>
interplay_status guard(interplay_error** error, Body&& body) noexcept {
  try {
    body();
    return INTERPLAY_OK;
  } catch (const HostError& e) {
    if (error) *error = e.hand_on();
    return e.status();
  } catch (const Error& e) {
    return host().fail(error, e.status(), e.what(), e.detail().c_str());
  } catch (const std::bad_alloc&) {
    return host().fail(error, INTERPLAY_NO_MEMORY, "the engine ran out of memory", nullptr);
  } catch (const std::exception& e) {
    return host().fail(error, INTERPLAY_INTERNAL, e.what(), nullptr);
  } catch (...) {
    return host().fail(error, INTERPLAY_INTERNAL, "the engine threw something unknown", nullptr);
  }
}

template <class E>
concept HasScratch = requires {
  typename E::Scratch;
};
template <class E>
concept HasCheck = requires(const Params& params) {
  E::check(params);
};

template <class E>
concept HasKernel = requires {
  E::kernel();
};

template <class E>
concept HasAttention = HasScratch<E> && requires(const typename E::State& state, std::int32_t& number,
                                                 typename E::Scratch& scratch, const interplay_batch& batch) {
  E::attention_shape(state, number, number);
  E::attention(state, scratch, batch, std::span<float>());
};

template <class E>
struct Trampolines {
  using State = typename E::State;

  static interplay_status fit(interplay_run* run, const interplay_params* params, const interplay_view* train,
                              const interplay_view* valid, const void* from, void** out_state,
                              interplay_error** error) noexcept {
    *out_state = nullptr;
    return guard(error, [&] {
      Run wrapped(run);
      const View train_view(train), valid_view(valid);
      const State* state = static_cast<const State*>(from);
      *out_state =
          E::fit(wrapped, Params(params), train_view, valid ? &valid_view : nullptr, state).release();
    });
  }

  static interplay_status score(const void* state, void* scratch, const interplay_batch* batch, float* out,
                                interplay_error** error) noexcept {
    return guard(error, [&] {
      const State& typed = *static_cast<const State*>(state);
      const std::span<float> scores(out, static_cast<std::size_t>(batch->rows));
      if constexpr (HasScratch<E>) {
        if (scratch) return E::score(typed, *static_cast<typename E::Scratch*>(scratch), *batch, scores);
        E::score(typed, *E::make_scratch(typed, batch->rows), *batch, scores);
      } else {
        E::score(typed, *batch, scores);
      }
    });
  }

  static interplay_status save(const void* state, interplay_writer* writer,
                               interplay_error** error) noexcept {
    return guard(error, [&] {
      OutputArchive archive(writer);
      E::save(*static_cast<const State*>(state), archive);
      archive.finish();
    });
  }

  static interplay_status load(interplay_reader* reader, const interplay_params* params,
                               const interplay_field* fields, std::uint32_t n_fields, void** out_state,
                               interplay_error** error) noexcept {
    *out_state = nullptr;
    return guard(error, [&] {
      InputArchive archive(reader);
      auto state = E::load(archive, Params(params), std::span(fields, n_fields));
      archive.finish();
      *out_state = state.release();
    });
  }

  static void destroy(void* state) noexcept { delete static_cast<State*>(state); }

  static interplay_status scratch_new(const void* state, std::int64_t max_rows, void** out_scratch,
                                      interplay_error** error) noexcept {
    *out_scratch = nullptr;
    return guard(error, [&] {
      if constexpr (HasScratch<E>)
        *out_scratch = E::make_scratch(*static_cast<const State*>(state), max_rows).release();
    });
  }
  static void scratch_free(void* scratch) noexcept {
    if constexpr (HasScratch<E>) delete static_cast<typename E::Scratch*>(scratch);
  }

  static interplay_status check(const interplay_params* params, interplay_error** error) noexcept {
    return guard(error, [&] {
      if constexpr (HasCheck<E>) E::check(Params(params));
    });
  }

  static const char* kernel() noexcept {
    if constexpr (HasKernel<E>) return E::kernel();
    return "";
  }

  static void attention_shape(const void* state, std::int32_t* out_layers, std::int32_t* out_heads) noexcept {
    *out_layers = *out_heads = 0;
    if constexpr (HasAttention<E>)
      E::attention_shape(*static_cast<const State*>(state), *out_layers, *out_heads);
  }
  static interplay_status attention(const void* state, void* scratch, const interplay_batch* batch,
                                    float* out, interplay_error** error) noexcept {
    return guard(error, [&] {
      if constexpr (HasAttention<E>) {
        const State& typed = *static_cast<const State*>(state);
        std::int32_t layers = 0, heads = 0;
        E::attention_shape(typed, layers, heads);
        const std::span<float> all(out, static_cast<std::size_t>(batch->rows) * batch->n_fields *
                                            batch->n_fields * static_cast<std::size_t>(layers) *
                                            static_cast<std::size_t>(heads));
        if (scratch) return E::attention(typed, *static_cast<typename E::Scratch*>(scratch), *batch, all);
        E::attention(typed, *E::make_scratch(typed, batch->rows), *batch, all);
      }
    });
  }
};

/// How much of its table a host must have: up to the last function that these headers call. What a later minor adds behind
/// is asked for before it is called, so that a plug-in built today works in a library of yesterday.
constexpr std::size_t needed_of_host = offsetof(interplay_host, verifies) + sizeof(interplay_host::verifies);

/// NULL where the host speaks another major or lacks a function that these headers call.
template <class E>
INTERPLAY_ENGINE_LOCAL const interplay_engine* engine_table(std::uint32_t host_abi,
                                                            const interplay_host* host) noexcept {
  if (host_abi != INTERPLAY_ENGINE_ABI || !host || host->struct_size < needed_of_host) return nullptr;
  host_table = host;
  using T = Trampolines<E>;
  static const interplay_engine table{sizeof(interplay_engine),
                                      INTERPLAY_ENGINE_ABI,
                                      E::flags,
                                      0,
                                      E::name,
                                      E::version,
                                      E::summary,
                                      E::params_schema(),
                                      T::fit,
                                      T::score,
                                      T::save,
                                      T::load,
                                      T::destroy,
                                      HasScratch<E> ? T::scratch_new : nullptr,
                                      HasScratch<E> ? T::scratch_free : nullptr,
                                      HasCheck<E> ? T::check : nullptr,
                                      HasKernel<E> ? T::kernel : nullptr,
                                      HasAttention<E> ? T::attention_shape : nullptr,
                                      HasAttention<E> ? T::attention : nullptr};
  return &table;
}

}  // namespace interplay::detail

/// Defines the entry function of the engine class E; once, outside any namespace.
#define INTERPLAY_ENGINE(E)                                                                                  \
  extern "C" INTERPLAY_ENGINE_EXPORT const interplay_engine* INTERPLAY_ENGINE_ENTRY(                         \
      uint32_t host_abi, const interplay_host* host);                                                        \
  extern "C" const interplay_engine* INTERPLAY_ENGINE_ENTRY(uint32_t host_abi, const interplay_host* host) { \
    return interplay::detail::engine_table<E>(host_abi, host);                                               \
  }
