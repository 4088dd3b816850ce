// How long one recommendation takes, and that it is the same after save and load.
//   bench_recommend MODEL [USER]
// The model's ids are integers; the whole catalogue is ranked less what the user has seen.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <interplay/interplay.hpp>
#include <string>
#include <vector>

namespace {

constexpr int runs = 101;

double milliseconds(const interplay::Model& model, std::int64_t user) {
  const auto start = std::chrono::steady_clock::now();
  (void)model.recommend_user(user, 10);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fputs("usage: bench_recommend MODEL [USER]\n", stderr), 2;
  try {
    const interplay::Model model = interplay::Model::load(argv[1]);
    const std::int64_t user = argc > 2 ? std::atoll(argv[2]) : 1;
    std::vector<double> times;
    for (int i = 0; i < runs; ++i) times.push_back(milliseconds(model, user));
    const double first = times.front();
    std::sort(times.begin(), times.end());
    const std::string copy = std::string(argv[1]) + ".copy";
    model.save(copy.c_str());
    const auto before = model.recommend_user(user, 10);
    const auto after = interplay::Model::load(copy.c_str()).recommend_user(user, 10);
    (void)std::remove(copy.c_str());
    const bool same = before.items == after.items && before.scores == after.scores;
    std::printf(
        "top 10 for user %lld: first %.2f ms, median %.2f ms, slowest %.2f ms; after save and load %s\n",
        static_cast<long long>(user), first, times[runs / 2], times[runs - 1],
        same ? "the same" : "ANOTHER LIST");
    return same ? 0 : 1;
  } catch (const std::exception& e) {
    return std::fprintf(stderr, "%s\n", e.what()), 1;
  }
}
