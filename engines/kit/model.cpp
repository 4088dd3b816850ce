#include "kit/model.hpp"

#include <interplay/sdk/random.hpp>

#include <algorithm>
#include <cmath>

namespace interplay::kit {
namespace {

/// Keys above every table's number, so that dense weights share no stream with embeddings.
constexpr std::uint64_t dense_stream = 1ull << 40;

void init_parameter(float* w, const Parameter& p, Random random) {
  const double limit = std::sqrt(6.0 / static_cast<double>(p.fan_in + p.fan_out));
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p.init == Init::glorot)
      w[i] = static_cast<float>((2.0 * static_cast<double>(random.uniform()) - 1.0) * limit);
    else
      w[i] = p.init == Init::one || p.init == Init::variance ? 1.0f : 0.0f;
}

void init_rows(Table& table, std::size_t begin, std::size_t number, const TableSpec& spec,
               std::uint64_t seed) {
  const auto deviation = static_cast<float>(spec.deviation);
  for (std::size_t id = begin; id < table.rows(); ++id) {
    Random random(seed, Purpose::initial_values, number, id);
    for (std::size_t c = 0; c < spec.width; ++c)
      table.own()[id * spec.width + c] = deviation * random.normal();
  }
}

bool same_architecture(const Graph& a, const Graph& b) {
  const auto same = [](const Parameter& p, const Parameter& q) {
    return p.name == q.name && p.rows == q.rows && p.columns == q.columns;
  };
  const auto alike = [](const TableSpec& p, const TableSpec& q) {
    return p.name == q.name && p.field == q.field && p.width == q.width && p.shifted == q.shifted;
  };
  return std::equal(a.parameters.begin(), a.parameters.end(), b.parameters.begin(), b.parameters.end(),
                    same) &&
         std::equal(a.tables.begin(), a.tables.end(), b.tables.begin(), b.tables.end(), alike);
}

}  // namespace

std::size_t Model::dense_parameters() const {
  std::size_t n = 0;
  for (const Parameter& p : graph->parameters)
    if (p.trained()) n += p.size();
  return n;
}

std::size_t Model::parameters() const {
  std::size_t n = dense_parameters();
  for (std::size_t t = 0; t < tables.size(); ++t) n += tables[t].rows() * graph->tables[t].width;
  return n;
}

bool all_finite(std::span<const float> numbers) {
  // a sum of products with 0 is 0 unless one of them is not finite, and the loop has no branch
  float zero = 0;
  for (const float x : numbers) zero += x * 0.0f;
  return zero == 0;
}

std::size_t table_rows(const interplay_field& field, const TableSpec& spec) {
  if (field.kind == INTERPLAY_NUMBER) return spec.shifted ? 3 : 2;
  return static_cast<std::size_t>(std::max(field.cardinality, 1));
}

Model make_model(std::shared_ptr<const Graph> graph, std::span<const interplay_field> fields,
                 std::uint64_t seed, float bias, const Kernels& kernels) {
  Model model;
  model.kernels = &kernels;
  model.dense.resize(graph->dense());
  for (const interplay_field& field : fields) model.kinds.push_back(field.kind);
  for (std::size_t t = 0; t < graph->tables.size(); ++t) {
    const TableSpec& spec = graph->tables[t];
    Table& table = model.tables.emplace_back(table_rows(fields[spec.field], spec), spec.width);
    init_rows(table, 0, t, spec, seed);
  }
  for (std::size_t i = 0; i < graph->parameters.size(); ++i) {
    const Parameter& p = graph->parameters[i];
    init_parameter(model.dense.data() + p.offset, p, Random(seed, Purpose::initial_values, dense_stream + i));
    if (p.name == "bias") model.dense[p.offset] = bias;
  }
  model.graph = std::move(graph);
  return model;
}

Model grow_model(const Model& from, std::shared_ptr<const Graph> graph,
                 std::span<const interplay_field> fields, std::uint64_t seed) {
  if (fields.size() != from.kinds.size() || !same_architecture(*graph, *from.graph))
    throw Error(
        INTERPLAY_INVALID_ARGUMENT,
        "training goes on only with the fields and the parameters of the architecture (widths, layers, ...) "
        "that the model was first fitted with; create a new model to change them");
  Model model;
  model.kinds = from.kinds;
  model.dense = from.dense;
  model.kernels = from.kernels;
  for (std::size_t t = 0; t < graph->tables.size(); ++t) {
    const TableSpec& spec = graph->tables[t];
    const Table& old = from.tables[t];
    const interplay_field& field = fields[spec.field];
    if (field.kind != from.kinds[spec.field] || table_rows(field, spec) < old.rows())
      throw Error(INTERPLAY_INVALID_ARGUMENT,
                  std::string("field \"") + field.name +
                      "\" has another kind or fewer values than the model has learned");
    Table& table = model.tables.emplace_back(table_rows(field, spec), spec.width);
    for (std::size_t id = 0; id < old.rows(); ++id) old.widen(table.own() + id * spec.width, id);
    init_rows(table, old.rows(), t, spec, seed);
  }
  model.graph = std::move(graph);
  return model;
}

void project(Model& model) {
  const Graph& graph = *model.graph;
  model.projected.assign(graph.ops.size(), {});
  for (const auto& op : graph.ops) {
    const std::optional<Op::Projection> projection = op->projection();
    if (!projection) continue;
    const Slot& out = graph.slot(op->writes());
    const std::size_t n = out.axis.size();
    Floats in(graph.slot(op->reads()[0]).axis.size()), row(n + 16);  // the kernel writes whole vectors
    for (std::size_t t = projection->table; t < projection->table + out.items; ++t) {
      const Table& table = model.tables[t];
      Table& product = model.projected[op->number].emplace_back(table.rows(), n);
      for (std::size_t r = 0; r < table.rows(); ++r) {
        table.widen(in.data(), r);
        model.kernels->tiles.linear_row({row.data(), in.data(), model.dense.data() + projection->weight,
                                         nullptr, nullptr, 1, in.size(), n, false});
        std::copy_n(row.data(), n, product.own() + r * n);
      }
    }
  }
}

}  // namespace interplay::kit
