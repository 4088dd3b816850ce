#include "kit/evaluator.hpp"

#include <algorithm>
#include <numeric>

namespace interplay::kit {
namespace {
constexpr std::int64_t chunk_rows = 4096;
}

void group_rows(std::span<std::int64_t> out, std::span<const std::int64_t> data_rows,
                std::int64_t all_data_rows, std::size_t group) {
  const auto negatives = static_cast<std::int64_t>(group) - 1;
  std::size_t at = 0;
  for (const std::int64_t row : data_rows) {
    out[at++] = row;
    for (std::int64_t j = 0; j < negatives; ++j) out[at++] = all_data_rows + row * negatives + j;
  }
}

Evaluator::Evaluator(Run& run, const View& view, const Model& model, const RowLoss& loss)
    : run_(run),
      loss_(loss),
      all_data_rows_(view.rows() / (1 + view.negatives())),
      groups_(loss.group() > 1 ? all_data_rows_ : view.rows()),
      chunk_groups_(std::clamp<std::int64_t>(chunk_rows / static_cast<std::int64_t>(loss.group()), 1,
                                             std::max<std::int64_t>(groups_, 1))),
      sums_(static_cast<std::size_t>((groups_ + chunk_groups_ - 1) / chunk_groups_)) {
  const std::size_t most = static_cast<std::size_t>(chunk_groups_) * loss.group();
  for (int i = 0; i < run.workers(); ++i)
    workers_.push_back({Scorer(model), view.make_batch(static_cast<std::int64_t>(most)),
                        std::vector<std::int64_t>(static_cast<std::size_t>(chunk_groups_)),
                        std::vector<std::int64_t>(most), std::vector<float>(most)});
}

Evaluator::Sum Evaluator::chunk(Worker& worker, const Model& model, std::int64_t begin) {
  const auto groups = static_cast<std::size_t>(std::min(chunk_groups_, groups_ - begin));
  const std::size_t rows = groups * loss_.group();
  std::iota(worker.data_rows.begin(), worker.data_rows.end(), begin);
  group_rows(worker.rows, {worker.data_rows.data(), groups}, all_data_rows_, loss_.group());
  worker.batch.fill({worker.rows.data(), rows}, 0);
  const interplay_batch& batch = worker.batch.get();
  worker.scorer.score(model, batch, worker.logits.data());
  return {loss_.sum(batch, 0, rows, worker.logits.data(), 1, nullptr), loss_.weights(batch, 0, rows)};
}

double Evaluator::loss(const Model& model) {
  run_.parallel(static_cast<std::int64_t>(sums_.size()), [&](std::int64_t i, int worker) {
    sums_[static_cast<std::size_t>(i)] =
        chunk(workers_[static_cast<std::size_t>(worker)], model, i * chunk_groups_);
  });
  Sum total;
  for (const Sum& sum : sums_) {
    total.loss += sum.loss;
    total.weight += sum.weight;
  }
  return total.weight > 0 ? total.loss / total.weight : 0;
}

}  // namespace interplay::kit
