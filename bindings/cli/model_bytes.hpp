// A model file as bytes, taken apart far enough to damage it on purpose: see src/model/FORMAT.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interplay::cli {

struct Section {
  std::string name;
  int32_t type = 0;  // INTERPLAY_INT64 ..
  std::vector<int64_t> shape;
  std::string bytes;
};

/// A file of format 1 that the library wrote; DataError where it is none.
std::vector<Section> sections_of(std::string_view file);
/// The file of these sections, with checksums that hold.
std::string file_of(const std::vector<Section>& sections);

}  // namespace interplay::cli
