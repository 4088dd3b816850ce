#include "model.hpp"

#include <interplay/sdk/random.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace interplay::autoint {
namespace {

std::size_t padded(std::size_t n, std::size_t width) { return (n + width - 1) / width * width; }

/// Keys above every field's number, so that dense weights share no stream with embeddings.
constexpr std::uint64_t dense_stream = 1ull << 40;

/// w (rows, heads * n) with the columns of each head padded to np: uniform in +-sqrt(6 / (fan in + fan out))
void glorot(float* w, std::size_t rows, std::size_t heads, std::size_t n, std::size_t np, std::size_t fan_in,
            std::size_t fan_out, Random random) {
  const double limit = std::sqrt(6.0 / static_cast<double>(fan_in + fan_out));
  for (std::size_t i = 0; i < rows * heads; ++i)
    for (std::size_t c = 0; c < n; ++c)
      w[i * np + c] = static_cast<float>((2.0 * static_cast<double>(random.uniform()) - 1.0) * limit);
}

void init_layer(Model& model, std::size_t layer, std::uint64_t seed) {
  const Shape& s = model.shape;
  Random qkv(seed, Purpose::initial_values, dense_stream + layer, 0);
  Random projection(seed, Purpose::initial_values, dense_stream + layer, 1);
  // Q, K and V are three matrices (d, A), each with its own fans, that lie side by side
  glorot(model.dense.data() + s.qkv(layer), s.d, 3 * s.H, s.dh, s.dhp, s.d, s.A, qkv);
  float* w = model.dense.data() + s.projection(layer);
  for (std::size_t h = 0; h < s.H; ++h)
    for (std::size_t i = 0; i < s.dh; ++i)
      glorot(w + (h * s.dhp + i) * s.dp, 1, 1, s.d, s.dp, s.A, s.d,
             Random(projection.bits(), Purpose::initial_values));
}

}  // namespace

Shape::Shape(std::size_t fields, const Settings& settings, std::size_t width)
    : M(fields),
      d(static_cast<std::size_t>(settings.embedding_dim)),
      A(static_cast<std::size_t>(settings.attention_dim)),
      H(static_cast<std::size_t>(settings.num_heads)),
      dh(A / H),
      L(static_cast<std::size_t>(settings.num_layers)),
      dp(padded(d, width)),
      dhp(padded(dh, width)),
      Ap(H * dhp),
      Mp(padded(M, width)) {}

AttentionShape Shape::attention() const {
  return {M, H, dhp, Mp, static_cast<float>(1.0 / std::sqrt(static_cast<double>(dh)))};
}

std::size_t Model::parameters() const {
  std::size_t n = shape.L * 4 * shape.d * shape.A + (shape.L + 1) * shape.M * shape.d + 1;
  for (const Table& table : tables) n += table.rows() * shape.d;
  return n;
}

std::size_t table_rows(const interplay_field& field) {
  return field.kind == INTERPLAY_NUMBER ? 2 : static_cast<std::size_t>(std::max(field.cardinality, 1));
}

void init_rows(float* table, std::size_t begin, std::size_t rows, std::size_t field, const Shape& shape,
               const Settings& settings) {
  const auto deviation = static_cast<float>(settings.embedding_init);
  for (std::size_t id = begin; id < rows; ++id) {
    Random random(settings.seed, Purpose::initial_values, field, id);
    for (std::size_t c = 0; c < shape.d; ++c) table[id * shape.d + c] = deviation * random.normal();
  }
}

Model make_model(std::span<const interplay_field> fields, const Settings& settings, float bias,
                 const Kernels& kernels) {
  Model model;
  model.shape = Shape(fields.size(), settings, kernels.width);
  model.kernels = &kernels;
  model.dense.resize(model.shape.dense());
  for (std::size_t f = 0; f < fields.size(); ++f) {
    model.kinds.push_back(fields[f].kind);
    Table& table = model.tables.emplace_back(table_rows(fields[f]), model.shape.d);
    init_rows(table.own(), 0, table.rows(), f, model.shape, settings);
  }
  for (std::size_t layer = 0; layer < model.shape.L; ++layer) init_layer(model, layer, settings.seed);
  const Shape& s = model.shape;
  glorot(model.dense.data() + s.output(0), (s.L + 1) * s.M, 1, s.d, s.dp, (s.L + 1) * s.M * s.d, 1,
         Random(settings.seed, Purpose::initial_values, dense_stream + s.L));
  model.dense[s.bias()] = bias;
  return model;
}

Model grow_model(const Model& from, std::span<const interplay_field> fields, const Settings& settings) {
  const Shape shape(fields.size(), settings, from.kernels->width);
  if (shape.M != from.shape.M || shape.d != from.shape.d || shape.A != from.shape.A ||
      shape.H != from.shape.H || shape.L != from.shape.L)
    throw Error(INTERPLAY_INVALID_ARGUMENT,
                "training goes on only with the embedding_dim, attention_dim, num_heads, num_layers and "
                "fields that the "
                "model was first fitted with; create a new model to change them");
  Model model;
  model.shape = shape;
  model.kinds = from.kinds;
  model.dense = from.dense;
  model.kernels = from.kernels;
  for (std::size_t f = 0; f < fields.size(); ++f) {
    const Table& old = from.tables[f];
    if (fields[f].kind != from.kinds[f] || table_rows(fields[f]) < old.rows())
      throw Error(INTERPLAY_INVALID_ARGUMENT,
                  std::string("field \"") + fields[f].name +
                      "\" has another kind or fewer values than the model has learned");
    Table& table = model.tables.emplace_back(table_rows(fields[f]), shape.d);
    std::copy_n(old.data(), old.rows() * shape.d, table.own());
    init_rows(table.own(), old.rows(), table.rows(), f, shape, settings);
  }
  return model;
}

}  // namespace interplay::autoint
