#include "network.hpp"

#include "layers/output.hpp"

#include <algorithm>

namespace interplay::autoint {
namespace {

void multiply(float* x, const float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] *= y[i];
}

}  // namespace

Network::Network(const Model& model, const Settings& settings, const Objective& objective,
                 std::size_t max_rows)
    : model_(model),
      settings_(settings),
      objective_(objective),
      e_(model.shape.L + 1),
      layers_(model.shape.L) {
  const Shape& s = model.shape;
  for (Floats& e : e_) e.resize(max_rows * s.M * s.dp);
  for (InteractionCache& layer : layers_) layer.resize(s, max_rows, settings.dropout > 0);
  scratch_.resize(s, max_rows);
  if (settings.embedding_dropout > 0) embedding_mask_.resize(max_rows * s.M * s.dp);
  logits_.resize(max_rows);
  d_logits_.resize(max_rows);
}

/// One stream per row of the training, so that neither shards nor threads show.
void Network::draw_masks(const BatchContext& context, std::size_t begin, std::size_t rows) {
  const Shape& s = model_.shape;
  const std::size_t square = s.H * s.M * s.Mp;
  for (std::size_t r = 0; r < rows; ++r) {
    const std::uint64_t row = begin + r;
    if (settings_.dropout > 0)
      for (std::size_t layer = 0; layer < s.L; ++layer)
        draw_mask(layers_[layer].mask.data() + r * square, square, s.M, s.Mp, settings_.dropout,
                  Random(settings_.seed, Purpose::dropout, context.step, row * s.L + layer));
    if (settings_.embedding_dropout > 0)
      draw_mask(embedding_mask_.data() + r * s.M * s.dp, s.M * s.dp, s.d, s.dp, settings_.embedding_dropout,
                Random(settings_.seed, Purpose::embedding_dropout, context.step, row));
  }
}

void Network::run_forward(std::size_t rows) {
  const Shape& s = model_.shape;
  const float* w = model_.dense.data();
  std::fill_n(logits_.data(), rows, model_.bias());
  add_logits(logits_.data(), e_[0].data(), w + s.output(0), model_, rows);
  for (std::size_t layer = 0; layer < s.L; ++layer) {
    interact(e_[layer + 1].data(), layers_[layer], e_[layer].data(), w + s.qkv(layer),
             w + s.projection(layer), scratch_, model_, rows);
    add_logits(logits_.data(), e_[layer + 1].data(), w + s.output(layer + 1), model_, rows);
  }
}

/// d_logits = weight / (sum of the batch's weights) * d loss / d logit
double Network::d_loss(const BatchContext& context, std::size_t begin, std::size_t rows) {
  const interplay_batch& batch = context.batch;
  const double inverse = context.weight_sum > 0 ? 1 / context.weight_sum : 0;
  double total = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    const double weight = batch.weights ? static_cast<double>(batch.weights[begin + r]) : 1;
    const auto logit = static_cast<double>(logits_[r]), label = static_cast<double>(batch.labels[begin + r]);
    total += weight * objective_.loss(logit, label);
    d_logits_[r] = static_cast<float>(weight * inverse * objective_.d_loss(logit, label));
  }
  return total;
}

const float* Network::forward(const BatchContext& context, std::size_t begin, std::size_t end,
                              const RowFactor* factor) {
  embed(e_[0].data(), model_, context.batch, begin, end, factor);
  for (InteractionCache& layer : layers_) std::fill(layer.mask.begin(), layer.mask.end(), 1.0f);
  run_forward(end - begin);
  return logits_.data();
}

double Network::train(const BatchContext& context, std::size_t begin, std::size_t end,
                      const RowFactor* factor, float* d_dense, float* d_e) {
  const Shape& s = model_.shape;
  const std::size_t rows = end - begin, n = rows * s.M * s.dp;
  const float* w = model_.dense.data();
  embed(e_[0].data(), model_, context.batch, begin, end, factor);
  draw_masks(context, begin, rows);
  if (!embedding_mask_.empty()) multiply(e_[0].data(), embedding_mask_.data(), n);
  run_forward(rows);

  std::fill_n(d_dense, s.dense(), 0.0f);
  std::fill_n(d_e, n, 0.0f);
  const double loss = d_loss(context, begin, rows);
  for (std::size_t r = 0; r < rows; ++r) d_dense[s.bias()] += d_logits_[r];
  for (std::size_t layer = s.L; layer > 0;
       --layer) {  // d_e is the gradient of e_[layer], then of e_[layer - 1]
    d_add_logits(d_e, d_dense + s.output(layer), d_logits_.data(), e_[layer].data(), w + s.output(layer),
                 model_, rows);
    d_interact(d_e, d_dense + s.qkv(layer - 1), d_dense + s.projection(layer - 1), layers_[layer - 1],
               e_[layer].data(), e_[layer - 1].data(), w + s.qkv(layer - 1), w + s.projection(layer - 1),
               scratch_, model_, rows);
  }
  d_add_logits(d_e, d_dense + s.output(0), d_logits_.data(), e_[0].data(), w + s.output(0), model_, rows);
  if (!embedding_mask_.empty()) multiply(d_e, embedding_mask_.data(), n);
  return loss;
}

}  // namespace interplay::autoint
