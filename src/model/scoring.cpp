#include "model/scoring.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>

#include "base/error.hpp"

namespace interplay::core {

namespace {

constexpr std::uint32_t guard = 0x7fd1'5ea7;  // a NaN that no arithmetic makes

}  // namespace

Scratch::Scratch(const Engine& engine, const Fitted& fitted, std::int64_t max_rows)
    : engine_(engine), fitted_(fitted), out_(static_cast<std::size_t>(max_rows) + 1) {
  const auto make = engine.table().scratch_new;
  if (make != nullptr)
    call_engine(engine, "making scratch", [&](interplay_error** error) {
      return make(fitted.state.get(), max_rows, &scratch_, error);
    });
}

Scratch::~Scratch() {
  if (scratch_ != nullptr && engine_.table().scratch_free != nullptr) engine_.table().scratch_free(scratch_);
}

std::span<const float> Scratch::written(Write write, const char* doing, const interplay_batch& batch,
                                        std::size_t per_row) {
  const std::size_t n = static_cast<std::size_t>(batch.rows) * per_row;
  if (out_.size() <= n) out_.resize(n + 1);
  out_[n] = std::bit_cast<float>(guard);
  call_engine(engine_, doing, [&](interplay_error** error) {
    return write(fitted_.state.get(), scratch_, &batch, out_.data(), error);
  });
  if (std::bit_cast<std::uint32_t>(out_[n]) != guard)
    fail(INTERPLAY_INTERNAL, "engine \"" + engine_.name() + "\" was asked for " + std::to_string(n) +
                                 " values at " + doing + " and wrote more, past the end of its buffer");
  return std::span<const float>(out_).first(n);
}

std::span<const float> Scratch::rank_values(const interplay_batch& batch) {
  return written(engine_.table().score, "scoring", batch, 1);
}

std::span<const float> Scratch::attention(const interplay_batch& batch, std::size_t per_row) {
  return written(engine_.table().attention, "attention", batch, per_row);
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
      mine->batch.fill(row, n);
      const std::span<const float> values = mine->scratch.rank_values(mine->batch);
      std::transform(values.begin(), values.end(), out.begin() + row,
                     [&](float value) { return logits ? value : mine->scratch.score(value); });
    });
  }
  return out;
}

int threads_option(ObjectReader& options) { return static_cast<int>(options.integer("threads", 1, 0, 1024)); }

}  // namespace interplay::core
