// One story, told by every binding with the same numbers: tests/scenario/README.md.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>

#include "teller.hpp"
#include "told.hpp"

using story::Json;

namespace {

const Json& the_story() {
  static const Json story = Json::parse(std::ifstream(STORY));
  return story;
}

struct Folder {
  std::filesystem::path path = std::filesystem::current_path() / "story";
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

/// The names and numbers that `name_of` knows, up to some number beyond the last; "" and a name twice are none.
template <class NameOf>
Json enumerated(NameOf name_of) {
  Json all = Json::object();
  for (int32_t number = -3; number < 100; ++number) {
    const std::string name = name_of(number);
    if (!name.empty() && !(name == "INTERNAL" && number != INTERPLAY_INTERNAL)) all[name] = number;
  }
  return all;
}

void fails_as_told(const Json& error, const interplay::Exception& found) {
  if (error.value("by", "") == "binding") return;  // any error of this header will do
  BOOST_TEST(interplay::status_name(found.status()) == error.at("status").get<std::string>());
  BOOST_TEST(std::string(found.what()).find(error.at("text").get<std::string>()) != std::string::npos,
             "expected " << error.at("text") << " in the message, found: " << found.what());
  const Json detail = Json::parse(found.detail()), wanted = error.value("detail", Json::object());
  for (const auto& [key, value] : wanted.items())
    BOOST_TEST((detail.contains(key) && detail[key] == value),
               "expected " << key << ": " << value << " in " << detail);
}

void tell(story::Teller& teller, const Json& step) {
  Json result;
  try {
    result = teller.tell(step);
  } catch (const interplay::Exception& found) {
    BOOST_TEST(step.contains("error"), "expected success, found: " << found.what());
    if (step.contains("error")) fails_as_told(step["error"], found);
    return;
  }
  BOOST_TEST(!step.contains("error"), "expected " << step.value("error", Json()) << ", found success");
  for (const Json& check : step.value("expect", Json::array()))
    BOOST_TEST(story::holds(check, result, the_story().at("within")),
               "expected " << check << ", found " << result);
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_step_gives_what_the_story_says) {
  const Folder folder;
  story::Teller teller(the_story(), folder.path);
  for (const Json& step : the_story().at("steps")) BOOST_TEST_CONTEXT(step.at("say")) tell(teller, step);
}

BOOST_AUTO_TEST_CASE(statuses_and_types_have_the_storys_names_and_no_others) {
  const Json& told = the_story().at("enumerations");
  BOOST_TEST(enumerated(interplay::status_name) == told.at("status"));
  BOOST_TEST(enumerated(interplay::type_name) == told.at("type"));
}

BOOST_AUTO_TEST_CASE(cells_have_the_storys_numbers_and_each_number_can_be_made) {
  interplay::CellHeap heap;
  const auto model = interplay::Model::fit_pairs("popularity", nullptr, std::vector<int64_t>{1, 2},
                                                 std::vector<int64_t>{1, 2}, std::vector<float>{1, 2});
  const interplay::Scorer scorer(model, {"user_id"}, {"item_id"});
  const Json made{
      {"NULL", interplay::cell().type},       {"INT64", interplay::cell(int64_t{1}).type},
      {"FLOAT64", interplay::cell(0.5).type}, {"STRING", heap.text("a").type},
      {"LIST", heap.list({}).type},           {"ID", scorer.resolve(0, interplay::cell(int64_t{1})).type}};
  BOOST_TEST(made == the_story().at("enumerations").at("cell"));
}

BOOST_AUTO_TEST_CASE(each_status_can_be_thrown_and_keeps_its_number) {
  for (const auto& [name, number] : the_story().at("enumerations").at("status").items()) {
    const interplay::Exception error(number, "why");
    BOOST_TEST(error.status() == number.get<int32_t>());
    BOOST_TEST(interplay::status_name(error.status()) == name);
  }
}

BOOST_AUTO_TEST_CASE(the_abi_is_of_the_storys_major) {
  BOOST_TEST(interplay_abi_version() >> 16 == the_story().at("abi_major").get<uint32_t>());
}

// A teller whose comparison cannot fail would tell any story.
BOOST_AUTO_TEST_CASE(a_wrong_result_is_seen) {
  const Json result =
      Json::parse(R"({"a": [1, 2], "b": 9007199254740993, "c": "text", "d": 0.5, "e": null})");
  const auto holds = [&](const char* check) { return story::holds(Json::parse(check), result, 1e-5); };
  BOOST_TEST(holds(R"({"at": "/a", "equals": [1, 2]})"));
  BOOST_TEST(!holds(R"({"at": "/a", "equals": [1]})"));
  BOOST_TEST(!holds(R"({"at": "/a", "equals": [1, 3]})"));
  BOOST_TEST(!holds(R"({"at": "/a", "length": 3})"));
  BOOST_TEST(holds(R"({"at": "/b", "equals": "9007199254740993"})"));
  BOOST_TEST(!holds(R"({"at": "/b", "equals": "9007199254740992"})"));
  BOOST_TEST(!holds(R"({"at": "/c", "has": "test"})"));
  BOOST_TEST(!holds(R"({"at": "/c", "near": 0})"));
  BOOST_TEST(holds(R"({"at": "/d", "near": 0.500009})"));
  BOOST_TEST(!holds(R"({"at": "/d", "near": 0.500011})"));
  BOOST_TEST(!holds(R"({"at": "/a", "near": [1, 2, 3]})"));
  BOOST_TEST(!holds(R"({"at": "/d", "below": 0.5})"));
  BOOST_TEST(!holds(R"({"at": "/d", "above": 0.5})"));
  BOOST_TEST(!holds(R"({"at": "/e", "below": 1})"));
  BOOST_TEST(!holds(R"({"at": "/f", "equals": null})"));
}
