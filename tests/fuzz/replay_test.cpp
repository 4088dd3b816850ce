// The corpus of every target under the sanitizers: seeds, inputs by hand, and what a fuzzer found once.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "fuzz/targets.hpp"

namespace fs = std::filesystem;
using namespace interplay::fuzz;

namespace {

/// In memory of its own that ends with it, so that a read beyond is seen.
void run(const Target& target, const std::string& input, const std::string& name) {
  const std::unique_ptr<std::uint8_t[]> exact(new std::uint8_t[input.size()]);
  std::copy(input.begin(), input.end(), exact.get());
  try {
    target.body(exact.get(), input.size());
  } catch (const std::exception& e) {
    BOOST_ERROR(std::string(target.name) + ": " + name + ": " + e.what());
  }
}

void replay(const char* name) {
  const std::vector<Target> all = targets();
  const Target& target = *std::find_if(all.begin(), all.end(),
                                       [name](const Target& one) { return std::string(name) == one.name; });
  std::size_t tried = 0;
  for (const std::string& seed : target.seeds()) {
    run(target, seed, "seed " + std::to_string(tried++));
    for (std::size_t cut = 1; cut <= 8; ++cut) {
      run(target, seed.substr(0, seed.size() * cut / 9), "a seed cut short");
      ++tried;
    }
  }
  const fs::path folder = fs::path(INTERPLAY_FUZZ_CORPUS) / name;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder)) {
      std::ifstream in(entry.path(), std::ios::binary);
      run(target, {std::istreambuf_iterator<char>(in), {}}, entry.path().filename().string());
      ++tried;
    }
  BOOST_TEST(tried >= 10U, "expected at least 10 inputs, found " << tried << " of " << name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fuzz)

BOOST_AUTO_TEST_CASE(a_model_file_from_anywhere_loads_or_fails) { replay("model_file"); }
BOOST_AUTO_TEST_CASE(a_json_document_from_anywhere_is_taken_or_refused) { replay("json"); }
BOOST_AUTO_TEST_CASE(an_arrow_stream_from_anywhere_is_imported_or_refused) { replay("arrow"); }
BOOST_AUTO_TEST_CASE(cells_from_anywhere_are_scored_or_refused) { replay("cells"); }
BOOST_AUTO_TEST_CASE(a_csv_file_from_anywhere_is_read_or_refused) { replay("csv"); }

BOOST_AUTO_TEST_SUITE_END()
