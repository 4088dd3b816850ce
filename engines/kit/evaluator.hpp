// The mean loss over a view, for early stopping.
#pragma once

#include "kit/loss.hpp"
#include "kit/scorer.hpp"

namespace interplay::kit {

/// Row numbers of a view in the order that a loss wants: each row of data, then its negatives if the loss compares.
void group_rows(std::span<std::int64_t> out, std::span<const std::int64_t> data_rows,
                std::int64_t all_data_rows, std::size_t group);

class Evaluator {
 public:
  Evaluator(Run& run, const View& view, const Model& model, const RowLoss& loss);

  /// Mean loss over the view's rows by their weights; the same for any number of workers.
  double loss(const Model& model);

 private:
  struct Worker {
    Scorer scorer;
    Batch batch;
    std::vector<std::int64_t> data_rows, rows;
    std::vector<float> logits;
  };
  struct Sum {
    double loss = 0, weight = 0;
  };
  Sum chunk(Worker& worker, const Model& model, std::int64_t begin);

  Run& run_;
  const RowLoss& loss_;
  std::int64_t all_data_rows_, groups_;  // groups: rows of data if the loss compares, else all rows
  std::int64_t chunk_groups_;
  std::vector<Worker> workers_;
  std::vector<Sum> sums_;  // by chunk
};

}  // namespace interplay::kit
