#include "kit/trainer.hpp"

#include "kit/average.hpp"
#include "kit/step.hpp"
#include "kit/stopping.hpp"

#include <interplay/sdk/random.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

namespace interplay::kit {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t steps_between_reports = 16;

std::unique_ptr<Member> first_state(const Training& training, const std::shared_ptr<const Graph>& graph,
                                    const View& view, const Member* from, const Kernels& kernels) {
  auto state = std::make_unique<Member>();
  if (from) {
    state->moments = from->moments;
    state->steps = from->steps;
    state->epochs = from->epochs;
    state->model = grow_model(from->model, graph, view.fields(), training.seed);
  } else {
    const auto prior = static_cast<float>(Objective(view.objective()).initial_logit());
    state->model = make_model(graph, view.fields(), training.seed, prior, kernels);
  }
  return state;
}

class Trainer {
 public:
  /// training: of this member, see of_member().
  Trainer(Run& run, const Training& training, const std::shared_ptr<const Graph>& graph, const View& view,
          const View* valid, const Member* from, const Kernels& kernels);
  std::unique_ptr<Member> fit();

 private:
  void fill(std::int64_t step);
  /// The batch of a step of this epoch; NULL behind the last.
  const interplay_batch* batch(std::int64_t step);
  double learning_rate() const;
  void one_step(std::int64_t epoch, std::int64_t step);
  void shuffle(std::int64_t epoch);
  bool one_epoch(std::int64_t epoch);
  bool evaluate(std::int64_t epoch, bool epoch_end);
  void expect_finite() const;
  void finish();
  interplay_event progress(std::int64_t epoch, std::size_t groups) const;
  const Model& shown() const { return average_.empty() ? state_->model : average_.model(); }

  Run& run_;
  const Training training_;
  const RowLoss loss_;
  std::unique_ptr<Member> state_;
  std::int64_t all_data_rows_;
  std::vector<std::int64_t> order_;  // of groups of rows
  std::size_t batch_groups_;
  std::int64_t steps_an_epoch_, fit_steps_ = 0;
  std::uint64_t draw_ = 0;        // what batch_fill draws by: epochs of all fits
  std::array<Batch, 3> batches_;  // learned from, next (its table rows are made ready), being filled
  std::array<std::vector<std::int64_t>, 3> rows_;
  Step step_;
  Step::Sums sums_;  // of this epoch
  Average average_;
  Stopping stopping_;
  std::int64_t last_epoch_ = 0;
};

Trainer::Trainer(Run& run, const Training& training, const std::shared_ptr<const Graph>& graph,
                 const View& view, const View* valid, const Member* from, const Kernels& kernels)
    : run_(run),
      training_(training),
      loss_(training.loss, Objective(view.objective()), view.negatives()),
      state_(first_state(training, graph, view, from, kernels)),
      all_data_rows_(view.rows() / (1 + view.negatives())),
      order_(static_cast<std::size_t>(loss_.group() > 1 ? all_data_rows_ : view.rows())),
      batch_groups_(std::clamp<std::size_t>(static_cast<std::size_t>(training.batch_size) / loss_.group(), 1,
                                            order_.size())),
      steps_an_epoch_(static_cast<std::int64_t>((order_.size() + batch_groups_ - 1) / batch_groups_)),
      step_(run, training_, loss_, *state_, batch_groups_ * loss_.group()),
      average_(training.average),
      stopping_(run, training_, loss_, valid, state_->model) {
  const std::size_t rows = batch_groups_ * loss_.group();
  for (Batch& batch : batches_) batch = view.make_batch(static_cast<std::int64_t>(rows));
  for (auto& ids : rows_) ids.resize(rows);
}

void Trainer::shuffle(std::int64_t epoch) {
  draw_ =
      static_cast<std::uint64_t>(training_.member) << 40 | static_cast<std::uint64_t>(state_->epochs + epoch);
  std::iota(order_.begin(), order_.end(), std::int64_t{0});
  Random random(training_.seed, Purpose::shuffle, draw_);
  interplay::shuffle(std::span(order_), random);
}

/// The rows of one step of this epoch, if there is such a step.
void Trainer::fill(std::int64_t step) {
  if (step >= steps_an_epoch_) return;
  const std::size_t begin = static_cast<std::size_t>(step) * batch_groups_;
  const std::size_t groups = std::min(batch_groups_, order_.size() - begin);
  auto& rows = rows_[static_cast<std::size_t>(step) % 3];
  group_rows(rows, {order_.data() + begin, groups}, all_data_rows_, loss_.group());
  batches_[static_cast<std::size_t>(step) % 3].fill({rows.data(), groups * loss_.group()}, draw_);
}

const interplay_batch* Trainer::batch(std::int64_t step) {
  return step < steps_an_epoch_ ? &batches_[static_cast<std::size_t>(step) % 3].get() : nullptr;
}

double Trainer::learning_rate() const {
  const auto step = static_cast<double>(state_->moments.step + 1);
  const auto warmup = static_cast<double>(training_.warmup_steps);
  double rate = training_.learning_rate * (warmup > 0 ? std::min(1.0, step / warmup) : 1.0);
  if (training_.rate == Rate::cosine) {
    const double done =
        static_cast<double>(fit_steps_) / static_cast<double>(steps_an_epoch_ * training_.epochs);
    rate *= 0.5 * (1 + std::cos(3.141592653589793 * done));
  }
  return stopping_.dropped() ? rate * training_.drop_factor : rate;
}

void Trainer::one_step(std::int64_t epoch, std::int64_t step) {
  const Step::Sums sums =
      step_.learn(*batch(step), learning_rate(), batch(step + 1), [&] { fill(step + 2); });
  sums_.loss += sums.loss;
  sums_.weight += sums.weight;
  ++fit_steps_;
  if (training_.average > 0 && fit_steps_ % Average::every == 0) {
    step_.flush();
    average_.add(state_->model);
  }
  if (step % steps_between_reports == steps_between_reports - 1)
    run_.report(progress(epoch, std::min(static_cast<std::size_t>(step + 1) * batch_groups_, order_.size())));
}

interplay_event Trainer::progress(std::int64_t epoch, std::size_t groups) const {
  interplay_event event{};
  event.epoch = training_.member * training_.epochs + epoch;
  event.epochs = training_.members * training_.epochs;
  event.rows = static_cast<std::int64_t>(groups * loss_.group());
  event.rows_total = static_cast<std::int64_t>(order_.size() * loss_.group());
  event.loss = sums_.weight > 0 ? sums_.loss / sums_.weight : 0;
  event.valid_loss = event.valid_metric = nan;
  event.best_epoch = stopping_.best_epoch();
  return event;
}

/// True: stop here.
bool Trainer::one_epoch(std::int64_t epoch) {
  sums_ = {};
  last_epoch_ = epoch;
  shuffle(epoch);
  fill(0);
  fill(1);
  step_.make_ready(*batch(0));
  const std::int64_t times = training_.evaluations_per_epoch;
  for (std::int64_t step = 0; step < steps_an_epoch_; ++step) {
    one_step(epoch, step);
    const bool end = step + 1 == steps_an_epoch_;
    const bool due = (step + 1) * times / steps_an_epoch_ > step * times / steps_an_epoch_;
    if ((end || due) && evaluate(epoch, end)) return true;
  }
  return false;
}

/// True: stop here.
bool Trainer::evaluate(std::int64_t epoch, bool epoch_end) {
  step_.flush();
  interplay_event event = progress(epoch, order_.size());
  event.epoch_end = epoch_end ? 1 : 0;
  const bool sound = std::isfinite(event.loss);
  if (!sound && stopping_.best_epoch() == 0)
    throw Error(INTERPLAY_INVALID_ARGUMENT, "training diverged: the loss of epoch " + std::to_string(epoch) +
                                                " is not a finite number; lower learning_rate");
  stopping_.judge(shown(), state_->moments.step < training_.warmup_steps, event);
  run_.report(event);
  if (!sound) return true;
  const Stopping::Next next = stopping_.next();
  if (next == Stopping::Next::drop) {
    if (stopping_.best()) state_->model = *stopping_.best();
    average_.forget();
  }
  return next == Stopping::Next::stop;
}

/// What load would refuse in a file must not go into one.
void Trainer::expect_finite() const {
  const Moments& moments = state_->moments;
  std::vector<std::span<const float>> all{state_->model.dense, moments.dense_m, moments.dense_v};
  for (const Table& table : state_->model.tables)
    all.emplace_back(table.data(), table.rows() * table.width());
  for (const auto* of_tables : {&moments.table_m, &moments.table_v})
    all.insert(all.end(), of_tables->begin(), of_tables->end());
  for (const std::span<const float> numbers : all)
    if (!all_finite(numbers))
      throw Error(
          INTERPLAY_INVALID_ARGUMENT,
          "training diverged: a weight or a moment of it is not a finite number; lower learning_rate");
}

void Trainer::finish() {
  if (stopping_.best())
    state_->model = *stopping_.best();
  else if (!average_.empty())
    state_->model = average_.model();
  expect_finite();
  state_->epochs += last_epoch_;
  run_.note("epochs", static_cast<double>(last_epoch_));
  const std::int64_t before =
      training_.member * training_.epochs;  // epochs are counted on from member to member
  run_.note("best_epoch", static_cast<double>(std::max<std::int64_t>(stopping_.best_epoch() - before, 0)));
  run_.note("steps", static_cast<double>(state_->steps));
  run_.note("parameters",
            static_cast<double>(state_->model.parameters()) * static_cast<double>(training_.members));
}

std::unique_ptr<Member> Trainer::fit() {
  for (std::int64_t epoch = 1; epoch <= training_.epochs; ++epoch)
    if (one_epoch(epoch)) break;
  finish();
  return std::move(state_);
}

/// What distinguishes a member: what it draws.
Training of_member(const Training& training, std::int64_t member) {
  Training of = training;
  of.member = member;
  of.seed += static_cast<std::uint64_t>(member) * 0x9e3779b97f4a7c15ULL;
  return of;
}

}  // namespace

std::unique_ptr<State> train(Run& run, const Training& training, const std::shared_ptr<const Graph>& graph,
                             const View& view, const View* valid, const State* from, const Kernels& kernels) {
  if (view.rows() < 1) throw Error(INTERPLAY_BAD_DATA, "expected at least one row to train on, found none");
  if (view.fields().empty())
    throw Error(INTERPLAY_BAD_DATA, "expected at least one field to learn from, found none");
  warn_about(training, run);
  Training chosen = training;
  choose_penalty(chosen, view.rows());
  const auto members = static_cast<std::size_t>(training.members);
  if (from && from->members.size() != members)
    throw Error(INTERPLAY_INVALID_ARGUMENT,
                "training goes on with as many members as before: expected " +
                    std::to_string(from->members.size()) + ", found " + std::to_string(members),
                R"({"key": "members"})");
  auto state = std::make_unique<State>();
  for (std::size_t m = 0; m < members; ++m) {
    Trainer trainer(run, of_member(chosen, static_cast<std::int64_t>(m)), graph, view, valid,
                    from ? &from->members[m] : nullptr, kernels);
    state->members.push_back(std::move(*trainer.fit()));
  }
  return state;
}

}  // namespace interplay::kit
