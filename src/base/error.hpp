// How the core fails: throw one of these; src/capi turns it into a status and an interplay_error.
#pragma once

#include <interplay/sdk/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace interplay::core {

[[noreturn]] void fail(interplay_status status, const std::string& message, std::string detail = "{}");

/// The candidate with the smallest edit distance to `word`, or "" when none is near (more than a third of it differs).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// `<where>: unknown <what> "<word>"; did you mean "..."? Accepted: a, b, c`, with key, accepted and nearest in the detail.
[[noreturn]] void fail_unknown(interplay_status status, std::string_view what, std::string_view word,
                               const std::vector<std::string>& accepted, std::string_view where = "");

/// `<where>: expected <what> "<word>", found a, b, c; is "..." the one?`, for a name that the caller's data lack, with the same detail.
[[noreturn]] void fail_missing(interplay_status status, std::string_view what, std::string_view word,
                               const std::vector<std::string>& found, std::string_view where);

/// a, b, c: at most twelve, then "and N more"
std::string join(const std::vector<std::string>& words);

/// A number as the shortest text that reads back the same, with a point whatever the host's locale.
std::string spelt(double value);
std::string spelt(float value);

}  // namespace interplay::core
