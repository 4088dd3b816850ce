// Several models trained apart, whose mean logit is the score.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include "kit/scorer.hpp"

namespace interplay::autoint::test {
namespace {

fake::Params with_members(double n) {
  fake::Params params = small_params();
  params.numbers["members"] = n;
  return params;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(autoint_members)

BOOST_AUTO_TEST_CASE(the_score_is_the_mean_of_the_members_logits) {
  const fake::Data data = planted(300, 11, 3);
  const Fitted fitted(data, with_members(3));
  BOOST_REQUIRE(fitted.all().members.size() == 3u);
  fake::BatchMemory memory(data);
  memory.fill(all_rows(data).data(), data.rows());
  std::vector<double> expected(static_cast<std::size_t>(data.rows()));
  for (const kit::Member& member : fitted.all().members) {
    std::vector<float> logits(expected.size());
    kit::Scorer(member.model).score(member.model, memory.batch, logits.data());
    for (std::size_t r = 0; r < logits.size(); ++r) expected[r] += static_cast<double>(logits[r]) / 3;
  }

  const std::vector<float> found = score(fitted.state, memory.batch);

  for (std::size_t r = 0; r < found.size(); ++r)  // three roundings of numbers below 8
    BOOST_TEST(std::abs(static_cast<double>(found[r]) - expected[r]) < 3e-6);
}

BOOST_AUTO_TEST_CASE(the_first_member_is_what_is_trained_alone_and_the_others_differ) {
  const fake::Data data = planted(300, 11, 3);
  const Fitted alone(data, small_params()), three(data, with_members(3));
  const auto& members = three.all().members;

  BOOST_TEST((members[0].model.dense == alone.get().model.dense));
  BOOST_TEST((members[1].model.dense != members[0].model.dense));
  BOOST_TEST((members[2].model.dense != members[1].model.dense));
}

BOOST_AUTO_TEST_CASE(members_are_the_same_for_any_number_of_threads) {
  const fake::Data data = planted(700, 11, 3);
  const Fitted one(data, with_members(2), 1), four(data, with_members(2), 4);

  BOOST_TEST((bytes_of(one.state) == bytes_of(four.state)));
}

BOOST_AUTO_TEST_CASE(members_come_back_from_a_file_and_go_on) {
  const fake::Data data = planted(300, 11, 3);
  fake::Params params = with_members(3);
  const Fitted fitted(data, params);
  fake::File file;
  file.wants_optimizer = true;
  BOOST_REQUIRE(engine().save(fitted.state, file.writer(), nullptr) == INTERPLAY_OK);
  void* loaded = nullptr;
  fake::Failure failure;
  BOOST_REQUIRE(engine().load(file.reader(), params.get(), data.fields().data(), 2, &loaded, failure.out()) ==
                INTERPLAY_OK);

  BOOST_TEST((score_all(loaded, data) == score_all(fitted.state, data)));
  const Fitted a(data, params, 1, nullptr, fitted.state), b(data, params, 1, nullptr, loaded);
  BOOST_TEST((score_all(a.state, data) == score_all(b.state, data)));
  engine().destroy(loaded);
}

BOOST_AUTO_TEST_CASE(going_on_with_another_number_of_members_is_refused) {
  const fake::Data data = planted(300, 11, 3);
  const Fitted two(data, with_members(2));

  const Fitted three(data, with_members(3), 1, nullptr, two.state);

  BOOST_TEST(three.status == INTERPLAY_INVALID_ARGUMENT);
  BOOST_TEST(three.failure.message().find("expected 2, found 3") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
