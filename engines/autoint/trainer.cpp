#include "trainer.hpp"

#include "evaluator.hpp"
#include "network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace interplay::autoint {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t steps_between_reports = 16;

/// Rows of a shard: 64 keep both of two threads busy in a batch of 256; more in large batches, whose shards
/// each need a gradient of the dense weights. A function of the batch size alone.
std::size_t shard_rows(std::int64_t batch_size) {
  return std::clamp<std::size_t>(static_cast<std::size_t>((batch_size + 15) / 16), 64, 256);
}

std::size_t shards(std::size_t rows, std::size_t per_shard) { return (rows + per_shard - 1) / per_shard; }

std::unique_ptr<State> first_state(const Settings& settings, const View& view, const State* from,
                                   const Objective& objective, const Kernels& kernels) {
  auto state = std::make_unique<State>();
  if (from) {
    state->moments = from->moments;
    state->steps = from->steps;
    state->epochs = from->epochs;
    state->model = grow_model(from->model, view.fields(), settings);
  } else {
    state->model =
        make_model(view.fields(), settings, static_cast<float>(objective.initial_logit()), kernels);
  }
  return state;
}

class Trainer {
 public:
  Trainer(Run& run, const Settings& settings, const View& view, const View* valid, const State* from,
          const Kernels& kernels);
  std::unique_ptr<State> fit();

 private:
  void shuffle(std::int64_t epoch);
  void fill(std::int64_t step);
  void one_epoch(std::int64_t epoch);
  void one_step(std::int64_t epoch, std::int64_t step);
  void forward_backward(const interplay_batch& batch);
  void update(const interplay_batch& batch, std::int64_t step);
  void reduce_dense(std::size_t n_shards);
  bool end_epoch(std::int64_t epoch);
  void finish();
  interplay_event progress(std::int64_t epoch, std::int64_t rows) const;

  Run& run_;
  const Settings settings_;
  const Objective objective_;
  std::unique_ptr<State> state_;
  Optimizer optimizer_;
  std::vector<std::int64_t> order_;
  std::size_t batch_rows_, shard_rows_;
  std::uint64_t draw_ = 0;                // what batch_fill draws by: epochs of all fits
  std::array<Batch, 2> batches_;          // one is learned from while the other is filled
  std::vector<Network> networks_;         // by worker
  std::vector<TableGradient> gradients_;  // by field
  std::vector<Floats> d_dense_;           // by shard
  Floats d_e_;                            // (batch rows, M, dp)
  std::vector<double> losses_;            // by shard
  double loss_sum_ = 0, weight_sum_ = 0;  // of this epoch

  std::unique_ptr<Evaluator> evaluator_;
  Model best_;
  double best_loss_ = std::numeric_limits<double>::infinity();
  std::int64_t best_epoch_ = 0, last_epoch_ = 0, misses_ = 0;
};

Trainer::Trainer(Run& run, const Settings& settings, const View& view, const View* valid, const State* from,
                 const Kernels& kernels)
    : run_(run),
      settings_(settings),
      objective_(view.objective()),
      state_(first_state(settings, view, from, objective_, kernels)),
      optimizer_(state_->model, state_->moments, settings_),
      order_(static_cast<std::size_t>(view.rows())),
      batch_rows_(std::min(static_cast<std::size_t>(settings.batch_size), order_.size())),
      shard_rows_(shard_rows(settings.batch_size)),
      batches_{view.make_batch(static_cast<std::int64_t>(batch_rows_)),
               view.make_batch(static_cast<std::int64_t>(batch_rows_))} {
  const Shape& s = state_->model.shape;
  for (int i = 0; i < run.workers(); ++i)
    networks_.emplace_back(state_->model, settings_, objective_, std::min(shard_rows_, batch_rows_));
  for (const Table& table : state_->model.tables) gradients_.emplace_back(table.rows(), s.dp);
  d_dense_.assign(shards(batch_rows_, shard_rows_), Floats(s.dense()));
  losses_.resize(d_dense_.size());
  d_e_.resize(batch_rows_ * s.M * s.dp);
  if (valid && valid->rows() > 0) evaluator_ = std::make_unique<Evaluator>(run, *valid, state_->model);
}

void Trainer::shuffle(std::int64_t epoch) {
  draw_ = static_cast<std::uint64_t>(state_->epochs + epoch);
  std::iota(order_.begin(), order_.end(), std::int64_t{0});
  Random random(settings_.seed, Purpose::shuffle, draw_);
  for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random.below(i)]);
}

/// The rows of one step of this epoch, if there is such a step.
void Trainer::fill(std::int64_t step) {
  const std::size_t begin = static_cast<std::size_t>(step) * batch_rows_;
  if (begin >= order_.size()) return;
  const std::size_t n = std::min(batch_rows_, order_.size() - begin);
  batches_[static_cast<std::size_t>(step) % 2].fill({order_.data() + begin, n}, draw_);
}

void Trainer::forward_backward(const interplay_batch& batch) {
  const auto rows = static_cast<std::size_t>(batch.rows);
  double weight_sum = static_cast<double>(rows);
  if (batch.weights) weight_sum = std::accumulate(batch.weights, batch.weights + rows, 0.0);
  const BatchContext context{batch, weight_sum, static_cast<std::uint64_t>(state_->steps)};
  const Shape& s = state_->model.shape;
  const std::size_t n = shards(rows, shard_rows_);
  run_.parallel(static_cast<std::int64_t>(n), [&](std::int64_t i, int worker) {
    const auto shard = static_cast<std::size_t>(i);
    const std::size_t begin = shard * shard_rows_, end = std::min(begin + shard_rows_, rows);
    losses_[shard] = networks_[static_cast<std::size_t>(worker)].train(
        context, begin, end, &optimizer_, d_dense_[shard].data(), d_e_.data() + begin * s.M * s.dp);
  });
  for (std::size_t shard = 0; shard < n; ++shard) loss_sum_ += losses_[shard];
  weight_sum_ += weight_sum;
}

/// Shard by shard into the first one's.
void Trainer::reduce_dense(std::size_t n_shards) {
  for (std::size_t shard = 1; shard < n_shards; ++shard)
    state_->model.kernels->axpy(d_dense_[0].data(), 1, d_dense_[shard].data(), d_dense_[0].size());
  optimizer_.update_dense(d_dense_[0].data());
}

/// Three kinds of task that share nothing: each field's table, the dense weights, and the next batch.
void Trainer::update(const interplay_batch& batch, std::int64_t step) {
  const auto fields = static_cast<std::int64_t>(gradients_.size());
  optimizer_.begin_step();
  run_.parallel(fields + 2, [&](std::int64_t task, int) {
    if (task == 0) return reduce_dense(shards(static_cast<std::size_t>(batch.rows), shard_rows_));
    if (task == 1) return fill(step + 1);
    const auto field = static_cast<std::size_t>(task - 2);
    gradients_[field].collect(state_->model, batch, field, d_e_.data());
    optimizer_.update_table(field, gradients_[field]);
  });
}

void Trainer::one_step(std::int64_t epoch, std::int64_t step) {
  const interplay_batch& batch = batches_[static_cast<std::size_t>(step) % 2].get();
  ++state_->steps;
  forward_backward(batch);
  update(batch, step);
  if (step % steps_between_reports == steps_between_reports - 1) {
    const auto done = (step + 1) * static_cast<std::int64_t>(batch_rows_);
    run_.report(progress(epoch, std::min(done, static_cast<std::int64_t>(order_.size()))));
  }
}

interplay_event Trainer::progress(std::int64_t epoch, std::int64_t rows) const {
  interplay_event event{};
  event.epoch = epoch;
  event.epochs = settings_.epochs;
  event.rows = rows;
  event.rows_total = static_cast<std::int64_t>(order_.size());
  event.loss = weight_sum_ > 0 ? loss_sum_ / weight_sum_ : 0;
  event.valid_loss = event.valid_metric = nan;
  event.best_epoch = best_epoch_;
  return event;
}

void Trainer::one_epoch(std::int64_t epoch) {
  loss_sum_ = weight_sum_ = 0;
  shuffle(epoch);
  fill(0);
  const auto steps = static_cast<std::int64_t>(shards(order_.size(), batch_rows_));
  for (std::int64_t step = 0; step < steps; ++step) one_step(epoch, step);
  optimizer_.flush();
  last_epoch_ = epoch;
}

/// True: stop here.
bool Trainer::end_epoch(std::int64_t epoch) {
  interplay_event event = progress(epoch, static_cast<std::int64_t>(order_.size()));
  event.epoch_end = 1;
  const bool sound = std::isfinite(event.loss);
  if (!sound && best_epoch_ == 0)
    throw Error(INTERPLAY_INVALID_ARGUMENT, "training diverged: the loss of epoch " + std::to_string(epoch) +
                                                " is not a finite number; lower learning_rate");
  if (evaluator_) {
    event.valid_loss = evaluator_->loss(state_->model, objective_);
    event.valid_metric = objective_.metric(event.valid_loss);
    if (event.valid_loss < best_loss_) {
      best_loss_ = event.valid_loss;
      event.best_epoch = best_epoch_ = epoch;
      misses_ = 0;
      if (settings_.restore_best) best_ = state_->model;
    } else if (!optimizer_.warming_up()) {
      ++misses_;
    }
  }
  run_.report(event);
  return !sound || (settings_.patience > 0 && misses_ >= settings_.patience);
}

void Trainer::finish() {
  if (best_epoch_ > 0 && best_epoch_ < last_epoch_ && settings_.restore_best)
    state_->model = std::move(best_);
  if (!std::isfinite(state_->model.bias()))
    throw Error(INTERPLAY_INVALID_ARGUMENT,
                "training diverged: a weight is not a finite number; lower learning_rate");
  state_->epochs += last_epoch_;
  run_.note("epochs", static_cast<double>(last_epoch_));
  run_.note("best_epoch", static_cast<double>(best_epoch_));
  run_.note("steps", static_cast<double>(state_->steps));
  run_.note("parameters", static_cast<double>(state_->model.parameters()));
}

std::unique_ptr<State> Trainer::fit() {
  for (std::int64_t epoch = 1; epoch <= settings_.epochs; ++epoch) {
    one_epoch(epoch);
    if (end_epoch(epoch)) break;
  }
  finish();
  return std::move(state_);
}

}  // namespace

std::unique_ptr<State> train(Run& run, const Settings& settings, const View& view, const View* valid,
                             const State* from, const Kernels& kernels) {
  if (view.rows() < 1) throw Error(INTERPLAY_BAD_DATA, "expected at least one row to train on, found none");
  if (view.fields().empty())
    throw Error(INTERPLAY_BAD_DATA, "expected at least one field to learn from, found none");
  warn_about(settings, run);
  return Trainer(run, settings, view, valid, from, kernels).fit();
}

}  // namespace interplay::autoint
