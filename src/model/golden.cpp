#include "model/golden.hpp"

#include <interplay/sdk/random.hpp>

#include <cmath>

#include "base/error.hpp"
#include "model/scoring.hpp"

namespace interplay::core {
namespace {

constexpr std::int64_t golden_rows = 64;
// Kernels for other processors sum in another order: about 1e-6 of the value. A wrong kernel is off by far more than this.
constexpr float tolerance = 1e-4F;

EncodedColumn synthetic(const interplay_field& field, const ListRule& rule, std::uint64_t number) {
  const bool weighted = rule.weighted || (rule.history && rule.history->labels);
  EncodedColumn column;
  column.kind = static_cast<Kind>(field.kind);
  std::vector<std::int32_t> ids;
  std::vector<std::int64_t> offsets{0};
  std::vector<float> numbers;
  for (std::uint64_t row = 0; row < static_cast<std::uint64_t>(golden_rows); ++row) {
    Random random(0, Purpose::golden_rows, number, row);
    if (column.kind == Kind::number) {
      // Integers over a power of two: the same bits everywhere, unlike a logarithm's. Row 0 is missing.
      numbers.push_back(row == 0 ? __builtin_nanf("") : random.uniform() * 4.0F - 2.0F);
      continue;
    }
    const std::uint64_t count = column.kind == Kind::category ? 1 : random.below(4);
    for (std::uint64_t i = 0; i < count; ++i) {
      ids.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(field.cardinality))));
      if (weighted) numbers.push_back(random.uniform() + 0.5F);
    }
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  column.ids = std::move(ids);
  column.numbers = std::move(numbers);
  if (column.kind == Kind::categories) column.offsets = std::move(offsets);
  return column;
}

std::vector<float> values_of(const Model& model, const Fitted& fitted,
                             const std::vector<EncodedColumn>& columns) {
  RowSet set;
  set.rows = golden_rows;
  set.fields = describe(fitted.fields);
  set.histories = fitted.catalogue.histories;
  for (std::size_t f = 0; f < columns.size(); ++f) {
    set.lists.push_back(list_rule(fitted.fields[f]));
    set.sources.push_back({&columns[f], By::row, -1});
  }
  return score_set(*model.engine, fitted, set, 1, true, nullptr, "golden rows");
}

}  // namespace

GoldenRows make_golden(const Model& model, const Fitted& fitted) {
  GoldenRows golden;
  const std::vector<interplay_field> fields = describe(fitted.fields);
  for (std::size_t f = 0; f < fields.size(); ++f)
    golden.columns.push_back(synthetic(fields[f], list_rule(fitted.fields[f]), f));
  golden.values = values_of(model, fitted, golden.columns);
  return golden;
}

void check_golden(const Model& model, const Fitted& fitted, const GoldenRows& golden) {
  const std::vector<float> found = values_of(model, fitted, golden.columns);
  for (std::size_t row = 0; row < found.size(); ++row) {
    const float expected = golden.values[row];
    if (std::fabs(found[row] - expected) <= tolerance * (1.0F + std::fabs(expected))) continue;
    fail(INTERPLAY_CORRUPT, "model file: golden row " + std::to_string(row) + " should give " +
                                spelt(expected) + " and gives " + spelt(found[row]) +
                                ": the tensors are damaged, or engine \"" + model.engine->name() +
                                "\" computes something else here than where the file was made");
  }
}

}  // namespace interplay::core
