#include "eval/baseline.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace interplay::core {
namespace {

constexpr double user_damping = 15, item_damping = 10;
constexpr int rounds = 10;

std::size_t count_of(std::span<const std::int32_t> index) {
  const auto most = std::max_element(index.begin(), index.end());
  return most == index.end() ? 0 : static_cast<std::size_t>(std::max(*most, -1) + 1);
}

template <class Values>
double bias_at(const Values& biases, std::int32_t index) {
  return index >= 0 && static_cast<std::size_t>(index) < biases.size()
             ? static_cast<double>(biases[static_cast<std::size_t>(index)])
             : 0.0;
}

/// own[i] = sum of what mean and the other side leave over / (damping + how many)
void solve(std::vector<double>& own, std::span<const std::int32_t> index, const std::vector<double>& other,
           std::span<const std::int32_t> other_index, std::span<const float> labels, double mean,
           double damping) {
  std::vector<double> sum(own.size(), 0.0), count(own.size(), damping);
  for (std::size_t i = 0; i < index.size(); ++i) {
    if (index[i] < 0) continue;
    const auto at = static_cast<std::size_t>(index[i]);
    sum[at] +=
        static_cast<double>(labels[i]) - mean - (other_index.empty() ? 0.0 : bias_at(other, other_index[i]));
    count[at] += 1;
  }
  for (std::size_t i = 0; i < own.size(); ++i) own[i] = sum[i] / count[i];
}

}  // namespace

Biases::Biases(std::span<const std::int32_t> users, std::span<const std::int32_t> items,
               std::span<const float> labels) {
  std::vector<double> user(count_of(users), 0.0), item(count_of(items), 0.0);
  if (!labels.empty())
    mean_ = std::accumulate(labels.begin(), labels.end(), 0.0) / static_cast<double>(labels.size());
  for (int round = 0; round < rounds; ++round) {
    solve(item, items, user, users, labels, mean_, item_damping);
    solve(user, users, item, items, labels, mean_, user_damping);
  }
  user_ = std::vector<float>(user.begin(), user.end());
  item_ = std::vector<float>(item.begin(), item.end());
}

Biases::Biases(double mean, Array<float> users, Array<float> items)
    : mean_(mean), user_(std::move(users)), item_(std::move(items)) {}

float Biases::predict(std::int32_t user, std::int32_t item) const {
  return static_cast<float>(mean_ + bias_at(user_, user) + bias_at(item_, item));
}

}  // namespace interplay::core
