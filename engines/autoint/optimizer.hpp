// Adam (Kingma and Ba, 2015), lazy on embedding tables: a step moves only the rows that its batch names. The
// others keep their moments as they are; bias correction goes by the global step. Weight decay of embeddings
// is decoupled (Loshchilov and Hutter, 2019) and holds for every row at every step; rows that no batch names
// catch up when they are read.
#pragma once

#include "layers/embedding.hpp"

namespace interplay::autoint {

/// First and second moments of every weight, and the step that they belong to.
struct Moments {
  std::int64_t step = 0;
  Floats dense_m, dense_v;
  std::vector<Floats> table_m, table_v;  // (rows, d) each

  /// Zeros, or more zeros for tables that grew.
  void resize(const Model& model);
  bool empty() const { return dense_m.empty(); }
};

class Optimizer final : public RowFactor {
 public:
  Optimizer(Model& model, Moments& moments, const Settings& settings);

  /// Once per step, before the updates. The learning rate grows to its full height over warmup_steps.
  void begin_step();
  bool warming_up() const { return moments_.step < warmup_steps_; }

  /// One field's touched rows. Different fields may be updated at once.
  void update_table(std::size_t field, const TableGradient& gradient);
  /// gradient (dense)
  void update_dense(const float* gradient);

  /// The decay that a table row has missed until this step, exclusive of the step that is being made.
  float operator()(std::size_t field, std::size_t id) const override;
  /// Applies to every row what it has missed; before evaluation, snapshot and save.
  void flush();

 private:
  float decay_over(std::int64_t steps) const;

  Model& model_;
  Moments& moments_;
  double learning_rate_, log_keep_;  // log(1 - learning_rate * embedding_decay)
  std::int64_t warmup_steps_;
  AdamStep step_{};
  std::vector<float> powers_;                         // decay over 0, 1, ... steps; empty without decay
  std::vector<std::vector<std::int64_t>> last_step_;  // by field and id; empty without decay
};

}  // namespace interplay::autoint
