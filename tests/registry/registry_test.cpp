#include "registry/registry.hpp"

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <new>

#include "registry/error_object.hpp"
#include "support/fails.hpp"
#include "toy.hpp"

namespace core = interplay::core;
using core::Engine;
using core::Json;
using interplay::test::fails;
using interplay::test::toy;

namespace {

interplay_status refuse(const interplay_params*, interplay_error** error) {
  return core::make_error(error, INTERPLAY_INVALID_ARGUMENT, "depth does not suit", R"({"key": "depth"})");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_registry)

BOOST_AUTO_TEST_CASE(the_built_in_engines_are_found_by_their_names) {
  BOOST_REQUIRE(!core::all_engines().empty());
  for (const Engine* engine : core::all_engines()) BOOST_TEST(&core::find_engine(engine->name()) == engine);
}

BOOST_AUTO_TEST_CASE(an_engine_that_is_not_there_is_not_found_and_those_there_are_named) {
  const std::string name = core::all_engines().front()->name();

  fails(INTERPLAY_NOT_FOUND, {"unknown engine \"nothing\"", name.c_str()},
        [] { core::find_engine("nothing"); });
}

BOOST_AUTO_TEST_CASE(an_engine_tells_its_parameters) {
  const Json info = Engine(toy()).info();

  BOOST_TEST(info["name"] == "toy");
  BOOST_TEST(info["summary"] == "");
  BOOST_TEST(info["parameters"]["properties"]["depth"]["default"] == 2);
  BOOST_TEST(info["parameters"]["properties"].contains("seed"));
}

BOOST_AUTO_TEST_CASE(an_engine_of_another_abi_is_incompatible) {
  interplay_engine table = toy();
  table.abi = INTERPLAY_ENGINE_ABI + 1;

  fails(INTERPLAY_INCOMPATIBLE, {"ABI", std::to_string(table.abi).c_str()}, [&] { Engine{table}; });
}

BOOST_AUTO_TEST_CASE(an_engine_without_a_required_member_is_incompatible_and_the_member_named) {
  const std::pair<const char*, void (*)(interplay_engine&)> without[] = {
      {"\"version\"", [](interplay_engine& t) { t.version = nullptr; }},
      {"\"params_schema\"", [](interplay_engine& t) { t.params_schema = nullptr; }},
      {"\"fit\"", [](interplay_engine& t) { t.fit = nullptr; }},
      {"\"score\"", [](interplay_engine& t) { t.score = nullptr; }},
      {"\"save\"", [](interplay_engine& t) { t.save = nullptr; }},
      {"\"load\"", [](interplay_engine& t) { t.load = nullptr; }},
      {"\"destroy\"", [](interplay_engine& t) { t.destroy = nullptr; }},
      {"\"scratch_free\"",
       [](interplay_engine& t) {
         t.scratch_new = [](const void*, std::int64_t, void**, interplay_error**) { return INTERPLAY_OK; };
       }},
      {"\"attention_shape\"", [](interplay_engine& t) {
         t.attention = [](const void*, void*, const interplay_batch*, float*, interplay_error**) {
           return INTERPLAY_OK;
         };
       }}};
  for (const auto& [name, take_away] : without) {
    interplay_engine table = toy();
    take_away(table);
    fails(INTERPLAY_INCOMPATIBLE, {"\"toy\"", name}, [&] { Engine{table}; });
  }
}

BOOST_AUTO_TEST_CASE(what_a_newer_table_has_behind_ours_is_left_alone) {
  struct {
    interplay_engine table = toy();
    void (*newer[2])() = {};
  } longer;
  longer.table.struct_size = sizeof longer;

  BOOST_TEST(Engine(longer.table).name() == "toy");
}

BOOST_AUTO_TEST_CASE(an_engine_without_a_name_is_incompatible) {
  interplay_engine table = toy();
  table.name = nullptr;

  fails(INTERPLAY_INCOMPATIBLE, {"\"name\""}, [&] { Engine{table}; });
}

BOOST_AUTO_TEST_CASE(what_lies_beyond_an_older_table_is_not_read) {
  interplay_engine table = toy();
  table.check = refuse;
  table.struct_size = offsetof(interplay_engine, scratch_new);

  const Engine engine(table);

  BOOST_TEST((engine.table().check == nullptr));
}

BOOST_AUTO_TEST_CASE(a_table_that_is_too_short_is_incompatible) {
  interplay_engine table = toy();
  table.struct_size = offsetof(interplay_engine, scratch_new) - 1;

  fails(INTERPLAY_INCOMPATIBLE, {"at least"}, [&] { Engine{table}; });
}

BOOST_AUTO_TEST_CASE(the_engine_has_the_last_word_on_parameters) {
  interplay_engine table = toy();
  table.check = refuse;
  const Engine engine(table);

  fails(INTERPLAY_INVALID_ARGUMENT, {"depth does not suit", "\"key\": \"depth\""},
        [&] { engine.params(Json::object()); });
  BOOST_TEST(Engine(toy()).params(Json::object())->values["depth"] == 2);
}

BOOST_AUTO_TEST_CASE(a_failure_without_a_word_names_the_engine_and_what_it_did) {
  const Engine engine(toy());

  fails(INTERPLAY_IO, {"\"toy\"", "scoring", "did not say why"},
        [&] { core::call_engine(engine, "scoring", [](interplay_error**) { return INTERPLAY_IO; }); });
}

BOOST_AUTO_TEST_CASE(an_engine_out_of_memory_is_an_allocation_that_failed) {
  const Engine engine(toy());
  const auto call = [](interplay_error** error) {
    return core::make_error(error, INTERPLAY_NO_MEMORY, "no", nullptr);
  };

  BOOST_CHECK_THROW(core::call_engine(engine, "scoring", call), std::bad_alloc);
}

BOOST_AUTO_TEST_CASE(an_error_beside_success_is_freed_and_forgotten) {
  const Engine engine(toy());

  core::call_engine(engine, "scoring", [](interplay_error** error) {
    core::make_error(error, INTERPLAY_IO, "not meant", nullptr);  // the leak checker watches
    return INTERPLAY_OK;
  });

  BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
