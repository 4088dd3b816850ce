#include "kit/serializer.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

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
  if (!all_finite(numbers))
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

/// No scale may make a number of a row infinite.
void check_scales(std::span<const float> scales, const std::string& name) {
  constexpr float most = std::numeric_limits<float>::max() / 128;
  if (!std::all_of(scales.begin(), scales.end(), [](float x) { return x >= 0 && x <= most; }))
    throw Error(INTERPLAY_CORRUPT,
                "engine state, tensor " + name +
                    ": expected scales that make no number infinite, 0 to 2.6e36, found others");
}

/// Negative second moments or variances would end as square roots of negative numbers.
void check_squares(std::span<const float> numbers, const std::string& name) {
  if (std::any_of(numbers.begin(), numbers.end(), [](float x) { return x < 0; }))
    throw Error(INTERPLAY_CORRUPT,
                "engine state, tensor " + name + ": expected no negative number, found one");
}

/// Every tensor is there and has its shape before memory is taken for all: parameters of a few bytes can ask for gigabytes.
void load_dense(const std::string& prefix, Floats& dense, const Graph& graph, bool statistics, bool squares,
                InputArchive& archive) {
  std::vector<std::pair<const Parameter*, const float*>> found;
  for (const Parameter& p : graph.parameters) {
    if (!statistics && !p.trained()) continue;
    // tensors from elsewhere may come without biases
    if (!archive.has_blob() && p.init == Init::zero && !archive.has(prefix + p.name)) continue;
    const auto view = get_finite(archive, prefix + p.name, p.rows.size(), p.columns.size());
    if (squares || p.init == Init::variance) check_squares(view.flat(), prefix + p.name);
    found.emplace_back(&p, view.data);
  }
  dense.resize(graph.dense());
  for (const auto& [p, data] : found) std::copy_n(data, p->size(), &dense[p->offset]);
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

/// Further training counts on from these.
void check_counts(const Counts& counts) {
  constexpr std::int64_t most = std::int64_t{1} << 53;
  for (const std::int64_t count : {counts.steps, counts.epochs, counts.optimizer_step})
    if (count < 0 || count > most)
      throw Error(INTERPLAY_CORRUPT,
                  "engine state: expected counts from 0 to 2^53, found " + std::to_string(count));
}

/// What the rows' scales are called.
std::string scales_of(const std::string& name) { return name + "/scale"; }

/// How a table is to be stored. Numbers have a few rows, and rows of one number would not become smaller.
Storage storage_for(const Table& table, std::int32_t wanted, bool number) {
  if (wanted == 0) return table.storage();
  return number || table.width() == 1 ? Storage::float32 : static_cast<Storage>(wanted);
}

/// Calls row(id, numbers) for each row, in float32.
template <class Row>
void each_row(const Table& table, const Row& row) {
  Floats x(table.width());
  for (std::size_t id = 0; id < table.rows(); ++id) {
    table.widen(x.data(), id);
    row(id, std::span<const float>(x));
  }
}

void put_bfloat16(const std::string& name, const Table& table, OutputArchive& archive) {
  const std::size_t rows = table.rows(), width = table.width();
  const auto put = [&](const BFloat16* data) {
    archive.put(name, TensorView<const BFloat16>(data, rows, width));
  };
  if (table.storage() == Storage::bfloat16) return put(static_cast<const BFloat16*>(table.narrow_data()));
  std::vector<BFloat16> narrow(rows * width);
  each_row(table, [&](std::size_t id, auto x) { to_bfloat16(narrow.data() + id * width, x); });
  put(narrow.data());
}

void put_int8(const std::string& name, const Table& table, OutputArchive& archive) {
  const std::size_t rows = table.rows(), width = table.width();
  const auto put = [&](const std::int8_t* data, const float* scales) {
    archive.put(name, TensorView<const std::int8_t>(data, rows, width));
    archive.put(scales_of(name), TensorView<const float>(scales, rows));
  };
  if (table.storage() == Storage::int8)
    return put(static_cast<const std::int8_t*>(table.narrow_data()), table.scales());
  std::vector<std::int8_t> narrow(rows * width);
  Floats scales(rows);
  each_row(table, [&](std::size_t id, auto x) { scales[id] = to_int8(narrow.data() + id * width, x); });
  put(narrow.data(), scales.data());
}

void put_float32(const std::string& name, const Table& table, OutputArchive& archive) {
  const std::size_t rows = table.rows(), width = table.width();
  if (!table.narrow()) return archive.put(name, TensorView<const float>(table.data(), rows, width));
  Floats wide(rows * width);
  each_row(table, [&](std::size_t id, auto x) { std::copy(x.begin(), x.end(), wide.data() + id * width); });
  archive.put(name, TensorView<const float>(wide.data(), rows, width));
}

void save_table(const std::string& name, const Table& table, Storage storage, OutputArchive& archive) {
  switch (storage) {
    case Storage::bfloat16:
      return put_bfloat16(name, table, archive);
    case Storage::int8:
      return put_int8(name, table, archive);
    case Storage::float32:
      return put_float32(name, table, archive);
  }
}

/// Of a file that is mapped and not verified, no row is read: numbers that are none make scores that are none.
Table load_table(const std::string& name, std::size_t rows, std::size_t width, InputArchive& archive) {
  const auto n = static_cast<std::int64_t>(rows), d = static_cast<std::int64_t>(width);
  const bool verifies = archive.verifies();
  const std::int32_t type = archive.type_of(name);
  if (type == INTERPLAY_BFLOAT16) {
    const Table table = Table::borrow_bfloat16(archive.get<BFloat16>(name, {n, d}).data, rows, width);
    if (verifies) each_row(table, [&](std::size_t, auto x) { check_finite(x, name); });
    return table;
  }
  if (type == INTERPLAY_INT8) {
    const auto scales = archive.get<float>(scales_of(name), {n});
    if (verifies) check_scales(scales.flat(), scales_of(name));
    return Table::borrow_int8(archive.get<std::int8_t>(name, {n, d}).data, scales.data, rows, width);
  }
  const auto view = archive.get<float>(name, {n, d});
  if (verifies) check_finite(view.flat(), name);
  return Table::borrow(view.data, rows, width);
}

void save_member(const std::string& prefix, const Member& member, OutputArchive& archive) {
  const Model& model = member.model;
  const bool moments = archive.wants_optimizer() && !member.moments.empty();
  archive(Counts{member.steps, member.epochs, moments ? member.moments.step : 0, moments});
  const std::int32_t wanted = archive.table_type();
  for (std::size_t t = 0; t < model.tables.size(); ++t) {
    const TableSpec& spec = model.graph->tables[t];
    const bool number = model.kinds[spec.field] == INTERPLAY_NUMBER;
    save_table(prefix + spec.name, model.tables[t], storage_for(model.tables[t], wanted, number), archive);
  }
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
  for (const TableSpec& spec : graph->tables)
    model.tables.push_back(
        load_table(prefix + spec.name, table_rows(fields[spec.field], spec), spec.width, archive));
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
