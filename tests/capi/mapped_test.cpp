// Mapped files, which are not read before they are used; and embedding tables that are stored in fewer bits.
#include "capi/files.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr const char* mapped = R"({"mmap": true})";

double root_mean_square(const Floats& a, const Floats& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

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

BOOST_AUTO_TEST_CASE(tables_in_fewer_bits_make_smaller_files_with_nearly_the_same_scores) {
  const Floats expected = scores(fitted(), everything());
  const auto table_bytes = [](const std::string& file) {
    return at<std::uint64_t>(file, file.find("engine/tables/0") + 72);
  };
  const std::uint64_t whole = table_bytes(dump(fitted()));
  // The labels go from 1 to 5. Eight bits of significand, and seven of the largest in a row.
  const std::tuple<const char*, double, std::uint64_t> narrow[] = {{"bfloat16", 0.01, 2}, {"int8", 0.02, 1}};
  for (const auto& [tables, most, width] : narrow) {
    const std::string options = R"({"tables": ")" + std::string(tables) + "\"}",
                      bytes = dump(fitted(), options.c_str());
    const Model loaded = Model::parse(bytes);
    const double error = root_mean_square(scores(loaded, everything()), expected);
    BOOST_TEST(error > 0.0, tables);
    BOOST_TEST(error < most, tables << " moves scores by " << error);
    BOOST_TEST(info(loaded)["tables"] == tables);
    BOOST_TEST(info(fitted())["tables"] == "float32");
    BOOST_TEST(table_bytes(bytes) * 4 == whole * width);
    BOOST_TEST((dump(loaded) == bytes), "what is narrow stays so");
    BOOST_TEST(info(Model::parse(dump(loaded, R"({"tables": "float32"})")))["tables"] == "float32");
  }
}

BOOST_AUTO_TEST_CASE(narrow_tables_serve_and_learn_like_others) {
  const Path path{"narrow"};
  for (const char* options : {R"({"tables": "bfloat16"})", R"({"tables": "int8"})"}) {
    const Model model = Model::parse(dump(fitted(), options));
    model.save(path.name);
    for (const char* how : {"{}", mapped})
      BOOST_TEST(score_bits(Model::load(path.name, how), everything()) == score_bits(model, everything()),
                 tt::per_element());
    BOOST_TEST(info(model.fit(shop()))["tables"] == "float32");
    BOOST_TEST(model.recommend_user(100, 5).items.size() == 5U);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_type_of_tables_is_named_with_those_that_are_known) {
  refused(INTERPLAY_INVALID_ARGUMENT, {"tables", "int4", "bfloat16", "int8"},
          [&] { (void)fitted().dump(R"({"tables": "int4"})"); });
}

BOOST_AUTO_TEST_CASE(tensors_are_float32_whatever_the_file_has) {
  const Model narrow = Model::parse(dump(fitted(), R"({"tables": "int8"})"));
  const Json tensors = Json::parse(narrow.tensors().view());
  BOOST_TEST(!tensors.empty());
  for (const Json& tensor : tensors) BOOST_TEST(tensor["type"] == "float32", tensor);
}

BOOST_AUTO_TEST_SUITE_END()
