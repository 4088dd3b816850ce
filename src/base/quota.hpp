// How many processors a quota leaves to this process. Linux's control groups, version 2 and 1.
#pragma once

#include <string>
#include <string_view>

namespace interplay::core {

/// The least that the process's group or one above it allows, in processors; a large number without a quota.
///  root    the folder where control groups are mounted
///  groups  which ones the process is in, as /proc/self/cgroup says it
double cpu_quota(const std::string& root, std::string_view groups);
/// This process's.
double cpu_quota();

}  // namespace interplay::core
