// AutoInt once more, in double precision and plain loops, written from the equations and never from the
// engine: slow, short, without padding, shards or vectors. Tests hold the engine to it.
#pragma once

#include <interplay/engine.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace reference {

struct AutoInt {
  std::size_t M, d, A, H, L;
  std::vector<std::int32_t> kinds;
  std::vector<std::size_t> rows;  // of each field's table
  std::vector<double> p;          // all parameters, in the order of the offsets below

  std::size_t dh() const { return A / H; }
  std::size_t table(std::size_t field) const;  // (rows[field], d)
  std::size_t dense() const { return table(M); }
  std::size_t qkv(std::size_t layer, std::size_t which) const;  // (d, A) each; which: 0 Q, 1 K, 2 V
  std::size_t projection(std::size_t layer) const { return qkv(layer, 3); }  // (A, d)
  std::size_t output() const { return qkv(L, 0); }                           // (L + 1, M, d)
  std::size_t bias() const { return output() + (L + 1) * M * d; }
  std::size_t size() const { return bias() + 1; }
};

/// One row, without dropout. attention: if not NULL, receives A of every layer, head, field and field.
double logit(const AutoInt& model, const interplay_batch& batch, std::size_t row,
             std::vector<double>* attention = nullptr);
/// sum(weight * loss) / sum(weight) over the batch.
double loss(const AutoInt& model, const interplay_batch& batch, const interplay_objective& objective);
/// Its gradient, one number per parameter; written by hand, backwards through logit().
std::vector<double> gradient(const AutoInt& model, const interplay_batch& batch,
                             const interplay_objective& objective);

/// Adam: dense parameters always, rows of tables only where the batch names them; decay on every row, every
/// step.
struct Adam {
  double learning_rate = 0.001, decay = 0;
  std::size_t warmup_steps = 0, step = 0;
  std::vector<double> m, v;

  void update(AutoInt& model, const interplay_batch& batch, const interplay_objective& objective);
};

}  // namespace reference
