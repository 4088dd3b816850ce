// Adam (Kingma and Ba, 2015) and Adagrad (Duchi et al., 2011) for dense weights and embedding tables.
//
//   lazy_adam   a step moves only the table rows that its batch names; the others keep their moments as they are
//   adam        every row moves at every step, as published; a row that no batch names is moved when it is next read, by
//   adamw       all that it has missed, so that a step costs what its batch touches
//   adagrad     w -= rate g / (sqrt(sum of g^2) + epsilon): rows without a gradient do not move anyway
//
// The penalty on embeddings: decoupled (Loshchilov and Hutter, 2019) holds for every row at every step and is caught up
// likewise, in closed form; loss is part of every row's gradient, so that every row is updated at every step; lazy and
// frequency are part of the gradient of the batch's rows.
#pragma once

#include "kit/embedding.hpp"
#include "kit/settings.hpp"

namespace interplay::kit {

/// First and second moments of every weight, and the step that they belong to.
struct Moments {
  std::int64_t step = 0;
  Floats dense_m, dense_v;
  std::vector<Floats> table_m, table_v;  // (rows, width) each

  /// Zeros, or more zeros for tables that grew.
  void resize(const Model& model);
  bool empty() const { return dense_m.empty(); }
};

class Optimizer {
 public:
  Optimizer(Model& model, Moments& moments, const Training& training);

  /// Once per step, before the updates.
  void begin_step(double learning_rate);
  /// Brings the rows that a batch names to what they are before the next step; between steps. Tables may go side by side.
  void catch_up(std::size_t table, const interplay_batch& batch);
  /// One table's part of the step; different tables may be updated at once. scale: of the gradient, by clipping.
  void update_table(std::size_t table, const TableGradient& gradient, float scale);
  /// gradient (dense) of a batch of `rows` rows
  void update_dense(const float* gradient, std::size_t rows, float scale);
  /// Brings every row up to date; before evaluation, snapshot and save.
  void flush();

 private:
  bool dense_steps() const { return training_.method == Method::adam || training_.method == Method::adamw; }
  void catch_up_row(std::size_t table, std::size_t id);
  void zero_gradient_steps(float* w, float* m, float* v, std::size_t n, std::int64_t from,
                           std::int64_t to) const;
  void update_row(std::size_t table, std::size_t id, const float* gradient, float scale);
  void move(float* w, float* m, float* v, const float* g, std::size_t n, float scale, float penalty,
            float decay) const;
  float penalty_of(std::size_t table, std::size_t id);

  Model& model_;
  Moments& moments_;
  const Training& training_;
  std::int64_t first_step_;  // before the first of the steps that are kept below
  bool behind_;              // rows may be behind: decoupled decay, or Adam as published
  AdamStep step_{};
  float rate_ = 0;
  std::vector<AdamStep> steps_;   // since all rows were up to date, for those that catch up
  std::vector<double> log_keep_;  // log of the product of (1 - rate * decay) of the steps so far
  std::vector<std::vector<std::int64_t>> done_;  // by table and id: the last step that is in it
  std::vector<Parts> parts_;                     // by table: of the row that catches up
  std::vector<std::vector<std::int32_t>> uses_;  // by table and id: steps that named it; only with frequency
};

}  // namespace interplay::kit
