// Early stopping: which state was best on the validation rows, and when to lower the learning rate or to stop.
#pragma once

#include "kit/evaluator.hpp"

#include <limits>
#include <memory>

namespace interplay::kit {

class Stopping {
 public:
  /// valid: NULL or empty: nothing is measured, and training never stops early. training and loss are borrowed.
  Stopping(Run& run, const Training& training, const RowLoss& loss, const View* valid, const Model& model);

  /// Compares a model with the best so far, and completes the event. While warming up a miss does not count.
  void judge(const Model& model, bool warming_up, interplay_event& event);
  enum class Next : std::uint8_t { go_on, drop, stop };
  /// drop, once, with that schedule: go on from the best state at a lower rate.
  Next next();

  bool dropped() const { return dropped_; }
  std::int64_t best_epoch() const { return best_epoch_; }  // 0: none
  /// The state to keep; NULL where none was measured, or the last one is wanted.
  const Model* best() const { return best_epoch_ > 0 && training_.restore_best ? &best_ : nullptr; }

 private:
  const Training& training_;
  const RowLoss& loss_;
  std::unique_ptr<Evaluator> evaluator_;
  Model best_;
  double best_loss_ = std::numeric_limits<double>::infinity();
  std::int64_t best_epoch_ = 0, misses_ = 0;
  bool dropped_ = false;
};

}  // namespace interplay::kit
