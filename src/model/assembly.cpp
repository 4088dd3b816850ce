// The catalogue of an assembled model, and the engine's load over its tensors.
#include "model/assembly.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "model/container.hpp"
#include "registry/sections.hpp"

namespace interplay::core {
namespace {

constexpr double most = std::numeric_limits<double>::max();

[[noreturn]] void refuse(const std::string& what, const std::string& key, const std::string& name) {
  Json detail;
  detail[key] = name;
  fail(INTERPLAY_INVALID_ARGUMENT, "assembly: " + what, dump_json(detail));
}

const Json& required(ObjectReader& reader, const char* key) {
  const Json* const value = reader.raw(key);
  if (value == nullptr)
    refuse(reader.what() + " lacks the key \"" + key + "\"; expected schema, fields and objective", "key",
           key);
  return *value;
}

/// The role that a field of this name has as an id, or context for none.
Part id_part(const Schema& schema, const std::string& name) {
  if (name == schema.user) return Part::user;
  return name == schema.item ? Part::item : Part::context;
}

}  // namespace

/// The engine's view of the tensors; remembers what it asked for.
class Assembly::Reader final : public interplay_reader {
 public:
  explicit Reader(const Assembly& assembly) : assembly_(assembly) {}
  bool get(const std::string& name, interplay_tensor& out) const override {
    const auto it = assembly_.tensors_.find(name);
    if (it == assembly_.tensors_.end()) return false;
    used.push_back(name);
    out = it->second.tensor;
    return true;
  }

  mutable std::vector<std::string> used;

 private:
  const Assembly& assembly_;
};

Assembly::Assembly(const std::string& engine, const Json& params, const Json& description)
    : model_(create(engine, params)) {
  ObjectReader reader(description, "description");
  fitted_.schema = Schema::parse(required(reader, "schema"));
  const Json& fields = required(reader, "fields");
  read_objective(required(reader, "objective"));
  reader.finish();
  if (!fields.is_array() || fields.empty())
    refuse("description, \"fields\": expected a list of fields, at least one", "key", "fields");
  for (const Json& json : fields) add_field(json);
  has_values_.resize(fitted_.fields.size(), false);
  for (const Part of : {Part::user, Part::item}) {
    const std::string& name = of == Part::user ? fitted_.schema.user : fitted_.schema.item;
    if (!name.empty() && id_field(fitted_.fields, of) == nullptr)
      refuse("the schema names \"" + name + "\", and \"fields\" has no field of that name: its ids need one",
             "key", name);
  }
}

void Assembly::add_field(const Json& json) {
  static const std::vector<std::string> parts(std::begin(owner_names), std::end(owner_names));
  static const std::vector<std::string> kinds{"category", "categories", "number"};
  static const std::vector<std::string> transforms{"none", "standardise", "log", "log2"};
  const auto place = [](const std::vector<std::string>& list, const std::string& word) {
    return static_cast<std::int32_t>(std::find(list.begin(), list.end(), word) - list.begin());
  };
  ObjectReader reader(json, "description, field " + std::to_string(fitted_.fields.size()));
  Field field;
  field.name = reader.text("name", "");
  const Part id = id_part(fitted_.schema, field.name);
  field.of = static_cast<Part>(place(parts, reader.choice("of", parts[static_cast<std::size_t>(id)], parts)));
  field.kind = static_cast<Kind>(1 + place(kinds, reader.choice("kind", "category", kinds)));
  if (field.kind == Kind::number) {
    field.transform =
        static_cast<Transform>(place(transforms, reader.choice("transform", "none", transforms)));
    field.shift = reader.number("shift", 0, -most, most);
    field.scale = reader.number("scale", 1, std::numeric_limits<double>::min(), most);
  }
  reader.finish();
  if (field.name.empty()) refuse(reader.what() + " has no name", "key", "name");
  for (const Field& known : fitted_.fields)
    if (known.name == field.name)
      refuse("the field \"" + field.name + "\" is there twice", "field", field.name);
  field.options = fitted_.schema.options(field.name);
  field.weighted = field.kind == Kind::categories && !field.options.weights.empty();
  if (field.options.hash_buckets > 0)
    refuse("field \"" + field.name + "\": its values are given, so it cannot have \"hash_buckets\"", "field",
           field.name);
  if (field.options.kind.value_or(field.kind) != field.kind ||
      field.options.transform.value_or(field.transform) != field.transform)
    refuse("field \"" + field.name +
               "\": the schema's \"kind\" or \"transform\" differs from the description's, which holds; "
               "leave it out of the schema",
           "field", field.name);
  field.is_id = id != Part::context;
  if (field.is_id ? field.of != id || field.kind != Kind::category : !fitted_.schema.is_feature(field.name))
    refuse("field \"" + field.name +
               "\": the schema gives this column a role or leaves it out; an id is a "
               "category of its own part, and every other field must be a feature",
           "field", field.name);
  fitted_.fields.push_back(std::move(field));
}

void Assembly::read_objective(const Json& json) {
  ObjectReader reader(json, "description, \"objective\"");
  const std::string kind = reader.choice("kind", "", {"binary", "rating", "regression"});
  interplay_objective& objective = fitted_.objective;
  objective.kind = kind == "binary"   ? INTERPLAY_BINARY
                   : kind == "rating" ? INTERPLAY_RATING
                                      : INTERPLAY_REGRESSION;
  const bool ends_given = reader.has("low") && reader.has("high");
  objective.low = reader.number("low", 0, -most, most);
  objective.high = reader.number("high", 1, -most, most);
  objective.mean = reader.number("mean", objective.low / 2 + objective.high / 2, -most, most);
  reader.finish();
  if (!reader.has("kind"))
    refuse("description, \"objective\" lacks \"kind\": binary, rating or regression", "key", "kind");
  if (kind == "rating" && !ends_given)
    refuse("description, \"objective\": a rating needs \"low\" and \"high\", the ends of its scale", "key",
           "low");
  if (objective.low >= objective.high || (kind == "binary" && (objective.low != 0 || objective.high != 1)))
    refuse("description, \"objective\": expected low < high, for binary 0 and 1", "key", "low");
}

void Assembly::add_values(const std::string& name, const Table& values) {
  std::vector<std::string> names;
  for (const Field& field : fitted_.fields) names.push_back(field.name);
  const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  if (at == names.size()) fail_unknown(INTERPLAY_NOT_FOUND, "field", name, names, "assembly");
  Field& field = fitted_.fields[at];
  if (field.kind == Kind::number)
    refuse("field \"" + name + "\" is a number: it has no values to list", "field", name);
  if (has_values_[at]) refuse("field \"" + name + "\" has its values already", "field", name);
  const Column& column = values.at("value");
  const std::string where = "assembly: values of field \"" + name + "\"";
  if (column.multi_valued() || (column.type != Type::string && !column.is_integer()))
    fail(INTERPLAY_BAD_DATA, where + ": expected one integer or string a row, found " +
                                 (column.multi_valued() ? "lists" : type_name(column.type)));
  std::vector<Key> keys;
  Dictionary once;
  for (std::int64_t row = 0; row < column.rows; ++row) {
    const Key key = column.is_null(row) ? Key{} : key_at(column, row);
    if (field.is_id && key.kind == Key::Kind::null)
      fail(INTERPLAY_BAD_DATA, where + ", row " + std::to_string(row) + ": an id cannot be null");
    if (once.add(key) != static_cast<std::int32_t>(row))
      fail(INTERPLAY_BAD_DATA,
           where + ", row " + std::to_string(row) + ": " + key_text(key) + " is there twice");
    keys.push_back(key);
  }
  auto vocabulary = extend_vocabulary(Vocabulary(), keys);
  if (field.is_id) {
    field.known_ids = vocabulary->size();
    keys_[name] = std::move(vocabulary);
  } else {
    field.vocabulary = std::move(vocabulary);
  }
  has_values_[at] = true;
}

void Assembly::add_tensor(const std::string& name, std::int32_t type, const void* data, std::int32_t rank,
                          const std::int64_t* shape) {
  if (!is_section_name(name, 40) || name == "state")
    refuse("\"" + name +
               "\" is no name of a tensor: expected 1 to 40 of a-z, 0-9, '_', '.', '/', and not \"state\"",
           "tensor", name);
  const std::string where = "tensor \"" + name + "\": ";
  if (tensors_.count(name) != 0) refuse(where + "it is there already", "tensor", name);
  if (type < INTERPLAY_INT64 || type > INTERPLAY_BOOL8)
    refuse(where + "type " + std::to_string(type) + " is none of INTERPLAY_INT64 .. INTERPLAY_BOOL8",
           "tensor", name);
  if (rank < 0 || rank > 4)
    refuse(where + "expected 0 to 4 dimensions, found " + std::to_string(rank), "tensor", name);
  if (rank > 0 && shape == nullptr) refuse(where + "shape must not be NULL", "tensor", name);
  Tensor mine{{nullptr, type, rank, {0, 0, 0, 0}}, {}};
  std::size_t size = dtype_size(type);
  for (std::int32_t d = 0; d < rank; ++d) {
    const std::int64_t n = shape[d];
    if (n < 0 || (n > 0 && size > (std::size_t{1} << 46) / static_cast<std::size_t>(n)))
      refuse(where + "a length of " + std::to_string(n) + " cannot be", "tensor", name);
    size *= static_cast<std::size_t>(n);
    mine.tensor.shape[d] = n;
  }
  if (size > 0 && data == nullptr) refuse(where + "data must not be NULL", "tensor", name);
  Buffer copy(size);
  if (size > 0) std::memcpy(copy.data, data, size);
  mine.bytes = std::move(copy).freeze();
  mine.tensor.data = mine.bytes.data;
  tensors_.emplace(name, std::move(mine));
}

Catalogue Assembly::catalogue() const {
  Catalogue catalogue;
  for (const Field& field : fitted_.fields) {
    if (!field.is_id) continue;
    PartRows rows;
    const Vocabulary& keys = *keys_.at(field.name);
    for (std::int32_t i = 0; i < keys.size(); ++i) rows.keys.push_back(keys.key(i));
    Entities& entities = field.of == Part::user ? catalogue.users : catalogue.items;
    entities =
        upsert(Entities{}, kinds_of(fitted_.fields, feature_fields(fitted_.fields, field.of)), rows, true);
    std::vector<std::int32_t> ids(static_cast<std::size_t>(keys.size()));
    std::iota(ids.begin(), ids.end(), 1);
    entities.id.ids = std::move(ids);
  }
  catalogue.seen = make_seen({}, catalogue.users.size());
  return catalogue;
}

void Assembly::refuse_unused(const std::vector<std::string>& used) const {
  for (const auto& [name, tensor] : tensors_)
    if (std::find(used.begin(), used.end(), name) == used.end())
      refuse("tensor \"" + name + "\": engine \"" + model_.engine->name() +
                 "\" with these parameters and fields has none of that name; the engine's README lists them",
             "tensor", name);
}

Model Assembly::finish() const {
  for (std::size_t f = 0; f < fitted_.fields.size(); ++f)
    if (fitted_.fields[f].kind != Kind::number && !has_values_[f])
      refuse("field \"" + fitted_.fields[f].name + "\" has no values yet; call interplay_assembly_add_values",
             "field", fitted_.fields[f].name);
  Fitted fitted = fitted_;
  fitted.catalogue = catalogue();
  fitted.training["rows"] = 0;
  fitted.training["valid_rows"] = 0;
  fitted.training["split"] = "none";
  fitted.training["kernel"] = model_.engine->table().kernel != nullptr ? model_.engine->table().kernel() : "";
  Reader reader(*this);
  try {
    // The state may use the tensors where they lie: it keeps a copy of the map, which shares them.
    load_state(model_, reader, std::make_shared<const std::map<std::string, Tensor>>(tensors_), fitted);
  } catch (const Error& e) {
    if (e.status() != INTERPLAY_CORRUPT) throw;
    // The engine speaks as of a file; here it is the caller's tensor that is wrong.
    std::string text = e.what();
    const std::string opening = "engine state, ";
    if (text.starts_with(opening)) text.erase(0, opening.size());
    fail(INTERPLAY_INVALID_ARGUMENT, "assembly: " + text, e.detail());
  }
  refuse_unused(reader.used);
  Model model = model_;
  model.fitted = std::make_shared<const Fitted>(std::move(fitted));
  return model;
}

}  // namespace interplay::core
