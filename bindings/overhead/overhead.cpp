// What the calls of interplay.hpp cost over those of overhead.c, which does the same in C. Usage: overhead_cpp MODEL
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <interplay/interplay.hpp>

constexpr int rounds = 15;
constexpr int64_t ones = 20000, many = 10000;

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Microseconds of one of n calls, the best round's mean.
template <class Call>
static double best(int64_t n, Call call) {
  double each = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const double start = now();
    for (int64_t i = 0; i < n; ++i) call(i);
    each = std::min(each, (now() - start) / static_cast<double>(n));
  }
  return 1e6 * each;
}

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  const auto model = interplay::Model::load(argv[1]);
  std::printf("cpp predict_pair %.3f\n",
              best(ones, [&](int64_t i) { (void)model.predict_pair(i % 900 + 1, i % 1600 + 1); }));

  interplay::Scorer scorer(model, {"user_id"}, {"item_id"}, R"({"max_rows": 1})");
  const interplay::CellHeap heap;
  std::printf("cpp scorer %.3f\n", best(ones, [&](int64_t i) {
                const interplay_cell user = interplay::cell(i % 900 + 1),
                                     item = interplay::cell(i % 1600 + 1);
                float score = 0;
                scorer.score({&user, 1}, {&item, 1}, heap, &score, 1);
              }));

  std::vector<int64_t> users, items;
  for (int64_t i = 0; i < many; ++i) {
    users.push_back(i % 900 + 1);
    items.push_back(i % 1600 + 1);
  }
  std::printf("cpp batch %.3f\n", best(1, [&](int64_t) { (void)model.predict_pairs(users, items); }));
} catch (const std::exception& error) {
  std::fprintf(stderr, "overhead: %s\n", error.what());
  return 1;
}
