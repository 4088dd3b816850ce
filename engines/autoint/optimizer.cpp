#include "optimizer.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::autoint {
namespace {

constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
constexpr std::size_t kept_powers =
    4096;  // enough for nearly every row of a batch; pow costs more than a row's update

}  // namespace

void Moments::resize(const Model& model) {
  dense_m.resize(model.dense.size());
  dense_v.resize(model.dense.size());
  table_m.resize(model.tables.size());
  table_v.resize(model.tables.size());
  for (std::size_t f = 0; f < model.tables.size(); ++f) {
    table_m[f].resize(model.tables[f].rows() * model.shape.d);
    table_v[f].resize(model.tables[f].rows() * model.shape.d);
  }
}

Optimizer::Optimizer(Model& model, Moments& moments, const Settings& settings)
    : model_(model),
      moments_(moments),
      learning_rate_(settings.learning_rate),
      log_keep_(std::log1p(-settings.learning_rate * settings.embedding_decay)),
      warmup_steps_(settings.warmup_steps) {
  moments_.resize(model);
  if (log_keep_ == 0) return;
  for (std::size_t i = 0; i < kept_powers; ++i)
    powers_.push_back(static_cast<float>(std::exp(log_keep_ * static_cast<double>(i))));
  for (const Table& table : model.tables) last_step_.emplace_back(table.rows(), moments.step);
}

void Optimizer::begin_step() {
  const auto t = static_cast<double>(++moments_.step);
  const double warm = warmup_steps_ > 0 ? std::min(1.0, t / static_cast<double>(warmup_steps_)) : 1.0;
  step_.rate = static_cast<float>(learning_rate_ * warm / (1 - std::pow(beta1, t)));
  step_.v_scale = static_cast<float>(1 / (1 - std::pow(beta2, t)));
  step_.beta1 = static_cast<float>(beta1);
  step_.beta2 = static_cast<float>(beta2);
  step_.epsilon = static_cast<float>(epsilon);
}

float Optimizer::decay_over(std::int64_t steps) const {
  const auto n = static_cast<std::size_t>(steps);
  return n < powers_.size() ? powers_[n]
                            : static_cast<float>(std::exp(log_keep_ * static_cast<double>(steps)));
}

float Optimizer::operator()(std::size_t field, std::size_t id) const {
  return powers_.empty() ? 1.0f : decay_over(moments_.step - last_step_[field][id]);
}

void Optimizer::update_table(std::size_t field, const TableGradient& gradient) {
  const std::size_t d = model_.shape.d;
  float *w = model_.tables[field].own(), *m = moments_.table_m[field].data(),
        *v = moments_.table_v[field].data();
  AdamStep step = step_;
  step.decay = 1;
  for (std::size_t slot = 0; slot < gradient.ids().size(); ++slot) {
    const std::size_t id = gradient.ids()[slot];
    if (!powers_.empty()) {
      step.decay = decay_over(moments_.step - last_step_[field][id]);
      last_step_[field][id] = moments_.step;
    }
    model_.kernels->adam(w + id * d, m + id * d, v + id * d, gradient.row(slot), d, step);
  }
}

void Optimizer::update_dense(const float* gradient) {
  AdamStep step = step_;
  step.decay = 1;
  model_.kernels->adam(model_.dense.data(), moments_.dense_m.data(), moments_.dense_v.data(), gradient,
                       model_.dense.size(), step);
}

void Optimizer::flush() {
  if (powers_.empty()) return;
  const std::size_t d = model_.shape.d;
  for (std::size_t f = 0; f < model_.tables.size(); ++f) {
    float* w = model_.tables[f].own();
    for (std::size_t id = 0; id < last_step_[f].size(); ++id) {
      if (last_step_[f][id] == moments_.step) continue;
      const float factor = (*this)(f, id);
      for (std::size_t c = 0; c < d; ++c) w[id * d + c] *= factor;
      last_step_[f][id] = moments_.step;
    }
  }
}

}  // namespace interplay::autoint
