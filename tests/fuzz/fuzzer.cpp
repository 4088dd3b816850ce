// libFuzzer's way in: fuzz_targets TARGET [its arguments], or fuzz_targets TARGET --write-seeds FOLDER.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "fuzz/targets.hpp"

using interplay::fuzz::Target;

namespace {

const Target* target = nullptr;

void write_seeds(const std::string& folder) {
  int n = 0;
  for (const std::string& seed : target->seeds())
    std::ofstream(folder + "/seed-" + std::to_string(n++), std::ios::binary) << seed;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  static const std::vector<Target> all = interplay::fuzz::targets();
  for (const Target& one : all)
    if (*argc > 1 && std::strcmp((*argv)[1], one.name) == 0) target = &one;
  if (target == nullptr) {
    std::fputs("fuzz_targets: expected the name of a target first; targets.hpp lists them\n", stderr);
    std::exit(2);
  }
  if (*argc == 4 && std::strcmp((*argv)[2], "--write-seeds") == 0) {
    write_seeds((*argv)[3]);
    std::exit(0);
  }
  (*argv)[1] = (*argv)[0];
  ++*argv;
  --*argc;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  target->body(data, size);
  return 0;
}
