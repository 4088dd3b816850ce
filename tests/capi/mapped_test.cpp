// Mapped files, which are not read before they are used.
#include "capi/files.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr const char* mapped = R"({"mmap": true})";

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_mapped)

BOOST_AUTO_TEST_CASE(prefaulting_changes_nothing_but_when_the_file_is_read) {
  const Path path{"prefaulted"};
  fitted().save(path.name);
  const Model model = Model::load(path.name, R"({"mmap": true, "prefault": true})");
  BOOST_TEST(score_bits(model, everything()) == score_bits(fitted(), everything()), tt::per_element());
  refused(INTERPLAY_INVALID_ARGUMENT, {"prefault", "mmap"},
          [&] { (void)Model::load(path.name, R"({"prefault": true})"); });
}

// Nothing verifies what is mapped: its checksums stay wrong, ids point anywhere, offsets descend. AddressSanitizer watches.
BOOST_AUTO_TEST_CASE(a_mapped_file_with_any_byte_changed_loads_or_fails_and_never_leaves_its_memory) {
  const Path path{"forged"};
  const Model engines[] = {tiny(), Model::create("popularity", "{}").fit(shop())};
  for (const Model& model : engines) {
    const std::string whole = dump(model);
    std::size_t loaded = 0;
    const std::size_t step = whole.size() < 30000 ? 3 : 41;
    for (std::size_t i = 0; i < whole.size(); i += step) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ (i % 2 == 0 ? 0xff : 0x41));
      write(path.name, bytes);
      interplay_model* found = nullptr;
      interplay_error* error = nullptr;
      const interplay_status status = interplay_model_load(path.name, mapped, &found, &error);
      loaded += serves(status, found, error) ? 1U : 0U;
    }
    BOOST_TEST(loaded > 0U);
  }
}

BOOST_AUTO_TEST_CASE(an_unverified_map_can_be_verified) {
  const Path path{"damaged"};
  std::string bytes = dump(fitted());
  const std::size_t tables = bytes.find("engine/tables/0");  // its entry: name (64), offset
  bytes[at<std::uint64_t>(bytes, tables + 64) + 40] ^= 1;
  write(path.name, bytes);
  BOOST_TEST(Model::load(path.name, mapped).get() != nullptr);
  refused(INTERPLAY_CORRUPT, {"checksum"},
          [&] { (void)Model::load(path.name, R"({"mmap": true, "verify": true})"); });
}

BOOST_AUTO_TEST_SUITE_END()
