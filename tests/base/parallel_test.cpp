#include "base/parallel.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace core = interplay::core;

namespace {

std::string first_failure(core::Parallel& pool, std::int64_t n, const std::vector<std::int64_t>& failing) {
  try {
    pool.run(n, [&](std::int64_t shard, int) {
      for (const std::int64_t bad : failing)
        if (shard == bad) throw std::runtime_error(std::to_string(shard));
    });
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

std::int64_t count_runs(core::Parallel& pool, std::int64_t n) {
  std::atomic<std::int64_t> count{0};
  pool.run(n, [&](std::int64_t, int) { ++count; });
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_parallel)

BOOST_AUTO_TEST_CASE(a_quota_of_one_and_a_half_processors_is_two_threads_and_never_none) {
  const double none = 1e9;
  BOOST_TEST(core::threads_for(8, 1.5) == 2);
  BOOST_TEST(core::threads_for(8, 1.0) == 1);
  BOOST_TEST(core::threads_for(8, 0.1) == 1);
  BOOST_TEST(core::threads_for(8, none) == 8);
  BOOST_TEST(core::threads_for(2, 6.0) == 2);
  BOOST_TEST(core::threads_for(0, none) == 1);
  BOOST_TEST(core::threads_for(1000, none) == 256);
}

BOOST_AUTO_TEST_CASE(every_shard_runs_once_whatever_the_number_of_workers) {
  for (int threads = 1; threads <= 4; ++threads) {
    core::Parallel pool(threads);
    for (const std::int64_t n : {0, 1, 2, 3, 100}) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(n));
      std::atomic<bool> in_range{true};

      pool.run(n, [&](std::int64_t shard, int worker) {
        if (worker < 0 || worker >= pool.workers()) in_range = false;
        ++runs[static_cast<std::size_t>(shard)];
      });

      BOOST_TEST(pool.workers() == threads);
      BOOST_TEST(in_range);
      for (const auto& times : runs) BOOST_TEST(times == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_worker_does_one_shard_at_a_time) {
  core::Parallel pool(4);
  std::vector<std::atomic<int>> inside(4);
  std::atomic<bool> alone{true};

  pool.run(1000, [&](std::int64_t, int worker) {
    if (inside[static_cast<std::size_t>(worker)].fetch_add(1) != 0) alone = false;
    inside[static_cast<std::size_t>(worker)].fetch_sub(1);
  });

  BOOST_TEST(alone);
}

BOOST_AUTO_TEST_CASE(what_the_shards_wrote_is_seen_after_the_call) {
  core::Parallel pool(4);
  std::vector<std::int64_t> squares(1000);  // not atomic: the thread sanitizer watches

  for (int round = 0; round < 100; ++round)
    pool.run(1000, [&](std::int64_t shard, int) { squares[static_cast<std::size_t>(shard)] += shard; });

  BOOST_TEST(squares[0] == 0);
  BOOST_TEST(squares[999] == 99900);
}

BOOST_AUTO_TEST_CASE(the_failure_of_the_lowest_shard_is_rethrown) {
  for (int threads = 1; threads <= 4; ++threads) {
    core::Parallel pool(threads);
    for (int round = 0; round < 50; ++round) {  // which shard fails first differs from round to round
      BOOST_TEST(first_failure(pool, 20, {19, 7, 11}) == "7");
      BOOST_TEST(first_failure(pool, 4, {0, 1, 2, 3}) == "0");
    }
  }
}

BOOST_AUTO_TEST_CASE(shards_before_a_failure_are_done_when_it_is_rethrown) {
  for (int threads = 1; threads <= 4; ++threads) {
    core::Parallel pool(threads);
    std::vector<std::atomic<int>> runs(50);

    BOOST_CHECK_THROW(pool.run(50,
                               [&](std::int64_t shard, int) {
                                 ++runs[static_cast<std::size_t>(shard)];
                                 if (shard == 30) throw std::runtime_error("stop");
                               }),
                      std::runtime_error);

    for (std::size_t shard = 0; shard <= 30; ++shard) BOOST_TEST(runs[shard] == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_pool_works_on_after_a_failure) {
  for (int threads = 1; threads <= 4; ++threads) {
    core::Parallel pool(threads);
    for (int round = 0; round < 20; ++round) {
      BOOST_TEST(first_failure(pool, 8, {3}) == "3");
      BOOST_TEST(first_failure(pool, 8, {}) == "none");  // nothing is left of the failure before
      BOOST_TEST(count_runs(pool, 64) == 64);
      BOOST_TEST(first_failure(pool, 1, {0}) == "0");  // a single shard wakes nobody
    }
  }
}

BOOST_AUTO_TEST_CASE(a_pool_that_never_ran_can_be_destroyed) {
  for (int round = 0; round < 20; ++round) {
    const core::Parallel pool(4);

    BOOST_TEST(pool.workers() == 4);
  }
}

BOOST_AUTO_TEST_CASE(without_a_number_the_usable_threads_are_taken) {
  BOOST_TEST(core::usable_threads() >= 1);
  BOOST_TEST(core::Parallel(0).workers() == core::usable_threads());
  BOOST_TEST(core::Parallel(-3).workers() == core::usable_threads());
}

BOOST_AUTO_TEST_SUITE_END()
