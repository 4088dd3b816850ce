// ObjectReader: members of a parsed object, asked for one by one.
#include "base/json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace interplay::core {

namespace {

std::string found(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return value.empty() ? "an empty list" : "a list";
  if (value.is_string()) return in_quotes(value.get_ref<const std::string&>());
  return dump_json(value);
}

[[noreturn]] void fail_member(const std::string& what, const char* key, const std::string& expected,
                              const Json& value) {
  fail(INTERPLAY_INVALID_ARGUMENT,
       what + ": " + in_quotes(key) + " must be " + expected + ", found " + found(value),
       dump_json(members({{"key", key}})));
}

using core::spelt;
std::string spelt(std::int64_t value) { return std::to_string(value); }

/// " from 0 to 1", " of at least 0", " of at most 1" or "": a bound that excludes nothing is not worth words.
template <class T>
std::string range(T low, T high, T lowest, T highest) {
  if (low > lowest && high < highest) return " from " + spelt(low) + " to " + spelt(high);
  if (low > lowest) return " of at least " + spelt(low);
  if (high < highest) return " of at most " + spelt(high);
  return "";
}

}  // namespace

ObjectReader::ObjectReader(const Json& object, std::string what) : object_(object), what_(std::move(what)) {
  if (!object.is_object())
    fail(INTERPLAY_INVALID_ARGUMENT, what_ + " must be an object, found " + found(object));
}

const Json* ObjectReader::member(const char* key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  const auto it = object_.find(key);
  return it == object_.end() ? nullptr : &*it;
}

bool ObjectReader::has(const char* key) { return member(key) != nullptr; }

const Json* ObjectReader::raw(const char* key) { return member(key); }

bool ObjectReader::boolean(const char* key, bool fallback) {
  const Json* value = member(key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) fail_member(what_, key, "true or false", *value);
  return value->get<bool>();
}

std::int64_t ObjectReader::integer(const char* key, std::int64_t fallback, std::int64_t low,
                                   std::int64_t high) {
  const Json* value = member(key);
  if (value == nullptr) return fallback;
  using Limits = std::numeric_limits<std::int64_t>;
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() ||
                     value->get<std::uint64_t>() <= static_cast<std::uint64_t>(Limits::max()));
  if (fits) {
    const auto i = value->get<std::int64_t>();
    if (i >= low && i <= high) return i;
  }
  fail_member(what_, key, "an integer" + range(low, high, Limits::min(), Limits::max()), *value);
}

double ObjectReader::number(const char* key, double fallback, double low, double high) {
  const Json* value = member(key);
  if (value == nullptr) return fallback;
  if (value->is_number()) {
    const auto d = value->get<double>();
    if (d >= low && d <= high) return d;
  }
  constexpr double highest = std::numeric_limits<double>::max();
  fail_member(what_, key, "a number" + range(low, high, -highest, highest), *value);
}

std::string ObjectReader::text(const char* key, std::string fallback) {
  const Json* value = member(key);
  if (value == nullptr) return fallback;
  if (!value->is_string()) fail_member(what_, key, "a string", *value);
  return value->get<std::string>();
}

std::string ObjectReader::choice(const char* key, std::string fallback,
                                 const std::vector<std::string>& accepted) {
  const Json* value = member(key);
  if (value == nullptr) return fallback;
  const std::string word = value->is_string() ? value->get<std::string>() : "";
  if (value->is_string() && std::find(accepted.begin(), accepted.end(), word) != accepted.end()) return word;
  const std::string near = value->is_string() ? nearest(word, accepted) : "";
  Json detail = members({{"key", key}, {"accepted", accepted}});
  if (!near.empty()) detail["nearest"] = near;
  fail(INTERPLAY_INVALID_ARGUMENT,
       what_ + ": " + in_quotes(key) + " must be one of " + join(accepted) + ", found " + found(*value) +
           (near.empty() ? "" : "; did you mean " + in_quotes(near) + "?"),
       dump_json(detail));
}

std::vector<std::string> ObjectReader::texts(const char* key) {
  const Json* value = member(key);
  std::vector<std::string> out;
  if (value == nullptr) return out;
  if (!value->is_array()) fail_member(what_, key, "a list of strings", *value);
  for (const Json& one : *value) {
    if (!one.is_string()) fail_member(what_, key, "a list of strings", one);
    out.push_back(one.get<std::string>());
  }
  return out;
}

void ObjectReader::finish() {
  for (const auto& [key, value] : object_.get_ref<const Json::object_t&>()) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    fail_unknown(INTERPLAY_INVALID_ARGUMENT, "key", key, asked_, what_);
  }
}

}  // namespace interplay::core
