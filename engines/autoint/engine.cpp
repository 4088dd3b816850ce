// AutoInt as an engine: what the core calls, in one screen.
#include "params.hpp"
#include "scorer.hpp"
#include "serializer.hpp"
#include "trainer.hpp"

#include <interplay/sdk/engine.hpp>

namespace interplay::autoint {
namespace {

struct AutoInt {
  static constexpr const char* name = "autoint";
  static constexpr const char* version = "1.0";
  static constexpr const char* summary =
      "Feature interactions learned by multi-head self-attention over field embeddings (Song et al., CIKM "
      "2019).";
  static constexpr std::uint32_t flags = INTERPLAY_ENGINE_LOGITS;
  static const char* params_schema() { return autoint::params_schema(); }

  using State = autoint::State;
  using Scratch = Scorer;

  static std::unique_ptr<State> fit(Run& run, const Params& params, const View& view, const View* valid,
                                    const State* from) {
    const Settings settings = read_settings(params);
    check_settings(settings);
    return train(run, settings, view, valid, from, kernels());
  }
  static std::unique_ptr<Scratch> make_scratch(const State& state, std::int64_t) {
    return std::make_unique<Scorer>(state.model);
  }
  static void score(const State& state, Scratch& scratch, const interplay_batch& batch,
                    std::span<float> out) {
    scratch.score(state.model, batch, out.data());
  }
  static void save(const State& state, OutputArchive& archive) { autoint::save(state, archive); }
  static std::unique_ptr<State> load(InputArchive& archive, const Params& params,
                                     std::span<const interplay_field> fields) {
    const Settings settings = read_settings(params);
    check_settings(settings);
    return autoint::load(archive, settings, fields, kernels());
  }
  static void attention_shape(const State& state, std::int32_t& layers, std::int32_t& heads) {
    layers = static_cast<std::int32_t>(state.model.shape.L);
    heads = static_cast<std::int32_t>(state.model.shape.H);
  }
  static void attention(const State& state, Scratch& scratch, const interplay_batch& batch,
                        std::span<float> out) {
    scratch.attention(state.model, batch, out.data());
  }
  static const char* kernel() { return kernels().name; }
  static void check(const Params& params) { check_settings(read_settings(params)); }
};

}  // namespace
}  // namespace interplay::autoint

INTERPLAY_ENGINE(interplay::autoint::AutoInt)
