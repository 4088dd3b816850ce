// An engine that is linked into the application and joins through the C ABI.
#include <interplay/plugin.hpp>

#include "registry/toy.hpp"
#include "support.hpp"

using namespace interplay::test;

namespace {

const interplay_engine* entry_of_mine(std::uint32_t, const interplay_host*) {
  static const interplay_engine table = toy("mine");
  return &table;
}
const interplay_engine* entry_of_a_second(std::uint32_t, const interplay_host*) {
  static const interplay_engine table = toy("second");
  return &table;
}
const interplay_engine* entry_of_a_taken_name(std::uint32_t, const interplay_host*) {
  static const interplay_engine table = toy("autoint");
  return &table;
}
const interplay_engine* entry_that_refuses(std::uint32_t, const interplay_host*) { return nullptr; }

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_engine)

BOOST_AUTO_TEST_CASE(an_engine_of_the_applications_own_has_a_name_that_lives_and_can_be_created) {
  const char* name = nullptr;
  const char* again = nullptr;
  interplay_error* error = nullptr;
  BOOST_TEST(interplay_engine_register(entry_of_mine, &name, &error) == INTERPLAY_OK);
  BOOST_TEST(interplay_engine_register(entry_of_mine, &again, &error) == INTERPLAY_OK);
  BOOST_TEST(interplay_engine_register(entry_of_mine, nullptr, &error) == INTERPLAY_OK);
  BOOST_TEST(error == nullptr);

  BOOST_TEST(name == std::string("mine"));
  BOOST_TEST(static_cast<const void*>(again) == static_cast<const void*>(name));
  const auto model = interplay::Model::create(name, R"({"depth": 3})");
  BOOST_TEST(Json::parse(model.info().view())["parameters"]["depth"] == 3);
  BOOST_TEST(interplay::engine_register(entry_of_a_second) == "second");
}

BOOST_AUTO_TEST_CASE(an_entry_function_that_is_refused_gives_no_name) {
  const char* name = "before";
  call_fails(INTERPLAY_INVALID_ARGUMENT, {"\"autoint\"", "registered already"}, interplay_engine_register,
             entry_of_a_taken_name, &name);
  BOOST_TEST(name == nullptr);
  name = "before";
  call_fails(INTERPLAY_INCOMPATIBLE, {"refused"}, interplay_engine_register, entry_that_refuses, &name);
  BOOST_TEST(name == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
