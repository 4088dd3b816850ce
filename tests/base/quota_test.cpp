#include "base/quota.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

namespace core = interplay::core;
namespace fs = std::filesystem;

namespace {

/// A tree of control groups as the kernel would show it.
struct Groups {
  const std::string root = "groups";
  ~Groups() { fs::remove_all(root); }
  Groups& file(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(root + path).parent_path());
    std::ofstream(root + path) << text << '\n';
    return *this;
  }
  double quota(const char* groups) const { return core::cpu_quota(root, groups); }
};

constexpr double none = 1e6;  // more processors than there are

}  // namespace

BOOST_AUTO_TEST_SUITE(base_quota)

BOOST_AUTO_TEST_CASE(without_a_quota_there_is_none) {
  Groups groups;
  groups.file("/cpu.max", "max 100000")
      .file("/cpu/cpu.cfs_quota_us", "-1")
      .file("/cpu/cpu.cfs_period_us", "100000");
  for (const char* text :
       {"", "\n", "0::/\n", "1:cpu:/\n", "0::/gone\n", "nonsense", ":", "::", "1:cpu", "0::"})
    BOOST_TEST(groups.quota(text) > none, text);
  BOOST_TEST(core::cpu_quota() > 0);
}

BOOST_AUTO_TEST_CASE(a_quota_is_its_time_over_its_period) {
  Groups groups;
  groups.file("/cpu.max", "150000 100000");
  BOOST_TEST(groups.quota("0::/\n") == 1.5);
  groups.file("/cpu.max", "50000 100000");
  BOOST_TEST(groups.quota("0::/\n") == 0.5);
}

BOOST_AUTO_TEST_CASE(the_least_of_a_group_and_those_above_it_counts) {
  Groups groups;
  groups.file("/cpu.max", "400000 100000")
      .file("/a/cpu.max", "200000 100000")
      .file("/a/b/cpu.max", "300000 100000");
  BOOST_TEST(groups.quota("0::/a/b\n") == 2.0);
  BOOST_TEST(groups.quota("0::/c/d\n") == 4.0);
  groups.file("/a/b/cpu.max", "100000 100000");
  BOOST_TEST(groups.quota("0::/a/b\n") == 1.0);
  BOOST_TEST(groups.quota("0::/a\n") == 2.0);
}

BOOST_AUTO_TEST_CASE(the_groups_of_version_1_are_found_beside_version_2) {
  Groups groups;
  groups.file("/cpu,cpuacct/box/cpu.cfs_quota_us", "250000")
      .file("/cpu,cpuacct/box/cpu.cfs_period_us", "100000");
  BOOST_TEST(groups.quota("3:memory:/box\n2:cpu,cpuacct:/box\n0::/box\n") == 2.5);
  BOOST_TEST(groups.quota("2:cpuacct,cpuset:/box\n") > none);
  groups.file("/unified/box/cpu.max", "100000 100000");
  BOOST_TEST(groups.quota("2:cpu,cpuacct:/box\n0::/box\n") == 1.0);
}

BOOST_AUTO_TEST_CASE(files_that_are_damaged_are_no_quota) {
  Groups groups;
  for (const char* text :
       {"", "max", "100000", "100000 0", "100000 -5", "x 100000", "99999999999999999999 1"}) {
    groups.file("/cpu.max", text);
    BOOST_TEST(groups.quota("0::/\n") > none, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
