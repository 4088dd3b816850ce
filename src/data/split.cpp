// A dataset in two: which rows go to the second part. Both parts keep the order of the rows.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <interplay/sdk/random.hpp>

#include "base/error.hpp"
#include "data/dataset.hpp"

namespace interplay::core {

namespace {

using Rows = std::vector<std::int64_t>;
using Marks = std::vector<char>;  // of each position: 1 for the second part

/// How many of n go to the second part: neither part of two or more is empty.
std::int64_t share(double fraction, std::int64_t n) {
  if (n < 2) return 0;
  const auto rounded = static_cast<std::int64_t>(std::llround(fraction * static_cast<double>(n)));
  return std::clamp<std::int64_t>(rounded, 1, n - 1);
}

std::uint64_t below(Random& random, std::uint64_t n) {
  return n < (std::uint64_t{1} << 32) ? random.below(n) : random.bits() % n;
}

/// Draws `count` of 0 .. n - 1 without repetition: the first steps of Fisher and Yates's shuffle.
Rows draw(std::int64_t n, std::int64_t count, std::uint64_t seed) {
  Rows all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), 0);
  Random random(seed, Purpose::dataset_split);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    std::swap(all[i], all[i + below(random, all.size() - i)]);
  }
  all.resize(static_cast<std::size_t>(count));
  return all;
}

class Splitter {
 public:
  Splitter(const Dataset& dataset, double fraction, std::uint64_t seed)
      : dataset_(dataset),
        records_(dataset.records()),
        fraction_(fraction),
        seed_(seed),
        marks_(static_cast<std::size_t>(dataset.rows()), 0) {}

  void random() {
    for (const std::int64_t at : draw(dataset_.rows(), share(fraction_, dataset_.rows()), seed_)) mark(at);
  }

  void time() {
    need(dataset_.schema().time, "time");
    Rows order = positions();
    const std::int64_t count = share(fraction_, dataset_.rows());
    const auto middle = order.end() - count;
    std::nth_element(order.begin(), middle, order.end(), [&](auto a, auto b) { return earlier(a, b); });
    std::for_each(middle, order.end(), [&](std::int64_t at) { mark(at); });
  }

  void last() {
    need(dataset_.schema().user, "user");
    Rows order = positions();
    std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
      return user(a) != user(b) ? user(a) < user(b) : earlier(a, b);
    });
    for (auto first = order.begin(); first != order.end();) {
      const auto end =
          std::find_if(first, order.end(), [&](std::int64_t at) { return user(at) != user(*first); });
      std::for_each(end - share(fraction_, end - first), end, [&](std::int64_t at) { mark(at); });
      first = end;
    }
  }

  void users() {
    need(dataset_.schema().user, "user");
    std::vector<char> chosen(static_cast<std::size_t>(records_.users.size()), 0);
    for (std::int64_t at = 0; at < dataset_.rows(); ++at) chosen[user(at)] = 1;
    Rows present;
    for (std::size_t code = 0; code < chosen.size(); ++code) {
      if (chosen[code] != 0) present.push_back(static_cast<std::int64_t>(code));
    }
    std::fill(chosen.begin(), chosen.end(), 0);
    const auto n = static_cast<std::int64_t>(present.size());
    for (const std::int64_t i : draw(n, share(fraction_, n), seed_)) {
      chosen[static_cast<std::size_t>(present[static_cast<std::size_t>(i)])] = 1;
    }
    for (std::int64_t at = 0; at < dataset_.rows(); ++at) {
      if (chosen[user(at)] != 0) mark(at);
    }
  }

  std::pair<Dataset, Dataset> result() const {
    Rows first, second;
    for (std::int64_t at = 0; at < dataset_.rows(); ++at) {
      (marks_[static_cast<std::size_t>(at)] != 0 ? second : first).push_back(dataset_.row(at));
    }
    return {dataset_.select(std::move(first)), dataset_.select(std::move(second))};
  }

 private:
  void need(const std::string& column, const std::string& role) const {
    if (!column.empty()) return;
    fail(INTERPLAY_INVALID_ARGUMENT,
         "options of split: this method needs the role \"" + role +
             "\" in the schema, which names none; name it or take another method");
  }
  Rows positions() const {
    Rows out(static_cast<std::size_t>(dataset_.rows()));
    std::iota(out.begin(), out.end(), 0);
    return out;
  }
  void mark(std::int64_t at) { marks_[static_cast<std::size_t>(at)] = 1; }
  std::size_t user(std::int64_t at) const {
    return static_cast<std::size_t>(records_.user[static_cast<std::size_t>(dataset_.row(at))]);
  }
  /// By time, where there is one; then by position.
  bool earlier(std::int64_t a, std::int64_t b) const {
    if (!records_.time.empty()) {
      const double x = records_.time[static_cast<std::size_t>(dataset_.row(a))];
      const double y = records_.time[static_cast<std::size_t>(dataset_.row(b))];
      if (x != y) return x < y;
    }
    return a < b;
  }

  const Dataset& dataset_;
  const Records& records_;
  double fraction_;
  std::uint64_t seed_;
  Marks marks_;
};

}  // namespace

std::pair<Dataset, Dataset> split(const Dataset& dataset, const Json& options) {
  ObjectReader reader(options, "options of split");
  const std::string method = reader.choice("method", "random", {"random", "last", "time", "users"});
  const double fraction = reader.number("fraction", 0.2, 0, 1);
  const std::int64_t seed = reader.integer("seed", 1, 0, std::numeric_limits<std::int64_t>::max());
  reader.finish();
  if (fraction <= 0 || fraction >= 1) {
    fail(INTERPLAY_INVALID_ARGUMENT,
         "options of split: \"fraction\" must lie between 0 and 1, found " + dump_json(Json(fraction)),
         dump_json(members({{"key", "fraction"}})));
  }
  if (!dataset.sealed()) fail(INTERPLAY_INVALID_STATE, "the dataset is not sealed; seal it, then split it");
  Splitter splitter(dataset, fraction, static_cast<std::uint64_t>(seed));
  if (method == "random") splitter.random();
  if (method == "last") splitter.last();
  if (method == "time") splitter.time();
  if (method == "users") splitter.users();
  return splitter.result();
}

}  // namespace interplay::core
