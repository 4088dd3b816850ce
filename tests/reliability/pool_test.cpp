#include <atomic>
#include <boost/test/unit_test.hpp>
#include <new>

#include "base/parallel.hpp"
#include "reliability/faults.hpp"

namespace core = interplay::core;
using namespace interplay::test;

BOOST_AUTO_TEST_SUITE(reliability_pool)

// A thread whose start found no memory took those that ran already down with it, and the process with them.
BOOST_AUTO_TEST_CASE(a_pool_without_memory_for_all_threads_does_the_work_with_fewer_or_says_so) {
  int fewer = 0;
  for (const bool lasts : {false, true})
    for (long n = 1, fired = 1; fired != 0; ++n) {
      std::atomic<int> done{0};
      int workers = 0;
      faults::arm(n, lasts);
      try {
        core::Parallel pool(4);
        workers = pool.workers();
        pool.run(20, [&](std::int64_t, int) { ++done; });
      } catch (const std::bad_alloc&) {
      }
      fired = faults::disarm() ? 1 : 0;
      BOOST_TEST(done == (workers > 0 ? 20 : 0));
      fewer += workers > 0 && workers < 4 ? 1 : 0;
    }
  BOOST_TEST(fewer > 0);
}

BOOST_AUTO_TEST_SUITE_END()
