#include "base/file.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>
#include <vector>

#include "support/fails.hpp"

namespace core = interplay::core;
namespace fs = std::filesystem;
using interplay::test::fails;

namespace {

/// A folder that is gone again after the case.
struct Folder {
  Folder() { fs::create_directory(path); }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  std::vector<std::string> names() const {
    std::vector<std::string> list;
    for (const auto& entry : fs::directory_iterator(path)) list.push_back(entry.path().filename().string());
    return list;
  }

  const fs::path path = "file_test";
};

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

void write(const std::string& path, std::string_view text) {
  const std::array pieces{bytes_of(text)};
  core::replace_file(path, pieces);
}

std::string text_of(const core::Bytes& bytes) {
  return bytes.size == 0 ? "" : std::string(reinterpret_cast<const char*>(bytes.data), bytes.size);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_file)

BOOST_AUTO_TEST_CASE(a_file_is_written_piece_after_piece) {
  const Folder folder;
  const std::array pieces{bytes_of("ab"), bytes_of(""), bytes_of("c")};

  core::replace_file(folder / "a", pieces);

  BOOST_TEST(text_of(core::read_file(folder / "a", 0)) == "abc");
  BOOST_TEST(folder.names() == std::vector<std::string>{"a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_without_bytes_can_be_written_read_and_mapped) {
  const Folder folder;

  core::replace_file(folder / "a", {});

  BOOST_TEST(core::read_file(folder / "a", 1).size == 0U);
  BOOST_TEST(core::map_file(folder / "a", 1).size == 0U);
  BOOST_TEST(core::file_size(folder / "a") == 0U);
}

BOOST_AUTO_TEST_CASE(replacing_changes_the_file_and_not_a_mapping_of_the_old_one) {
  const Folder folder;
  write(folder / "a", "old");
  const core::Bytes mapped = core::map_file(folder / "a", 0);

  write(folder / "a", "new");

  BOOST_TEST(text_of(core::read_file(folder / "a", 0)) == "new");
  BOOST_TEST(text_of(mapped) == "old");
  BOOST_TEST(folder.names() == std::vector<std::string>{"a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(replacing_what_cannot_be_replaced_leaves_it_and_no_temporary) {
  const Folder folder;
  fs::create_directory(folder / "a");
  write(folder / "a/inside", "kept");

  fails(INTERPLAY_IO, {"cannot write", "file_test/a", "\"errno\""}, [&] { write(folder / "a", "new"); });

  BOOST_TEST(text_of(core::read_file(folder / "a/inside", 0)) == "kept");
  BOOST_TEST(folder.names() == std::vector<std::string>{"a"}, boost::test_tools::per_element());
}

// Linux gives EFAULT for a range that is not mapped: a write that fails midway, whoever runs the test.
BOOST_AUTO_TEST_CASE(a_write_that_fails_keeps_the_old_file_and_leaves_no_temporary) {
  const Folder folder;
  write(folder / "a", "old");
  const std::span<const std::byte> nowhere(reinterpret_cast<const std::byte*>(1), 10);
  const std::array pieces{bytes_of("new"), nowhere};

  fails(INTERPLAY_IO, {"cannot write", "file_test/a"}, [&] { core::replace_file(folder / "a", pieces); });

  BOOST_TEST(text_of(core::read_file(folder / "a", 0)) == "old");
  BOOST_TEST(folder.names() == std::vector<std::string>{"a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(writing_into_a_folder_that_is_missing_says_so) {
  fails(INTERPLAY_NOT_FOUND, {"cannot write", "nowhere/a", "No such file"}, [] { write("nowhere/a", "x"); });
}

BOOST_AUTO_TEST_CASE(a_file_that_is_missing_is_not_found_and_named) {
  const std::initializer_list<const char*> words = {"\"file_test/b\"", "No such file",
                                                    "\"path\": \"file_test/b\""};

  fails(INTERPLAY_NOT_FOUND, words, [] { core::read_file("file_test/b", 0); });
  fails(INTERPLAY_NOT_FOUND, words, [] { core::map_file("file_test/b", 0); });
  fails(INTERPLAY_NOT_FOUND, words, [] { core::read_start("file_test/b", 4); });
  fails(INTERPLAY_NOT_FOUND, words, [] { core::file_size("file_test/b"); });
}

BOOST_AUTO_TEST_CASE(a_folder_is_not_read_as_a_file) {
  const Folder folder;

  fails(INTERPLAY_IO, {"file_test", "expected a regular file"}, [] { core::read_file("file_test", 0); });
  fails(INTERPLAY_IO, {"file_test", "expected a regular file"}, [] { core::map_file("file_test", 0); });
}

BOOST_AUTO_TEST_CASE(a_file_larger_than_allowed_is_refused_with_both_sizes) {
  const Folder folder;
  write(folder / "a", "12345");

  fails(INTERPLAY_INVALID_ARGUMENT, {"file_test/a", "5 bytes", "4"},
        [&] { core::read_file(folder / "a", 4); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"file_test/a", "5 bytes", "4"},
        [&] { core::map_file(folder / "a", 4); });
  BOOST_TEST(core::read_file(folder / "a", 5).size == 5U);
}

BOOST_AUTO_TEST_CASE(the_start_of_a_file_is_no_longer_than_the_file) {
  const Folder folder;
  write(folder / "a", "12345");

  BOOST_TEST(text_of(core::read_start(folder / "a", 2)) == "12");
  BOOST_TEST(text_of(core::read_start(folder / "a", 9)) == "12345");
  BOOST_TEST(core::file_size(folder / "a") == 5U);
}

BOOST_AUTO_TEST_CASE(bytes_are_aligned_to_64_and_outlive_their_buffer) {
  for (const std::size_t size : {0U, 1U, 63U, 100U}) {
    core::Buffer buffer(size);
    std::memset(buffer.data, 7, size);

    const core::Bytes bytes = std::move(buffer).freeze();

    BOOST_TEST(reinterpret_cast<std::uintptr_t>(bytes.data) % 64 == 0U);
    BOOST_TEST(bytes.size == size);
    if (size != 0) BOOST_TEST(std::to_integer<int>(bytes.data[size - 1]) == 7);
  }
}

BOOST_AUTO_TEST_SUITE_END()
