#include "kit/stopping.hpp"

namespace interplay::kit {

Stopping::Stopping(Run& run, const Training& training, const RowLoss& loss, const View* valid,
                   const Model& model)
    : training_(training), loss_(loss) {
  if (valid && valid->rows() > 0) evaluator_ = std::make_unique<Evaluator>(run, *valid, model, loss);
}

void Stopping::judge(const Model& model, bool warming_up, interplay_event& event) {
  if (!evaluator_) return;
  event.valid_loss = evaluator_->loss(model);
  event.valid_metric = loss_.metric(event.valid_loss);
  if (event.valid_loss < best_loss_) {
    best_loss_ = event.valid_loss;
    event.best_epoch = best_epoch_ = event.epoch;
    misses_ = 0;
    if (training_.restore_best) best_ = model;
  } else if (!warming_up) {
    ++misses_;
  }
}

Stopping::Next Stopping::next() {
  if (training_.patience == 0 || misses_ < training_.patience) return Next::go_on;
  if (training_.rate != Rate::drop || dropped_) return Next::stop;
  dropped_ = true;
  misses_ = 0;
  return Next::drop;
}

}  // namespace interplay::kit
