// Parameters against each other.
#include "params.hpp"
#include "support.hpp"

#include <boost/test/unit_test.hpp>

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
  params.numbers["embedding_decay"] = 100;  // times a learning rate of 0.01
  fake::Failure failure;

  BOOST_TEST(engine().check(params.get(), failure.out()) == INTERPLAY_INVALID_ARGUMENT);
  BOOST_TEST(failure.message().find("embedding_decay") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_setting_of_the_code_stands_in_the_schema) {
  const std::string schema = params_schema();
  for (const auto& entry : small_params().numbers)
    BOOST_TEST((entry.first == "seed" || schema.find('"' + entry.first + '"') != std::string::npos),
               entry.first);
}

BOOST_AUTO_TEST_CASE(narrow_heads_earn_a_warning_and_usual_settings_none) {
  engine();  // sets the host
  fake::Run narrow, usual;
  Settings settings;
  interplay::Run usual_run(usual.get()), narrow_run(narrow.get());

  warn_about(settings, usual_run);
  settings.num_heads = 8;
  warn_about(settings, narrow_run);

  BOOST_TEST(usual.warnings.empty());
  BOOST_TEST(narrow.warnings.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
