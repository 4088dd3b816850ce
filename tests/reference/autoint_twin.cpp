#include "reference/autoint_twin.hpp"

#include <algorithm>
#include <cmath>

namespace reference {
namespace {

using Rows = std::vector<std::vector<double>>;  // items by numbers

/// One row's way through the network.
class Row {
 public:
  Row(const AutoInt& model, const interplay_batch& batch, std::size_t row, std::vector<double>* attention)
      : m_(model), v_(model.variant), batch_(batch), row_(row), attention_(attention) {}

  /// One vector a field from the tables with this prefix.
  Rows embed(const std::string& prefix) const;
  double logit_without_deep() const;

 private:
  const Matrix& w(const std::string& name) const { return m_.w.at(name); }
  Rows linear(const Rows& x, const std::string& name, bool bias) const;
  Rows attend(const Rows& x, const std::string& name, std::size_t width) const;
  Rows layer(const Rows& x, std::size_t l) const;
  Rows norm(const Rows& x, const std::string& name) const;
  double read_out(const std::vector<Rows>& read) const;

  const AutoInt& m_;
  const Variant& v_;
  const interplay_batch& batch_;
  std::size_t row_;
  std::vector<double>* attention_;
};

Rows relu(Rows x) {
  for (auto& item : x)
    for (double& value : item) value = std::max(value, 0.0);
  return x;
}

Rows sum(Rows x, const Rows& y) {
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t c = 0; c < x[i].size(); ++c) x[i][c] += y[i][c];
  return x;
}

Rows Row::embed(const std::string& prefix) const {
  Rows e;
  for (std::size_t f = 0; f < m_.kinds.size(); ++f) {
    const Matrix& table = w(prefix + "/" + std::to_string(f));
    const interplay_values& values = batch_.fields[f];
    std::vector<double> sum(table.columns);
    const auto add = [&](std::size_t id, double coefficient) {
      for (std::size_t c = 0; c < table.columns; ++c) sum[c] += coefficient * table.at(id, c);
    };
    const std::size_t row = values.rows == 1 ? 0 : row_;
    if (m_.kinds[f] == INTERPLAY_CATEGORY) {
      add(static_cast<std::size_t>(values.ids[row]), 1);
    } else if (m_.kinds[f] == INTERPLAY_NUMBER) {
      const auto x = static_cast<double>(values.numbers[row]);
      std::isfinite(x) ? add(0, x) : add(1, 1);
      if (std::isfinite(x) && v_.number_embedding == "linear") add(2, 1);
    } else {
      const std::int32_t begin = values.offsets[row], end = values.offsets[row + 1];
      for (std::int32_t i = begin; i < end; ++i)
        add(static_cast<std::size_t>(values.ids[i]),
            values.numbers ? static_cast<double>(values.numbers[i]) : 1.0 / (end - begin));
    }
    e.push_back(sum);
  }
  return e;
}

Rows Row::linear(const Rows& x, const std::string& name, bool bias) const {
  const Matrix& weight = w(name);
  Rows y(x.size(), std::vector<double>(weight.columns));
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t c = 0; c < weight.columns; ++c) {
      for (std::size_t k = 0; k < weight.rows; ++k) y[i][c] += x[i][k] * weight.at(k, c);
      if (bias) y[i][c] += w(name + "_bias").at(0, c);
    }
  return y;
}

/// A_h = softmax(Q_h K_h^T scale), joined A_h V_h
Rows Row::attend(const Rows& x, const std::string& name, std::size_t width) const {
  const std::size_t M = x.size(), dh = width / v_.heads;
  Rows qkv;
  if (v_.qkv == "identity") {
    for (const auto& item : x) {
      qkv.emplace_back();
      for (int copy = 0; copy < 3; ++copy) qkv.back().insert(qkv.back().end(), item.begin(), item.end());
    }
  } else {
    qkv = linear(x, name + "/qkv", v_.qkv_bias);
    if (v_.qkv_activation == "relu") qkv = relu(qkv);
  }
  Rows joined(M, std::vector<double>(width));
  const bool apart = v_.attention == "disentangled";
  if (apart)
    for (std::size_t c = 0; c < 2 * width; ++c) {
      double mean = 0;
      for (const auto& item : qkv) mean += item[c] / static_cast<double>(M);
      for (auto& item : qkv) item[c] -= mean;
    }
  for (std::size_t h = 0; h < v_.heads; ++h)
    for (std::size_t i = 0; i < M; ++i) {
      std::vector<double> a(M);
      double total = 0;
      for (std::size_t j = 0; j < M; ++j) {
        for (std::size_t c = 0; c < dh; ++c) a[j] += qkv[i][h * dh + c] * qkv[j][width + h * dh + c];
        if (v_.score_scale == "head") a[j] /= std::sqrt(static_cast<double>(dh));
        total += a[j] = std::exp(a[j]);
      }
      for (std::size_t j = 0; j < M; ++j) {
        a[j] /= total;
        for (std::size_t c = 0; c < dh; ++c) joined[i][h * dh + c] += a[j] * qkv[j][2 * width + h * dh + c];
      }
      if (attention_) attention_->insert(attention_->end(), a.begin(), a.end());
      if (!apart) continue;
      const Rows u = linear(x, name + "/unary", false);
      total = 0;
      for (std::size_t j = 0; j < M; ++j) total += std::exp(u[j][h]);
      for (std::size_t j = 0; j < M; ++j)
        for (std::size_t c = 0; c < dh; ++c)
          joined[i][h * dh + c] += std::exp(u[j][h]) / total * qkv[j][2 * width + h * dh + c];
    }
  return joined;
}

Rows Row::norm(const Rows& x, const std::string& name) const {
  Rows y = x;
  for (auto& item : y) {
    const auto n = static_cast<double>(item.size());
    double mean = 0, variance = 0;
    for (const double value : item) mean += value / n;
    for (const double value : item) variance += (value - mean) * (value - mean) / n;
    for (std::size_t c = 0; c < item.size(); ++c)
      item[c] = (item[c] - mean) / std::sqrt(variance + 1e-8) * w(name + "/gain").at(0, c) +
                w(name + "/shift").at(0, c);
  }
  return y;
}

Rows Row::layer(const Rows& x, std::size_t l) const {
  const std::string name = "layers/" + std::to_string(l);
  Rows y = attend(x, name, v_.widths[l]);
  if (v_.output_projection != "none") y = linear(y, name + "/projection", v_.output_projection == "affine");
  const bool alike = x[0].size() == y[0].size();
  if (v_.residual == "identity" || (v_.residual == "projection_if_needed" && alike)) y = sum(y, x);
  if (v_.residual == "projection" || (v_.residual == "projection_if_needed" && !alike)) {
    const Rows r = linear(x, name + "/residual", v_.qkv_bias);
    y = sum(y, v_.residual_activation == "relu" ? relu(r) : r);
  }
  const bool acts = v_.activation == "relu";
  if (acts && v_.norm != "before_activation") y = relu(y);
  if (v_.norm != "none") y = norm(y, name + "/norm");
  if (acts && v_.norm == "before_activation") y = relu(y);
  if (v_.feed_forward == 0) return y;
  y = sum(linear(relu(linear(y, name + "/feed_forward_1", true)), name + "/feed_forward_2", true), y);
  return v_.norm == "post" ? norm(y, name + "/norm_2") : y;
}

double Row::read_out(const std::vector<Rows>& read) const {
  double logit = 0;
  for (std::size_t i = 0; i < read.size(); ++i) {
    const Matrix& weight = w("output/" + std::to_string(i));
    for (std::size_t f = 0; f < read[i].size(); ++f)
      for (std::size_t c = 0; c < read[i][f].size(); ++c) logit += read[i][f][c] * weight.at(f, c);
  }
  return logit;
}

double Row::logit_without_deep() const {
  const Rows e0 = embed("tables");
  double logit = v_.output_bias ? w("bias").at(0, 0) : 0;
  if (v_.first_order)
    for (const auto& item : embed("first_order")) logit += item[0];
  Rows x = v_.input_projection ? linear(e0, "input", true) : e0;
  std::vector<Rows> layers;
  for (std::size_t l = 0; l < v_.widths.size(); ++l) layers.push_back(x = layer(x, l));
  if (v_.residual == "once") x = sum(x, linear(e0, "residual", true));
  if (v_.activation == "at_end") x = relu(x);
  std::vector<Rows> read;
  if (v_.pool == "all_with_input") read.push_back(e0);
  if (v_.pool != "last")
    for (std::size_t l = 0; l + 1 < layers.size(); ++l) read.push_back(layers[l]);
  // without layers, and where the embeddings are read already, x is what has been read
  const bool same =
      v_.widths.empty() && !v_.input_projection && v_.residual != "once" && v_.pool == "all_with_input";
  if (!same) read.push_back(x);
  return logit + read_out(read);
}

/// The tower, over all rows at once because batch normalisation looks at all of them.
std::vector<double> deep(const AutoInt& m, Rows x, bool training) {
  for (std::size_t i = 0; i < m.variant.deep_layers.size(); ++i) {
    const std::string name = "deep/" + std::to_string(i);
    const Matrix &weight = m.w.at(name + "/affine"), &bias = m.w.at(name + "/affine_bias");
    Rows y(x.size(), std::vector<double>(weight.columns));
    for (std::size_t c = 0; c < weight.columns; ++c) {
      double mean = 0, variance = 0;
      for (std::size_t r = 0; r < x.size(); ++r) {
        y[r][c] = bias.at(0, c);
        for (std::size_t k = 0; k < weight.rows; ++k) y[r][c] += x[r][k] * weight.at(k, c);
        mean += y[r][c] / static_cast<double>(x.size());
      }
      if (!m.variant.deep_batch_norm) continue;
      for (std::size_t r = 0; r < x.size(); ++r)
        variance += (y[r][c] - mean) * (y[r][c] - mean) / static_cast<double>(x.size());
      if (!training) {
        mean = m.w.at(name + "/norm/mean").at(0, c);
        variance = m.w.at(name + "/norm/variance").at(0, c);
      }
      for (auto& row : y)
        row[c] = (row[c] - mean) / std::sqrt(variance + 1e-5) * m.w.at(name + "/norm/gain").at(0, c) +
                 m.w.at(name + "/norm/shift").at(0, c);
    }
    x = relu(y);
  }
  std::vector<double> logits(x.size());
  const Matrix& output = m.w.at("deep/output");
  for (std::size_t r = 0; r < x.size(); ++r)
    for (std::size_t c = 0; c < x[r].size(); ++c) logits[r] += x[r][c] * output.at(0, c);
  return logits;
}

}  // namespace

std::vector<double> logits(const AutoInt& model, const interplay_batch& batch, bool training,
                           std::vector<double>* attention) {
  std::vector<double> all;
  Rows flat;
  for (std::size_t r = 0; r < static_cast<std::size_t>(batch.rows); ++r) {
    const Row row(model, batch, r, attention);
    all.push_back(row.logit_without_deep());
    flat.emplace_back();
    for (const auto& item : row.embed("tables"))
      flat.back().insert(flat.back().end(), item.begin(), item.end());
  }
  if (model.variant.deep_layers.empty()) return all;
  const std::vector<double> tower = deep(model, flat, training);
  for (std::size_t r = 0; r < all.size(); ++r) all[r] += tower[r];
  return all;
}

double loss(const AutoInt& model, const interplay_batch& batch, const interplay_objective& objective) {
  const std::vector<double> z = logits(model, batch, true);
  double total = 0, weights = 0;
  for (std::size_t r = 0; r < z.size(); ++r) {
    const double weight = batch.weights ? static_cast<double>(batch.weights[r]) : 1;
    const auto label = static_cast<double>(batch.labels[r]);
    const double p = 1 / (1 + std::exp(-z[r])), span = objective.high - objective.low;
    double value = 0;
    if (objective.kind == INTERPLAY_BINARY)
      value = label > 0.5 ? -std::log(p) : -std::log(1 - p);
    else
      value = std::pow(objective.low + span * (objective.kind == INTERPLAY_RATING ? p : z[r]) - label, 2);
    total += weight * value;
    weights += weight;
  }
  return total / weights;
}

}  // namespace reference
