// What AutoInt learns: one embedding table per field, the weights of each attention layer, the output
// weights.
//
// Letters: M fields, d embedding width, A attention width over all heads, H heads, dh = A / H, L layers. In
// memory d, dh and M are padded with zeros to the kernels' vector width (dp, dhp, Mp): a padded weight has no
// gradient and stays 0, so padding changes no number. Files are without padding.
#pragma once

#include "kernels/kernels.hpp"
#include "memory.hpp"
#include "params.hpp"

#include <span>

namespace interplay::autoint {

struct Shape {
  std::size_t M = 0, d = 0, A = 0, H = 1, dh = 0, L = 0;
  std::size_t dp = 0, dhp = 0, Ap = 0, Mp = 0;  // Ap = H * dhp

  Shape() = default;
  Shape(std::size_t fields, const Settings& settings, std::size_t width);

  /// Where each part stands among the dense weights.
  std::size_t qkv(std::size_t layer) const { return layer * layer_size(); }             // (dp, 3 Ap)
  std::size_t projection(std::size_t layer) const { return qkv(layer) + dp * 3 * Ap; }  // (Ap, dp): W^O
  std::size_t output(std::size_t layer) const {
    return L * layer_size() + layer * M * dp;
  }                                                   // (M, dp), layer <= L
  std::size_t bias() const { return output(L + 1); }  // 1, then zeros
  std::size_t dense() const { return bias() + 16; }
  AttentionShape attention() const;

 private:
  std::size_t layer_size() const { return dp * 3 * Ap + Ap * dp; }
};

/// A field's table (rows, d): one row per id; of a number field row 0 is the vector that its value scales and
/// row 1 stands for a missing value. It owns its memory, or borrows a model file's.
class Table {
 public:
  Table() = default;
  Table(std::size_t rows, std::size_t d) : rows_(rows), own_(rows * d) {}
  static Table borrow(const float* data, std::size_t rows) {
    Table table;
    table.rows_ = rows;
    table.borrowed_ = data;
    return table;
  }

  std::size_t rows() const { return rows_; }
  const float* data() const { return borrowed_ ? borrowed_ : own_.data(); }
  float* own() { return own_.data(); }  // only of a table that was made with rows and d

 private:
  std::size_t rows_ = 0;
  const float* borrowed_ = nullptr;
  Floats own_;
};

struct Model {
  Shape shape;
  std::vector<std::int32_t> kinds;  // INTERPLAY_CATEGORY ..., one a field
  std::vector<Table> tables;
  Floats dense;
  const Kernels* kernels = nullptr;

  float bias() const { return dense[shape.bias()]; }
  /// Learned numbers, padding not counted.
  std::size_t parameters() const;
};

std::size_t table_rows(const interplay_field& field);

/// First values: embeddings normal, dense weights uniform by Glorot and Bengio, the output bias at the prior.
Model make_model(std::span<const interplay_field> fields, const Settings& settings, float bias,
                 const Kernels& kernels);
/// A copy to train, with the rows that `fields` has and `from` lacks. Throws INVALID_ARGUMENT if it is
/// another model.
Model grow_model(const Model& from, std::span<const interplay_field> fields, const Settings& settings);
/// Rows begin .. rows of a field's table, each a function of (seed, field, id) alone: growing a table step by
/// step or at once gives the same rows.
void init_rows(float* table, std::size_t begin, std::size_t rows, std::size_t field, const Shape& shape,
               const Settings& settings);

}  // namespace interplay::autoint
