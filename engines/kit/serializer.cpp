#include "kit/serializer.hpp"

#include <algorithm>

namespace interplay::kit {
namespace {

/// A member's small things.
struct Counts {
  std::int64_t steps = 0, epochs = 0, optimizer_step = 0;
  bool has_moments = false;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(steps), CEREAL_NVP(epochs), CEREAL_NVP(optimizer_step), CEREAL_NVP(has_moments));
  }
};

/// A file that was put together from tensors alone has neither this nor counts.
struct Header {
  std::uint32_t layout = 1;  // of the sections; another one needs another reader
  std::uint32_t members = 1;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(layout), CEREAL_NVP(members));
  }
};

/// What the names of a member's tensors begin with.
std::string prefix_of(std::size_t member) {
  return member == 0 ? "" : "members/" + std::to_string(member) + "/";
}

void save_dense(const std::string& prefix, const Floats& dense, const Graph& graph, bool statistics,
                OutputArchive& archive) {
  for (const Parameter& p : graph.parameters) {
    if (!statistics && !p.trained()) continue;
    archive.put(prefix + p.name, TensorView<const float>(&dense[p.offset], p.rows.size(), p.columns.size()));
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
    const auto view = get_finite(archive, prefix + p.name, p.rows.size(), p.columns.size());
    if (squares || p.init == Init::variance) check_squares(view.flat(), prefix + p.name);
    std::copy_n(view.data, p.size(), &dense[p.offset]);
  }
}

void save_moments(const std::string& prefix, const Member& member, OutputArchive& archive) {
  const Graph& graph = *member.model.graph;
  const Moments& moments = member.moments;
  const std::string of_m = prefix + "adam/m/", of_v = prefix + "adam/v/";
  save_dense(of_m, moments.dense_m, graph, false, archive);
  save_dense(of_v, moments.dense_v, graph, false, archive);
  for (std::size_t t = 0; t < graph.tables.size(); ++t) {
    const std::size_t rows = member.model.tables[t].rows(), width = graph.tables[t].width;
    archive.put(of_m + graph.tables[t].name, TensorView<const float>(moments.table_m[t].data(), rows, width));
    archive.put(of_v + graph.tables[t].name, TensorView<const float>(moments.table_v[t].data(), rows, width));
  }
}

void load_moments(const std::string& prefix, Member& member, InputArchive& archive) {
  const Graph& graph = *member.model.graph;
  Moments& moments = member.moments;
  const std::string of_m = prefix + "adam/m/", of_v = prefix + "adam/v/";
  moments.resize(member.model);
  load_dense(of_m, moments.dense_m, graph, false, false, archive);
  load_dense(of_v, moments.dense_v, graph, false, true, archive);
  for (std::size_t t = 0; t < graph.tables.size(); ++t) {
    const std::size_t rows = member.model.tables[t].rows(), width = graph.tables[t].width;
    const auto m = get_finite(archive, of_m + graph.tables[t].name, rows, width);
    const auto v = get_finite(archive, of_v + graph.tables[t].name, rows, width);
    check_squares(v.flat(), of_v + graph.tables[t].name);
    std::copy_n(m.data, m.size(), moments.table_m[t].data());
    std::copy_n(v.data, v.size(), moments.table_v[t].data());
  }
}

void check_header(const Header& header) {
  if (header.layout != 1)
    throw Error(INTERPLAY_INCOMPATIBLE, "engine state: expected layout 1, found " +
                                            std::to_string(header.layout) + "; a newer version wrote it");
  if (header.members < 1 || header.members > 64)
    throw Error(INTERPLAY_CORRUPT,
                "engine state: expected 1 to 64 members, found " + std::to_string(header.members));
}

void check_counts(const Counts& counts) {
  if (counts.steps < 0 || counts.epochs < 0 || counts.optimizer_step < 0)
    throw Error(INTERPLAY_CORRUPT, "engine state: expected counts from 0, found negative ones");
}

void save_member(const std::string& prefix, const Member& member, OutputArchive& archive) {
  const Model& model = member.model;
  const bool moments = archive.wants_optimizer() && !member.moments.empty();
  archive(Counts{member.steps, member.epochs, moments ? member.moments.step : 0, moments});
  for (std::size_t t = 0; t < model.tables.size(); ++t)
    archive.put(prefix + model.graph->tables[t].name,
                TensorView<const float>(model.tables[t].data(), model.tables[t].rows(),
                                        model.graph->tables[t].width));
  save_dense(prefix, model.dense, *model.graph, true, archive);
  if (moments) save_moments(prefix, member, archive);
}

Member load_member(const std::string& prefix, InputArchive& archive,
                   const std::shared_ptr<const Graph>& graph, std::span<const interplay_field> fields,
                   const Kernels& kernels) {
  Counts counts;
  if (archive.has_blob()) archive(counts);
  check_counts(counts);
  Member member;
  Model& model = member.model;
  model.graph = graph;
  model.kernels = &kernels;
  for (const interplay_field& field : fields) model.kinds.push_back(field.kind);
  for (const TableSpec& spec : graph->tables) {
    const std::size_t rows = table_rows(fields[spec.field], spec);
    model.tables.push_back(
        Table::borrow(get_finite(archive, prefix + spec.name, rows, spec.width).data, rows));
  }
  model.dense.resize(graph->dense());
  load_dense(prefix, model.dense, *graph, true, false, archive);
  member.steps = counts.steps;
  member.epochs = counts.epochs;
  member.moments.step = counts.optimizer_step;
  if (counts.has_moments) load_moments(prefix, member, archive);
  return member;
}

}  // namespace

void save(const State& state, OutputArchive& archive) {
  archive(Header{1, static_cast<std::uint32_t>(state.members.size())});
  for (std::size_t m = 0; m < state.members.size(); ++m) save_member(prefix_of(m), state.members[m], archive);
}

std::unique_ptr<State> load(InputArchive& archive, const std::shared_ptr<const Graph>& graph,
                            std::span<const interplay_field> fields, const Kernels& kernels) {
  Header header;
  if (archive.has_blob()) archive(header);
  check_header(header);
  auto state = std::make_unique<State>();
  for (std::size_t m = 0; m < header.members; ++m)
    state->members.push_back(load_member(prefix_of(m), archive, graph, fields, kernels));
  return state;
}

}  // namespace interplay::kit
