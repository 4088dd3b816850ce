// A factorization machine: a bias, one number for each value, and the inner products of all pairs of fields' vectors.
#include "kit/engine.hpp"
#include "interactions.hpp"
#include "kit/ops/elementwise.hpp"
#include "kit/ops/output.hpp"

namespace interplay::fm {
namespace {

constexpr const char* own_properties = R"(
    "rank": {"type": "integer", "default": 16, "minimum": 0, "maximum": 1024,
      "description": "Width of the vectors whose inner products are the interactions; 0: none, which is logistic or linear regression."},
    "embedding_init": {"type": "number", "default": 0.01, "minimum": 0, "maximum": 10,
      "description": "Standard deviation of the vectors' first values."},
    "embedding_dropout": {"type": "number", "default": 0.2, "minimum": 0, "maximum": 0.95,
      "description": "Share of the vectors' numbers that are dropped while training."})";

struct FactorizationMachine {
  static constexpr const char* name = "fm";
  static constexpr const char* version = "1.0";
  static constexpr const char* summary =
      "Factorization machine: biases and pairwise interactions (Rendle, ICDM 2010); with rank 0 a linear "
      "model.";

  static const char* params_schema() {
    static const std::string schema = std::string(R"({"type": "object", "properties": {)") + own_properties +
                                      "," + kit::training_properties() + "}}";
    return schema.c_str();
  }

  static std::shared_ptr<const kit::Graph> graph(const Params& params,
                                                 std::span<const interplay_field> fields) {
    auto graph = std::make_shared<kit::Graph>();
    const auto rank = static_cast<std::size_t>(params.integer("rank"));
    kit::Bias::add(*graph);
    graph->add<kit::Sum>(*graph, graph->add_tables("linear", fields.size(), 1, 0.001, false));
    if (rank == 0) return graph;
    const std::size_t e =
        graph->add_tables("tables", fields.size(), rank, params.number("embedding_init"), false);
    if (params.number("embedding_dropout") > 0)
      graph->add<kit::Dropout>(*graph, e, params.number("embedding_dropout"));
    graph->add<Interactions>(*graph, e);
    return graph;
  }
  static void check(const Params&) {}
  static void warn(const Params&, std::int64_t, Run&) {}
  static bool projects(const Params&) { return false; }
};

}  // namespace
}  // namespace interplay::fm

INTERPLAY_ENGINE(interplay::kit::Engine<interplay::fm::FactorizationMachine>)
