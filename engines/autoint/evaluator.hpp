// The loss on a view, through the same code that scores.
#pragma once

#include "scorer.hpp"

#include <interplay/sdk/objective.hpp>

namespace interplay::autoint {

class Evaluator {
 public:
  Evaluator(Run& run, const View& view, const Model& model);

  /// Mean loss over the view's rows by their weights; the same for any number of workers.
  double loss(const Model& model, const Objective& objective);

 private:
  struct Worker {
    Scorer scorer;
    Batch batch;
    std::vector<std::int64_t> rows;
    std::vector<float> logits;
  };
  struct Sum {
    double loss = 0, weight = 0;
  };
  Sum chunk(Worker& worker, const Model& model, const Objective& objective, std::int64_t begin);

  Run& run_;
  std::int64_t rows_;
  std::vector<Worker> workers_;
  std::vector<Sum> sums_;  // by chunk
};

}  // namespace interplay::autoint
