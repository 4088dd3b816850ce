// A model as a list of operations over slots. A slot is a matrix for each row of a batch: `items` vectors (one a field,
// or just one) of one width. An engine's own code only says which operations its model is made of; training, scoring,
// optimizers and files read the rest from here. Slots lie in the memory of a pass in tiles of rows (kernels/tiles.hpp), so
// that nothing is padded.
#pragma once

#include "kit/kernels/kernels.hpp"
#include "kit/memory.hpp"
#include "kit/table.hpp"

#include <interplay/engine.h>

#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace interplay::kit {

/// A vector in `groups` stretches (heads, fields) of `width` floats.
struct Axis {
  std::size_t groups = 1, width = 0;

  std::size_t size() const { return groups * width; }
  bool operator==(const Axis&) const = default;
};

struct Slot {
  std::size_t items = 1;  // a row
  Axis axis;

  /// Floats of a row.
  std::size_t size() const { return items * axis.size(); }
  /// All items of a row as one vector.
  Axis flat() const { return {items * axis.groups, axis.width}; }
};

/// A slot that is not there.
constexpr std::size_t no_slot = static_cast<std::size_t>(-1);

enum class Init : std::uint8_t {
  glorot,  // uniform in +-sqrt(6 / (fan_in + fan_out)), Glorot and Bengio 2010
  zero,
  one,
  statistic,  // as zero; moved by what its operation measures, never by a gradient
  variance,   // as one, likewise
};

/// A dense weight matrix.
struct Parameter {
  std::string name;  // of the file's tensor
  Axis rows, columns;
  Init init = Init::zero;
  std::size_t fan_in = 1, fan_out = 1;
  std::size_t offset = 0;  // among the dense weights

  std::size_t size() const { return rows.size() * columns.size(); }
  bool trained() const { return init != Init::statistic && init != Init::variance; }
};

/// A field's embedding table (rows, width), whose looked-up vector is item `position` of a slot.
struct TableSpec {
  std::string name;
  std::size_t field = 0, width = 0, slot = 0, position = 0;
  double deviation = 0.01;  // of the first values
  bool shifted = false;     // a number's embedding is value * v + c instead of value * v
};

/// The table rows that take part in one row's embedding, and with what weights. Every direction reads them here, so that
/// the gradient cannot drift from the forward pass.
class Parts {
 public:
  /// Of row `row` of a field's values, which must outlive the parts. Ids that the table has not become row 0.
  void read(std::int32_t kind, bool shifted, const interplay_values& values, std::size_t row,
            std::size_t table_rows);

  std::size_t size() const { return n_; }
  const std::int32_t* ids() const { return ids_; }
  const float* coefficients() const { return coefficients_; }

 private:
  void read_list(const interplay_values& values, std::size_t row, std::size_t table_rows);

  std::size_t n_ = 0;
  const std::int32_t* ids_ = nullptr;
  const float* coefficients_ = nullptr;
  std::vector<std::int32_t> own_ids_;
  std::vector<float> own_coefficients_;
};

/// One thread's block of rows on its way through the operations, in the layout of kernels/tiles.hpp: tiles of rows, or one
/// row alone, plain.
struct Pass {
  const TileKernels* kernels = nullptr;
  const float* w = nullptr;  // dense weights
  bool one_row = false;
  std::size_t rows = 0, tiles = 0;
  std::vector<float*> x;  // by slot
  Floats scratch;
  std::vector<const float*> addresses;  // of a tile's table rows
  Parts parts;
  Widened widened;
  std::vector<std::uint8_t> shared;  // by table: whether all rows have one value, as a user's in a ranking

  // for explain: (rows, layers, heads, items, items), and room for one block's (tiles, heads, items, items, W)
  float* attention = nullptr;
  std::size_t attention_layers = 0;
  Floats attention_weights;

  std::size_t lanes() const { return kernels->lanes; }
  /// Vectors that n floats take. Lanes are a power of two; a division here costs one row alone 2 % of its time.
  std::size_t groups(std::size_t n) const { return (n + lanes() - 1) >> std::countr_zero(lanes()); }
  std::size_t whole(std::size_t n) const { return groups(n) * lanes(); }
  /// Vectors of columns of a slot's tiles.
  std::size_t vectors(const Slot& slot) const { return tiles * slot.items; }
  /// Floats that an item of one row takes, whole vectors.
  std::size_t stride(const Slot& slot) const { return whole(slot.axis.size()); }
  std::size_t floats(const Slot& slot) const {
    return one_row ? slot.items * stride(slot) : tiles * slot.size() * lanes();
  }
  /// Where a number of row r of the block lies in its slot's memory.
  std::size_t at(const Slot& slot, std::size_t r, std::size_t item, std::size_t column) const {
    if (one_row) return item * stride(slot) + column;
    return ((r / lanes() * slot.items + item) * slot.axis.size() + column) * lanes() + r % lanes();
  }
  /// Rows whose numbers lie side by side, from at() of the first on.
  std::size_t abreast() const { return one_row ? 1 : lanes(); }
  /// Rows that are computed: those that fill up the last tile, too.
  std::size_t computed() const { return one_row ? 1 : tiles * lanes(); }
};

/// Forward and back again: never one row alone. What fills up the last tile gets a gradient of 0.
struct TrainingPass : Pass {
  const TileGradients* gradients = nullptr;
  float* d_w = nullptr;
  std::vector<float*> d_x;                          // by slot: gradients, added to on the way back
  std::vector<Floats> cache;                        // by operation: what its forward leaves for its backward
  std::uint64_t seed = 0, step = 0, first_row = 0;  // key the dropout
};

class Op {
 public:
  Op(std::vector<std::size_t> reads, std::size_t writes) : reads_(std::move(reads)), writes_(writes) {}
  virtual ~Op() = default;
  Op(const Op&) = delete;
  Op& operator=(const Op&) = delete;

  /// Computes its output slot from its inputs. Same bits for a row in any block, and alone.
  virtual void score(Pass& pass) const = 0;
  /// The same while training: keeps what backward needs, drops out.
  virtual void forward(TrainingPass& pass) const { score(pass); }
  /// From d_x of the output, which it may use up, adds to d_x of its inputs and to d_w.
  virtual void backward(TrainingPass& pass) const = 0;
  virtual std::size_t cache_floats(std::size_t /*tiles*/, std::size_t /*lanes*/) const { return 0; }
  /// Of score and forward.
  virtual std::size_t scratch_floats(std::size_t /*lanes*/) const { return 0; }
  virtual std::size_t backward_floats(std::size_t /*tiles*/, std::size_t /*lanes*/) const { return 0; }
  /// Of an operation that multiplies each embedding of tables by one matrix (width, columns of its output) and does nothing
  /// else: the first of these tables and the matrix's offset.
  struct Projection {
    std::size_t table, weight;
  };
  virtual std::optional<Projection> projection() const { return std::nullopt; }
  /// How many tiles training should at least take at once, where a shard has so many.
  virtual std::size_t fewest_tiles() const { return 1; }

  const std::vector<std::size_t>& reads() const { return reads_; }
  std::size_t writes() const { return writes_; }
  std::size_t number = 0;  // its place in the graph: keys its dropout, finds its cache

 private:
  std::vector<std::size_t> reads_;
  std::size_t writes_;
};

class Graph {
 public:
  Graph() { add_slot({1, {1, 1}}); }

  std::size_t add_slot(const Slot& slot);
  /// Returns its index; parameters lie one behind the other.
  std::size_t add_parameter(Parameter parameter);
  /// One table per field, filling a new slot of as many items. prefix/<field number> is the tensor's name.
  std::size_t add_tables(const std::string& prefix, std::size_t fields, std::size_t width, double deviation,
                         bool shifted);
  template <class O, class... Args>
  O& add(Args&&... args) {
    auto op = std::make_unique<O>(std::forward<Args>(args)...);
    O& added = *op;
    added.number = ops.size();
    ops.push_back(std::move(op));
    return added;
  }

  /// Slot 0: the logit, one float a row; starts at 0, and operations add to it.
  static constexpr std::size_t logit = 0;

  const Slot& slot(std::size_t i) const { return slots[i]; }
  const Parameter& parameter(std::size_t i) const { return parameters[i]; }
  /// Floats of the dense weights, with room to read one vector beyond the last.
  std::size_t dense() const { return dense_ + 16; }
  std::size_t scratch_floats(std::size_t lanes) const;
  std::size_t backward_floats(std::size_t tiles, std::size_t lanes) const;
  /// For scoring: which buffer each slot uses, so that a buffer is used again when nobody reads its slot any more.
  std::vector<std::size_t> buffers() const;

  std::vector<Slot> slots;
  std::vector<Parameter> parameters;
  std::vector<TableSpec> tables;
  std::vector<std::unique_ptr<const Op>> ops;
  std::int32_t attention_layers = 0, attention_heads = 0;  // of explain

 private:
  std::size_t dense_ = 0;
};

}  // namespace interplay::kit
