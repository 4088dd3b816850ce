#include "registry/error_object.hpp"

#include <boost/test/unit_test.hpp>

namespace core = interplay::core;

BOOST_AUTO_TEST_SUITE(registry_error_object)

BOOST_AUTO_TEST_CASE(an_error_keeps_status_message_and_detail) {
  interplay_error* error = nullptr;

  const interplay_status status = core::make_error(&error, INTERPLAY_BAD_DATA, "why", R"({"row": 3})");

  BOOST_TEST(status == INTERPLAY_BAD_DATA);
  BOOST_REQUIRE(error != nullptr);
  BOOST_TEST(error->status == INTERPLAY_BAD_DATA);
  BOOST_TEST(error->message == "why");
  BOOST_TEST(error->detail == R"({"row": 3})");
  core::free_error(error);
}

BOOST_AUTO_TEST_CASE(an_error_without_texts_has_an_empty_message_and_object) {
  interplay_error* error = nullptr;

  core::make_error(&error, INTERPLAY_IO, nullptr, nullptr);

  BOOST_REQUIRE(error != nullptr);
  BOOST_TEST(error->message == "");
  BOOST_TEST(error->detail == "{}");
  core::free_error(error);
}

BOOST_AUTO_TEST_CASE(a_caller_who_wants_no_error_gets_the_status) {
  BOOST_TEST(core::make_error(nullptr, INTERPLAY_IO, "why", nullptr) == INTERPLAY_IO);
}

BOOST_AUTO_TEST_CASE(the_first_of_two_errors_stays) {
  interplay_error* error = nullptr;
  core::make_error(&error, INTERPLAY_BAD_DATA, "first", nullptr);

  const interplay_status status = core::make_error(&error, INTERPLAY_IO, "second", nullptr);

  BOOST_TEST(status == INTERPLAY_IO);
  BOOST_TEST(error->status == INTERPLAY_BAD_DATA);
  BOOST_TEST(error->message == "first");
  core::free_error(error);
}

BOOST_AUTO_TEST_CASE(being_out_of_memory_is_one_object_that_may_be_freed_again_and_again) {
  interplay_error *first = nullptr, *second = nullptr;

  core::make_error(&first, INTERPLAY_NO_MEMORY, nullptr, nullptr);
  core::free_error(first);
  core::make_error(&second, INTERPLAY_NO_MEMORY, nullptr, nullptr);

  BOOST_TEST(first == second);
  BOOST_TEST(second->status == INTERPLAY_NO_MEMORY);
  BOOST_TEST(second->message == "out of memory");
  core::free_error(second);
  core::free_error(nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
