#include <cmath>
#include <memory>

#include "fuzz/promises.hpp"
#include "fuzz/targets.hpp"
#include "support/shop.hpp"

namespace interplay::fuzz {
namespace {

using namespace interplay::test;

constexpr std::size_t n_shared = 4, n_row = 7;
const Scorer::Names& shared_names() {
  static const Scorer::Names names{"user_id", "country", "user_history_labels",
                                   "user_history_labels_weights"};
  return names;
}
const Scorer::Names& row_names() {
  static const Scorer::Names names{"item_id",      "hour",  "device",      "tags",
                                   "tags_weights", "price", "item_history"};
  return names;
}

/// Three bytes or eleven: type, size, and a value that is small, or eight bytes.
interplay_cell a_cell(Bytes& input) {
  static constexpr std::int32_t types[] = {0, 1, 2, 3, 4, 5, 1, 3, 4, 5, -1, 6};
  const std::uint8_t kind = input.byte();
  interplay_cell made{types[kind % std::size(types)], input.byte(), 0};
  if (made.size >= 250) made.size = 0U - (256U - made.size);
  if (kind >= 200) {
    made.value = input.take<std::uint64_t>();
  } else if (made.type == INTERPLAY_CELL_FLOAT64) {
    return cell(static_cast<double>(input.take<std::int8_t>()) / 4);
  } else {
    made.value = input.byte();
    if (made.type == INTERPLAY_CELL_LIST) made.value = made.value * 8 % 256;
  }
  return made;
}

/// Cells for lists to point at, then text; exactly as long as it says.
struct Heap {
  std::unique_ptr<std::uint64_t[]> memory;
  std::size_t size = 0;

  explicit Heap(Bytes& input) {
    const std::size_t n_cells = input.below(17), n_text = input.below(64);
    size = n_cells * sizeof(interplay_cell) + n_text;
    memory.reset(new std::uint64_t[(size + 7) / 8]());
    auto* bytes = reinterpret_cast<char*>(memory.get());
    for (std::size_t i = 0; i < n_cells; ++i) {
      const interplay_cell made = a_cell(input);
      std::memcpy(bytes + i * sizeof made, &made, sizeof made);
    }
    const std::string text = input.text(n_text);
    if (!text.empty()) std::memcpy(bytes + n_cells * sizeof(interplay_cell), text.data(), text.size());
  }
};

/// Learned and opened once; a scorer that refused something goes on as before.
struct Opened {
  Model model;
  Scorer scorer, small;
  explicit Opened(Ids ids)
      : model(learned("autoint", ids)),
        scorer(model, shared_names(), row_names(), R"({"max_rows": 64})"),
        small(model, shared_names(), row_names(), R"({"max_rows": 2})") {}
};
Opened& opened(Ids ids) {
  static Opened* const all[] = {new Opened(Ids::integers), new Opened(Ids::strings)};
  return *all[ids == Ids::strings ? 1 : 0];
}

struct Request {
  std::vector<interplay_cell> shared, rows;
  std::size_t n;
  const Heap& heap;

  interplay_status score(Scorer& scorer, std::vector<float>& out) const {
    out.assign(n, 7);
    const interplay_status status = call(interplay_scorer_score, scorer.get(), shared.data(), rows.data(), n,
                                         static_cast<const void*>(heap.memory.get()), heap.size, out.data());
    for (const float score : out)
      promise(status == INTERPLAY_OK ? std::isfinite(score) : score == 0,
              "a score that is neither finite nor absent");
    return status;
  }
};

void rank(Scorer& scorer, const Request& request, bool catalogue) {
  static const interplay_cell none{};  // NULL would be the catalogue
  const interplay_cell* const rows = request.rows.empty() ? &none : request.rows.data();
  std::int64_t index[5];
  float scores[5];
  std::size_t found = 9;
  const interplay_status status =
      call(interplay_scorer_top, scorer.get(), request.shared.data(), catalogue ? nullptr : rows,
           catalogue ? std::size_t{0} : request.n, static_cast<const void*>(request.heap.memory.get()),
           request.heap.size, std::size_t{5}, static_cast<std::int64_t*>(index), static_cast<float*>(scores),
           &found);
  promise(found <= (status == INTERPLAY_OK ? 5U : 0U), "more are found than there is room for");
  const auto end = static_cast<std::int64_t>(catalogue ? 8 : request.n);
  for (std::size_t i = 0; i < found; ++i) {
    promise(index[i] >= 0 && index[i] < end, "an index that is none");
    promise(i == 0 || scores[i - 1] >= scores[i], "a ranking out of order");
  }
}

/// Every cell looked up, where it can be: the scores are the same to the bit.
void resolve(Scorer& scorer, Request request, const std::vector<float>& expected) {
  const auto look_up = [&](std::size_t column, interplay_cell& value) {
    interplay_cell id{};
    const interplay_status status =
        call(interplay_scorer_resolve, static_cast<const interplay_scorer*>(scorer.get()),
             static_cast<std::uint32_t>(column), &value, static_cast<const void*>(request.heap.memory.get()),
             request.heap.size, &id);
    if (status == INTERPLAY_OK) value = id;
    promise(status == INTERPLAY_OK || id.type == INTERPLAY_CELL_NULL, "a failed look-up leaves a cell");
  };
  const auto is_list = [](const interplay_cell& value) { return value.type == INTERPLAY_CELL_LIST; };
  for (std::size_t c = 0; c < n_shared; ++c)
    if (!is_list(request.shared[c])) look_up(c, request.shared[c]);
  for (std::size_t i = 0; i < request.rows.size(); ++i)
    if (!is_list(request.rows[i])) look_up(n_shared + i % n_row, request.rows[i]);
  std::vector<float> found;
  promise(request.score(scorer, found) == INTERPLAY_OK, "looked up cells are refused");
  promise(found.empty() || std::memcmp(found.data(), expected.data(), found.size() * sizeof(float)) == 0,
          "looked up cells score differently");
}

}  // namespace

void cells(const std::uint8_t* data, std::size_t size) {
  Bytes input(data, size);
  const std::uint8_t how = input.byte();
  Opened& with = opened(how % 2 == 0 ? Ids::integers : Ids::strings);
  const Heap heap(input);
  Request request{{}, {}, input.below(7), heap};
  for (std::size_t i = 0; i < n_shared; ++i) request.shared.push_back(a_cell(input));
  for (std::size_t i = 0; i < n_row * request.n; ++i) request.rows.push_back(a_cell(input));
  std::vector<float> scores, in_blocks;
  const interplay_status status = request.score(with.scorer, scores);
  promise(request.score(with.small, in_blocks) == status, "the size of a block changes what is accepted");
  if (status == INTERPLAY_OK) {
    promise(
        scores.empty() || std::memcmp(scores.data(), in_blocks.data(), scores.size() * sizeof(float)) == 0,
        "the size of a block changes a score");
    resolve(with.scorer, request, scores);
  }
  rank(with.scorer, request, false);
  rank(with.scorer, request, true);
}

std::vector<std::string> cells_seeds() {
  // A heap of two cells and the text "dedeskred"; the shared cells, then a row of seven.
  const std::string heap{'\2', '\11', '\3', '\3', '\46', '\3', '\2', '\40', 'd',
                         'e',  'd',   'e',  's',  'k',   'r',  'e',  'd'};
  const std::string ids{'\1', '\0', '\2'}, text{'\3', '\2', '\40'}, null{'\0', '\0', '\0'},
      number{'\2', '\0', '\11'}, item{'\1', '\0', '\13'}, device{'\3', '\4', '\42'}, tags{'\4', '\1', '\0'};
  std::string row;
  for (const std::string& one : {item, number, device, tags, null, number, null}) row += one;
  const std::string shared = ids + text + null + null;
  return {
      '\0' + heap + '\1' + shared + row, '\0' + heap + '\2' + shared + row + row,
      '\1' + heap + '\1' + null + text + null + null + null + number + device + tags + null + number + null};
}

}  // namespace interplay::fuzz
