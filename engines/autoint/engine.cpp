// AutoInt as an engine: what the core calls, in one screen.
#include "kit/engine.hpp"
#include "network.hpp"
#include "params.hpp"

namespace interplay::autoint {
namespace {

struct AutoInt {
  static constexpr const char* name = "autoint";
  static constexpr const char* version = "1.0";
  static constexpr const char* summary =
      "Feature interactions learned by multi-head self-attention over field embeddings (Song et al., CIKM "
      "2019).";

  static const char* params_schema() { return autoint::params_schema(); }
  static std::shared_ptr<const kit::Graph> graph(const Params& params,
                                                 std::span<const interplay_field> fields) {
    return build(read_settings(params), fields.size());
  }
  static void check(const Params& params) { check_settings(read_settings(params)); }
  static void warn(const Params& params, std::int64_t rows, Run& run) {
    warn_about(read_settings(params), kit::read_training(params), run);
    warn_about_size(params, rows, run);
  }
  static bool projects(const Params& params) { return params.flag("projections"); }
};

}  // namespace
}  // namespace interplay::autoint

INTERPLAY_ENGINE(interplay::kit::Engine<interplay::autoint::AutoInt>)
