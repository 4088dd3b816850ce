#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include "errors.hpp"
#include "files.hpp"

using namespace interplay::cli;

namespace {

/// A path in the test's own folder that is gone afterwards.
struct TemporaryPath {
  std::string path = (std::filesystem::temp_directory_path() / "cli_files_test.csv").string();
  ~TemporaryPath() { std::filesystem::remove(path); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_files)

BOOST_AUTO_TEST_CASE(a_file_reads_back_as_it_was_written) {
  const TemporaryPath file;
  const std::string text(200000, 'x');

  OutputFile out(file.path);
  out.write(text);
  out.commit();

  BOOST_TEST(read_file(file.path) == text);
}

BOOST_AUTO_TEST_CASE(without_commit_the_old_file_stays_and_nothing_else) {
  const TemporaryPath file;
  std::ofstream(file.path) << "old";
  {
    OutputFile out(file.path);
    out.write("new");
  }

  BOOST_TEST(read_file(file.path) == "old");
  BOOST_TEST(!std::filesystem::exists(file.path + ".part"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_named_with_its_reason) {
  BOOST_CHECK_EXCEPTION(read_file("no such file.csv"), DataError, [](const DataError& error) {
    return std::string(error.what()) == "cannot read no such file.csv: No such file or directory";
  });
  BOOST_CHECK_EXCEPTION(read_file("."), DataError, [](const DataError& error) {
    return std::string(error.what()) == ".: expected a file, found a directory";
  });
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_named_with_its_reason) {
  BOOST_CHECK_THROW(OutputFile("no such folder/out.csv"), DataError);
  BOOST_CHECK_THROW(expect_writable("no such folder/out.csv"), DataError);
  BOOST_CHECK_THROW(expect_writable("."), DataError);
  BOOST_CHECK_NO_THROW(expect_writable("out.csv"));
}

BOOST_AUTO_TEST_SUITE_END()
