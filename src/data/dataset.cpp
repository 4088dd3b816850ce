#include "data/dataset.hpp"

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "data/dataset_append.hpp"

namespace interplay::core {

namespace {

/// A name in the schema that no table had is a typing error, which would otherwise only cost quality.
void check_appeared(const std::array<PartLayout, 3>& layouts, const std::string& name, const char* key) {
  std::vector<std::string> names;
  for (const PartLayout& layout : layouts)
    names.insert(names.end(), layout.names.begin(), layout.names.end());
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  fail_missing(INTERPLAY_BAD_DATA, "a table that has the column", name, names,
               std::string("schema, \"") + key + "\"");
}

}  // namespace

Dataset::Dataset(Schema schema) : schema_(std::move(schema)), records_(std::make_shared<Records>()) {}

std::int64_t Dataset::rows() const {
  return all_ ? records_->interactions.rows : static_cast<std::int64_t>(selection_.size());
}

std::vector<std::int64_t> Dataset::selected() const {
  if (!all_) return selection_;
  std::vector<std::int64_t> rows(static_cast<std::size_t>(records_->interactions.rows));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return rows;
}

void Dataset::append(Part part, const Table& table) {
  if (sealed_)
    fail(INTERPLAY_INVALID_STATE, "the dataset is sealed; append before seal, or to a new dataset");
  Append(schema_, *records_, layouts_, part, table).run();
}

void Dataset::seal() {
  if (sealed_) return;
  const bool empty =
      std::all_of(layouts_.begin(), layouts_.end(), [](const auto& one) { return one.chunks == 0; });
  if (!empty) {
    for (const auto& [name, options] : schema_.fields) {
      check_appeared(layouts_, name, "fields");
      if (!options.weights.empty()) check_appeared(layouts_, options.weights, "weights");
    }
    for (const std::string& name : schema_.features.value_or(std::vector<std::string>())) {
      check_appeared(layouts_, name, "features");
    }
  }
  records_->row_of_user.resize(static_cast<std::size_t>(records_->users.size()), -1);
  records_->row_of_item.resize(static_cast<std::size_t>(records_->items.size()), -1);
  sealed_ = true;
}

Dataset Dataset::select(std::vector<std::int64_t> rows) const {
  if (!sealed_) fail(INTERPLAY_INVALID_STATE, "the dataset is not sealed; rows can be selected after seal");
  Dataset out = *this;
  out.selection_ = std::move(rows);
  out.all_ = false;
  return out;
}

}  // namespace interplay::core
