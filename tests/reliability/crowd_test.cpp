// One model, 64 threads that ask and save it, and another that learns from it: ThreadSanitizer watches in its build.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>
#include <thread>

#include "support/shop.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr int crowd = 64, rounds = 4;

std::string scores(const Table& table) {
  const auto values = table.column("score").values<float>();
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// What everybody must get.
struct Answers {
  std::string predicted, recommended, bytes;
  float scored = 0;

  Answers(const Model& model, const Table& rows, const Table& users)
      : predicted(scores(model.predict(rows))),
        recommended(scores(model.recommend(users))),
        bytes(model.dump().str()) {
    Scorer scorer(model, {"user_id"}, {"item_id"});
    CellHeap heap;
    const interplay_cell user = heap.text("1"), item = heap.text("10");
    scored = scorer.score({user}, std::vector{item}, heap)[0];
  }
  bool operator==(const Answers& other) const {
    return predicted == other.predicted && recommended == other.recommended && bytes == other.bytes &&
           std::memcmp(&scored, &other.scored, sizeof scored) == 0;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reliability_crowd)

BOOST_AUTO_TEST_CASE(a_crowd_predicts_recommends_and_saves_one_model_while_another_is_fitted_from_it) {
  const Dataset data = shop(Ids::strings);
  const Model model = learned("autoint", Ids::strings);
  const Table rows = some_rows(Ids::strings);
  Table users(2);
  users.add("user_id", std::vector<std::string>{"1", "6"});
  const Answers expected(model, rows, users);
  const std::string next = model.fit(data).dump().str();
  std::atomic<int> wrong{0}, waiting{0};
  std::vector<std::thread> threads;

  for (int t = 0; t < crowd; ++t)
    threads.emplace_back([&] {
      ++waiting;
      while (waiting < crowd) std::this_thread::yield();
      try {
        const Model mine = model;  // one more reference
        for (int round = 0; round < rounds; ++round) {
          if (!(Answers(mine, rows, users) == expected)) ++wrong;
          mine.save("crowd.interplay");  // the same file for all: the last one wins, and each is whole
          if (mine.info().view().empty()) ++wrong;
        }
      } catch (const std::exception&) {
        ++wrong;
      }
    });
  for (int fits = 0; fits < 2; ++fits)
    if (model.fit(data, nullptr, R"({"threads": 2})").dump().str() != next) ++wrong;
  for (std::thread& thread : threads) thread.join();

  BOOST_TEST(wrong == 0);
  BOOST_TEST((Model::load("crowd.interplay").dump().str() == expected.bytes));
  BOOST_TEST(std::filesystem::remove("crowd.interplay"));
}

BOOST_AUTO_TEST_SUITE_END()
