#include "serializer.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::autoint {
namespace {

/// The small things. Read before any tensor, so that every shape is known.
struct Header {
  std::uint32_t layout = 1;  // of the sections; another one needs another reader
  std::int64_t fields = 0, embedding_dim = 0, attention_dim = 0, num_heads = 0, num_layers = 0;
  std::int64_t steps = 0, epochs = 0, optimizer_step = 0;
  bool has_moments = false;
  float bias = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(layout), CEREAL_NVP(fields), CEREAL_NVP(embedding_dim), CEREAL_NVP(attention_dim),
            CEREAL_NVP(num_heads), CEREAL_NVP(num_layers), CEREAL_NVP(steps), CEREAL_NVP(epochs),
            CEREAL_NVP(optimizer_step), CEREAL_NVP(has_moments), CEREAL_NVP(bias));
  }
};

/// Padded memory is `blocks` blocks of (rows in rp) by (columns in cp); a file has (blocks * rows, columns).
struct Padding {
  std::size_t blocks, rows, rp, columns, cp;
  std::size_t plain() const { return blocks * rows * columns; }

  /// Calls copy(offset in memory, offset in the file, numbers).
  template <class Copy>
  void each(const Copy& copy) const {
    for (std::size_t b = 0; b < blocks; ++b)
      for (std::size_t r = 0; r < rows; ++r) copy((b * rp + r) * cp, (b * rows + r) * columns, columns);
  }
};

/// The dense matrices of a model under their names: visit(name, offset among the dense weights, padding,
/// file's shape).
template <class Visit>
void each_matrix(const Shape& s, const Visit& visit) {
  for (std::size_t layer = 0; layer < s.L; ++layer) {
    const std::string name = "layers/" + std::to_string(layer);
    // (d, 3 A): the columns of each head are padded, so memory is d rows of 3 H stretches
    visit(name + "/qkv", s.qkv(layer), Padding{1, s.d * 3 * s.H, 0, s.dh, s.dhp}, s.d, 3 * s.A);
    // (A, d): the rows of each head are padded
    visit(name + "/projection", s.projection(layer), Padding{s.H, s.dh, s.dhp, s.d, s.dp}, s.A, s.d);
  }
  visit("output", s.output(0), Padding{1, (s.L + 1) * s.M, 0, s.d, s.dp}, (s.L + 1) * s.M, s.d);
}

void save_weights(const std::string& prefix, const Floats& dense, const Model& model,
                  OutputArchive& archive) {
  each_matrix(model.shape, [&](const std::string& name, std::size_t offset, const Padding& p,
                               std::size_t rows, std::size_t columns) {
    Floats plain(p.plain());
    p.each([&](std::size_t in, std::size_t out, std::size_t n) {
      std::copy_n(&dense[offset + in], n, &plain[out]);
    });
    archive.put(prefix + name, TensorView<const float>(plain.data(), rows, columns));
  });
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

void load_weights(const std::string& prefix, Floats& dense, const Shape& shape, InputArchive& archive) {
  each_matrix(shape, [&](const std::string& name, std::size_t offset, const Padding& p, std::size_t rows,
                         std::size_t columns) {
    const auto view = get_finite(archive, prefix + name, rows, columns);
    p.each([&](std::size_t out, std::size_t in, std::size_t n) {
      std::copy_n(view.data + in, n, &dense[offset + out]);
    });
  });
}

std::string table_name(const std::string& prefix, std::size_t field) {
  return prefix + "tables/" + std::to_string(field);
}

void save_moments(const State& state, OutputArchive& archive) {
  const Moments& moments = state.moments;
  const Model& model = state.model;
  save_weights("adam/m/", moments.dense_m, model, archive);
  save_weights("adam/v/", moments.dense_v, model, archive);
  const float bias[2] = {moments.dense_m[model.shape.bias()], moments.dense_v[model.shape.bias()]};
  archive.put("adam/bias", TensorView<const float>(bias, 1, 2));
  for (std::size_t f = 0; f < model.tables.size(); ++f) {
    const std::size_t rows = model.tables[f].rows(), d = model.shape.d;
    archive.put(table_name("adam/m/", f), TensorView<const float>(moments.table_m[f].data(), rows, d));
    archive.put(table_name("adam/v/", f), TensorView<const float>(moments.table_v[f].data(), rows, d));
  }
}

/// Negative second moments would end as square roots of negative numbers.
TensorView<const float> get_squares(InputArchive& archive, const std::string& name, std::size_t rows,
                                    std::size_t d) {
  const auto view = get_finite(archive, name, rows, d);
  for (const float x : view.flat())
    if (x < 0)
      throw Error(INTERPLAY_CORRUPT,
                  "engine state, tensor " + name + ": expected no negative number, found one");
  return view;
}

void load_moments(State& state, InputArchive& archive) {
  Moments& moments = state.moments;
  const Model& model = state.model;
  moments.resize(model);
  load_weights("adam/m/", moments.dense_m, model.shape, archive);
  load_weights("adam/v/", moments.dense_v, model.shape, archive);
  const auto bias = get_finite(archive, "adam/bias", 1, 2);
  moments.dense_m[model.shape.bias()] = bias.data[0];
  moments.dense_v[model.shape.bias()] = bias.data[1];
  if (std::any_of(moments.dense_v.begin(), moments.dense_v.end(), [](float x) { return x < 0; }))
    throw Error(INTERPLAY_CORRUPT, "engine state, adam/v: expected no negative number, found one");
  for (std::size_t f = 0; f < model.tables.size(); ++f) {
    const std::size_t rows = model.tables[f].rows(), d = model.shape.d;
    const auto m = get_finite(archive, table_name("adam/m/", f), rows, d);
    const auto v = get_squares(archive, table_name("adam/v/", f), rows, d);
    std::copy_n(m.data, m.size(), moments.table_m[f].data());
    std::copy_n(v.data, v.size(), moments.table_v[f].data());
  }
}

void expect(const char* what, std::int64_t expected, std::int64_t found) {
  if (expected != found)
    throw Error(INTERPLAY_CORRUPT, std::string("engine state, ") + what + ": expected " +
                                       std::to_string(expected) + ", found " + std::to_string(found));
}

/// Of a model that came in as tensors: sizes from the parameters, nothing counted yet, the bias in a tensor of
/// its own, which may be absent.
Header read_header(InputArchive& archive, const Settings& settings, std::size_t fields) {
  Header header;
  if (archive.has_blob()) {
    archive(header);
    return header;
  }
  header.fields = static_cast<std::int64_t>(fields);
  header.embedding_dim = settings.embedding_dim;
  header.attention_dim = settings.attention_dim;
  header.num_heads = settings.num_heads;
  header.num_layers = settings.num_layers;
  if (archive.has("bias")) {
    const auto view = archive.get<float>("bias", {1});
    check_finite(view.flat(), "bias");
    header.bias = view.data[0];
  }
  return header;
}

void check_header(const Header& header, const Settings& settings, std::size_t fields) {
  if (header.layout != 1)
    throw Error(INTERPLAY_INCOMPATIBLE, "engine state: expected layout 1, found " +
                                            std::to_string(header.layout) + "; a newer version wrote it");
  expect("fields", static_cast<std::int64_t>(fields), header.fields);
  expect("embedding_dim", settings.embedding_dim, header.embedding_dim);
  expect("attention_dim", settings.attention_dim, header.attention_dim);
  expect("num_heads", settings.num_heads, header.num_heads);
  expect("num_layers", settings.num_layers, header.num_layers);
  if (header.steps < 0 || header.epochs < 0 || header.optimizer_step < 0 || !std::isfinite(header.bias))
    throw Error(INTERPLAY_CORRUPT, "engine state: expected counts from 0 and a finite bias, found others");
}

}  // namespace

void save(const State& state, OutputArchive& archive) {
  const Model& model = state.model;
  const Shape& s = model.shape;
  const bool moments = archive.wants_optimizer() && !state.moments.empty();
  const auto number = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  archive(Header{1, number(s.M), number(s.d), number(s.A), number(s.H), number(s.L), state.steps,
                 state.epochs, moments ? state.moments.step : 0, moments, model.bias()});
  for (std::size_t f = 0; f < model.tables.size(); ++f)
    archive.put(table_name("", f),
                TensorView<const float>(model.tables[f].data(), model.tables[f].rows(), s.d));
  save_weights("", model.dense, model, archive);
  if (moments) save_moments(state, archive);
}

std::unique_ptr<State> load(InputArchive& archive, const Settings& settings,
                            std::span<const interplay_field> fields, const Kernels& kernels) {
  const Header header = read_header(archive, settings, fields.size());
  check_header(header, settings, fields.size());
  auto state = std::make_unique<State>();
  Model& model = state->model;
  model.shape = Shape(fields.size(), settings, kernels.width);
  model.kernels = &kernels;
  for (std::size_t f = 0; f < fields.size(); ++f) {
    model.kinds.push_back(fields[f].kind);
    const auto view = get_finite(archive, table_name("", f), table_rows(fields[f]), model.shape.d);
    model.tables.push_back(Table::borrow(view.data, table_rows(fields[f])));
  }
  model.dense.resize(model.shape.dense());
  load_weights("", model.dense, model.shape, archive);
  model.dense[model.shape.bias()] = header.bias;
  state->steps = header.steps;
  state->epochs = header.epochs;
  state->moments.step = header.optimizer_step;
  if (header.has_moments) load_moments(*state, archive);
  return state;
}

}  // namespace interplay::autoint
