// What is saved comes back bit for bit; what was tampered with does not come back at all.
#include "support.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <limits>

namespace interplay::popularity::test {
namespace {

struct Saved {
  explicit Saved(interplay_objective objective = stars)
      : data(make_data({{1, 1, 1}, {1, 2, 2}, {2, 1, 3}, {2, 3, 5}}, objective)), fitted(data, damped(1, 1)) {
    BOOST_REQUIRE(engine().save(fitted.state, file.writer(), nullptr) == INTERPLAY_OK);
  }
  interplay_status load(const fake::Data& fields_of, void** out, fake::Failure& failure) {
    const auto& fields = fields_of.fields();
    return engine().load(file.reader(), damped(1, 1).get(), fields.data(),
                         static_cast<std::uint32_t>(fields.size()), out, failure.out());
  }
  /// The message of a load that has to fail.
  std::string refused() {
    fake::Failure failure;
    void* loaded = &failure;
    BOOST_TEST(load(data, &loaded, failure) == INTERPLAY_CORRUPT);
    BOOST_TEST(loaded == nullptr);
    return failure.message();
  }
  /// Overwrites part of a section.
  template <class T>
  void put(const char* section, std::size_t offset, T value) {
    std::memcpy(reinterpret_cast<char*>(file.sections.at(section).words.data()) + offset, &value,
                sizeof value);
  }

  fake::Data data;
  Fitted fitted;
  fake::File file;
};

const std::vector<Row> pairs{{1, 1, 0}, {2, 3, 0}, {0, 2, 0}, {9, 9, 0}};

// offsets in the section "state": u32 layout, u32 fields, i32 kind, f64 low, high, mean
constexpr std::size_t fields_at = 4, kind_at = 8, low_at = 12, high_at = 20, mean_at = 28;

}  // namespace

BOOST_AUTO_TEST_SUITE(popularity_file)

BOOST_AUTO_TEST_CASE(a_loaded_model_scores_the_same_bits) {
  for (const interplay_objective objective : {stars, numbers}) {
    Saved saved(objective);
    fake::Failure failure;
    void* loaded = nullptr;

    BOOST_REQUIRE(saved.load(saved.data, &loaded, failure) == INTERPLAY_OK);

    BOOST_TEST((score(loaded, pairs) == score(saved.fitted.state, pairs)));
    BOOST_TEST((bytes_of(loaded) == bytes_of(saved.fitted.state)));
    engine().destroy(loaded);
  }
}

BOOST_AUTO_TEST_CASE(a_bias_that_is_no_number_is_refused) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Saved saved;
    saved.put("items", 8, bad);
    BOOST_TEST(saved.refused().find("items") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_table_of_another_length_is_refused) {
  Saved saved;
  saved.file.sections.at("users").shape = {9};
  const std::string message = saved.refused();
  BOOST_TEST(message.find("(10)") != std::string::npos, message);
  BOOST_TEST(message.find("(9)") != std::string::npos, message);
}

BOOST_AUTO_TEST_CASE(a_missing_section_is_refused) {
  for (const char* name : {"users", "items", "state"}) {
    Saved saved;
    saved.file.sections.erase(name);
    (void)saved.refused();
  }
}

BOOST_AUTO_TEST_CASE(a_header_out_of_its_range_is_refused) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), huge = std::numeric_limits<double>::max();
  const auto refused_after = [](auto change) {
    Saved saved;
    change(saved);
    (void)saved.refused();
  };
  refused_after([](Saved& s) { s.put("state", fields_at, std::uint32_t{4}); });
  refused_after([](Saved& s) { s.put("state", kind_at, std::int32_t{0}); });
  refused_after([](Saved& s) { s.put("state", kind_at, std::int32_t{4}); });
  refused_after([](Saved& s) { s.put("state", low_at, 6.0); });  // above high
  refused_after([&](Saved& s) { s.put("state", high_at, nan); });
  refused_after([&](Saved& s) { s.put("state", low_at, -huge), s.put("state", high_at, huge); });
  refused_after([&](Saved& s) { s.put("state", mean_at, nan); });
}

BOOST_AUTO_TEST_CASE(a_layout_of_the_future_is_named) {
  Saved saved;
  saved.put("state", 0, std::uint32_t{2});
  fake::Failure failure;
  void* loaded = nullptr;
  BOOST_TEST(saved.load(saved.data, &loaded, failure) == INTERPLAY_INCOMPATIBLE);
  BOOST_TEST(failure.message().find("layout 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(bytes_behind_the_header_are_refused) {
  Saved saved;
  fake::File::Section& state = saved.file.sections.at("state");
  state.shape = {state.shape.at(0) + 1};
  state.words.push_back(0);
  (void)saved.refused();
}

BOOST_AUTO_TEST_CASE(no_error_is_left_alive) { BOOST_TEST(fake::live_errors() == 0); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::popularity::test
