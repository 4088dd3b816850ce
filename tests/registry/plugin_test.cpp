// Engines that join while the process runs: from an entry function, and from a shared library.
#include <dlfcn.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "registry/registry.hpp"
#include "support/fails.hpp"
#include "toy.hpp"

namespace core = interplay::core;
using core::Engine;
using interplay::test::fails;
using interplay::test::toy;

namespace {

const std::string plugins = INTERPLAY_PLUGINS;

int times_asked = 0;
const interplay_engine* entry_that_counts(std::uint32_t, const interplay_host*) {
  static interplay_engine table = toy("counted");
  ++times_asked;
  return &table;
}
const interplay_engine* entry_that_refuses(std::uint32_t, const interplay_host*) { return nullptr; }
const interplay_engine* entry_that_throws(std::uint32_t, const interplay_host*) {
  throw std::runtime_error("no");
}
const interplay_engine* entry_of_a_taken_name(std::uint32_t, const interplay_host*) {
  static interplay_engine table = toy("popularity");
  return &table;
}
const interplay_engine* entry_that_looks(std::uint32_t host_abi, const interplay_host* host) {
  static interplay_engine table = toy("looking");
  return host_abi == INTERPLAY_ENGINE_ABI && host->abi == host_abi && host->struct_size == sizeof *host
             ? &table
             : nullptr;
}

/// An entry function of its own for each number.
template <int number>
const interplay_engine* numbered(std::uint32_t, const interplay_host*) {
  static const std::string name = "number_" + std::to_string(number);
  static interplay_engine table = toy(name.c_str());
  return &table;
}
template <int... number>
std::vector<interplay_engine_entry_fn> numbered_entries(std::integer_sequence<int, number...>) {
  return {numbered<number>...};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_plugin)

BOOST_AUTO_TEST_CASE(an_entry_function_is_asked_once_and_its_engine_found_ever_after) {
  const Engine& first = core::register_engine(entry_that_counts, "here");
  const Engine& again = core::register_engine(entry_that_counts, "here");

  BOOST_TEST(times_asked == 1);
  BOOST_TEST(&first == &again);
  BOOST_TEST(&core::find_engine("counted") == &first);
}

BOOST_AUTO_TEST_CASE(an_entry_function_gets_the_abi_and_the_whole_table_of_the_host) {
  BOOST_TEST(core::register_engine(entry_that_looks, "here").name() == "looking");
}

BOOST_AUTO_TEST_CASE(an_engine_that_declines_this_host_is_incompatible) {
  fails(INTERPLAY_INCOMPATIBLE, {"there: ", "refused", "engine ABI 1", "headers"},
        [] { core::register_engine(entry_that_refuses, "there"); });
}

BOOST_AUTO_TEST_CASE(an_entry_function_that_throws_is_incompatible) {
  fails(INTERPLAY_INCOMPATIBLE, {"there: ", "threw"},
        [] { core::register_engine(entry_that_throws, "there"); });
}

BOOST_AUTO_TEST_CASE(a_name_that_is_taken_is_refused_and_the_first_engine_stays) {
  const Engine& before = core::find_engine("popularity");

  fails(INTERPLAY_INVALID_ARGUMENT, {"\"popularity\"", "registered already", "another name"},
        [] { core::register_engine(entry_of_a_taken_name, "there"); });

  BOOST_TEST(&core::find_engine("popularity") == &before);
}

BOOST_AUTO_TEST_CASE(sixty_four_engines_join_while_others_are_looked_up) {
  const auto entries = numbered_entries(std::make_integer_sequence<int, 64>());
  std::atomic<bool> done{false};
  std::atomic<int> lost{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t)
    readers.emplace_back([&] {
      while (!done)
        lost += core::find_engine("popularity").name() != "popularity" || core::all_engines().empty();
    });

  for (const auto entry : entries) core::register_engine(entry, "here");
  done = true;
  for (std::thread& reader : readers) reader.join();

  BOOST_TEST(lost == 0);
  BOOST_TEST(core::find_engine("number_0").name() == "number_0");
  BOOST_TEST(core::find_engine("number_63").name() == "number_63");
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_look_ups_among_many_engines_take_less_than_five_seconds_of_a_core) {
  const std::clock_t began =
      std::clock();  // 0.05 s in a debug build; not by the wall's clock, which others move

  for (int i = 0; i < 100000; ++i) core::find_engine("number_63");

  BOOST_TEST((std::clock() - began) / CLOCKS_PER_SEC < 5);
}

BOOST_AUTO_TEST_CASE(a_shared_library_becomes_an_engine_and_the_same_file_again_changes_nothing) {
  const std::size_t before = core::all_engines().size();

  const Engine& first = core::load_plugin(plugins + "/damped_means_c.so");
  const Engine& again = core::load_plugin(plugins + "/../plugins/damped_means_c.so");

  BOOST_TEST(first.name() == "damped_means_c");
  BOOST_TEST(&again == &first);
  BOOST_TEST(core::all_engines().size() == before + 1);
}

BOOST_AUTO_TEST_CASE(a_relative_path_is_refused) {
  fails(INTERPLAY_INVALID_ARGUMENT, {"absolute path", "\"damped_means_c.so\""},
        [] { core::load_plugin("damped_means_c.so"); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"absolute path", "\"\""}, [] { core::load_plugin(""); });
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_not_found) {
  fails(INTERPLAY_NOT_FOUND, {"/no/such/engine.so", "no such file"},
        [] { core::load_plugin("/no/such/engine.so"); });
}

BOOST_AUTO_TEST_CASE(a_folder_is_no_plugin) {
  fails(INTERPLAY_INVALID_ARGUMENT, {"a folder"}, [] { core::load_plugin(plugins); });
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_library_is_incompatible_and_the_loader_says_why) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "text.so";
  std::ofstream(path) << "not a library";

  fails(INTERPLAY_INCOMPATIBLE, {"text.so", "cannot load it: "}, [&] { core::load_plugin(path.string()); });

  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_CASE(a_library_without_an_entry_function_is_incompatible_and_the_function_named) {
  fails(INTERPLAY_INCOMPATIBLE, {"no_entry.so", "interplay_engine_entry"},
        [] { core::load_plugin(plugins + "/no_entry.so"); });
}

BOOST_AUTO_TEST_CASE(a_plugin_of_another_abi_is_incompatible) {
  fails(INTERPLAY_INCOMPATIBLE, {"broken_wrong_abi.so", "engine ABI 2", "speaks 1"},
        [] { core::load_plugin(plugins + "/broken_wrong_abi.so"); });
}

BOOST_AUTO_TEST_CASE(a_plugin_that_calls_what_nobody_has_is_incompatible_and_the_function_named) {
  fails(INTERPLAY_INCOMPATIBLE, {"unresolved.so", "cannot load it: ", "a_function_that_nobody_has"},
        [] { core::load_plugin(plugins + "/unresolved.so"); });
}

BOOST_AUTO_TEST_CASE(a_plugin_stays_loaded_also_when_it_was_refused_and_shows_its_symbols_to_nobody) {
  core::load_plugin(plugins + "/damped_means_c.so");
  BOOST_CHECK_THROW(core::load_plugin(plugins + "/broken_wrong_abi.so"), interplay::Error);

  BOOST_TEST(dlsym(RTLD_DEFAULT, "interplay_engine_entry") == nullptr);
  for (const char* name : {"/damped_means_c.so", "/broken_wrong_abi.so"}) {
    void* const there = dlopen((plugins + name).c_str(), RTLD_LAZY | RTLD_NOLOAD);
    BOOST_TEST(there != nullptr, name);
    if (there != nullptr) dlclose(there);
  }
}

BOOST_AUTO_TEST_CASE(two_plugins_in_cpp_whose_classes_have_one_name_stay_apart) {
  const Engine& first = core::load_plugin(plugins + "/twin_a.so");
  const Engine& second = core::load_plugin(plugins + "/twin_b.so");

  BOOST_TEST(first.name() == "twin_a");
  BOOST_TEST(second.name() == "twin_b");
}

BOOST_AUTO_TEST_CASE(a_model_file_of_an_engine_that_is_not_there_says_how_to_bring_it) {
  fails(INTERPLAY_NOT_FOUND, {"engine \"absent\" 2.1", "interplay_engine_load", "--plugin", "popularity"},
        [] { core::find_engine_of_file("absent", "2.1"); });
}

BOOST_AUTO_TEST_SUITE_END()
