// The border's entrances, each as a function of bytes from anywhere. A body returns, whatever the bytes are; it throws, or a
// sanitizer speaks, where the library broke a promise. replay_test.cpp runs their corpus, fuzzer.cpp hands them to libFuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace interplay::fuzz {

/// A model file, as it is and with its checksums made right: parsed, loaded, mapped, asked for its info; what loads serves.
void model_file(const std::uint8_t* data, std::size_t size);
/// A JSON document; its first byte says whose, see targets/json.cpp.
void json(const std::uint8_t* data, std::size_t size);
/// An Arrow stream, built from the bytes: it lies wherever the C data interface lets a reader find out.
void arrow(const std::uint8_t* data, std::size_t size);
/// Cells of a scorer and their heap.
void cells(const std::uint8_t* data, std::size_t size);
/// A CSV file; its first byte says with which options, see targets/csv.cpp.
void csv(const std::uint8_t* data, std::size_t size);

struct Target {
  const char* name;
  void (*body)(const std::uint8_t*, std::size_t);
  /// Valid inputs that code makes better than a file keeps, beside corpus/<name>.
  std::vector<std::string> (*seeds)();
};
std::vector<std::string> model_file_seeds();
std::vector<std::string> arrow_seeds();
std::vector<std::string> cells_seeds();
std::vector<std::string> no_seeds();

inline std::vector<Target> targets() {
  return {{"model_file", model_file, model_file_seeds},
          {"json", json, no_seeds},
          {"arrow", arrow, arrow_seeds},
          {"cells", cells, cells_seeds},
          {"csv", csv, no_seeds}};
}

}  // namespace interplay::fuzz
