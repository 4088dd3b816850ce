#include "reference/autoint_twin.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace reference {
namespace {

using Vector = std::vector<double>;

/// The rows of a field's table that make one value's embedding, with their coefficients.
std::vector<std::pair<std::size_t, double>> parts(const AutoInt& model, const interplay_values& values,
                                                  std::size_t field, std::size_t row) {
  const auto id = [&](std::int32_t x) {
    return x >= 0 && static_cast<std::size_t>(x) < model.rows[field] ? static_cast<std::size_t>(x) : 0;
  };
  if (model.kinds[field] == INTERPLAY_CATEGORY) return {{id(values.ids[row]), 1}};
  if (model.kinds[field] == INTERPLAY_NUMBER) {
    const double x = static_cast<double>(values.numbers[row]);
    if (!std::isfinite(x)) return {{1, 1}};
    return {{0, x}};
  }
  std::vector<std::pair<std::size_t, double>> list;
  const std::int32_t begin = values.offsets[row], end = values.offsets[row + 1];
  for (std::int32_t i = begin; i < end; ++i)
    list.emplace_back(id(values.ids[i]),
                      values.numbers ? static_cast<double>(values.numbers[i]) : 1.0 / (end - begin));
  return list;
}

/// y (M, n) = x (M, m) w (m, n)
Vector product(const Vector& x, const double* w, std::size_t M, std::size_t m, std::size_t n) {
  Vector y(M * n, 0.0);
  for (std::size_t i = 0; i < M; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k < m; ++k) y[i * n + j] += x[i * m + k] * w[k * n + j];
  return y;
}

/// d_x += d_y w^T,  d_w += x^T d_y
void d_product(Vector& d_x, double* d_w, const Vector& d_y, const Vector& x, const double* w, std::size_t M,
               std::size_t m, std::size_t n) {
  for (std::size_t i = 0; i < M; ++i)
    for (std::size_t k = 0; k < m; ++k)
      for (std::size_t j = 0; j < n; ++j) {
        d_x[i * m + k] += d_y[i * n + j] * w[k * n + j];
        d_w[k * n + j] += x[i * m + k] * d_y[i * n + j];
      }
}

struct Layer {
  Vector e, q, k, v, a, joined;  // e: what goes in (M, d); a (H, M, M)
};

/// Everything about one row: the layers' inputs and inner values, and E of the last one.
struct Pass {
  std::vector<Layer> layers;
  Vector last;
  double logit = 0;

  const Vector& e(std::size_t layer) const { return layer < layers.size() ? layers[layer].e : last; }
};

void attend(Layer& layer, const AutoInt& s) {
  layer.a.assign(s.H * s.M * s.M, 0.0);
  layer.joined.assign(s.M * s.A, 0.0);
  for (std::size_t h = 0; h < s.H; ++h)
    for (std::size_t i = 0; i < s.M; ++i) {
      double* a = &layer.a[(h * s.M + i) * s.M];
      double sum = 0;
      for (std::size_t j = 0; j < s.M; ++j) {
        for (std::size_t c = h * s.dh(); c < (h + 1) * s.dh(); ++c)
          a[j] += layer.q[i * s.A + c] * layer.k[j * s.A + c];
        a[j] = std::exp(a[j] / std::sqrt(static_cast<double>(s.dh())));
        sum += a[j];
      }
      for (std::size_t j = 0; j < s.M; ++j) a[j] /= sum;
      for (std::size_t j = 0; j < s.M; ++j)
        for (std::size_t c = h * s.dh(); c < (h + 1) * s.dh(); ++c)
          layer.joined[i * s.A + c] += a[j] * layer.v[j * s.A + c];
    }
}

Pass forward(const AutoInt& s, const interplay_batch& batch, std::size_t row) {
  Pass pass;
  Vector e(s.M * s.d, 0.0);
  for (std::size_t f = 0; f < s.M; ++f)
    for (const auto& [id, coefficient] : parts(s, batch.fields[f], f, batch.fields[f].rows == 1 ? 0 : row))
      for (std::size_t c = 0; c < s.d; ++c) e[f * s.d + c] += coefficient * s.p[s.table(f) + id * s.d + c];
  for (std::size_t l = 0; l < s.L; ++l) {
    Layer layer;
    layer.e = e;
    layer.q = product(e, &s.p[s.qkv(l, 0)], s.M, s.d, s.A);
    layer.k = product(e, &s.p[s.qkv(l, 1)], s.M, s.d, s.A);
    layer.v = product(e, &s.p[s.qkv(l, 2)], s.M, s.d, s.A);
    attend(layer, s);
    const Vector projected = product(layer.joined, &s.p[s.projection(l)], s.M, s.A, s.d);
    for (std::size_t i = 0; i < e.size(); ++i) e[i] = std::max(0.0, projected[i] + e[i]);
    pass.layers.push_back(layer);
  }
  pass.last = e;
  pass.logit = s.p[s.bias()];
  for (std::size_t l = 0; l <= s.L; ++l)
    for (std::size_t i = 0; i < s.M * s.d; ++i)
      pass.logit += s.p[s.output() + l * s.M * s.d + i] * pass.e(l)[i];
  return pass;
}

/// Backwards through attend(): d_q, d_k, d_v from d_joined.
void d_attend(Vector& d_q, Vector& d_k, Vector& d_v, const Vector& d_joined, const Layer& layer,
              const AutoInt& s) {
  for (std::size_t h = 0; h < s.H; ++h)
    for (std::size_t i = 0; i < s.M; ++i) {
      const double* a = &layer.a[(h * s.M + i) * s.M];
      Vector d_a(s.M, 0.0);
      double mean = 0;
      for (std::size_t j = 0; j < s.M; ++j) {
        for (std::size_t c = h * s.dh(); c < (h + 1) * s.dh(); ++c) {
          d_a[j] += d_joined[i * s.A + c] * layer.v[j * s.A + c];
          d_v[j * s.A + c] += a[j] * d_joined[i * s.A + c];
        }
        mean += d_a[j] * a[j];
      }
      for (std::size_t j = 0; j < s.M; ++j) {
        const double d_score = a[j] * (d_a[j] - mean) / std::sqrt(static_cast<double>(s.dh()));
        for (std::size_t c = h * s.dh(); c < (h + 1) * s.dh(); ++c) {
          d_q[i * s.A + c] += d_score * layer.k[j * s.A + c];
          d_k[j * s.A + c] += d_score * layer.q[i * s.A + c];
        }
      }
    }
}

/// d_e: in, of what comes out of layer l; out, of what goes in.
void d_layer(Vector& d_e, Vector& g, const Pass& pass, const AutoInt& s, std::size_t l) {
  const Layer& layer = pass.layers[l];
  for (std::size_t i = 0; i < d_e.size(); ++i)
    if (pass.e(l + 1)[i] <= 0) d_e[i] = 0;
  Vector d_joined(s.M * s.A, 0.0), d_q = d_joined, d_k = d_joined, d_v = d_joined;
  d_product(d_joined, &g[s.projection(l)], d_e, layer.joined, &s.p[s.projection(l)], s.M, s.A, s.d);
  d_attend(d_q, d_k, d_v, d_joined, layer, s);
  d_product(d_e, &g[s.qkv(l, 0)], d_q, layer.e, &s.p[s.qkv(l, 0)], s.M, s.d, s.A);
  d_product(d_e, &g[s.qkv(l, 1)], d_k, layer.e, &s.p[s.qkv(l, 1)], s.M, s.d, s.A);
  d_product(d_e, &g[s.qkv(l, 2)], d_v, layer.e, &s.p[s.qkv(l, 2)], s.M, s.d, s.A);
}

void d_row(Vector& g, const AutoInt& s, const interplay_batch& batch, std::size_t row, const Pass& pass,
           double d_logit) {
  const std::size_t n = s.M * s.d;
  Vector d_e(n, 0.0);
  g[s.bias()] += d_logit;
  for (std::size_t l = s.L + 1; l-- > 0;) {
    for (std::size_t i = 0; i < n; ++i) {
      g[s.output() + l * n + i] += d_logit * pass.e(l)[i];
      d_e[i] += d_logit * s.p[s.output() + l * n + i];
    }
    if (l > 0) d_layer(d_e, g, pass, s, l - 1);
  }
  for (std::size_t f = 0; f < s.M; ++f)
    for (const auto& [id, coefficient] : parts(s, batch.fields[f], f, batch.fields[f].rows == 1 ? 0 : row))
      for (std::size_t c = 0; c < s.d; ++c) g[s.table(f) + id * s.d + c] += coefficient * d_e[f * s.d + c];
}

double row_loss(const interplay_objective& o, double z, double y) {
  const double s = 1 / (1 + std::exp(-z));
  if (o.kind == INTERPLAY_BINARY) return -(y * std::log(s) + (1 - y) * std::log(1 - s));
  const double prediction = o.low + (o.high - o.low) * (o.kind == INTERPLAY_RATING ? s : z);
  return (prediction - y) * (prediction - y);
}

double d_row_loss(const interplay_objective& o, double z, double y) {
  const double s = 1 / (1 + std::exp(-z)), span = o.high - o.low;
  if (o.kind == INTERPLAY_BINARY) return s - y;
  if (o.kind == INTERPLAY_RATING) return 2 * (o.low + span * s - y) * span * s * (1 - s);
  return 2 * (o.low + span * z - y) * span;
}

double weight_of(const interplay_batch& batch, std::size_t row) {
  return batch.weights ? static_cast<double>(batch.weights[row]) : 1;
}

double total_weight(const interplay_batch& batch) {
  double total = 0;
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row) total += weight_of(batch, row);
  return total;
}

}  // namespace

std::size_t AutoInt::table(std::size_t field) const {
  std::size_t offset = 0;
  for (std::size_t f = 0; f < field; ++f) offset += rows[f] * d;
  return offset;
}

std::size_t AutoInt::qkv(std::size_t layer, std::size_t which) const {
  return dense() + (4 * layer + which) * d * A;
}

double logit(const AutoInt& model, const interplay_batch& batch, std::size_t row,
             std::vector<double>* attention) {
  const Pass pass = forward(model, batch, row);
  if (attention)
    for (const Layer& layer : pass.layers)
      attention->insert(attention->end(), layer.a.begin(), layer.a.end());
  return pass.logit;
}

double loss(const AutoInt& model, const interplay_batch& batch, const interplay_objective& objective) {
  double total = 0;
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row)
    total += weight_of(batch, row) *
             row_loss(objective, logit(model, batch, row), static_cast<double>(batch.labels[row]));
  return total / total_weight(batch);
}

std::vector<double> gradient(const AutoInt& model, const interplay_batch& batch,
                             const interplay_objective& objective) {
  Vector g(model.size(), 0.0);
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row) {
    const Pass pass = forward(model, batch, row);
    const double share = weight_of(batch, row) / total_weight(batch);
    d_row(g, model, batch, row, pass,
          share * d_row_loss(objective, pass.logit, static_cast<double>(batch.labels[row])));
  }
  return g;
}

void Adam::update(AutoInt& model, const interplay_batch& batch, const interplay_objective& objective) {
  const Vector g = gradient(model, batch, objective);
  m.resize(g.size());
  v.resize(g.size());
  ++step;
  const auto t = static_cast<double>(step);
  const double rate =
      learning_rate * (warmup_steps ? std::min(1.0, t / static_cast<double>(warmup_steps)) : 1.0);
  std::vector<bool> moves(g.size(), false);
  std::fill(moves.begin() + static_cast<std::ptrdiff_t>(model.dense()), moves.end(), true);
  for (std::size_t f = 0; f < model.M; ++f)
    for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row)
      for (const auto& part : parts(model, batch.fields[f], f, batch.fields[f].rows == 1 ? 0 : row))
        for (std::size_t c = 0; c < model.d; ++c) moves[model.table(f) + part.first * model.d + c] = true;
  for (std::size_t i = 0; i < g.size(); ++i) {
    if (i < model.dense()) model.p[i] *= 1 - learning_rate * decay;
    if (!moves[i]) continue;
    m[i] = 0.9 * m[i] + 0.1 * g[i];
    v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
    model.p[i] -=
        rate * (m[i] / (1 - std::pow(0.9, t))) / (std::sqrt(v[i] / (1 - std::pow(0.999, t))) + 1e-8);
  }
}

}  // namespace reference
