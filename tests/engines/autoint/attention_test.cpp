// What explain shows is the attention that scoring computes.
#include "support.hpp"

#include <interplay/sdk/engine.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

namespace interplay::autoint::test {
namespace {

/// The engine's attention of all rows, without padding: (rows, L, H, M, M).
std::vector<float> attention(const void* state, const fake::Data& data, std::size_t size) {
  std::vector<float> out(static_cast<std::size_t>(data.rows()) * size, -1.0f);
  fake::BatchMemory memory(data);
  memory.fill(all_rows(data).data(), data.rows());
  BOOST_REQUIRE(engine().attention(state, nullptr, &memory.batch, out.data(), nullptr) == INTERPLAY_OK);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(autoint_attention)

BOOST_AUTO_TEST_CASE(attention_is_that_of_plain_loops_and_sums_to_one) {
  for (const Case& c : cases()) {
    const fake::Data data = make_data(c, 5);
    fake::Params params = small_params();
    params.numbers["embedding_dim"] = static_cast<double>(c.d);
    params.numbers["attention_dim"] = static_cast<double>(c.A);
    params.numbers["num_heads"] = static_cast<double>(c.H);
    params.numbers["num_layers"] = static_cast<double>(c.L);
    const Fitted fitted(data, params);
    BOOST_REQUIRE(fitted.status == INTERPLAY_OK);
    std::int32_t layers = -1, heads = -1;
    engine().attention_shape(fitted.state, &layers, &heads);
    BOOST_TEST(layers == c.L);
    BOOST_TEST(heads == c.H);
    const reference::AutoInt twin = to_twin(fitted.get().model);
    const std::size_t size = twin.L * twin.H * twin.M * twin.M;
    const std::vector<float> found = attention(fitted.state, data, size);
    fake::BatchMemory memory(data);
    memory.fill(all_rows(data).data(), data.rows());
    double worst = 0;
    for (std::size_t row = 0; row < static_cast<std::size_t>(data.rows()); ++row) {
      std::vector<double> expected;
      (void)reference::logit(twin, memory.batch, row, &expected);
      BOOST_REQUIRE(expected.size() == size);
      for (std::size_t k = 0; k < size; ++k)
        worst = std::max(worst, std::fabs(static_cast<double>(found[row * size + k]) - expected[k]));
    }
    BOOST_TEST(worst < 1e-5, c << " is off by " << worst);
  }
}

BOOST_AUTO_TEST_CASE(attention_of_other_fields_is_refused_and_nothing_leaks) {
  const Fitted fitted(make_data(mixed, 1), small_params());
  const fake::Data other = make_data({"cc", 8, 8, 2, 2, 4, INTERPLAY_BINARY, false}, 1);
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
