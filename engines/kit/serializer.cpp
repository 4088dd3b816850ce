#include "kit/serializer.hpp"

#include <algorithm>

namespace interplay::kit {
namespace {

/// The small things. A file that was put together from tensors alone has none of them.
struct Header {
  std::uint32_t layout = 1;  // of the sections; another one needs another reader
  std::int64_t steps = 0, epochs = 0, optimizer_step = 0;
  bool has_moments = false;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(layout), CEREAL_NVP(steps), CEREAL_NVP(epochs), CEREAL_NVP(optimizer_step),
            CEREAL_NVP(has_moments));
  }
};

void save_dense(const std::string& prefix, const Floats& dense, const Graph& graph, bool statistics,
                OutputArchive& archive) {
  for (const Parameter& p : graph.parameters) {
    if (!statistics && !p.trained()) continue;
    Floats plain(p.plain());
    each_stretch(p, [&](std::size_t in, std::size_t out, std::size_t n) {
      std::copy_n(&dense[p.offset + in], n, &plain[out]);
    });
    archive.put(prefix + p.name, TensorView<const float>(plain.data(), p.rows.plain(), p.columns.plain()));
  }
}

void check_finite(std::span<const float> numbers, const std::string& name) {
  // a sum of products with 0 is 0 unless one of them is not finite, and the loop has no branch
  float zero = 0;
  for (const float x : numbers) zero += x * 0.0f;
  if (!(zero == 0))
    throw Error(INTERPLAY_CORRUPT,
                "engine state, tensor " + name + ": expected finite numbers, found others");
}

TensorView<const float> get_finite(InputArchive& archive, const std::string& name, std::size_t rows,
                                   std::size_t columns) {
  const auto view =
      archive.get<float>(name, {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)});
  check_finite(view.flat(), name);
  return view;
}

/// Negative second moments or variances would end as square roots of negative numbers.
void check_squares(std::span<const float> numbers, const std::string& name) {
  if (std::any_of(numbers.begin(), numbers.end(), [](float x) { return x < 0; }))
    throw Error(INTERPLAY_CORRUPT,
                "engine state, tensor " + name + ": expected no negative number, found one");
}

void load_dense(const std::string& prefix, Floats& dense, const Graph& graph, bool statistics, bool squares,
                InputArchive& archive) {
  for (const Parameter& p : graph.parameters) {
    if (!statistics && !p.trained()) continue;
    // tensors from elsewhere may come without biases
    if (!archive.has_blob() && p.init == Init::zero && !archive.has(prefix + p.name)) continue;
    const auto view = get_finite(archive, prefix + p.name, p.rows.plain(), p.columns.plain());
    if (squares || p.init == Init::variance) check_squares(view.flat(), prefix + p.name);
    each_stretch(p, [&](std::size_t out, std::size_t in, std::size_t n) {
      std::copy_n(view.data + in, n, &dense[p.offset + out]);
    });
  }
}

void save_moments(const State& state, OutputArchive& archive) {
  const Graph& graph = *state.model.graph;
  const Moments& moments = state.moments;
  save_dense("adam/m/", moments.dense_m, graph, false, archive);
  save_dense("adam/v/", moments.dense_v, graph, false, archive);
  for (std::size_t t = 0; t < graph.tables.size(); ++t) {
    const std::size_t rows = state.model.tables[t].rows(), width = graph.tables[t].width;
    archive.put("adam/m/" + graph.tables[t].name,
                TensorView<const float>(moments.table_m[t].data(), rows, width));
    archive.put("adam/v/" + graph.tables[t].name,
                TensorView<const float>(moments.table_v[t].data(), rows, width));
  }
}

void load_moments(State& state, InputArchive& archive) {
  const Graph& graph = *state.model.graph;
  Moments& moments = state.moments;
  moments.resize(state.model);
  load_dense("adam/m/", moments.dense_m, graph, false, false, archive);
  load_dense("adam/v/", moments.dense_v, graph, false, true, archive);
  for (std::size_t t = 0; t < graph.tables.size(); ++t) {
    const std::size_t rows = state.model.tables[t].rows(), width = graph.tables[t].width;
    const auto m = get_finite(archive, "adam/m/" + graph.tables[t].name, rows, width);
    const auto v = get_finite(archive, "adam/v/" + graph.tables[t].name, rows, width);
    check_squares(v.flat(), "adam/v/" + graph.tables[t].name);
    std::copy_n(m.data, m.size(), moments.table_m[t].data());
    std::copy_n(v.data, v.size(), moments.table_v[t].data());
  }
}

void check_header(const Header& header) {
  if (header.layout != 1)
    throw Error(INTERPLAY_INCOMPATIBLE, "engine state: expected layout 1, found " +
                                            std::to_string(header.layout) + "; a newer version wrote it");
  if (header.steps < 0 || header.epochs < 0 || header.optimizer_step < 0)
    throw Error(INTERPLAY_CORRUPT, "engine state: expected counts from 0, found negative ones");
}

}  // namespace

void save(const State& state, OutputArchive& archive) {
  const Model& model = state.model;
  const bool moments = archive.wants_optimizer() && !state.moments.empty();
  archive(Header{1, state.steps, state.epochs, moments ? state.moments.step : 0, moments});
  for (std::size_t t = 0; t < model.tables.size(); ++t)
    archive.put(model.graph->tables[t].name,
                TensorView<const float>(model.tables[t].data(), model.tables[t].rows(),
                                        model.graph->tables[t].width));
  save_dense("", model.dense, *model.graph, true, archive);
  if (moments) save_moments(state, archive);
}

std::unique_ptr<State> load(InputArchive& archive, std::shared_ptr<const Graph> graph,
                            std::span<const interplay_field> fields, const Kernels& kernels) {
  Header header;
  if (archive.has_blob()) archive(header);
  check_header(header);
  auto state = std::make_unique<State>();
  Model& model = state->model;
  model.kernels = &kernels;
  for (const interplay_field& field : fields) model.kinds.push_back(field.kind);
  for (const TableSpec& spec : graph->tables) {
    const std::size_t rows = table_rows(fields[spec.field], spec);
    model.tables.push_back(Table::borrow(get_finite(archive, spec.name, rows, spec.width).data, rows));
  }
  model.dense.resize(graph->dense());
  load_dense("", model.dense, *graph, true, false, archive);
  model.graph = std::move(graph);
  state->steps = header.steps;
  state->epochs = header.epochs;
  state->moments.step = header.optimizer_step;
  if (header.has_moments) load_moments(*state, archive);
  return state;
}

}  // namespace interplay::kit
