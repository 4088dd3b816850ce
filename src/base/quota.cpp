#include "base/quota.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace interplay::core {
namespace {

constexpr double no_quota = 1e9;

/// The start of a small file of the kernel's; "" where there is none.
std::string text_of(const std::string& path) {
  std::string text;
  if (std::FILE* file = std::fopen(path.c_str(), "re")) {
    char buffer[4096];
    const std::size_t size = std::fread(buffer, 1, sizeof buffer, file);
    (void)std::fclose(file);
    text.assign(buffer, size);
  }
  return text;
}

/// "200000 100000\n" is 2; "max 100000", "-1 100000" and whatever else are no quota.
double processors(std::string_view text) {
  long long numbers[2] = {0, 0};
  for (long long& number : numbers) {
    text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number <= 0) return no_quota;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return static_cast<double>(numbers[0]) / static_cast<double>(numbers[1]);
}

/// Of the group at `path` below `mount`, and of those above it.
double least(const std::string& mount, std::string_view path) {
  double cpus = no_quota;
  for (;;) {
    while (!path.empty() && path.back() == '/') path.remove_suffix(1);
    const std::string folder = mount + std::string(path);
    cpus = std::min(cpus, processors(text_of(folder + "/cpu.max")));
    if (const std::string quota = text_of(folder + "/cpu.cfs_quota_us"); !quota.empty())
      cpus = std::min(cpus, processors(quota + text_of(folder + "/cpu.cfs_period_us")));
    if (path.empty()) return cpus;
    path = path.substr(0, std::min(path.rfind('/'), path.size()));
  }
}

bool names_cpu(std::string_view controllers) {
  const std::string list = "," + std::string(controllers) + ",";
  return list.find(",cpu,") != std::string::npos;
}

}  // namespace

double cpu_quota(const std::string& root, std::string_view groups) {
  double cpus = no_quota;
  while (!groups.empty()) {
    const std::string_view line = groups.substr(0, groups.find('\n'));
    groups.remove_prefix(std::min(line.size() + 1, groups.size()));
    const std::size_t first = line.find(':');
    if (first == std::string_view::npos) continue;
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1),
                           path = line.substr(second + 1);
    if (controllers.empty())
      for (const char* mount : {"", "/unified"}) cpus = std::min(cpus, least(root + mount, path));
    if (names_cpu(controllers))
      for (const std::string& mount : {std::string("/cpu"), "/" + std::string(controllers)})
        cpus = std::min(cpus, least(root + mount, path));
  }
  return cpus;
}

double cpu_quota() { return cpu_quota("/sys/fs/cgroup", text_of("/proc/self/cgroup")); }

}  // namespace interplay::core
