#include "data/schema.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace interplay::core {

namespace {

const std::vector<std::string> kinds = {"category", "categories", "number"};
const std::vector<std::string> combiners = {"mean", "sum", "sqrtn"};
const std::vector<std::string> unknowns = {"bucket", "error", "hash"};
const std::vector<std::string> transforms = {"none", "standardise", "log", "log2"};

[[noreturn]] void refuse(const std::string& text, const std::string& key) {
  fail(INTERPLAY_INVALID_ARGUMENT, "schema: " + text, dump_json(members({{"key", key}})));
}

template <class Roles>
auto roles_of(Roles& schema) {
  using Role = std::pair<const char*, decltype(&schema.user)>;
  return std::array<Role, 6>{Role{"user", &schema.user},   Role{"item", &schema.item},
                             Role{"label", &schema.label}, Role{"weight", &schema.weight},
                             Role{"time", &schema.time},   Role{"group", &schema.group}};
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Enum>
Enum parse_choice(const std::vector<std::string>& names, const std::string& name, std::int32_t first) {
  const auto at = std::find(names.begin(), names.end(), name) - names.begin();
  return static_cast<Enum>(first + static_cast<std::int32_t>(at));
}

void parse_transform(ObjectReader& reader, FieldOptions& options) {
  const Json* raw = reader.raw("transform");
  if (raw == nullptr) return;
  if (!raw->is_object()) {
    std::vector<std::string> accepted = transforms;
    accepted.emplace_back("{\"buckets\": 10}");
    const std::string name = reader.choice("transform", "none", accepted);
    if (!contains(transforms, name)) reader.choice("transform", "none", transforms);
    options.transform = parse_choice<Transform>(transforms, name, 0);
    return;
  }
  ObjectReader buckets(*raw, reader.what() + ", \"transform\"");
  options.buckets = static_cast<std::int32_t>(buckets.integer("buckets", 0, 2, 65536));
  buckets.finish();
  if (options.buckets == 0) refuse("\"transform\" as an object needs \"buckets\", found {}", "transform");
  options.transform = Transform::buckets;
}

/// What would be ignored without a word.
void check_hashing(const std::string& name, const FieldOptions& options) {
  if (options.unknown == Unknown::hash && options.hash_buckets == 0)
    refuse("field " + in_quotes(name) + ": \"unknown\": \"hash\" needs \"hash_buckets\", how many", name);
  if (options.hash_buckets > 0 && options.unknown != Unknown::hash &&
      (options.min_count > 1 || options.unknown == Unknown::error))
    refuse("field " + in_quotes(name) +
               ": with \"hash_buckets\" alone every value is hashed, so \"min_count\" and "
               "\"unknown\": \"error\" would say nothing; \"unknown\": \"hash\" hashes only what is not in "
               "the vocabulary",
           name);
}

FieldOptions parse_field(const std::string& name, const Json& json) {
  FieldOptions options;
  ObjectReader reader(json, "schema, field " + in_quotes(name));
  if (reader.raw("kind") != nullptr) {
    options.kind = parse_choice<Kind>(kinds, reader.choice("kind", "", kinds), 1);
  }
  options.min_count = reader.integer("min_count", 1, 1, std::numeric_limits<std::int64_t>::max());
  options.hash_buckets = static_cast<std::int32_t>(
      reader.integer("hash_buckets", 0, 0, std::numeric_limits<std::int32_t>::max() - 1));
  parse_transform(reader, options);
  options.unknown = parse_choice<Unknown>(unknowns, reader.choice("unknown", "bucket", unknowns), 0);
  options.combiner = parse_choice<Combiner>(combiners, reader.choice("combiner", "mean", combiners), 0);
  if (options.combiner != Combiner::mean && options.kind.value_or(Kind::categories) != Kind::categories)
    refuse("field " + in_quotes(name) + ": \"combiner\" is for categories, but its kind is " +
               kind_name(*options.kind),
           name);
  options.weights = reader.text("weights", "");
  if (reader.has("weights") && options.weights.empty())
    refuse("\"weights\" must name a column, found \"\"", "weights");
  reader.finish();
  check_hashing(name, options);
  const bool numeric = options.transform && *options.transform != Transform::none;
  if (numeric && options.kind && *options.kind != Kind::number) {
    refuse("field " + in_quotes(name) + ": \"transform\" is for numbers, but its kind is " +
               kind_name(*options.kind),
           name);
  }
  if (!options.weights.empty() && options.kind && *options.kind != Kind::categories) {
    refuse("field " + in_quotes(name) + ": \"weights\" are for categories, but its kind is " +
               kind_name(*options.kind),
           name);
  }
  return options;
}

HistoryRule parse_history(const std::string& name, const Json& json, const Schema& schema) {
  ObjectReader reader(json, "schema, history " + in_quotes(name));
  HistoryRule rule;
  if (!reader.has("of")) refuse("history " + in_quotes(name) + " needs \"of\": \"user\" or \"item\"", "of");
  rule.of = reader.choice("of", "user", {"user", "item"}) == "user" ? Part::user : Part::item;
  rule.labels = reader.choice("weights", "none", {"none", "label"}) == "label";
  rule.max_length = static_cast<std::int32_t>(reader.integer("max_length", 200, 1, 1 << 20));
  const bool earlier = rule.labels || !schema.time.empty();
  rule.earlier = reader.choice("order", earlier ? "earlier" : "any", {"earlier", "any"}) == "earlier";
  reader.finish();
  if (rule.labels && !rule.earlier)
    refuse("history " + in_quotes(name) +
               ": with \"weights\": \"label\" the order must be \"earlier\", because a row's own label can "
               "be read off what all others but it add up to",
           "order");
  return rule;
}

/// true: all that make sense; or an object with one rule a field.
void parse_histories(const Json& json, Schema& schema) {
  Json rules = json;
  if (json.is_boolean()) {
    rules = Json::object();
    if (json.get<bool>())
      for (const char* const of : {"user", "item"}) {
        rules[std::string(of) + "_history"] = members({{"of", of}});
        if (!schema.label.empty())
          rules[std::string(of) + "_history_labels"] = members({{"of", of}, {"weights", "label"}});
      }
  } else if (!json.is_object()) {
    refuse("\"histories\" must be true, false or an object with a rule for each field", "histories");
  }
  for (const auto& [name, rule] : rules.get_ref<const Json::object_t&>()) {
    if (name.empty()) refuse("\"histories\" must name fields, found \"\"", "histories");
    for (const auto& [role, column] : roles_of(schema))
      if (*column == name)
        refuse("history " + in_quotes(name) + " has the name of the column with the role " + in_quotes(role),
               name);
    if (schema.fields.count(name) != 0 || (schema.features && contains(*schema.features, name)))
      refuse("history " + in_quotes(name) + " has the name of a feature; rename one of them", name);
    schema.histories.emplace(name, parse_history(name, rule, schema));
  }
  if (!schema.histories.empty() && (schema.user.empty() || schema.item.empty()))
    refuse("\"histories\" need the roles \"user\" and \"item\"", "histories");
}

void check_names(const std::vector<std::string>& names, const std::string& key) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) refuse(in_quotes(key) + " must name columns, found \"\"", key);
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i)) {
      refuse(in_quotes(key) + " names " + in_quotes(names[i]) + " twice", key);
    }
  }
}

void check_roles(const Schema& schema) {
  const auto roles = roles_of(schema);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto& [role, column] = roles[i];
    if (column->empty()) continue;
    const std::string name = "column " + in_quotes(*column);
    for (std::size_t j = 0; j < i; ++j) {
      if (*roles[j].second == *column) {
        refuse(name + " has two roles, " + in_quotes(roles[j].first) + " and " + in_quotes(role) +
                   "; a column has one at most",
               role);
      }
    }
    if (schema.features && contains(*schema.features, *column)) {
      refuse(name + " has the role " + in_quotes(role) + " and cannot be one of the \"features\"",
             "features");
    }
    if (contains(schema.ignore, *column)) {
      refuse(name + " has the role " + in_quotes(role) + " and cannot be in \"ignore\"", "ignore");
    }
  }
}

void check_fields(const Schema& schema) {
  for (const auto& [name, options] : schema.fields) {
    const std::string field = "field " + in_quotes(name);
    if (name.empty()) refuse("\"fields\" must name columns, found \"\"", "fields");
    const bool id = name == schema.user || name == schema.item;  // ids are fields too, with a vocabulary
    if (id && (options.kind.value_or(Kind::category) != Kind::category || options.transform ||
               !options.weights.empty())) {
      refuse(field + " is the column of ids: only min_count, hash_buckets and unknown apply", name);
    }
    if (!id && !schema.is_feature(name)) {
      refuse(field +
                 " has options but is no feature: it has a role, is ignored, is missing in \"features\", or "
                 "holds weights",
             name);
    }
    if (options.weights.empty()) continue;
    for (const auto& [role, column] : roles_of(schema)) {
      if (*column == options.weights)
        refuse(field + ": its weights' column has the role " + in_quotes(role), name);
    }
    if (schema.features && contains(*schema.features, options.weights)) {
      refuse(field + ": its weights' column " + in_quotes(options.weights) +
                 " cannot be one of the \"features\"",
             name);
    }
  }
}

}  // namespace

const char* kind_name(Kind kind) {
  return kind == Kind::category ? "category" : kind == Kind::categories ? "categories" : "number";
}

const char* part_name(Part part) {
  return part == Part::user ? "users" : part == Part::item ? "items" : "interactions";
}

Part parse_part(const char* name) {
  const std::vector<std::string> parts = {"interactions", "users", "items"};
  const std::string word = name == nullptr ? "" : name;
  if (!contains(parts, word)) fail_unknown(INTERPLAY_INVALID_ARGUMENT, "part", word, parts);
  return parse_choice<Part>(parts, word, 0);
}

Schema Schema::parse(const Json& json) {
  Schema schema;
  ObjectReader reader(json, "schema");
  for (const auto& [role, column] : roles_of(schema)) {
    *column = reader.text(role, "");
    if (reader.has(role) && column->empty())
      refuse(in_quotes(role) + " must name a column, found \"\"", role);
  }
  const std::vector<std::string> features = reader.texts("features");
  if (reader.has("features")) schema.features = features;
  schema.ignore = reader.texts("ignore");
  const Json* fields = reader.raw("fields");
  const Json* histories = reader.raw("histories");
  reader.finish();
  if (fields != nullptr) {
    const ObjectReader is_object(*fields, "schema, \"fields\"");
    for (const auto& [name, options] : fields->get_ref<const Json::object_t&>()) {
      schema.fields.emplace(name, parse_field(name, options));
    }
  }
  if (schema.features && reader.has("ignore")) {
    refuse("\"features\" and \"ignore\" exclude each other; keep one of them", "ignore");
  }
  check_names(features, "features");
  check_names(schema.ignore, "ignore");
  check_roles(schema);
  check_fields(schema);
  if (histories != nullptr) parse_histories(*histories, schema);
  return schema;
}

Json Schema::to_json() const {
  Json out = Json::object();
  for (const auto& [role, column] : roles_of(*this)) {
    if (!column->empty()) out[role] = *column;
  }
  if (features) out["features"] = *features;
  if (!ignore.empty()) out["ignore"] = ignore;
  for (const auto& [name, options] : fields) {
    Json field = Json::object();
    if (options.kind) field["kind"] = kind_name(*options.kind);
    if (options.min_count != 1) field["min_count"] = options.min_count;
    if (options.hash_buckets != 0) field["hash_buckets"] = options.hash_buckets;
    if (options.transform == Transform::buckets) {
      field["transform"] = members({{"buckets", options.buckets}});
    } else if (options.transform) {
      field["transform"] = transforms[static_cast<std::size_t>(*options.transform)];
    }
    if (options.unknown != Unknown::bucket)
      field["unknown"] = unknowns[static_cast<std::size_t>(options.unknown)];
    if (options.combiner != Combiner::mean)
      field["combiner"] = combiners[static_cast<std::size_t>(options.combiner)];
    if (!options.weights.empty()) field["weights"] = options.weights;
    out["fields"][name] = std::move(field);
  }
  for (const auto& [name, rule] : histories)
    out["histories"][name] = members({{"of", rule.of == Part::user ? "user" : "item"},
                                      {"weights", rule.labels ? "label" : "none"},
                                      {"order", rule.earlier ? "earlier" : "any"},
                                      {"max_length", rule.max_length}});
  return out;
}

const FieldOptions& Schema::options(std::string_view field) const {
  static const FieldOptions none;
  const auto it = fields.find(std::string(field));
  return it == fields.end() ? none : it->second;
}

bool Schema::is_feature(std::string_view column) const {
  for (const auto& [role, name] : roles_of(*this)) {
    if (*name == column) return false;
  }
  for (const auto& [name, options] : fields) {
    if (options.weights == column) return false;
  }
  if (histories.count(std::string(column)) != 0) return false;
  return features ? contains(*features, column) : !contains(ignore, column);
}

}  // namespace interplay::core
