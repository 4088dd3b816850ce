// What a dataset says of itself: counts, and warnings about what usually is a mistake.
#include <algorithm>
#include <cmath>

#include "base/utf8.hpp"
#include "data/dataset.hpp"

namespace interplay::core {

namespace {

constexpr std::int64_t few_rows = 20;                       // fewer say nothing about a column
constexpr std::int64_t most_pairs = std::int64_t{1} << 24;  // sorting more pairs takes seconds and gigabytes

template <class T>
std::size_t bytes_of(const std::vector<T>& values) {
  return values.capacity() * sizeof(T);
}

std::size_t bytes_of(const CodedPart& part) {
  std::size_t bytes = 0;
  for (const CodedColumn& column : part.columns) {
    bytes +=
        column.values.bytes() + bytes_of(column.codes) + bytes_of(column.offsets) + bytes_of(column.numbers);
  }
  return bytes;
}

std::size_t bytes_of(const Records& r) {
  return r.users.bytes() + r.items.bytes() + r.groups.bytes() + bytes_of(r.interactions) +
         bytes_of(r.user_features) + bytes_of(r.item_features) + bytes_of(r.user) + bytes_of(r.item) +
         bytes_of(r.label) + bytes_of(r.weight) + bytes_of(r.time) + bytes_of(r.group) +
         bytes_of(r.user_of_row) + bytes_of(r.item_of_row) + bytes_of(r.row_of_user) +
         bytes_of(r.row_of_item);
}

/// Distinct numbers, all NaN together counting for none. Sorts the copy that it is given.
std::int64_t count_distinct(std::vector<float>&& numbers) {
  numbers.erase(std::remove_if(numbers.begin(), numbers.end(), [](float x) { return std::isnan(x); }),
                numbers.end());
  std::sort(numbers.begin(), numbers.end());
  return std::unique(numbers.begin(), numbers.end()) - numbers.begin();
}

struct Count {
  std::int64_t distinct = 0, nulls = 0;
};

class Describer {
 public:
  explicit Describer(const Dataset& dataset) : dataset_(dataset), records_(dataset.records()) {}

  Json describe() {
    Json out;
    out["rows"] = dataset_.rows();
    out["users"] = ids(records_.users, records_.user, records_.row_of_user, "user");
    out["items"] = ids(records_.items, records_.item, records_.row_of_item, "item");
    out["bytes"] = bytes_of(records_);
    out["sealed"] = dataset_.sealed();
    if (!dataset_.schema().label.empty()) out["label"] = label();
    out["fields"] = Json::array();
    for (const Part part : {Part::context, Part::user, Part::item}) {
      for (const CodedColumn& column : rows_of(part).columns) out["fields"].push_back(field(column, part));
    }
    count_pairs();
    out["warnings"] = warnings_;
    return out;
  }

 private:
  const CodedPart& rows_of(Part part) const {
    if (part == Part::user) return records_.user_features;
    return part == Part::item ? records_.item_features : records_.interactions;
  }

  /// Ids in the selected rows or with a row of features.
  std::int64_t ids(const Dictionary& all, const std::vector<std::int32_t>& codes,
                   const std::vector<std::int32_t>& feature_rows, const std::string& noun) {
    std::vector<char> met(static_cast<std::size_t>(all.size()), 0);
    for (std::int64_t i = 0; i < dataset_.rows() && !codes.empty(); ++i) {
      met[static_cast<std::size_t>(codes[static_cast<std::size_t>(dataset_.row(i))])] = 1;
    }
    std::int64_t bare = 0, count = 0, described = 0;
    for (std::size_t code = 0; code < met.size(); ++code) {
      const bool features = code < feature_rows.size() && feature_rows[code] >= 0;
      bare += met[code] != 0 && !features ? 1 : 0;
      count += met[code] != 0 || features ? 1 : 0;
      described += features ? 1 : 0;
    }
    if (bare > 0 && described > 0) {
      warnings_.push_back("interactions: " + std::to_string(bare) + " " + noun +
                          (bare == 1 ? " has" : "s have") + " no row in " + noun +
                          "s; their features are unknown");
    }
    return count;
  }

  Json label() const {
    std::vector<float> labels(static_cast<std::size_t>(records_.label.empty() ? 0 : dataset_.rows()));
    double sum = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      labels[i] = records_.label[static_cast<std::size_t>(dataset_.row(static_cast<std::int64_t>(i)))];
      sum += static_cast<double>(labels[i]);
    }
    if (labels.empty())
      return members({{"min", nullptr}, {"max", nullptr}, {"mean", nullptr}, {"distinct", 0}});
    const auto [low, high] = std::minmax_element(labels.begin(), labels.end());
    Json out = members({{"min", *low}, {"max", *high}, {"mean", sum / static_cast<double>(labels.size())}});
    out["distinct"] = count_distinct(std::move(labels));
    return out;
  }

  template <class Visit>
  void each_row(Part part, Visit visit) const {
    const bool all = part != Part::context;  // a split shares users and items
    const std::int64_t n = all ? rows_of(part).rows : dataset_.rows();
    for (std::int64_t i = 0; i < n; ++i) visit(static_cast<std::size_t>(all ? i : dataset_.row(i)));
  }

  Count count(const CodedColumn& column, Part part) const {
    Count count;
    if (column.kind == Kind::number) {
      std::vector<float> numbers;
      each_row(part, [&](std::size_t row) { numbers.push_back(column.numbers[row]); });
      const std::size_t rows = numbers.size();
      count.nulls = std::count_if(numbers.begin(), numbers.end(), [](float x) { return std::isnan(x); });
      count.distinct = rows == 0 ? 0 : count_distinct(std::move(numbers));
      return count;
    }
    std::vector<char> met(static_cast<std::size_t>(column.values.size()), 0);
    const std::int32_t null = column.values.null_code();
    each_row(part, [&](std::size_t row) {
      const bool many = column.kind == Kind::categories;
      const std::size_t first = many ? static_cast<std::size_t>(column.offsets[row]) : row;
      const std::size_t last = many ? static_cast<std::size_t>(column.offsets[row + 1]) : row + 1;
      for (std::size_t i = first; i < last; ++i) {
        met[static_cast<std::size_t>(column.codes[i])] = 1;
        count.nulls += column.codes[i] == null ? 1 : 0;
      }
    });
    count.distinct = std::count(met.begin(), met.end(), 1) - (count.nulls > 0 ? 1 : 0);
    return count;
  }

  Json field(const CodedColumn& column, Part part) {
    const Count counted = count(column, part);
    const std::int64_t rows = part == Part::context ? dataset_.rows() : rows_of(part).rows;
    const std::string name = std::string(part_name(part)) + ": column " + in_quotes(column.name);
    if (rows >= few_rows && column.kind == Kind::category && counted.distinct > rows / 2) {
      warnings_.push_back(name + " has " + std::to_string(counted.distinct) + " distinct values in " +
                          std::to_string(rows) +
                          " rows, like an id; a model cannot learn from it, ignore it");
    }
    if (rows >= few_rows && counted.distinct <= 1 && (counted.nulls == 0 || counted.nulls == rows)) {
      warnings_.push_back(name + " has the same value in every row; a model cannot learn from it, ignore it");
    }
    return members({{"name", column.name},
                    {"of", part_name(part)},
                    {"kind", kind_name(column.kind)},
                    {"distinct", counted.distinct},
                    {"nulls", counted.nulls}});
  }

  void count_pairs() {
    if (records_.user.empty() || records_.item.empty() || dataset_.rows() > most_pairs) return;
    std::vector<std::uint64_t> pairs;
    pairs.reserve(static_cast<std::size_t>(dataset_.rows()));
    each_row(Part::context, [&](std::size_t row) {
      pairs.push_back(static_cast<std::uint64_t>(records_.user[row]) << 32 |
                      static_cast<std::uint64_t>(records_.item[row]));
    });
    std::sort(pairs.begin(), pairs.end());
    const auto repeated = pairs.end() - std::unique(pairs.begin(), pairs.end());
    if (repeated == 0) return;
    warnings_.push_back("interactions: " + std::to_string(repeated) +
                        (repeated == 1 ? " row repeats a pair" : " rows repeat pairs") + " of user and item");
  }

  const Dataset& dataset_;
  const Records& records_;
  std::vector<std::string> warnings_;
};

}  // namespace

Json Dataset::info() const { return Describer(*this).describe(); }

}  // namespace interplay::core
