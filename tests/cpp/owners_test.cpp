// What the classes of interplay.hpp promise beyond the story: who owns what, which thread, which error.
#include <malloc.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <interplay/interplay.hpp>
#include <span>
#include <thread>

namespace {

using interplay::Exception;

const std::vector<int64_t> users{1, 1, 2, 2, 3}, movies{10, 11, 10, 12, 11};
const std::vector<float> stars{5, 3, 4, 1, 2};

interplay::Model learned() {
  return interplay::Model::fit_pairs("popularity", nullptr, users, movies, stars);
}

interplay::Dataset sealed() {
  interplay::Dataset data(R"({"user": "user_id", "item": "item_id", "label": "rating"})");
  const auto rows = static_cast<int64_t>(users.size());
  data.append("interactions",
              interplay::Table(rows).add("user_id", users).add("item_id", movies).add("rating", stars));
  data.seal();
  return data;
}

/// The call throws an Exception with this status and with words in it.
template <class Call>
void refused(interplay_status status, Call call) {
  try {
    call();
    BOOST_ERROR("expected " << interplay::status_name(status) << ", found success");
  } catch (const Exception& error) {
    BOOST_TEST(interplay::status_name(error.status()) == interplay::status_name(status));
    BOOST_TEST(std::string(error.what()) != "");
  }
}

/// Moves the object away.
template <class T>
void leave(T& object) {
  const T taken(std::move(object));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_k_beyond_what_there_is_takes_no_memory_for_it) {
  const auto model = learned();
  BOOST_TEST(model.recommend_user(3, SIZE_MAX).items.size() == 2u);  // of three films user 3 has seen one
  interplay::Scorer scorer(model, {"user_id"}, {"item_id"});
  BOOST_TEST(scorer.top({interplay::cell(int64_t{3})}, SIZE_MAX).index.size() == 2u);
  const std::vector<interplay_cell> rows{interplay::cell(int64_t{10}), interplay::cell(int64_t{11})};
  BOOST_TEST(scorer.top({interplay::cell(int64_t{3})}, rows, SIZE_MAX).index.size() == 2u);
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { (void)model.recommend_user(3, 0); });
}

BOOST_AUTO_TEST_CASE(what_was_moved_from_is_refused_by_every_class) {
  auto model = learned();
  auto data = sealed();
  interplay::Table table(1);
  interplay::Monitor monitor;
  interplay::Assembly assembly("autoint", nullptr, R"({"schema": {"user": "u", "item": "i", "label": "l"},
    "fields": [{"name": "u", "of": "user", "kind": "category"}, {"name": "i", "of": "item", "kind": "category"}],
    "objective": {"kind": "binary"}})");
  interplay::Scorer scorer(model, {"user_id"}, {"item_id"});
  leave(model), leave(data), leave(table), leave(monitor), leave(assembly), leave(scorer);

  refused(INTERPLAY_INVALID_ARGUMENT, [&] { (void)model.predict_pair(1, 10); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { (void)interplay::Model(model).info(); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { data.seal(); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { (void)learned().fit(data); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { (void)table.info(); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { table.add("a", std::vector<int64_t>{1}); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { (void)monitor.read(); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { (void)assembly.finish(); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { (void)scorer.stats(); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] {
    (void)scorer.score({interplay::cell(int64_t{1})}, std::vector{interplay::cell(int64_t{10})});
  });
}

BOOST_AUTO_TEST_CASE(a_copy_and_a_scorer_outlive_the_model_that_they_came_from) {
  auto first = learned();
  const float score = first.predict_pair(1, 10);
  const interplay::Model copy = first;
  interplay::Scorer scorer(first, {"user_id"}, {"item_id"});
  leave(first);
  BOOST_TEST(copy.predict_pair(1, 10) == score);
  BOOST_TEST(scorer.score({interplay::cell(int64_t{1})}, std::vector{interplay::cell(int64_t{10})})[0] ==
             score);
}

BOOST_AUTO_TEST_CASE(arrays_of_different_lengths_are_refused_before_they_are_read) {
  const auto model = learned();
  const std::vector<int64_t> one{1};
  const std::vector<float> label{1};
  refused(INTERPLAY_BAD_DATA, [&] { (void)model.predict_pairs(users, one); });
  refused(INTERPLAY_BAD_DATA,
          [&] { (void)interplay::Model::fit_pairs("popularity", nullptr, users, movies, label); });
  refused(INTERPLAY_BAD_DATA, [&] { interplay::Table(2).add("a", users, std::vector<uint8_t>{1}); });
  refused(INTERPLAY_BAD_DATA, [&] { interplay::Table(2).add_lists("a", users, one); });
  interplay::Scorer scorer(model, {"user_id"}, {"item_id"});
  refused(INTERPLAY_BAD_DATA, [&] { (void)scorer.score({}, std::vector{interplay::cell(int64_t{10})}); });
  BOOST_CHECK_EXCEPTION((void)model.predict_pairs(users, one), interplay::Exception, [](const auto& error) {
    return error.what() == "items, one for each user: expected " + std::to_string(users.size()) + ", found 1";
  });
}

BOOST_AUTO_TEST_CASE(text_with_a_nul_inside_is_refused_and_not_cut) {
  const std::string name("popularity\0x", 12), column("a\0b", 3);
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { (void)interplay::Model::create(name); });
  refused(INTERPLAY_INVALID_ARGUMENT, [&] { interplay::Table(1).add(column, std::vector<int64_t>{1}); });
}

BOOST_AUTO_TEST_CASE(spans_and_arrays_go_in_and_a_view_is_a_span) {
  const auto model = learned();
  const std::array<int64_t, 2> asked{1, 2};
  const auto scores = model.predict_pairs(std::span(users).first(2), asked);
  BOOST_TEST(scores[1] == model.predict_pair(users[1], 2));
  const interplay::Table table = std::move(interplay::Table(2).add("n", std::span(asked)));
  const std::span<const int64_t> back = table.column("n").values<int64_t>();
  BOOST_TEST(back == std::span(asked), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_column_is_read_as_its_own_type_or_refused) {
  const interplay::Table table = std::move(interplay::Table(2).add("n", std::vector<int32_t>{7, 8}));
  BOOST_TEST(table.column("n").values<int32_t>()[1] == 8);
  refused(INTERPLAY_BAD_DATA, [&] { (void)table.column("n").values<float>(); });
  refused(INTERPLAY_BAD_DATA, [&] { (void)table.column("n").text(0); });
  refused(INTERPLAY_NOT_FOUND, [&] { (void)table.column("m"); });
}

BOOST_AUTO_TEST_CASE(what_a_callback_throws_comes_out_of_the_fit_that_it_stops) {
  struct Mine {};
  interplay::Monitor made([](std::string_view) -> bool { throw Mine(); });
  const interplay::Monitor monitor = std::move(made);  // the callback's address moves along
  const auto model = interplay::Model::create("autoint", R"({"epochs": 1000, "validation_fraction": 0})");
  const interplay::Dataset data = sealed();
  BOOST_CHECK_THROW((void)model.fit(data, nullptr, nullptr, &monitor), Mine);
}

BOOST_AUTO_TEST_CASE(four_threads_score_with_one_model_and_get_the_same) {
  const auto model = learned();
  const std::vector<float> alone = model.predict_pairs(users, movies);
  std::vector<int> equal(4, 0);
  std::vector<std::thread> threads;
  for (int& mine : equal)
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) mine += model.predict_pairs(users, movies) == alone;
    });
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(equal == std::vector<int>(4, 1000), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_million_calls_hold_memory_flat) {
  const auto model = learned();
  interplay::Scorer scorer(model, {"user_id"}, {"item_id"});
  const std::vector row{interplay::cell(int64_t{10})};
  const auto calls = [&](int n) {
    for (; n > 0; --n) {
      if (n % 2 == 0) (void)model.predict_pair(1, n);
      if (n % 2 == 1) (void)scorer.score({interplay::cell(int64_t{n})}, row);
      if (n % 1000 == 0) refused(INTERPLAY_NOT_FOUND, [] { (void)interplay::Model::create("nobody"); });
    }
  };
  calls(10'000);
  const std::size_t before = mallinfo2().uordblks;
  calls(1'000'000);
  const std::size_t after = mallinfo2().uordblks;
  BOOST_TEST(after <= before + 100'000,
             "expected " << before << " bytes in use, found " << after);  // 0.1 a call
}
