#include "contract_data.hpp"

#include <algorithm>
#include <cmath>

#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr int64_t users = 40, items = 30, newcomers = 5;
constexpr const char* features = R"("user": "user_id", "item": "item_id")";

/// 48 bits of a linear congruential generator, Knuth's constants: the same world everywhere.
class Draw {
 public:
  int64_t below(int64_t n) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<int64_t>((state_ >> 16) % static_cast<uint64_t>(n));
  }

 private:
  uint64_t state_ = 7;
};

float label_of(Labels kind, int64_t user, int64_t item, Draw& draw) {
  const double liking = 3 + 0.5 * static_cast<double>(user % 5 - 2) +
                        0.4 * static_cast<double>(item % 4 - 1) +
                        0.1 * static_cast<double>(draw.below(11) - 5);
  if (kind == Labels::clicks) return liking > 3.2 ? 1.0F : 0.0F;
  if (kind == Labels::numbers) return static_cast<float>(1.5 * liking - 20.25);
  return static_cast<float>(std::clamp(std::lround(liking), 1L, 5L));
}

/// Ids from `first` on.
struct Ids {
  int64_t first, n;
  /// Of row i: everybody comes at least once, then by chance.
  int64_t of(int64_t i, Draw& draw) const { return first + (i < n ? i : draw.below(n)); }
};

Table interactions(Labels kind, int64_t rows, Ids who, Ids what, bool turned = false) {
  std::vector<int64_t> user, item, hour;
  std::vector<float> label;
  Draw draw;
  for (int64_t i = 0; i < rows; ++i) {
    user.push_back(who.of(i, draw));
    item.push_back(what.of(i, draw));
    hour.push_back(draw.below(4));
    label.push_back(label_of(kind, user.back(), item.back(), draw));
  }
  if (turned) std::reverse(label.begin(), label.end());
  Table table(rows);
  table.add("user_id", user).add("item_id", item).add("hour", hour);
  if (kind != Labels::none) table.add("label", label);
  return table;
}

Table user_table(int64_t n) {
  std::vector<int64_t> id;
  std::vector<std::string> group;
  for (int64_t i = 0; i < n; ++i) {
    id.push_back(i);
    group.push_back(i % 3 == 0 ? "young" : "old");
  }
  Table table(n);
  table.add("user_id", id).add("group", group);
  return table;
}

Table item_table(int64_t n) {
  std::vector<int64_t> id, tags, offsets{0};
  std::vector<double> price;
  std::vector<uint8_t> known;
  for (int64_t i = 0; i < n; ++i) {
    id.push_back(i);
    price.push_back(1.5 + static_cast<double>(i % 7));
    known.push_back(i % 6 != 5);
    for (int64_t t = 0; t < i % 4; ++t) tags.push_back((i + t) % 9);
    offsets.push_back(static_cast<int64_t>(tags.size()));
  }
  Table table(n);
  table.add("item_id", id).add("price", price, known).add_lists("tags", tags, offsets);
  return table;
}

int64_t user_of(std::size_t r) { return static_cast<int64_t>(r * 7 % users); }
int64_t item_of(std::size_t r) { return static_cast<int64_t>(r * 11 % items); }

Table pairs(const std::vector<int64_t>& user, const std::vector<int64_t>& item,
            const std::vector<int64_t>& hour) {
  Table table(static_cast<int64_t>(user.size()));
  table.add("user_id", user).add("item_id", item).add("hour", hour);
  return table;
}

}  // namespace

Dataset planted(Labels labels, Episode episode) {
  const bool grown = episode == Episode::more || episode == Episode::newcomers;
  const int64_t extra = grown ? newcomers : 0;
  const std::string label = labels == Labels::none ? "" : R"(, "label": "label")";
  Dataset data("{" + std::string(features) + label + "}");
  data.append("users", user_table(users + extra)).append("items", item_table(items + extra));
  data.append("interactions", episode == Episode::newcomers
                                  ? interactions(labels, 100, {users, newcomers}, {items, newcomers})
                                  : interactions(labels, 600 + 20 * extra, {0, users + extra},
                                                 {0, items + extra}, episode == Episode::turned));
  return std::move(data.seal());
}

Table known_rows() {
  std::vector<int64_t> user, item, hour;
  for (std::size_t r = 0; r < n_known; ++r) {
    user.push_back(user_of(r));
    item.push_back(item_of(r));
    hour.push_back(static_cast<int64_t>(r % 4));
  }
  return pairs(user, item, hour);
}

Table known_row(std::size_t r) { return pairs({user_of(r)}, {item_of(r)}, {static_cast<int64_t>(r % 4)}); }

Table strange_rows() {
  // known, unknown user, unknown item, both, no context, no features at all
  const std::vector<int64_t> user{1, 999, 2, 999, 3, 4}, item{1, 2, 999, 999, 3, 4}, hour{1, 1, 2, 99, 0, 0};
  const std::vector<uint8_t> has_hour{1, 1, 1, 1, 0, 0}, has{1, 1, 1, 1, 1, 0};
  const std::vector<int64_t> tags{1, 77, 78, 2, 2, 2}, offsets{0, 1, 3, 3, 6, 6, 6};
  Table table(6);
  table.add("user_id", user).add("item_id", item).add("hour", hour, has_hour);
  table.add("group", std::vector<std::string>{"old", "young", "nobody", "", "old", ""}, has);
  table.add("price", std::vector<double>{1.5, -1e9, 1e9, 0, 2, 0}, has).add_lists("tags", tags, offsets, has);
  return table;
}

Model fitted(const Subject& subject, Labels labels, int threads) {
  const std::string options = compact(Json{{"threads", threads}});
  return Model::create(subject.engine, compact(subject.params)).fit(planted(labels), nullptr, options);
}

std::vector<float> scores_of_table(const Model& model, const Table& rows, const char* what, int threads) {
  const Table out = model.predict(rows, compact(Json{{"threads", threads}}));
  const auto values = out.column("score").values<float>();
  std::vector<float> scores(values.begin(), values.end());
  for (std::size_t r = 0; r < scores.size(); ++r)
    if (!std::isfinite(scores[r]))
      throw Violation("expected a finite score for every row of " + std::string(what) + ", found " +
                      (std::isnan(scores[r]) ? "NaN" : "infinity") + " in row " +
                      number(static_cast<int64_t>(r)));
  return scores;
}

std::string bytes_of(const Model& model) { return std::string(model.dump().view()); }

void expect_same_bytes(const std::string& a, const std::string& b, const std::string& what) {
  if (a == b) return;
  const auto at = std::mismatch(
      a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
  throw Violation("expected " + what + " to be the same bytes, found models of " +
                  number(static_cast<int64_t>(a.size())) + " and " + number(static_cast<int64_t>(b.size())) +
                  " bytes that differ from byte " + number(static_cast<int64_t>(at.first - a.begin())) +
                  " on");
}

}  // namespace interplay::cli
