// The parser: RFC 8259 to the letter, by recursive descent. Every failure knows its line and column.
#include <algorithm>
#include <charconv>
#include <system_error>
#include <unordered_set>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace interplay::core {

namespace {

constexpr int deepest = 64;
constexpr std::size_t largest = std::size_t{64}
                                << 20;  // bytes; a document is parameters or a schema, never data

class Parser {
 public:
  Parser(std::string_view text, std::string_view what) : text_(text), what_(what) {}

  Json document() {
    if (text_.size() > largest) fail_at(0, "a document of at most 64 MiB");
    const std::size_t bad = find_invalid_utf8(text_);
    if (bad != all_valid) fail_at(bad, "UTF-8");
    skip_space();
    if (at_ == text_.size()) return Json::object();
    Json out = value(0);
    skip_space();
    if (at_ != text_.size()) fail_at(at_, "the end of the document");
    return out;
  }

 private:
  [[noreturn]] void fail_at(std::size_t at, const std::string& expected, const std::string& key = "") const {
    std::size_t line = 1, column = 1;
    for (std::size_t i = 0; i < at; ++i) {
      const bool newline = text_[i] == '\n';
      line += newline ? 1U : 0U;
      const bool inside = (static_cast<unsigned char>(text_[i]) & 0xc0) == 0x80;  // columns count characters
      column = newline ? 1 : column + (inside ? 0U : 1U);
    }
    std::string message(what_);
    message += " is not valid JSON: line " + std::to_string(line) + ", column " + std::to_string(column) +
               ": expected " + expected + ", found " + found(at);
    Json detail = members({{"line", line}, {"column_of_text", column}});
    if (!key.empty()) detail["key"] = key;
    fail(INTERPLAY_INVALID_ARGUMENT, message, dump_json(detail));
  }

  std::string found(std::size_t at) const {
    if (at >= text_.size()) return "the end";
    std::size_t end = at + 1;
    while (end < text_.size() && end < at + 20 && text_[end] != '\n') ++end;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xc0) == 0x80) ++end;
    return in_quotes(text_.substr(at, end - at));
  }

  bool more() const { return at_ < text_.size(); }
  char peek() const { return more() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (!more() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (more() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }
  bool take_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Json value(int depth) {
    if (depth >= deepest) fail_at(at_, "at most 64 levels of nesting");
    if (take('{')) return object(depth);
    if (take('[')) return array(depth);
    if (take('"')) return Json(string());
    if (take_word("true")) return Json(true);
    if (take_word("false")) return Json(false);
    if (take_word("null")) return Json(nullptr);
    if (peek() == '-' || digit()) return number();
    fail_at(at_, "a value");
  }

  Json object(int depth) {
    Json out = Json::object();
    auto& members = out.get_ref<Json::object_t&>();
    std::unordered_set<std::string>
        keys;  // the object's own search is linear: quadratic for a hostile document
    skip_space();
    if (take('}')) return out;
    do {
      skip_space();
      const std::size_t start = at_;
      if (!take('"'))
        fail_at(at_, members.empty() ? "a key in double quotes or }" : "a key in double quotes");
      std::string key = string();
      if (!keys.insert(key).second) fail_at(start, "each key once", key);
      skip_space();
      if (!take(':')) fail_at(at_, "a colon after the key");
      skip_space();
      Json member = value(depth + 1);
      members.push_back({std::move(key), std::move(member)});
      skip_space();
    } while (take(','));
    if (!take('}')) fail_at(at_, "a comma or }");
    return out;
  }

  Json array(int depth) {
    Json out = Json::array();
    skip_space();
    if (take(']')) return out;
    do {
      skip_space();
      out.push_back(value(depth + 1));
      skip_space();
    } while (take(','));
    if (!take(']')) fail_at(at_, "a comma or ]");
    return out;
  }

  std::string string() {
    std::string out;
    while (true) {
      std::size_t end = at_;
      while (end < text_.size() && text_[end] != '"' && text_[end] != '\\' &&
             static_cast<unsigned char>(text_[end]) >= 0x20) {
        ++end;
      }
      out.append(text_.substr(at_, end - at_));
      at_ = end;
      if (take('"')) return out;
      if (!take('\\'))
        fail_at(at_, more() ? "control characters escaped" : "a double quote at the end of the string");
      escape(out);
    }
  }

  void escape(std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (take('u')) return unicode(out);
    const std::size_t which = more() ? letters.find(peek()) : std::string_view::npos;
    if (which == std::string_view::npos) fail_at(at_, "one of \" \\ / b f n r t u after a backslash");
    out += meanings[which];
    ++at_;
  }

  std::uint32_t hex() {
    std::uint32_t unit = 0;
    const char* first = text_.data() + at_;
    const char* last = text_.data() + std::min(at_ + 4, text_.size());
    const auto [end, error] = std::from_chars(first, last, unit, 16);
    if (error != std::errc() || end != first + 4) fail_at(at_, "four hexadecimal digits");
    at_ += 4;
    return unit;
  }

  void unicode(std::string& out) {
    const std::size_t start = at_;
    std::uint32_t code = hex();
    if (code >= 0xdc00 && code < 0xe000)
      fail_at(start, "the first half of a surrogate pair before the second");
    if (code >= 0xd800 && code < 0xdc00) {
      if (!take_word("\\u")) fail_at(at_, "the second half of a surrogate pair");
      const std::size_t second = at_;
      const std::uint32_t low = hex();
      if (low < 0xdc00 || low >= 0xe000) fail_at(second, "the second half of a surrogate pair");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
      put(0xc0 | (code >> 6));
    } else {
      if (code < 0x10000) {
        put(0xe0 | (code >> 12));
      } else {
        put(0xf0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3f));
      }
      put(0x80 | ((code >> 6) & 0x3f));
    }
    put(0x80 | (code & 0x3f));
  }

  bool digit() const { return peek() >= '0' && peek() <= '9'; }
  void digits() {
    if (!digit()) fail_at(at_, "a digit");
    while (digit()) ++at_;
  }

  Json number() {
    const std::size_t start = at_;
    const bool negative = take('-');
    const bool zero = take('0');
    if (zero && digit()) fail_at(start, "a number without leading zeros");
    if (!zero) digits();
    bool integral = true;
    if (take('.')) {
      integral = false;
      digits();
    }
    if (take('e') || take('E')) {
      integral = false;
      if (!take('+')) take('-');
      digits();
    }
    return convert(text_.substr(start, at_ - start), start, integral, negative);
  }

  Json convert(std::string_view token, std::size_t start, bool integral, bool negative) const {
    const char* last = token.data() + token.size();
    std::int64_t i = 0;
    if (integral && std::from_chars(token.data(), last, i).ec == std::errc()) return Json(i);
    std::uint64_t u = 0;
    if (integral && !negative && std::from_chars(token.data(), last, u).ec == std::errc()) return Json(u);
    double d = 0;
    if (std::from_chars(token.data(), last, d).ec != std::errc())
      fail_at(start, "a number within a double's range");
    return Json(d);
  }

  std::string_view text_;
  std::string_view what_;
  std::size_t at_ = 0;
};

}  // namespace

Json parse_json(std::string_view text, std::string_view what) { return Parser(text, what).document(); }

Json parse_json(const char* text, std::string_view what) {
  return parse_json(text == nullptr ? std::string_view() : std::string_view(text), what);
}

}  // namespace interplay::core
