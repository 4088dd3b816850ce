// Parameters against each other.
#include "params.hpp"
#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

namespace interplay::autoint::test {

BOOST_AUTO_TEST_SUITE(autoint_params)

BOOST_AUTO_TEST_CASE(heads_that_do_not_divide_the_width_are_named_with_the_nearest_that_do) {
  fake::Params params = small_params();
  params.numbers["attention_dim"] = 32;
  params.numbers["num_heads"] = 5;
  fake::Failure failure;

  BOOST_TEST(engine().check(params.get(), failure.out()) == INTERPLAY_INVALID_ARGUMENT);

  for (const char* part : {"num_heads", "attention_dim", "32", "5", "nearest is 4"})
    BOOST_TEST(failure.message().find(part) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_decay_that_turns_embeddings_around_is_refused) {
  fake::Params params = small_params();
  params.numbers["embedding_l2"] = 100;  // times a learning rate of 0.01
  fake::Failure failure;

  BOOST_TEST(engine().check(params.get(), failure.out()) == INTERPLAY_INVALID_ARGUMENT);
  BOOST_TEST(failure.message().find("embedding_l2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_preset_is_consistent) {
  for (const char* preset :
       {"tutorial", "paper", "authors", "fuxictr", "best", "small"}) {  // each is allowed as it is
    const fake::Params params = fake::Params::defaults(params_schema(), preset);
    fake::Failure failure;
    BOOST_TEST(engine().check(params.get(), failure.out()) == INTERPLAY_OK, failure.message());
  }
}

BOOST_AUTO_TEST_CASE(a_width_that_no_identity_can_bridge_is_refused_with_the_way_out) {
  fake::Params params = small_params();
  params.texts["output_projection"] = "none";
  params.numbers["embedding_dim"] = 4;
  fake::Failure failure;

  BOOST_TEST(engine().check(params.get(), failure.out()) == INTERPLAY_INVALID_ARGUMENT);
  for (const char* part : {"4 wide", "attention 8", "projection_if_needed"})
    BOOST_TEST(failure.message().find(part) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(dangerous_pairs_earn_a_warning_and_usual_settings_none) {
  engine();  // sets the host
  const auto warnings = [](const std::function<void(Settings&, kit::Training&)>& change) {
    fake::Run run;
    interplay::Run wrapped(run.get());
    Settings settings;
    kit::Training training;
    change(settings, training);
    warn_about(settings, training, wrapped);
    return run.warnings.size();
  };

  BOOST_TEST(warnings([](Settings&, kit::Training&) {}) == 0u);
  BOOST_TEST(warnings([](Settings& s, kit::Training&) { s.num_heads = 8; }) == 1u);
  BOOST_TEST(warnings([](Settings& s, kit::Training&) {
               s.norm = Norm::before_activation;
               s.scaled = false;
             }) == 1u);
  BOOST_TEST(warnings([](Settings& s, kit::Training&) {
               s.embedding_init = 1e-4;
               s.scaled = false;
             }) == 1u);
  BOOST_TEST(warnings([](Settings& s, kit::Training& t) {
               s.deep_batch_norm = true;
               t.batch_size = 16;
             }) == 1u);
}

// 10,000 rows of uci-coupon: best scores an AUC of 0.71, small 0.76.
BOOST_AUTO_TEST_CASE(the_preset_for_many_rows_warns_where_there_are_few) {
  engine();
  const auto warnings = [](const char* preset, std::int64_t rows) {
    fake::Run run;
    interplay::Run wrapped(run.get());
    fake::Params params = fake::Params::defaults(params_schema(), preset);
    params.texts["preset"] = preset;
    warn_about_size(Params(params.get()), rows, wrapped);
    return run.warnings.size();
  };

  BOOST_TEST(warnings("best", 10000) == 1u);
  BOOST_TEST(warnings("best", 80000) == 0u);
  BOOST_TEST(warnings("small", 10000) == 0u);
  BOOST_TEST(warnings("tutorial", 10000) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
