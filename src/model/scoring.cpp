#include "model/scoring.hpp"

#include <algorithm>
#include <memory>

namespace interplay::core {

Scratch::Scratch(const Engine& engine, const Fitted& fitted, std::int64_t max_rows)
    : engine_(engine), fitted_(fitted) {
  const auto make = engine.table().scratch_new;
  if (make != nullptr)
    call_engine(engine, "making scratch", [&](interplay_error** error) {
      return make(fitted.state.get(), max_rows, &scratch_, error);
    });
}

Scratch::~Scratch() {
  if (scratch_ != nullptr && engine_.table().scratch_free != nullptr) engine_.table().scratch_free(scratch_);
}

void Scratch::rank_values(const interplay_batch& batch, float* out) {
  call_engine(engine_, "scoring", [&](interplay_error** error) {
    return engine_.table().score(fitted_.state.get(), scratch_, &batch, out, error);
  });
}

void Scratch::attention(const interplay_batch& batch, float* out) {
  call_engine(engine_, "attention", [&](interplay_error** error) {
    return engine_.table().attention(fitted_.state.get(), scratch_, &batch, out, error);
  });
}

float Scratch::score(float rank_value) const {
  return engine_.gives_logits() ? score_of(fitted_.objective, rank_value) : rank_value;
}

std::vector<float> score_set(const Engine& engine, const Fitted& fitted, const RowSet& set, int threads,
                             bool logits, interplay_monitor* monitor, const char* stage) {
  std::vector<float> out(static_cast<std::size_t>(set.rows));
  const std::int64_t blocks = (set.rows + block_rows - 1) / block_rows;
  Parallel pool(threads == 0
                    ? 0
                    : static_cast<int>(std::min<std::int64_t>(threads, std::max<std::int64_t>(blocks, 1))));
  struct Worker {
    Batch batch;
    Scratch scratch;
  };
  std::vector<std::unique_ptr<Worker>> workers(static_cast<std::size_t>(pool.workers()));
  // Between groups of blocks the caller's thread looks at the monitor: its callback may run on no other.
  const std::int64_t group = 16 * pool.workers();
  for (std::int64_t first = 0; first < blocks; first += group) {
    tick(monitor, stage, first * block_rows, set.rows);
    pool.run(std::min(group, blocks - first), [&](std::int64_t shard, int worker) {
      auto& mine = workers[static_cast<std::size_t>(worker)];
      const std::int64_t room = std::min(block_rows, std::max<std::int64_t>(set.rows, 1));
      if (!mine) mine.reset(new Worker{Batch(set, room), Scratch(engine, fitted, room)});
      const std::int64_t row = (first + shard) * block_rows;
      const std::int64_t n = std::min(block_rows, set.rows - row);
      float* const values = out.data() + row;
      mine->batch.fill(row, n);
      mine->scratch.rank_values(mine->batch, values);
      if (!logits)
        std::transform(values, values + n, values, [&](float value) { return mine->scratch.score(value); });
    });
  }
  return out;
}

int threads_option(ObjectReader& options) { return static_cast<int>(options.integer("threads", 1, 0, 1024)); }

}  // namespace interplay::core
