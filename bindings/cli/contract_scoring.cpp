// The contract's part about scores.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <interplay/scorer.hpp>
#include <mutex>
#include <thread>

#include "contract_data.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr float tolerance = 1e-5F;  // of any engine, see interplay.h; relative for large labels

void expect_close(float expected, float found, std::size_t row, const char* here, const char* there) {
  if (std::abs(found - expected) <= tolerance * std::max(1.0F, std::abs(expected))) return;
  throw Violation("expected row " + number(static_cast<int64_t>(row)) + " to score " + number(expected) +
                  ", as " + here + ", found " + number(found) + " " + there);
}

void expect_same_bits(const std::vector<float>& expected, const std::vector<float>& found,
                      const std::string& what) {
  for (std::size_t r = 0; r < expected.size(); ++r)
    if (std::memcmp(&expected[r], &found[r], sizeof(float)) != 0)
      throw Violation("expected " + what + " to score the same bits, found " + number(expected[r]) + " and " +
                      number(found[r]) + " for row " + number(static_cast<int64_t>(r)));
}

}  // namespace

void rows_do_not_depend_on_their_batch(const Subject& subject) {
  const Model model = fitted(subject);
  const std::vector<float> together = scores_of_table(model, known_rows(), "known users and items");
  for (std::size_t r = 0; r < n_known; ++r)
    expect_close(scores_of_table(model, known_row(r), "one known user and item")[0], together[r], r, "alone",
                 "among others");
}

void shared_fields_score_alike(const Subject& subject) {
  const Model model = fitted(subject);
  constexpr int64_t n = 12, user = 3;
  std::vector<int64_t> ids, items;
  std::vector<interplay_cell> cells;
  for (int64_t item = 0; item < n; ++item) {
    ids.push_back(user);
    items.push_back(item);
    cells.push_back(cell(item));
  }
  Table rows(n);
  rows.add("user_id", ids)
      .add("item_id", items)
      .add("hour", std::vector<int64_t>(static_cast<std::size_t>(n), 2));
  const std::vector<float> each = scores_of_table(model, rows, "one user's items");
  Scorer scorer(model, {"user_id", "hour"}, {"item_id"});
  std::vector<float> out(static_cast<std::size_t>(n));
  scorer.score(std::vector<interplay_cell>{cell(user), cell(int64_t{2})}, cells, CellHeap(), out.data(),
               static_cast<std::size_t>(n));
  for (std::size_t r = 0; r < each.size(); ++r)
    expect_close(each[r], out[r], r, "with a user of its own", "with the user shared by the batch");
}

void threads_score_alike(const Subject& subject) {
  const Model model = fitted(subject);
  const std::vector<float> one = scores_of_table(model, known_rows(), "known users and items");
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::exception_ptr failure;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      try {
        for (int again = 0; again < 5; ++again)
          expect_same_bits(one, scores_of_table(model, known_rows(), "known users and items"),
                           "one thread and four at once");
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex);
        if (!failure) failure = std::current_exception();
      }
    });
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

void unknown_values_score(const Subject& subject) {
  const Model model = fitted(subject);
  scores_of_table(model, strange_rows(), "unknown and missing values");
  Table nobody(1);
  nobody.add("user_id", std::vector<int64_t>{999});
  const Table best = model.recommend(nobody, nullptr, R"({"k": 5})");
  if (best.column("score").values<float>().size() != 5)
    throw Violation("expected 5 items for a user whom nobody knows, found another number");
}

}  // namespace interplay::cli
