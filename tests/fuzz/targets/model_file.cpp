#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/hash.hpp"
#include "fuzz/promises.hpp"
#include "fuzz/targets.hpp"
#include "support/shop.hpp"

namespace interplay::fuzz {
namespace {

using namespace interplay::test;

// FORMAT.md: a header of 64 bytes with the number of sections at 24 and the checksum at 32, then 128 bytes a section: name
// (64), offset, size, checksum.
constexpr std::size_t header_size = 64, entry_size = 128;

template <class T>
T at(const std::string& bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}
void put(std::string& bytes, std::size_t offset, std::uint64_t value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

/// Every checksum, and the size, made right: a change then reaches what lies behind them.
std::string resealed(std::string bytes) {
  if (bytes.size() < header_size) return bytes;
  const std::size_t sections = at<std::uint32_t>(bytes, 24);
  for (std::size_t s = 0; s < sections && header_size + entry_size * (s + 1) <= bytes.size(); ++s) {
    const std::size_t entry = header_size + entry_size * s;
    const auto offset = at<std::uint64_t>(bytes, entry + 64), size = at<std::uint64_t>(bytes, entry + 72);
    if (size > bytes.size() || offset > bytes.size() - size) continue;
    put(bytes, entry + 80, core::hash_bytes(bytes.data() + offset, size));
  }
  put(bytes, 16, bytes.size());
  put(bytes, 32, 0);
  const std::size_t head = std::min(bytes.size(), header_size + entry_size * sections);
  put(bytes, 32, core::hash_bytes(bytes.data(), head));
  return bytes;
}

void expect_a_files_status(interplay_status status) {
  static constexpr std::array expected{INTERPLAY_OK,        INTERPLAY_CORRUPT,     INTERPLAY_INCOMPATIBLE,
                                       INTERPLAY_NOT_FOUND, INTERPLAY_UNSUPPORTED, INTERPLAY_NO_MEMORY};
  promise(std::find(expected.begin(), expected.end(), status) != expected.end(),
          "a damaged file has the status " + std::to_string(status));
}

template <class T>
using Owned = detail::Handle<T>;

/// All that may be asked of a model that was accepted: nothing of it may crash, and it can be written and read again.
void serve(const interplay_model* model) {
  const Owned<interplay_text> info(make<interplay_text>(interplay_model_info, model));
  promise(info != nullptr, "a loaded model has no info");
  promise(core::Json::accept(interplay_text_data(info.get())), "the info is no JSON");
  for (const Ids ids : {Ids::integers, Ids::strings}) {
    const Table rows = some_rows(ids);
    (void)Owned<interplay_table>(make<interplay_table>(
        interplay_model_predict, model, static_cast<const interplay_table*>(rows.get()), nullptr));
    (void)Owned<interplay_table>(make<interplay_table>(interplay_model_recommend, model,
                                                       static_cast<const interplay_table*>(rows.get()),
                                                       nullptr, R"({"k": 3})", nullptr));
    (void)Owned<interplay_text>(make<interplay_text>(interplay_model_explain, model,
                                                     static_cast<const interplay_table*>(rows.get()), nullptr,
                                                     static_cast<const interplay_monitor*>(nullptr)));
  }
  (void)Owned<interplay_text>(make<interplay_text>(interplay_model_tensors, model));
  const char* const names[] = {"user_id", "item_id"};
  const Owned<interplay_scorer> scorer(
      make<interplay_scorer>(interplay_scorer_open, model, names, 1U, 1U, R"({"max_rows": 4})"));
  if (scorer != nullptr) {
    const interplay_cell cells[] = {cell(std::int64_t{2}), cell(std::int64_t{11})};
    float score = 0;
    (void)call(interplay_scorer_score, scorer.get(), cells, cells + 1, std::size_t{1}, nullptr,
               std::size_t{0}, &score);
  }
  const Owned<interplay_text> bytes(make<interplay_text>(interplay_model_dump, model, nullptr));
  if (bytes == nullptr) return;
  interplay_model* again = nullptr;
  const interplay_status status = call(interplay_model_parse, interplay_text_data(bytes.get()),
                                       interplay_text_size(bytes.get()), nullptr, &again);
  interplay_model_free(again);
  promise(status == INTERPLAY_OK, "what a loaded model writes does not load");
}

void parse(const std::string& bytes) {
  interplay_model* model = nullptr;
  expect_a_files_status(call(interplay_model_parse, bytes.data(), bytes.size(), nullptr, &model));
  const Owned<interplay_model> owner(model);
  if (model != nullptr) serve(model);
}

/// How a file may be opened, and whether such a model serves: one that was mapped without verification trusts its file.
struct Way {
  const char* options;
  bool serves;
};
constexpr Way ways[] = {{R"({"mmap": true})", false}, {R"({"mmap": true, "verify": true})", true}};

void load(const std::string& bytes) {
  const int file = memfd_create("model", MFD_CLOEXEC);
  promise(file >= 0 && write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
          "no file in memory");
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  for (const Way& way : ways) {
    interplay_model* model = nullptr;
    expect_a_files_status(call(interplay_model_load, path.c_str(), way.options, &model));
    const Owned<interplay_model> owner(model);
    if (model != nullptr && way.serves) serve(model);
  }
  interplay_text* info = nullptr;
  expect_a_files_status(call(interplay_file_info, path.c_str(), &info));
  interplay_text_free(info);
  (void)close(file);
}

}  // namespace

void model_file(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size), sealed = resealed(bytes);
  parse(bytes);
  if (sealed != bytes) parse(sealed);
  load(sealed);
}

std::vector<std::string> model_file_seeds() {
  std::vector<std::string> list;
  for (const char* engine : {"autoint", "fm", "popularity"}) {
    list.push_back(learned_pairs(engine).dump().str());
    for (const Ids ids : {Ids::integers, Ids::strings}) list.push_back(learned(engine, ids).dump().str());
  }
  list.push_back(learned_pairs("autoint").dump(R"({"seen": false, "optimizer": true})").str());
  return list;
}

}  // namespace interplay::fuzz
