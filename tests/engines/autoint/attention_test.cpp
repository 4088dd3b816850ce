// Attention through the engine's table; that it is the right one stands in network_test.cpp.
#include "support.hpp"

#include <interplay/sdk/engine.hpp>

#include <boost/test/unit_test.hpp>

namespace interplay::autoint::test {
BOOST_AUTO_TEST_SUITE(autoint_attention)

BOOST_AUTO_TEST_CASE(attention_of_other_fields_is_refused_and_nothing_leaks) {
  const Fitted fitted(make_data(mixed, 1), small_params());
  const fake::Data other = make_data({"cc", 4, INTERPLAY_BINARY, false}, 1);
  fake::BatchMemory memory(other);
  memory.fill(all_rows(other).data(), other.rows());
  std::vector<float> out(1000);
  {
    fake::Failure failure;
    BOOST_TEST(engine().attention(fitted.state, nullptr, &memory.batch, out.data(), failure.out()) ==
               INTERPLAY_INVALID_ARGUMENT);
    BOOST_TEST(failure.message().find("fields") != std::string::npos);
  }
  BOOST_TEST(fake::live_errors() == 0);
}

// An engine that catches an error of the host's and goes on has nothing to free; one that lets it pass hands it on once.
BOOST_AUTO_TEST_CASE(an_error_of_the_host_that_is_not_handed_on_is_freed) {
  (void)engine();
  fake::File file;
  const auto fail_to_read = [&] {
    interplay_tensor tensor{};
    interplay_error* error = nullptr;
    interplay::detail::require(host().get(file.reader(), "nothing", &tensor, &error), error);
  };
  try {
    fail_to_read();
  } catch (const HostError& e) {
    const HostError copy = e;
    BOOST_TEST(fake::live_errors() == 1);
  }
  BOOST_TEST(fake::live_errors() == 0);
  BOOST_TEST(interplay::detail::guard(nullptr, fail_to_read) == INTERPLAY_NOT_FOUND);
  BOOST_TEST(fake::live_errors() == 0);
  {
    fake::Failure failure;
    BOOST_TEST(interplay::detail::guard(failure.out(), fail_to_read) == INTERPLAY_NOT_FOUND);
    BOOST_TEST(failure.message() == "nothing");
    BOOST_TEST(fake::live_errors() == 1);
  }
  BOOST_TEST(fake::live_errors() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
