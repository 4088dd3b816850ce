#include "kit/optimizer.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::kit {
namespace {

constexpr double beta1 = 0.9, beta2 = 0.999;
/// After so many steps without a gradient 0.9^n is below a float's resolution: nothing moves any more but by decay.
constexpr std::int64_t most_steps = 160;
/// How far a moving average of batch normalisation moves towards a batch.
constexpr float statistic_rate = 0.01f;

}  // namespace

void Moments::resize(const Model& model) {
  dense_m.resize(model.dense.size());
  dense_v.resize(model.dense.size());
  table_m.resize(model.tables.size());
  table_v.resize(model.tables.size());
  for (std::size_t t = 0; t < model.tables.size(); ++t) {
    const std::size_t n = model.tables[t].rows() * model.graph->tables[t].width;
    table_m[t].resize(n);
    table_v[t].resize(n);
  }
}

Optimizer::Optimizer(Model& model, Moments& moments, const Training& training)
    : model_(model),
      moments_(moments),
      training_(training),
      first_step_(moments.step),
      behind_(training.penalty == Penalty::decoupled || (dense_steps() && training.penalty != Penalty::loss)),
      log_keep_{0.0},
      parts_(model.tables.size()) {
  moments_.resize(model);
  for (const Table& table : model.tables) {
    if (behind_) done_.emplace_back(table.rows(), moments.step);
    if (training.penalty == Penalty::frequency) uses_.emplace_back(table.rows(), 0);
  }
}

void Optimizer::begin_step(double learning_rate) {
  const auto t = static_cast<double>(++moments_.step);
  rate_ = static_cast<float>(learning_rate);
  step_.rate = static_cast<float>(learning_rate / (1 - std::pow(beta1, t)));
  step_.v_scale = static_cast<float>(1 / (1 - std::pow(beta2, t)));
  step_.beta1 = static_cast<float>(beta1);
  step_.beta2 = static_cast<float>(beta2);
  step_.epsilon = static_cast<float>(training_.epsilon);
  step_.decay = 1;
  if (!behind_) return;
  const bool decays = training_.penalty == Penalty::decoupled;
  const double log_keep = decays ? std::log1p(-learning_rate * training_.embedding_l2) : 0;
  log_keep_.push_back(log_keep_.back() + log_keep);
  step_.decay = static_cast<float>(std::exp(log_keep));
  if (dense_steps()) steps_.push_back(step_);
}

/// Steps from + 1 .. to of Adam with gradient 0.
void Optimizer::zero_gradient_steps(float* w, float* m, float* v, std::size_t n, std::int64_t from,
                                    std::int64_t to) const {
  const std::int64_t last = std::min(to, from + most_steps);
  model_.kernels->adam_idle(w, m, v, n, &steps_[static_cast<std::size_t>(from - first_step_)],
                            static_cast<std::size_t>(last - from));
  if (last == to) return;
  const auto rest = static_cast<double>(to - last);
  const auto keep_m = static_cast<float>(std::pow(beta1, rest)),
             keep_v = static_cast<float>(std::pow(beta2, rest));
  const auto at = [&](std::int64_t t) { return log_keep_[static_cast<std::size_t>(t - first_step_)]; };
  const auto keep = static_cast<float>(std::exp(at(to) - at(last)));
  for (std::size_t i = 0; i < n; ++i) {
    m[i] *= keep_m;
    v[i] *= keep_v;
    w[i] *= keep;
  }
}

void Optimizer::catch_up_row(std::size_t table, std::size_t id) {
  std::int64_t& done = done_[table][id];
  if (done == moments_.step) return;
  const std::size_t n = model_.graph->tables[table].width;
  float* w = model_.tables[table].own() + id * n;
  if (dense_steps()) {
    zero_gradient_steps(w, moments_.table_m[table].data() + id * n, moments_.table_v[table].data() + id * n,
                        n, done, moments_.step);
  } else {
    const double log_keep = log_keep_.back() - log_keep_[static_cast<std::size_t>(done - first_step_)];
    const auto factor = static_cast<float>(std::exp(log_keep));
    for (std::size_t i = 0; i < n; ++i) w[i] *= factor;
  }
  done = moments_.step;
}

void Optimizer::catch_up(std::size_t table, const interplay_batch& batch) {
  if (!behind_) return;
  const TableSpec& spec = model_.graph->tables[table];
  const interplay_values& values = batch.fields[spec.field];
  const auto rows = static_cast<std::size_t>(values.rows == 1 ? 1 : batch.rows);
  Parts& parts = parts_[table];
  for (std::size_t row = 0; row < rows; ++row) {
    parts.read(model_.kinds[spec.field], spec.shifted, values, row, model_.tables[table].rows());
    for (std::size_t i = 0; i < parts.size(); ++i)
      catch_up_row(table, static_cast<std::size_t>(parts.ids()[i]));
  }
}

void Optimizer::flush() {
  if (!behind_) return;
  for (std::size_t t = 0; t < model_.tables.size(); ++t)
    for (std::size_t id = 0; id < done_[t].size(); ++id) catch_up_row(t, id);
  // Nobody asks for these steps any more.
  first_step_ = moments_.step;
  steps_.clear();
  log_keep_.assign(1, 0.0);
}

/// Along scale * g + penalty * w.
void Optimizer::move(float* w, float* m, float* v, const float* g, std::size_t n, float scale, float penalty,
                     float decay) const {
  if (training_.method != Method::adagrad) {
    AdamStep step = step_;
    step.scale = scale;
    step.penalty = penalty;
    step.decay = decay;
    return model_.kernels->adam(w, m, v, g, n, step);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const float gradient = scale * g[i] + penalty * w[i];
    v[i] += gradient * gradient;
    w[i] = w[i] * decay - rate_ * gradient / (std::sqrt(v[i]) + step_.epsilon);
  }
}

/// What a row's own weight is multiplied with to join its gradient.
float Optimizer::penalty_of(std::size_t table, std::size_t id) {
  if (training_.penalty == Penalty::none || training_.penalty == Penalty::decoupled) return 0;
  if (training_.penalty != Penalty::frequency) return static_cast<float>(training_.embedding_l2);
  // named in `uses` of all steps so far: as much in total as if it were penalised at every step
  const auto steps = static_cast<double>(moments_.step - first_step_);
  return static_cast<float>(training_.embedding_l2 * steps / static_cast<double>(++uses_[table][id]));
}

void Optimizer::update_row(std::size_t table, std::size_t id, const float* gradient, float scale) {
  const std::size_t n = model_.graph->tables[table].width;
  float* w = model_.tables[table].own() + id * n;
  float decay = 1;
  if (behind_) {
    done_[table][id] = moments_.step;  // catch_up has brought it to the step before
    decay = step_.decay;
  }
  move(w, moments_.table_m[table].data() + id * n, moments_.table_v[table].data() + id * n, gradient, n,
       scale, penalty_of(table, id), decay);
}

void Optimizer::update_table(std::size_t table, const TableGradient& gradient, float scale) {
  if (training_.penalty == Penalty::loss) {
    const Floats none(model_.graph->tables[table].width);
    for (std::size_t id = 0; id < model_.tables[table].rows(); ++id)
      update_row(table, id, gradient.of(id) ? gradient.of(id) : none.data(), scale);
    return;
  }
  for (std::size_t slot = 0; slot < gradient.ids().size(); ++slot)
    update_row(table, gradient.ids()[slot], gradient.row(slot), scale);
}

void Optimizer::update_dense(const float* gradient, std::size_t rows, float scale) {
  for (const Parameter& p : model_.graph->parameters) {
    float* w = model_.dense.data() + p.offset;
    const float* g = gradient + p.offset;
    if (!p.trained()) {
      const float share = statistic_rate / static_cast<float>(rows);
      for (std::size_t i = 0; i < p.size(); ++i) w[i] += share * g[i];
      continue;
    }
    const bool decays = training_.method == Method::adamw && p.init == Init::glorot;
    move(w, moments_.dense_m.data() + p.offset, moments_.dense_v.data() + p.offset, g, p.size(), scale, 0,
         decays ? static_cast<float>(1 - static_cast<double>(rate_) * training_.weight_decay) : 1.0f);
  }
}

}  // namespace interplay::kit
