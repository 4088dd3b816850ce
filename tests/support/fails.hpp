// One assertion for "this fails, with this status, and the text names these".
#pragma once

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <interplay/sdk/error.hpp>
#include <string>

namespace interplay::test {

/// Runs `act`, which must throw an Error; gives its message and detail, joined, for further looks.
template <class Act>
std::string fails(interplay_status status, std::initializer_list<const char*> words, Act act) {
  try {
    act();
  } catch (const Error& error) {
    const std::string text = std::string(error.what()) + " " + error.detail();
    BOOST_TEST(error.status() == status,
               "status " << error.status() << " instead of " << status << ": " << text);
    for (const char* word : words) {
      BOOST_TEST(text.find(word) != std::string::npos, "'" << word << "' is missing in: " << text);
    }
    return text;
  }
  BOOST_ERROR("nothing was thrown");
  return "";
}

}  // namespace interplay::test
