#include "base/error.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace interplay::core {

namespace {

/// Insertions, deletions, replacements and swaps of neighbours that lead from a to b.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

}  // namespace

void fail(interplay_status status, const std::string& message, std::string detail) {
  throw Error(status, message, std::move(detail));
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 200;  // the distance takes time in proportion to both lengths
  if (word.size() > longest) return "";
  const std::string wanted = lower(word);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(word.size(), 1) / 3 + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest) continue;
    const std::size_t distance = edit_distance(wanted, lower(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

static std::string detail_of(std::string_view word, const std::vector<std::string>& names,
                             const std::string& near) {
  Json detail = members({{"key", word}, {"accepted", names}});
  if (!near.empty()) detail["nearest"] = near;
  return dump_json(detail);
}

void fail_unknown(interplay_status status, std::string_view what, std::string_view word,
                  const std::vector<std::string>& accepted, std::string_view where) {
  const std::string near = nearest(word, accepted);
  std::string message(where);
  if (!where.empty()) message += ": ";
  message.append("unknown ").append(what).append(" ").append(in_quotes(word));
  if (!near.empty()) message += "; did you mean " + in_quotes(near) + "?";
  message += near.empty() ? "; accepted: " : " Accepted: ";
  message += accepted.empty() ? "none" : join(accepted);
  fail(status, message, detail_of(word, accepted, near));
}

void fail_missing(interplay_status status, std::string_view what, std::string_view word,
                  const std::vector<std::string>& found, std::string_view where) {
  const std::string near = nearest(word, found);
  std::string message(where);
  message.append(": expected ").append(what).append(" ").append(in_quotes(word)).append(", found ");
  message += found.empty() ? "none" : join(found);
  if (!near.empty()) message += "; is " + in_quotes(near) + " the one?";
  fail(status, message, detail_of(word, found, near));
}

std::string join(const std::vector<std::string>& words) {
  constexpr std::size_t shown = 12;
  std::string out;
  for (std::size_t i = 0; i < words.size() && i < shown; ++i) out += (i == 0 ? "" : ", ") + words[i];
  if (words.size() > shown) out += " and " + std::to_string(words.size() - shown) + " more";
  return out;
}

namespace {

template <class Number>
std::string shortest(Number value) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

}  // namespace

std::string spelt(double value) { return shortest(value); }
std::string spelt(float value) { return shortest(value); }

}  // namespace interplay::core
