// Built twice, with another name each time: a class that is not hidden in a namespace of its own, as authors write it.
#include <interplay/sdk/engine.hpp>

struct Twin {
  static constexpr const char* name = TWIN;
  static constexpr const char* version = "1.0";
  static constexpr const char* summary = "A twin.";
  static constexpr std::uint32_t flags = 0;
  static const char* params_schema() { return R"({"type": "object", "properties": {}})"; }
  struct State {};
  static std::unique_ptr<State> fit(interplay::Run&, const interplay::Params&, const interplay::View&,
                                    const interplay::View*, const State*) {
    return std::make_unique<State>();
  }
  static void score(const State&, const interplay_batch&, std::span<float>) {}
  static void save(const State&, interplay::OutputArchive&) {}
  static std::unique_ptr<State> load(interplay::InputArchive&, const interplay::Params&,
                                     std::span<const interplay_field>) {
    return std::make_unique<State>();
  }
};

INTERPLAY_ENGINE(Twin)
