// What is saved comes back bit for bit; what was tampered with does not come back at all.
#include "support.hpp"

#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <limits>

namespace interplay::autoint::test {
namespace {

/// A small fitted model and its file.
struct Saved {
  explicit Saved(bool optimizer = false) {
    fake::Run run;
    BOOST_REQUIRE(engine().fit(run.get(), params.get(), data.view(), nullptr, nullptr, &state, nullptr) ==
                  INTERPLAY_OK);
    file.wants_optimizer = optimizer;
    BOOST_REQUIRE(engine().save(state, file.writer(), nullptr) == INTERPLAY_OK);
  }
  ~Saved() { engine().destroy(state); }

  interplay_status load(fake::File& from, void** out, fake::Failure& failure) const {
    const auto& fields = data.fields();
    return engine().load(from.reader(), params.get(), fields.data(),
                         static_cast<std::uint32_t>(fields.size()), out, failure.out());
  }
  /// The status and the message of a load that has to fail.
  std::string refused(fake::File& from) const {
    fake::Failure failure;
    void* loaded = &failure;
    BOOST_TEST(load(from, &loaded, failure) == INTERPLAY_CORRUPT);
    BOOST_TEST(loaded == nullptr);
    return failure.message();
  }

  fake::Data data = make_data({"cmwn", 300, INTERPLAY_BINARY, false}, 1);
  fake::Params params = [] {
    fake::Params p = small_params();
    p.numbers["embedding_dim"] = 5;
    p.numbers["attention_dim"] = 6;
    p.numbers["num_heads"] = 3;
    p.numbers["first_order"] = 1;
    p.texts["norm"] = "post";
    p.lists["deep_layers"] = {7, 4};
    p.numbers["deep_batch_norm"] = 1;
    return p;
  }();
  void* state = nullptr;
  fake::File file;
};

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(autoint_serializer)

BOOST_AUTO_TEST_CASE(a_loaded_model_scores_the_same_bits) {
  for (const bool optimizer : {false, true}) {
    Saved saved(optimizer);
    fake::Failure failure;
    void* loaded = nullptr;

    BOOST_REQUIRE(saved.load(saved.file, &loaded, failure) == INTERPLAY_OK);

    BOOST_TEST((score_all(loaded, saved.data) == score_all(saved.state, saved.data)));
    fake::File again;
    again.wants_optimizer = optimizer;
    BOOST_TEST(engine().save(loaded, again.writer(), nullptr) == INTERPLAY_OK);
    for (const auto& [name, section] : saved.file.sections)
      BOOST_TEST((again.sections[name].words == section.words));
    engine().destroy(loaded);
  }
}

BOOST_AUTO_TEST_CASE(training_goes_on_from_a_file_as_from_memory) {
  Saved saved(true);
  fake::Failure failure;
  void *loaded = nullptr, *a = nullptr, *b = nullptr;
  BOOST_REQUIRE(saved.load(saved.file, &loaded, failure) == INTERPLAY_OK);
  fake::Run run;

  engine().fit(run.get(), saved.params.get(), saved.data.view(), nullptr, saved.state, &a, nullptr);
  engine().fit(run.get(), saved.params.get(), saved.data.view(), nullptr, loaded, &b, nullptr);

  BOOST_TEST((score_all(a, saved.data) == score_all(b, saved.data)));
  for (void* state : {loaded, a, b}) engine().destroy(state);
}

BOOST_AUTO_TEST_CASE(without_its_optimizer_a_file_is_a_third_and_training_starts_it_anew) {
  Saved with(true), without(false);
  std::size_t large = 0, small = 0;
  for (const auto& entry : with.file.sections) large += entry.second.bytes;
  for (const auto& entry : without.file.sections) small += entry.second.bytes;
  BOOST_TEST(2 * small < large);
  fake::Failure failure;
  fake::Run run;
  void *loaded = nullptr, *next = nullptr;
  BOOST_REQUIRE(without.load(without.file, &loaded, failure) == INTERPLAY_OK);

  BOOST_TEST(engine().fit(run.get(), without.params.get(), without.data.view(), nullptr, loaded, &next,
                          nullptr) == INTERPLAY_OK);

  const kit::Member &before = static_cast<const State*>(loaded)->members.front(),
                    &after = static_cast<const State*>(next)->members.front();
  BOOST_TEST(before.moments.step == 0);
  BOOST_TEST(after.moments.step == after.steps - before.steps);
  engine().destroy(loaded);
  engine().destroy(next);
}

BOOST_AUTO_TEST_CASE(a_missing_tensor_is_named) {
  const Saved saved(true);
  for (const auto& entry : saved.file.sections) {
    if (entry.first == "state") continue;  // without it the tensors alone make a model
    fake::File file = saved.file;
    file.sections.erase(entry.first);
    BOOST_TEST(says(saved.refused(file), entry.first));
  }
}

BOOST_AUTO_TEST_CASE(a_tensor_of_another_shape_or_type_is_named) {
  const Saved saved;
  for (const auto& entry : saved.file.sections) {
    if (entry.first == "state") continue;
    fake::File longer = saved.file, other = saved.file;
    longer.sections[entry.first].shape[0] += 1;
    other.sections[entry.first].dtype = INTERPLAY_INT32;
    BOOST_TEST(says(saved.refused(longer), entry.first));
    BOOST_TEST(says(saved.refused(other), entry.first));
  }
}

BOOST_AUTO_TEST_CASE(a_number_that_is_not_finite_is_refused) {
  const Saved saved(true);
  for (const auto& entry : saved.file.sections) {
    if (entry.first == "state") continue;
    for (const float bad :
         {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
      fake::File file = saved.file;
      fake::File::Section& section = file.sections[entry.first];
      std::memcpy(reinterpret_cast<char*>(section.words.data()) + section.bytes - 4, &bad, 4);
      BOOST_TEST(says(saved.refused(file), entry.first));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_negative_second_moment_is_refused) {
  const Saved saved(true);
  const float bad = -1;
  for (const char* name : {"adam/v/tables/0", "adam/v/output/0", "adam/v/bias", "deep/0/norm/variance"}) {
    fake::File file = saved.file;
    fake::File::Section& section = file.sections[name];
    std::memcpy(reinterpret_cast<char*>(section.words.data()) + section.bytes - 4, &bad, 4);
    saved.refused(file);
  }
}

BOOST_AUTO_TEST_CASE(a_scale_that_makes_infinities_is_refused) {
  Saved saved;
  saved.file.sections.clear();
  saved.file.table_type = INTERPLAY_INT8;
  BOOST_REQUIRE(engine().save(saved.state, saved.file.writer(), nullptr) == INTERPLAY_OK);
  fake::Failure failure;
  void* loaded = nullptr;
  BOOST_REQUIRE(saved.load(saved.file, &loaded, failure) == INTERPLAY_OK);
  engine().destroy(loaded);
  for (const float bad : {-1.0f, 3e37f}) {
    fake::File file = saved.file;
    std::memcpy(file.sections.at("tables/0/scale").words.data(), &bad, sizeof bad);
    BOOST_TEST(says(saved.refused(file), "tables/0/scale"));
  }
}

// 0.8 GB of weights, of which the file has none: memory was taken for all before the first was looked for.
BOOST_AUTO_TEST_CASE(parameters_that_ask_for_gigabytes_take_none_where_the_tensors_are_not_there) {
  Saved saved;
  saved.params.lists["layer_dims"] = {4096, 4096, 4096, 4096};
  saved.params.numbers["num_heads"] = 1;
  saved.params.texts["output_projection"] = saved.params.texts["residual"] =
      "none";  // so that a layer reads 4,096 numbers
  const auto resident = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;  // kB, at the most so far
  };
  const long before = resident();
  BOOST_TEST(says(saved.refused(saved.file), "layers/0"));
  BOOST_TEST(resident() - before < 200000);
}

BOOST_AUTO_TEST_CASE(a_truncated_or_longer_state_is_refused) {
  const Saved saved;
  const std::int64_t size = saved.file.sections.at("state").shape[0];
  for (std::int64_t n = 0; n < size; ++n) {
    fake::File file = saved.file;
    file.sections["state"].shape[0] = n;
    saved.refused(file);
  }
  fake::File file = saved.file;
  file.sections["state"].shape[0] = size + 1;
  file.sections["state"].words.resize(file.sections["state"].words.size() + 1);
  BOOST_TEST(says(saved.refused(file), "1 more byte"));
}

BOOST_AUTO_TEST_CASE(tensors_without_a_state_make_a_model) {
  Saved saved;
  fake::File tensors = saved.file;
  tensors.sections.erase("state");
  fake::Failure failure;
  void* loaded = nullptr;

  BOOST_REQUIRE(saved.load(tensors, &loaded, failure) == INTERPLAY_OK);

  BOOST_TEST((score_all(loaded, saved.data) == score_all(saved.state, saved.data)));
  engine().destroy(loaded);
}

BOOST_AUTO_TEST_CASE(a_file_of_other_parameters_is_refused_by_the_first_tensor_that_differs) {
  Saved saved;
  saved.params.numbers["num_layers"] = 3;
  BOOST_TEST(says(saved.refused(saved.file), "layers/2"));
  saved.params.numbers["num_layers"] = 2;
  saved.params.numbers["embedding_dim"] = 1024;
  BOOST_TEST(says(saved.refused(saved.file), "tables/0"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::autoint::test
