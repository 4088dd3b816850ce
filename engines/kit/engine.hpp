// An engine of the kit: a definition says what its parameters are and of which operations its model is made; the rest, from
// training to files, is the same for all.
//
//   struct Definition {
//     static constexpr const char* name, *version, *summary;
//     static const char* params_schema();
//     static std::shared_ptr<const Graph> graph(const Params&, std::span<const interplay_field>);
//     static void check(const Params&);             // throws INVALID_ARGUMENT
//     static void warn(const Params&, std::int64_t rows, Run&);
//     static bool projects(const Params&);          // see project() of model.hpp
//   };
//   INTERPLAY_ENGINE(interplay::kit::Engine<Definition>)
#pragma once

#include "kit/gemm.hpp"
#include "kit/scorer.hpp"
#include "kit/serializer.hpp"
#include "kit/trainer.hpp"

#include <interplay/sdk/engine.hpp>

#include <algorithm>
#include <string>

namespace interplay::kit {

template <class D>
struct Engine {
  static constexpr const char* name = D::name;
  static constexpr const char* version = D::version;
  static constexpr const char* summary = D::summary;
  static constexpr std::uint32_t flags = INTERPLAY_ENGINE_LOGITS;
  static const char* params_schema() { return D::params_schema(); }

  using State = kit::State;
  using Scratch = Scorer;

  static std::unique_ptr<State> fit(Run& run, const Params& params, const View& view, const View* valid,
                                    const State* from) {
    check(params);
    D::warn(params, view.rows(), run);
    return finished(params, train(run, read_training(params), D::graph(params, view.fields()), view, valid,
                                  from, kernels()));
  }
  static std::unique_ptr<Scratch> make_scratch(const State& state, std::int64_t max_rows) {
    return std::make_unique<Scorer>(state.members.front().model,
                                    static_cast<std::size_t>(std::max<std::int64_t>(max_rows, 1)));
  }
  static void score(const State& state, Scratch& scratch, const interplay_batch& batch,
                    std::span<float> out) {
    scratch.score(state.members, batch, out.data());
  }
  static void attention_shape(const State& state, std::int32_t& layers, std::int32_t& heads) {
    layers = state.members.front().model.graph->attention_layers;
    heads = state.members.front().model.graph->attention_heads;
  }
  /// Of the first member: heads of different members have nothing to do with each other.
  static void attention(const State& state, Scratch& scratch, const interplay_batch& batch,
                        std::span<float> out) {
    const Member& first = state.members.front();
    scratch.attention(first.model, batch, out.data());
  }
  static void save(const State& state, OutputArchive& archive) { kit::save(state, archive); }
  static std::unique_ptr<State> load(InputArchive& archive, const Params& params,
                                     std::span<const interplay_field> fields) {
    check(params);
    return finished(params, kit::load(archive, D::graph(params, fields), fields, kernels()));
  }
  static const char* kernel() {
    static const std::string both = std::string(kernels().name) + ", OpenBLAS " + blas_core();
    return both.c_str();
  }
  static void check(const Params& params) {
    check_training(read_training(params));
    D::check(params);
  }

 private:
  /// With what scoring looks up and no file keeps.
  static std::unique_ptr<State> finished(const Params& params, std::unique_ptr<State> state) {
    if (D::projects(params))
      for (Member& member : state->members) project(member.model);
    return state;
  }
};

}  // namespace interplay::kit
