// Handles: freed in any order, shared by threads, exported and gone.
#include <thread>

#include "capi/support.hpp"
#include "data/arrow_structs.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

using Error = detail::Handle<interplay_error>;

/// A stream that counts its releases and fails at once.
struct Broken {
  ArrowArrayStream stream{};
  int released = 0;
  Broken() {
    stream.private_data = this;
    stream.get_schema = [](ArrowArrayStream*, ArrowSchema*) { return 5; };
    stream.get_next = [](ArrowArrayStream*, ArrowArray*) { return 5; };
    stream.get_last_error = [](ArrowArrayStream*) -> const char* { return "the producer is tired"; };
    stream.release = [](ArrowArrayStream* s) {
      ++static_cast<Broken*>(s->private_data)->released;
      s->release = nullptr;
    };
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_handle)

BOOST_AUTO_TEST_CASE(a_model_lives_as_long_as_its_last_reference) {
  const Events e = events();
  interplay_model* first = nullptr;
  BOOST_REQUIRE(interplay_fit_pairs("autoint", quick, e.user.size(), e.user.data(), e.item.data(),
                                    e.rating.data(), &first, nullptr) == INTERPLAY_OK);
  interplay_model* const second = interplay_model_retain(first);
  interplay_model* const third = interplay_model_retain(second);
  BOOST_TEST(second == first);
  float score = 0;
  interplay_model_free(first);
  interplay_model_free(third);
  BOOST_TEST(interplay_predict_pairs(second, 1, e.user.data(), e.item.data(), &score, nullptr) ==
             INTERPLAY_OK);
  BOOST_TEST((score >= 1 && score <= 5));
  interplay_model_free(second);
}

BOOST_AUTO_TEST_CASE(a_model_needs_nothing_that_it_came_from) {
  interplay_model *created = nullptr, *learned = nullptr, *changed = nullptr;
  interplay_model_create("autoint", quick, &created, nullptr);
  {
    const Dataset data = shop();
    BOOST_REQUIRE(interplay_model_fit(created, data.get(), nullptr, nullptr, nullptr, nullptr, &learned,
                                      nullptr) == INTERPLAY_OK);
  }
  interplay_model_free(created);
  {
    const Table items = item_table({1000, 8888});
    BOOST_REQUIRE(interplay_model_update(learned, "items", items.get(), nullptr, &changed, nullptr) ==
                  INTERPLAY_OK);
  }
  interplay_model_free(learned);
  interplay_text* about = nullptr;
  BOOST_TEST(interplay_model_info(changed, &about, nullptr) == INTERPLAY_OK);
  interplay_model_free(changed);
  BOOST_TEST(Json::parse(interplay_text_data(about))["catalogue"]["items"] == 21);
  BOOST_TEST(interplay_text_data(about)[interplay_text_size(about)] == '\0');
  interplay_text_free(about);
}

BOOST_AUTO_TEST_CASE(an_error_outlives_what_it_is_about) {
  interplay_error* error = nullptr;
  {
    Table table(1);
    interplay_column column;
    (void)interplay_table_column(table.get(), "nothing", &column, &error);
  }
  const Error owner(error);
  BOOST_TEST(std::string(interplay_error_message(error)).find("nothing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_part_of_a_dataset_outlives_the_whole) {
  std::pair<Dataset, Dataset> parts = shop().split(R"({"fraction": 0.5})");
  { const Dataset gone = std::move(parts.second); }
  BOOST_TEST(Json::parse(parts.first.info().view())["rows"] == 120);
  BOOST_TEST(scores(Model::create("autoint", quick).fit(parts.first), everything()).size() == 600U);
}

BOOST_AUTO_TEST_CASE(many_threads_use_one_model_at_once) {
  const Model& model = fitted();
  const auto expected = score_bits(model, everything());
  const std::string about = model.info().str();
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 3; ++i) {
        const Model mine = model;
        if (score_bits(mine, everything()) != expected) ++wrong[t];
        if (mine.info().str() != about) ++wrong[t];
        if (mine.recommend_user(100 + i, 99).items.size() != model.recommend_user(100 + i, 99).items.size())
          ++wrong[t];
      }
    });
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(wrong == std::vector<int>(4, 0), tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_exported_stream_outlives_its_table) {
  ArrowArrayStream stream;
  std::memset(&stream, 0xab, sizeof stream);
  {
    Table table(2);
    table.add("age", Ints{5, 6}).add("name", Texts{"\u00e9", ""}).to_arrow(&stream);
  }
  const Table back = Table::from_arrow(&stream);
  BOOST_TEST(stream.release == nullptr);
  BOOST_TEST(values<int64_t>(back, "age") == (Ints{5, 6}), tt::per_element());
  BOOST_TEST(back.column("name").text(0) == "\u00e9");
}

BOOST_AUTO_TEST_CASE(a_stream_is_released_in_every_case) {
  {
    Broken broken;
    refused(INTERPLAY_IO, {"the producer is tired"}, [&] { (void)Table::from_arrow(&broken.stream); });
    BOOST_TEST(broken.released == 1);
  }
  {
    Broken broken;
    BOOST_TEST(interplay_table_from_arrow(&broken.stream, nullptr, nullptr) != INTERPLAY_OK);
    BOOST_TEST(broken.released == 1);
  }
  {
    Broken broken;
    BOOST_TEST(interplay_dataset_append_arrow(nullptr, nullptr, &broken.stream, nullptr) != INTERPLAY_OK);
    BOOST_TEST(broken.released == 1);
  }
  ArrowArrayStream stream;
  Table(2).add("age", Ints{5, 6}).to_arrow(&stream);
  BOOST_TEST(interplay_table_from_arrow(&stream, nullptr, nullptr) == INTERPLAY_INVALID_ARGUMENT);
  BOOST_TEST(stream.release == nullptr);
}

BOOST_AUTO_TEST_CASE(a_failed_export_leaves_a_stream_that_is_released) {
  ArrowArrayStream stream;
  std::memset(&stream, 0xab, sizeof stream);
  call_fails(INTERPLAY_INVALID_ARGUMENT, {"table"}, interplay_table_to_arrow, nullptr, &stream);
  BOOST_TEST((stream.release == nullptr), "out_stream was not written");
}

BOOST_AUTO_TEST_CASE(versions_are_told) {
  BOOST_TEST(interplay_abi_version() / 65536 == 1U);
  BOOST_TEST(std::string(interplay_version()).find('.') != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
