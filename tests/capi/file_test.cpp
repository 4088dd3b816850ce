// Files: what comes back is the same model to the bit, and nothing else ever comes back.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>

#include "capi/files.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

std::size_t files_here() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("."), {}));
}

/// Parsing must fail, with a status of the two for files; gives the status.
interplay_status parse_status(const std::string& bytes, std::string* why = nullptr) {
  interplay_model* model = nullptr;
  interplay_error* error = nullptr;
  const interplay_status status = interplay_model_parse(bytes.data(), bytes.size(), nullptr, &model, &error);
  if (why != nullptr) *why = interplay_error_message(error);
  interplay_model_free(model);
  interplay_error_free(error);
  return status;
}
bool refused_as_damaged(const std::string& bytes) {
  const interplay_status status = parse_status(bytes);
  return status == INTERPLAY_CORRUPT || status == INTERPLAY_INCOMPATIBLE;
}

/// While it lives, no file grows beyond `bytes`, and the attempt is an error and no signal.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit small{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit old_{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_file)

BOOST_AUTO_TEST_CASE(a_model_comes_back_the_same_to_the_bit) {
  const Path path{"model"};
  for (const Ids ids : {Ids::integers, Ids::strings}) {
    const Model& model = fitted(ids);
    model.save(path.name);
    const std::string bytes = dump(model);
    BOOST_TEST((read(path.name) == bytes));
    BOOST_TEST((dump(model) == bytes));
    const auto expected = score_bits(model, everything(ids));
    for (const char* options :
         {"{}", R"({"mmap": true})", R"({"mmap": true, "verify": true})", R"({"verify": false})"}) {
      const Model loaded = Model::load(path.name, options);
      BOOST_TEST(score_bits(loaded, everything(ids)) == expected, tt::per_element());
      BOOST_TEST((dump(loaded) == bytes), options);
      BOOST_TEST(info(loaded) == info(model), options);
    }
    const Model parsed = Model::parse(bytes);
    BOOST_TEST(score_bits(parsed, everything(ids)) == expected, tt::per_element());
    BOOST_TEST((dump(parsed) == bytes));
  }
  BOOST_TEST(files_here() == 1U);
}

BOOST_AUTO_TEST_CASE(a_mapped_model_outlives_its_name) {
  const Path path{"mapped"};
  fitted().save(path.name);
  const Model mapped = Model::load(path.name, R"({"mmap": true})");
  std::filesystem::remove(path.name);
  BOOST_TEST(score_bits(mapped, everything()) == score_bits(fitted(), everything()), tt::per_element());
  BOOST_TEST(mapped.recommend_user(100, 99).items == fitted().recommend_user(100, 99).items,
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(training_goes_on_from_a_file_as_from_memory) {
  for (const char* options : {"{}", R"({"optimizer": true})"}) {
    const Model loaded = Model::parse(fitted().dump(options));
    BOOST_TEST(score_bits(loaded, everything()) == score_bits(fitted(), everything()), tt::per_element());
    BOOST_TEST(dump(loaded.fit(shop())).size() > 0U);
  }
  const Model again = Model::parse(fitted().dump(R"({"optimizer": true})"));
  BOOST_TEST((dump(again.fit(shop())) == dump(fitted().fit(shop()))));
}

BOOST_AUTO_TEST_CASE(what_users_have_seen_may_stay_at_home) {
  const Model model = Model::parse(fitted().dump(R"({"seen": false})"));
  BOOST_TEST(info(model)["catalogue"]["seen"].is_null());
  BOOST_TEST(score_bits(model, everything()) == score_bits(fitted(), everything()), tt::per_element());
  const Table user = take(Table(1).add("user_id", Ints{100}));
  refused(INTERPLAY_UNSUPPORTED, {"recommend", "seen", "exclude_seen"}, [&] { (void)model.recommend(user); });
  refused(INTERPLAY_UNSUPPORTED, {"seen"}, [&] { (void)model.evaluate(shop(), R"({"k": 3})"); });
  refused(INTERPLAY_UNSUPPORTED, {"seen", "replace"},
          [&] { (void)model.update("seen", pairs({100}, {1000})); });
  BOOST_TEST(values<int64_t>(model.recommend(user, nullptr, R"({"exclude_seen": false, "k": 99})"), "item_id")
                 .size() == 20U);
  const Model knows = model.update("seen", pairs({100}, {1000}), R"({"action": "replace"})");
  BOOST_TEST(knows.recommend_user(100, 99).items.size() == 19U);
  BOOST_TEST(dump(model).find("seen/items") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_tells_what_its_model_tells) {
  const Path path{"told"};
  const Model more = fitted().update("items", item_table({8888}));
  for (const Model& model : {fitted(), more}) {
    model.save(path.name);
    const Json file = Json::parse(file_info(path.name).view()), memory = info(model);
    for (const auto& [key, value] : memory.items())
      BOOST_TEST(file[key] == value, key << ": " << file[key] << " instead of " << value);
    BOOST_TEST(file.contains("format"));
    BOOST_TEST(file["sections"].size() == sections(read(path.name)));
    BOOST_TEST(file["sections"][0]["name"] == "model");
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_not_found_and_its_path_is_named) {
  refused(INTERPLAY_NOT_FOUND, {"nowhere", "\"path\""}, [] { (void)Model::load("nowhere"); });
  refused(INTERPLAY_NOT_FOUND, {"nowhere"}, [] { (void)Model::load("nowhere", R"({"mmap": true})"); });
  refused(INTERPLAY_NOT_FOUND, {"nowhere"}, [] { (void)file_info("nowhere"); });
  refused(INTERPLAY_NOT_FOUND, {"no/such/folder"}, [] { fitted().save("no/such/folder/model"); });
  refused(INTERPLAY_NOT_FOUND, {"\"\""}, [] { (void)Model::load(""); });
}

BOOST_AUTO_TEST_CASE(a_place_that_is_no_file_is_refused) {
  const Path folder{"folder"};
  std::filesystem::create_directory(folder.name);
  refused(INTERPLAY_IO, {"folder", "\"path\""}, [&] { fitted().save(folder.name); });
  refused(INTERPLAY_IO, {"/dev/null/model"}, [] { fitted().save("/dev/null/model"); });
  refused(INTERPLAY_IO, {"folder"}, [&] { (void)Model::load(folder.name); });
  refused(INTERPLAY_IO, {"/dev/zero"}, [] { (void)Model::load("/dev/zero"); });
  refused(INTERPLAY_IO, {"folder"}, [&] { (void)file_info(folder.name); });
  BOOST_TEST(files_here() == 1U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_may_not_be_written_is_refused) {
  if (geteuid() == 0) {
    BOOST_TEST_MESSAGE("root may write everywhere: nothing to see here");
    return;
  }
  const Path folder{"locked"};
  std::filesystem::create_directory(folder.name);
  (void)chmod(folder.name, 0555);
  refused(INTERPLAY_IO, {"locked/model"}, [] { fitted().save("locked/model"); });
  (void)chmod(folder.name, 0755);
  BOOST_TEST(std::filesystem::is_empty(folder.name));
}

BOOST_AUTO_TEST_CASE(a_write_that_fails_half_way_leaves_the_old_file_whole_and_nothing_beside_it) {
  const Path path{"kept"};
  tiny().save(path.name);
  const std::string old = read(path.name);
  const std::size_t size = dump(fitted()).size();
  for (const std::size_t limit : {std::size_t{0}, std::size_t{100}, size / 2, size - 1}) {
    interplay_status status = INTERPLAY_OK;
    interplay_error* error = nullptr;
    {
      const FileSizeLimit small(limit);
      status = interplay_model_save(fitted().get(), path.name, nullptr, &error);
    }
    BOOST_TEST(status == INTERPLAY_IO);
    BOOST_TEST(std::string(interplay_error_message(error)).find("kept") != std::string::npos,
               interplay_error_message(error));
    interplay_error_free(error);
    BOOST_TEST((read(path.name) == old));
    BOOST_TEST(files_here() == 1U);
  }
  fitted().save(path.name);
  BOOST_TEST((read(path.name) == dump(fitted())));
}

BOOST_AUTO_TEST_CASE(files_larger_than_allowed_are_refused) {
  const Path path{"large"};
  tiny().save(path.name);
  refused(INTERPLAY_INVALID_ARGUMENT, {"max_bytes", "100"},
          [&] { (void)Model::load(path.name, R"({"max_bytes": 100})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"max_bytes"},
          [&] { (void)Model::load(path.name, R"({"max_bytes": 100, "mmap": true})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"max_bytes"},
          [&] { (void)Model::parse(read(path.name), R"({"max_bytes": 100})"); });
}

BOOST_AUTO_TEST_CASE(what_is_no_model_file_says_so) {
  const Path path{"other"};
  for (const std::string bytes :
       {"", "x", "PK\3\4 a zip file, of which there are many, and longer than the header of a model file"}) {
    write(path.name, bytes);
    refused(INTERPLAY_CORRUPT, {"model file"}, [&] { (void)Model::load(path.name); });
    refused(INTERPLAY_CORRUPT, {"model file"}, [&] { (void)Model::load(path.name, R"({"mmap": true})"); });
    refused(INTERPLAY_CORRUPT, {"model file"}, [&] { (void)file_info(path.name); });
    refused(INTERPLAY_CORRUPT, {"model file"}, [&] { (void)Model::parse(bytes); });
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_named_once_in_words_and_for_programs) {
  const Path path{"damaged"};
  std::string bytes = dump(tiny());
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write(path.name, bytes);
  const auto check = [&](interplay_status expected, auto act) {
    try {
      act();
      BOOST_ERROR("the call did not fail");
    } catch (const Exception& e) {
      const std::string text = e.what();
      BOOST_TEST(e.status() == expected);
      BOOST_TEST(text.find("\"damaged\"") != std::string::npos, text);
      BOOST_TEST(text.find("\"damaged\"") == text.rfind("\"damaged\""), text);
      BOOST_TEST(Json::parse(e.detail())["path"] == "damaged");
    }
  };
  check(INTERPLAY_CORRUPT, [&] { (void)Model::load(path.name); });
  write(path.name, "no model");
  check(INTERPLAY_CORRUPT, [&] { (void)Model::load(path.name, R"({"mmap": true})"); });
  check(INTERPLAY_CORRUPT, [&] { (void)file_info(path.name); });
  std::filesystem::remove(path.name);
  check(INTERPLAY_NOT_FOUND, [&] { (void)Model::load(path.name); });
}

BOOST_AUTO_TEST_CASE(what_a_cut_file_says_of_itself_is_refused_with_both_sizes) {
  const Path path{"cut"};
  const std::string bytes = dump(tiny());
  const std::string sizes =
      "should have " + std::to_string(bytes.size()) + " bytes and has " + std::to_string(bytes.size() - 1);
  write(path.name, bytes.substr(0, bytes.size() - 1));  // the start is whole, the last tensor is not

  refused(INTERPLAY_CORRUPT, {sizes.c_str(), "cut short"}, [&] { (void)file_info(path.name); });
}

BOOST_AUTO_TEST_CASE(a_file_cut_at_any_byte_is_refused) {
  const std::string whole = dump(tiny());
  std::size_t accepted = 0;
  for (std::size_t size = 0; size < whole.size(); ++size)
    accepted += refused_as_damaged(whole.substr(0, size)) ? 0U : 1U;
  BOOST_TEST(accepted == 0U);
  BOOST_TEST(refused_as_damaged(whole + '\0'));
  const Path path{"cut"};
  for (std::size_t size = 0; size < whole.size(); size += 997) {
    write(path.name, whole.substr(0, size));
    refused(INTERPLAY_CORRUPT, {"model file"}, [&] { (void)Model::load(path.name, R"({"mmap": true})"); });
  }
}

BOOST_AUTO_TEST_CASE(a_file_with_any_byte_changed_is_refused) {
  std::string bytes = dump(tiny());
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const int change : {1 << (i % 8), 0xff}) {
      bytes[i] = static_cast<char>(bytes[i] ^ change);
      accepted += refused_as_damaged(bytes) ? 0U : 1U;
      bytes[i] = static_cast<char>(bytes[i] ^ change);
    }
  BOOST_TEST(accepted == 0U);
  BOOST_TEST(parse_status(bytes) == INTERPLAY_OK);
}

BOOST_AUTO_TEST_CASE(a_forged_file_with_the_right_checksums_loads_or_fails_and_never_crashes) {
  const std::string whole = dump(tiny());
  const std::size_t head = entry(sections(whole));
  std::size_t loaded = 0;
  for (std::size_t i = 8; i < whole.size(); i += i < head ? 1U : 3U)
    if (i < 32 || i >= 40) loaded += loads_and_serves(forged(whole, i)) ? 1 : 0;
  BOOST_TEST(loaded >
             0U);  // a seen item more or less, a word of the history: nothing knows that it was another
}

// tensor_size() calls an impossible type or rank SIZE_MAX; an entry that claims this size must not pass for it.
BOOST_AUTO_TEST_CASE(a_forged_rank_with_the_size_of_the_impossible_is_refused) {
  for (const std::int32_t rank : {-1, 5, INT32_MAX, INT32_MIN}) {
    std::string bytes = dump(tiny());
    put(bytes, entry(1) + 72, UINT64_MAX);
    std::memcpy(bytes.data() + entry(1) + 92, &rank, sizeof rank);
    reseal(bytes);
    std::string why;
    BOOST_TEST(parse_status(bytes, &why) == INTERPLAY_CORRUPT);
    BOOST_TEST(why.find("its shape and its size do not agree") != std::string::npos, why);
  }
}

BOOST_AUTO_TEST_CASE(forged_histories_load_or_fail_and_never_crash) {
  Dataset data(R"({"user": "u", "item": "i", "label": "l", "time": "t", "histories": true})");
  data.append("interactions", take(Table(4)
                                       .add("u", Ints{1, 1, 2, 3})
                                       .add("i", Ints{7, 8, 8, 9})
                                       .add("l", Floats{1, 2, 3, 5})
                                       .add("t", Ints{1, 2, 3, 4})))
      .seal();
  const std::string whole = dump(Model::create("autoint", quick).fit(data));
  std::size_t tried = 0, loaded = 0;
  for (std::uint32_t s = 0; s < sections(whole); ++s) {
    if (std::string_view(whole.data() + entry(s)).substr(0, 8) != "history/") continue;
    const auto first = at<std::uint64_t>(whole, entry(s) + 64),
               size = at<std::uint64_t>(whole, entry(s) + 72);
    for (std::size_t i = first; i < first + size; ++i, ++tried)
      loaded += loads_and_serves(forged(whole, i)) ? 1 : 0;
  }
  BOOST_TEST(tried == 4U * (4 + 4 + 4 + 8));
  // Any label will do; users and items beyond the end and times that do not ascend will not.
  BOOST_TEST(loaded < tried * 3 / 4);
}

BOOST_AUTO_TEST_CASE(a_file_of_another_engine_names_it) {
  std::string why;
  BOOST_TEST(parse_status(replaced(dump(tiny()), R"("name": "autoint")", R"("name": "autoinx")"), &why) ==
             INTERPLAY_NOT_FOUND);
  BOOST_TEST(why.find("autoinx") != std::string::npos, why);
  BOOST_TEST(why.find("autoint") != std::string::npos, why);
}

BOOST_AUTO_TEST_CASE(a_file_of_another_engine_version_names_both) {
  const std::string version = info(tiny())["engine"]["version"];
  std::string why;
  BOOST_TEST(parse_status(replaced(dump(tiny()), "\"version\": \"" + version,
                                   "\"version\": \"" + ("9" + version.substr(1))),
                          &why) == INTERPLAY_INCOMPATIBLE);
  BOOST_TEST(why.find("9" + version.substr(1)) != std::string::npos, why);
  BOOST_TEST(why.find(version) != std::string::npos, why);
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_incompatible_and_names_both) {
  std::string bytes = dump(tiny());
  bytes[8] = 2;
  reseal(bytes);
  std::string why;
  BOOST_TEST(parse_status(bytes, &why) == INTERPLAY_INCOMPATIBLE);
  BOOST_TEST(why.find("2.0") != std::string::npos, why);
  BOOST_TEST(why.find("1.x") != std::string::npos, why);
  const Path path{"newer"};
  write(path.name, bytes);
  refused(INTERPLAY_INCOMPATIBLE, {"2.0"}, [&] { (void)Model::load(path.name, R"({"mmap": true})"); });
  refused(INTERPLAY_INCOMPATIBLE, {"2.0"}, [&] { (void)file_info(path.name); });
}

BOOST_AUTO_TEST_CASE(a_newer_minor_format_is_read) {
  std::string bytes = dump(tiny());
  bytes[12] = 7;
  reseal(bytes);
  std::string why;
  BOOST_TEST(parse_status(bytes, &why) == INTERPLAY_OK, why);
}

BOOST_AUTO_TEST_CASE(a_tensor_that_was_changed_is_caught_by_the_golden_rows) {
  std::string bytes = dump(tiny());
  for (std::uint32_t s = 0; s < sections(bytes); ++s) {
    const std::string name = bytes.substr(entry(s), 64).c_str();
    const auto offset = at<std::uint64_t>(bytes, entry(s) + 64),
               size = at<std::uint64_t>(bytes, entry(s) + 72);
    if (name.rfind("golden/values", 0) == 0 && size >= 4) put(bytes, offset, 0x4141414141414141U);
  }
  reseal(bytes);
  std::string why;
  BOOST_TEST(parse_status(bytes, &why) == INTERPLAY_CORRUPT);
  BOOST_TEST(why.find("golden row 0") != std::string::npos, why);
}

BOOST_AUTO_TEST_SUITE_END()
