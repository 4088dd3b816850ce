#include "evaluator.hpp"

#include <algorithm>
#include <numeric>

namespace interplay::autoint {
namespace {
constexpr std::int64_t chunk_rows = 4096;
}

Evaluator::Evaluator(Run& run, const View& view, const Model& model)
    : run_(run), rows_(view.rows()), sums_(static_cast<std::size_t>((rows_ + chunk_rows - 1) / chunk_rows)) {
  const std::int64_t most = std::min(chunk_rows, rows_);
  for (int i = 0; i < run.workers(); ++i)
    workers_.push_back({Scorer(model), view.make_batch(most),
                        std::vector<std::int64_t>(static_cast<std::size_t>(most)),
                        std::vector<float>(static_cast<std::size_t>(most))});
}

Evaluator::Sum Evaluator::chunk(Worker& worker, const Model& model, const Objective& objective,
                                std::int64_t begin) {
  const auto n = static_cast<std::size_t>(std::min(chunk_rows, rows_ - begin));
  std::iota(worker.rows.begin(), worker.rows.end(), begin);
  worker.batch.fill({worker.rows.data(), n}, 0);
  worker.scorer.score(model, worker.batch.get(), worker.logits.data());
  Sum sum;
  for (std::size_t r = 0; r < n; ++r) {
    const double weight = worker.batch.weights() ? static_cast<double>(worker.batch.weights()[r]) : 1;
    const auto label = static_cast<double>(worker.batch.labels()[r]);
    sum.loss += weight * objective.loss(static_cast<double>(worker.logits[r]), label);
    sum.weight += weight;
  }
  return sum;
}

double Evaluator::loss(const Model& model, const Objective& objective) {
  run_.parallel(static_cast<std::int64_t>(sums_.size()), [&](std::int64_t i, int worker) {
    sums_[static_cast<std::size_t>(i)] =
        chunk(workers_[static_cast<std::size_t>(worker)], model, objective, i * chunk_rows);
  });
  Sum total;
  for (const Sum& sum : sums_) {
    total.loss += sum.loss;
    total.weight += sum.weight;
  }
  return total.weight > 0 ? total.loss / total.weight : 0;
}

}  // namespace interplay::autoint
