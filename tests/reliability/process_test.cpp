// The host's processes: they fork, they are killed, they own one processor.
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "base/parallel.hpp"
#include "support/shop.hpp"

namespace fs = std::filesystem;
using namespace interplay;
using namespace interplay::test;

namespace {

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Runs `work` in a child; true when it returned true there.
template <class Work>
bool in_a_child(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    bool good = false;
    try {
      good = work();
    } catch (...) {
    }
    _exit(good ? 0 : 1);
  }
  int status = -1;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool same_scores(const Model& model, const std::vector<float>& expected) {
  return model.predict_pairs(std::vector<int64_t>{1, 2}, std::vector<int64_t>{10, 99}) == expected;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reliability_processes)

BOOST_AUTO_TEST_CASE(after_a_fit_child_and_parent_predict_and_fit_on) {
  const Dataset data = shop(Ids::integers);
  const char* const threads = R"({"threads": 2})";
  const Model model = learned("autoint", Ids::integers).fit(data, nullptr, threads);
  const Table rows = some_rows(Ids::integers);
  const auto predict = [&](const Model& of) {
    const Table table = of.predict(rows, threads);
    const auto values = table.column("score").values<float>();
    return std::vector<float>(values.begin(), values.end());
  };
  const std::vector<float> expected = predict(model);
  const std::string next = model.fit(data, nullptr, threads).dump().str();

  for (int round = 0; round < 3; ++round) {
    BOOST_TEST(in_a_child([&] {
      return predict(model) == expected && model.fit(data, nullptr, threads).dump().str() == next &&
             predict(model) == expected;
    }));
    BOOST_TEST(predict(model) == expected, boost::test_tools::per_element());
  }
  BOOST_TEST((model.fit(data, nullptr, threads).dump().str() == next));
}

BOOST_AUTO_TEST_CASE(a_kill_at_any_moment_of_a_save_leaves_the_old_file_or_the_new_one) {
  constexpr int kills = 200;
  const std::string path = "killed.interplay";
  const Model first = learned_pairs("autoint"), second = learned("autoint", Ids::strings);
  const std::string one = first.dump().str(), other = second.dump().str();
  first.save(path);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) second.save(path);
  const auto four_saves =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  std::mt19937 random(1);
  int strays = 0, changes = 0;

  std::string before = read(path);
  for (int kill_number = 0; kill_number < kills; ++kill_number) {
    const pid_t child = fork();
    if (child == 0)
      for (;;) {
        first.save(path);
        second.save(path);
      }
    std::this_thread::sleep_for(
        std::chrono::microseconds(random() % static_cast<unsigned>(four_saves.count() + 2000)));
    BOOST_REQUIRE(kill(child, SIGKILL) == 0);
    BOOST_REQUIRE(waitpid(child, nullptr, 0) == child);

    const std::string now = read(path);
    BOOST_TEST((now == one || now == other), "after kill " << kill_number << " the file is neither");
    changes += now != before ? 1 : 0;
    before = now;
    int beside = 0;
    for (const auto& entry : fs::directory_iterator(".")) {
      if (entry.path().filename() == path) continue;
      ++beside;
      fs::remove(entry.path());
    }
    BOOST_TEST(beside <= 1);
    strays += beside;
  }

  first.save(path);
  BOOST_TEST((Model::load(path).dump().str() == one));
  BOOST_TEST(fs::remove(path));
  BOOST_TEST(strays > 0, "no kill hit a save");
  BOOST_TEST_MESSAGE(kills << " kills, " << strays << " within a save, " << changes
                           << " changes of the file");
}

BOOST_AUTO_TEST_CASE(what_a_killed_save_left_does_not_hinder_the_next_one) {
  const std::string path = "left.interplay";
  const Model model = learned_pairs("popularity");
  for (int i = 0; i < 300; ++i) std::ofstream(path + "." + std::to_string(i) + ".tmp") << "half a mod";
  model.save(path);
  BOOST_TEST((read(path) == model.dump().str()));
  for (const auto& entry : fs::directory_iterator(".")) fs::remove(entry.path());
}

BOOST_AUTO_TEST_CASE(on_one_processor_one_thread_is_the_default_and_the_model_is_the_same) {
  const Dataset data = shop(Ids::integers);
  const Model model = Model::create("autoint", R"({"epochs": 1})");
  const std::string expected = model.fit(data).dump().str();
  const std::vector<float> scores =
      learned_pairs("fm").predict_pairs(std::vector<int64_t>{1, 2}, std::vector<int64_t>{10, 99});
  cpu_set_t all, one;
  BOOST_REQUIRE(sched_getaffinity(0, sizeof all, &all) == 0);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &all) && CPU_COUNT(&one) == 0) CPU_SET(cpu, &one);

  BOOST_REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  const int usable = core::usable_threads();
  const std::string found = model.fit(data).dump().str(),
                    crowded = model.fit(data, nullptr, R"({"threads": 4})").dump().str();
  const bool same = same_scores(learned_pairs("fm"), scores);
  BOOST_REQUIRE(sched_setaffinity(0, sizeof all, &all) == 0);

  BOOST_TEST(usable == 1);
  BOOST_TEST((found == expected));
  BOOST_TEST((crowded == expected));
  BOOST_TEST(same);
}

BOOST_AUTO_TEST_SUITE_END()
