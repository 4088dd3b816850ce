// A disk that refuses at every moment of a save.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "reliability/file_faults.hpp"
#include "support/shop.hpp"

namespace fs = std::filesystem;
using namespace interplay;
using namespace interplay::test;
using file_faults::Order;

namespace {

struct Kept {
  const char* path = "kept.interplay";
  Model old = learned_pairs("popularity"), other = learned("autoint", Ids::strings);
  std::string before = old.dump().str(), after = other.dump().str();

  Kept() { old.save(path); }
  ~Kept() { fs::remove(path); }
  std::string now() const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Saves over the old file, following the order.
  interplay_status save(const Order& order, std::string& message, bool& fired) const {
    interplay_error* error = nullptr;
    file_faults::order = order;
    const interplay_status status = interplay_model_save(other.get(), path, nullptr, &error);
    fired = file_faults::order.fired;
    file_faults::order = {};
    message = interplay_error_message(error);
    interplay_error_free(error);
    return status;
  }
};

std::size_t files_here() { return static_cast<std::size_t>(std::distance(fs::directory_iterator("."), {})); }

}  // namespace

BOOST_AUTO_TEST_SUITE(reliability_writes)

BOOST_AUTO_TEST_CASE(a_save_that_fails_at_any_call_keeps_the_old_file_and_leaves_nothing_beside_it) {
  const Kept kept;
  long survived = 0;
  for (const int error : {ENOSPC, EIO, EDQUOT, ENOMEM})
    for (long n = 1;; ++n) {
      std::string message;
      bool fired = false;
      const interplay_status status = kept.save({file_faults::open_call | file_faults::write_call |
                                                     file_faults::fsync_call | file_faults::rename_call,
                                                 n, error},
                                                message, fired);
      BOOST_TEST(files_here() == 1U);
      if (status ==
          INTERPLAY_OK) {  // nothing failed, or the last call did, which syncs the folder: the new file is there
        BOOST_TEST((kept.now() == kept.after));
        kept.old.save(kept.path);
        if (!fired) break;
        continue;
      }
      ++survived;
      BOOST_TEST(status == INTERPLAY_IO, message);
      BOOST_TEST(message.find("kept.interplay") != std::string::npos, message);
      BOOST_TEST((kept.now() == kept.before), "call " << n << " failed, and the old file is not whole");
    }
  BOOST_TEST(survived >= 4 * 20);  // a write for each section, at least
  BOOST_TEST_MESSAGE("save: " << survived << " failures survived");
}

BOOST_AUTO_TEST_CASE(a_close_that_fails_is_a_failed_save) {
  const Kept kept;
  std::string message;
  bool fired = false;
  BOOST_TEST(kept.save({file_faults::close_call, 1, EIO}, message, fired) == INTERPLAY_IO);
  BOOST_TEST(fired);
  BOOST_TEST((kept.now() == kept.before));
  BOOST_TEST(files_here() == 1U);
}

// The name was that of a file which a killed process with the same number had left: every save failed from then on.
BOOST_AUTO_TEST_CASE(a_file_that_stands_in_the_way_does_not_hinder_a_save) {
  const Kept kept;
  std::string message;
  bool fired = false;
  BOOST_TEST(kept.save({file_faults::open_call, 1, EEXIST}, message, fired) == INTERPLAY_OK, message);
  BOOST_TEST(fired);
  BOOST_TEST((kept.now() == kept.after));
  BOOST_TEST(files_here() == 1U);
}

BOOST_AUTO_TEST_CASE(writes_that_are_interrupted_or_do_half_their_work_go_on) {
  const Kept kept;
  std::string message;
  bool fired = false;
  BOOST_TEST(kept.save({file_faults::write_call, 3, EINTR}, message, fired) == INTERPLAY_OK, message);
  BOOST_TEST(fired);
  BOOST_TEST((kept.now() == kept.after));
  kept.old.save(kept.path);
  BOOST_TEST(kept.save({0, 0, 0, true}, message, fired) == INTERPLAY_OK, message);
  BOOST_TEST((kept.now() == kept.after));
  BOOST_TEST(files_here() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
