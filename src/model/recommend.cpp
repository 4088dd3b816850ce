// recommend: the k best items for each row of a table of users.
#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "model/ranking.hpp"

namespace interplay::core {
namespace {

struct Request {
  std::int64_t k = 10;
  bool exclude_seen = true;
  std::string exclude;  // a list column of the users' table
  int threads = 1;
};

Request parse_request(const Json& options) {
  ObjectReader reader(options, "options of recommend");
  Request request;
  request.k = reader.integer("k", 10, 1, std::int64_t{1} << 31);
  request.exclude_seen = reader.boolean("exclude_seen", true);
  request.exclude = reader.text("exclude", "");
  request.threads = threads_option(reader);
  reader.finish();
  return request;
}

/// Which candidates stand for a catalogue index, so that an exclusion finds them: (index, position), sorted.
using Places = std::vector<std::pair<std::int32_t, std::int64_t>>;

Places places_of(const Candidates& candidates) {
  Places places;
  for (std::size_t i = 0; i < candidates.items.size(); ++i)
    if (candidates.items[i] >= 0) places.emplace_back(candidates.items[i], static_cast<std::int64_t>(i));
  std::sort(places.begin(), places.end());
  return places;
}

void cross_out(const Places& places, std::span<const std::int32_t> items, std::vector<bool>& out) {
  for (const std::int32_t item : items)
    for (auto it = std::lower_bound(places.begin(), places.end(), std::pair(item, std::int64_t{0}));
         it != places.end() && it->first == item; ++it)
      out[static_cast<std::size_t>(it->second)] = true;
}

/// The exclusions of one request: indices of the catalogue, and the ids that it does not know.
struct Exclusions {
  std::vector<std::int32_t> known;
  std::vector<Key> strangers;
};

std::vector<Exclusions> exclusions_of(const Fitted& fitted, const Table& users, const std::string& name) {
  std::vector<Exclusions> lists(static_cast<std::size_t>(users.rows()));
  if (name.empty()) return lists;
  const Column& column = users.at(name);
  check_key_type(name, fitted.catalogue.items.keys->type(), column);
  for (std::int64_t row = 0; row < users.rows(); ++row) {
    if (column.is_null(row)) continue;
    for (std::int64_t i = column.first(row); i < column.last(row); ++i) {
      const Key key = key_at(column, i);
      const std::int32_t index = fitted.catalogue.items.keys->find(key);
      Exclusions& list = lists[static_cast<std::size_t>(row)];
      index >= 0 ? list.known.push_back(index) : list.strangers.push_back(key);
    }
  }
  return lists;
}

/// Candidates that only the caller knows are found by their ids.
void cross_out_strangers(const Column& ids, const Candidates& candidates, const std::vector<Key>& strangers,
                         std::vector<bool>& out) {
  if (strangers.empty()) return;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (candidates.items[i] >= 0) continue;
    const Key key = key_at(ids, static_cast<std::int64_t>(i));
    out[i] = out[i] || std::any_of(strangers.begin(), strangers.end(), [&](const Key& other) {
               return other.integer == key.integer && other.text == key.text;
             });
  }
}

Column item_column(const Fitted& fitted, const Candidates& candidates, const Table* given,
                   const std::vector<std::vector<Ranked>>& lists) {
  // A candidate that the catalogue does not know is given back under the caller's own id.
  const Column* const column = given != nullptr ? &given->at(fitted.schema.item) : nullptr;
  const Vocabulary& keys = *fitted.catalogue.items.keys;
  const bool text = column != nullptr ? column->type == Type::string : keys.type() == KeyType::text;
  std::vector<std::int64_t> integers;
  std::vector<std::string_view> texts;
  for (const auto& list : lists)
    for (const Ranked& ranked : list) {
      const Key key = column != nullptr
                          ? key_at(*column, ranked.position)
                          : keys.key(candidates.items[static_cast<std::size_t>(ranked.position)]);
      text ? texts.push_back(key.text) : integers.push_back(key.integer);
    }
  return text ? make_column(fitted.schema.item, texts) : make_column(fitted.schema.item, std::move(integers));
}

Table result_table(const Fitted& fitted, const Candidates& candidates, const Table* given,
                   const std::vector<std::vector<Ranked>>& lists, const Ranker& ranker) {
  std::vector<std::int64_t> rows;
  std::vector<float> scores;
  std::vector<std::int32_t> ranks;
  for (std::size_t row = 0; row < lists.size(); ++row)
    for (std::size_t i = 0; i < lists[row].size(); ++i) {
      rows.push_back(static_cast<std::int64_t>(row));
      scores.push_back(ranker.score(lists[row][i].value));
      ranks.push_back(static_cast<std::int32_t>(i) + 1);
    }
  Table table(static_cast<std::int64_t>(rows.size()));
  table.add(make_column("row", std::move(rows)));
  table.add(item_column(fitted, candidates, given, lists));
  table.add(make_column("score", std::move(scores)));
  table.add(make_column("rank", std::move(ranks)));
  return table;
}

Candidates candidates_of(const Fitted& fitted, const Table* given, EncodedTable& encoded) {
  if (given == nullptr) return present_items(fitted);
  const Column& ids = given->at(fitted.schema.item);
  for (std::int64_t row = 0; row < given->rows(); ++row)
    if (ids.is_null(row))
      fail(INTERPLAY_BAD_DATA, "candidates, column \"" + ids.name + "\", row " + std::to_string(row) +
                                   ": an item id cannot be null");
  encoded = encode_table(fitted, *given, Strict::yes);
  return {encoded.item, &encoded};
}

}  // namespace

Table recommend(const Model& model, const Table& users, const Table* given, const Json& options,
                interplay_monitor* monitor) {
  const Request request = parse_request(options);
  const Fitted& fitted = model.require_fitted("recommend");
  if (fitted.schema.item.empty())
    fail(INTERPLAY_UNSUPPORTED,
         "recommend: the schema of this model names no item column, so there is nothing to recommend");
  if (request.exclude_seen && !fitted.catalogue.knows_seen)
    fail(INTERPLAY_UNSUPPORTED,
         "recommend: this model was saved without what users have seen; pass \"exclude_seen\": false, "
         "and exclude items by a list column if need be");
  if (!fitted.schema.user.empty()) (void)users.at(fitted.schema.user);
  const EncodedTable requests = encode_table(fitted, users, Strict::yes);
  EncodedTable encoded;
  const Candidates candidates = candidates_of(fitted, given, encoded);
  const auto exclusions = exclusions_of(fitted, users, request.exclude);
  const Places places = places_of(candidates);

  std::vector<std::vector<Ranked>> lists(static_cast<std::size_t>(users.rows()));
  Parallel pool(request.threads == 0 ? 0
                                     : static_cast<int>(std::min<std::int64_t>(
                                           request.threads, std::max<std::int64_t>(users.rows(), 1))));
  std::vector<std::unique_ptr<Ranker>> rankers(static_cast<std::size_t>(pool.workers()));
  rankers[0] = std::make_unique<Ranker>(model, fitted, candidates, &requests);
  const auto serve = [&](std::int64_t row, int worker) {
    auto& ranker = rankers[static_cast<std::size_t>(worker)];
    if (!ranker) ranker = std::make_unique<Ranker>(model, fitted, candidates, &requests);
    const std::int32_t user = requests.user.empty() ? -1 : requests.user[static_cast<std::size_t>(row)];
    std::vector<bool> out(candidates.items.size(), false);
    if (request.exclude_seen) cross_out(places, fitted.catalogue.seen.of(user), out);
    cross_out(places, exclusions[static_cast<std::size_t>(row)].known, out);
    if (given != nullptr)
      cross_out_strangers(given->at(fitted.schema.item), candidates,
                          exclusions[static_cast<std::size_t>(row)].strangers, out);
    std::vector<std::int64_t> chosen;
    chosen.reserve(out.size());
    for (std::size_t i = 0; i < out.size(); ++i)
      if (!out[i]) chosen.push_back(static_cast<std::int64_t>(i));
    TopK top(static_cast<std::size_t>(
        std::min<std::int64_t>(request.k, static_cast<std::int64_t>(chosen.size()))));
    ranker->rank(row, user, chosen, [&](auto positions, auto values) {
      for (std::size_t i = 0; i < positions.size(); ++i) top.offer(values[i], positions[i]);
    });
    lists[static_cast<std::size_t>(row)] = top.take();
  };
  const std::int64_t group = 8 * pool.workers();
  for (std::int64_t first = 0; first < users.rows(); first += group) {
    tick(monitor, "recommend", first, users.rows());
    pool.run(std::min(group, users.rows() - first),
             [&](std::int64_t shard, int worker) { serve(first + shard, worker); });
  }
  return result_table(fitted, candidates, given, lists, *rankers[0]);
}

}  // namespace interplay::core
