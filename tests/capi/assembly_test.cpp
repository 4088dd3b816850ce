// A model from tensors: what it scores is what plain loops over the same numbers give (tests/reference/autoint_twin).
#include "capi/support.hpp"
#include "reference/autoint_twin.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr const char* params = R"({"embedding_dim": 4, "attention_dim": 4, "num_heads": 2, "num_layers": 2})";
constexpr const char* description = R"({
  "schema": {"user": "user_id", "item": "movie_id", "label": "rating"},
  "fields": [{"name": "user_id", "of": "user", "kind": "category"},
             {"name": "genres", "of": "item", "kind": "categories"},
             {"name": "hour", "of": "context", "kind": "number", "transform": "standardise", "shift": 12, "scale": 4},
             {"name": "movie_id", "of": "item", "kind": "category"}],
  "objective": {"kind": "rating", "low": 1, "high": 5, "mean": 3.5}})";

/// Three users, two genres, two films; every number of the model different and of moderate size.
struct Source {
  reference::AutoInt twin;
  std::map<std::string, std::pair<Floats, Ints>> tensors;  // as the engine takes them

  Source() {
    twin.kinds = {INTERPLAY_CATEGORY, INTERPLAY_CATEGORIES, INTERPLAY_NUMBER, INTERPLAY_CATEGORY};
    twin.variant.widths = {4, 4};
    twin.variant.heads = 2;
    const std::size_t rows[] = {4, 3, 2, 3};
    for (std::size_t f = 0; f < 4; ++f) put("tables/" + std::to_string(f), rows[f], 4);
    for (const std::string layer : {"layers/0", "layers/1"}) {
      put(layer + "/qkv", 4, 12);
      put(layer + "/projection", 4, 4);
    }
    for (const char* output : {"output/0", "output/1", "output/2"}) put(output, 4, 4);
    put("bias", 1, 1);
  }
  void put(const std::string& name, std::size_t rows, std::size_t columns) {
    Floats numbers;
    reference::Matrix& matrix = twin.w[name];
    matrix = {rows, columns, {}};
    for (std::size_t i = 0; i < rows * columns; ++i) {
      numbers.push_back(static_cast<float>(std::sin(static_cast<double>(++drawn) * 1.7) * 0.6));
      matrix.v.push_back(static_cast<double>(numbers.back()));
    }
    tensors[name] = {numbers, {static_cast<int64_t>(rows), static_cast<int64_t>(columns)}};
  }
  int drawn = 0;
};

Table values_table(const Ints& ids) {
  return take(Table(static_cast<int64_t>(ids.size())).add("value", ids));
}
Table values_table(const Texts& texts) {
  return take(Table(static_cast<int64_t>(texts.size())).add("value", texts));
}

Assembly with_values() {
  Assembly assembly("autoint", params, description);
  assembly.add_values("user_id", values_table(Ints{70, 80, 90}))
      .add_values("genres", values_table(Texts{"comedy", "war"}))
      .add_values("movie_id", values_table(Texts{"casablanca", "jaws"}));
  return assembly;
}
void add_tensors(Assembly& assembly, const Source& source, const std::string& except = "") {
  for (const auto& [name, tensor] : source.tensors)
    if (name != except) assembly.add_tensor(name, tensor.first, tensor.second);
}
Model whole(const Source& source) {
  Assembly assembly = with_values();
  add_tensors(assembly, source);
  return assembly.finish();
}

/// Rows as a caller has them, and the ids that they must become.
struct Rows {
  Ints user{70, 90, 12345, 80, 80};
  Texts movie{"jaws", "casablanca", "jaws", "unheard of", "casablanca"};
  Floats hour{12, 20, 4, not_a_number, 14};
  Texts genre_values{"war", "comedy", "war", "comedy", "opera"};
  Ints genre_offsets{0, 1, 3, 3, 4, 5};  // the third row has none

  std::vector<std::int32_t> user_ids{1, 3, 0, 2, 2}, movie_ids{2, 1, 2, 0, 1}, genre_ids{2, 1, 2, 1, 0},
      offsets{0, 1, 3, 3, 4, 5};
  Floats numbers{0, 2, -2, not_a_number, 0.5F};
};
Table table_of(const Rows& rows) {
  Table table(5);
  table.add("user_id", rows.user).add("movie_id", rows.movie).add("hour", rows.hour);
  table.add_lists("genres", rows.genre_values, rows.genre_offsets);
  return table;
}

/// The twin's logits of these rows.
std::vector<double> expected_logits(const reference::AutoInt& twin) {
  const Rows rows;
  const interplay_values fields[] = {{5, rows.user_ids.data(), nullptr, nullptr},
                                     {5, rows.genre_ids.data(), nullptr, rows.offsets.data()},
                                     {5, nullptr, rows.numbers.data(), nullptr},
                                     {5, rows.movie_ids.data(), nullptr, nullptr}};
  interplay_batch batch{};
  batch.struct_size = sizeof batch;
  batch.n_fields = 4;
  batch.rows = 5;
  batch.fields = fields;
  return reference::logits(twin, batch, false);
}

std::string shape_text(const Ints& shape) {
  std::string text;
  for (const int64_t n : shape) text += (text.empty() ? "(" : ", ") + std::to_string(n);
  return text + ")";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_assembly)

BOOST_AUTO_TEST_CASE(an_assembled_model_scores_what_plain_loops_over_its_tensors_give) {
  const Source source;
  const std::vector<double> expected = expected_logits(source.twin);
  const Model model = whole(source);
  const Floats found = scores(model, table_of({}), R"({"output": "logit"})", "logit");
  const Floats stars = scores(model, table_of({}));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST(std::fabs(static_cast<double>(found[i]) - expected[i]) < 1e-5);
    BOOST_TEST(std::fabs(static_cast<double>(stars[i]) - (1 + 4 / (1 + std::exp(-expected[i])))) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(an_assembled_model_is_saved_and_loaded_like_any_other) {
  const Model model = whole({});
  const Model again = Model::parse(dump(model));
  BOOST_TEST(score_bits(again, table_of({})) == score_bits(model, table_of({})), tt::per_element());
  BOOST_TEST(dump(again) == dump(model));
  const Json about = info(again);
  BOOST_TEST(about["fitted"] == true);
  BOOST_TEST(about["catalogue"]["users"] == 3);
  BOOST_TEST(about["catalogue"]["items"] == 2);
  BOOST_TEST(about["objective"]["high"] == 5.0);
  BOOST_TEST(about["fields"][0]["cardinality"] == 4);
  BOOST_TEST(about["fields"][0]["type"] == "integer");
  BOOST_TEST(about["fields"][1]["type"] == "string");
  BOOST_TEST(about["fields"][2]["type"] == "number");
  BOOST_TEST(about["fields"][3]["type"] == "string");
}

BOOST_AUTO_TEST_CASE(an_assembled_model_recommends_its_items_with_the_features_that_update_brings) {
  Table items(2);
  items.add("movie_id", Texts{"jaws", "casablanca"}).add_lists("genres", Texts{"war"}, Ints{0, 1, 1});
  const Model model = whole({}).update("items", items);
  const Table best = model.recommend(take(Table(1).add("user_id", Ints{80})), nullptr, R"({"k": 5})");
  BOOST_TEST(values<float>(best, "score").size() == 2U);
  // The features of the catalogue are those of the rows.
  Table rows(2);
  rows.add("user_id", Ints{80, 80}).add("movie_id", Texts{"jaws", "casablanca"});
  Table with_genres(2);
  with_genres.add("user_id", Ints{80, 80}).add("movie_id", Texts{"jaws", "casablanca"});
  with_genres.add_lists("genres", Texts{"war"}, Ints{0, 1, 1});
  BOOST_TEST(score_bits(model, rows) == score_bits(model, with_genres), tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_assembled_model_can_be_fitted_further) {
  Dataset data(R"({"user": "user_id", "item": "movie_id", "label": "rating"})");
  data.append("interactions", take(Table(2)
                                       .add("user_id", Ints{70, 99})
                                       .add("movie_id", Texts{"jaws", "alien"})
                                       .add("hour", Floats{1, 2})
                                       .add("rating", Floats{5, 1})));
  Table items(3);
  items.add("movie_id", Texts{"jaws", "casablanca", "alien"})
      .add_lists("genres", Texts{"war", "horror"}, Ints{0, 1, 1, 2});
  data.append("items", items).seal();
  const Model further = whole({}).fit(data);
  BOOST_TEST(info(further)["fields"][0]["cardinality"] == 5);
  BOOST_TEST(info(further)["catalogue"]["items"] == 3);
}

BOOST_AUTO_TEST_CASE(a_bias_may_be_left_out_and_is_zero) {
  const Source source;
  Assembly assembly = with_values();
  add_tensors(assembly, source, "bias");
  const Floats found = scores(assembly.finish(), table_of({}), R"({"output": "logit"})", "logit");
  const std::vector<double> expected = expected_logits(source.twin);
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(std::fabs(static_cast<double>(found[i]) - expected[i] + source.twin.w.at("bias").at(0, 0)) <
               1e-5);
}

BOOST_AUTO_TEST_CASE(a_tensor_that_is_missing_is_named_with_its_shape) {
  const Source source;
  for (const auto& [name, tensor] : source.tensors) {
    if (name == "bias") continue;
    Assembly assembly = with_values();
    add_tensors(assembly, source, name);
    const std::string shape = shape_text(tensor.second);
    refused(INTERPLAY_INVALID_ARGUMENT, {name.c_str(), shape.c_str(), "found none"},
            [&] { (void)assembly.finish(); });
    assembly.add_tensor(name, tensor.first, tensor.second);  // mended
    BOOST_TEST(scores(assembly.finish(), table_of({})).size() == 5U);
  }
}

BOOST_AUTO_TEST_CASE(a_tensor_of_another_shape_is_named_with_both_shapes) {
  const Source source;
  for (const auto& [name, tensor] : source.tensors) {
    Assembly assembly = with_values();
    add_tensors(assembly, source, name);
    Ints wrong = tensor.second;
    Floats numbers = tensor.first;
    ++wrong[0];
    numbers.resize(numbers.size() + numbers.size() / static_cast<std::size_t>(wrong[0] - 1), 0.0F);
    assembly.add_tensor(name, numbers, wrong);
    const std::string expected = shape_text(tensor.second), found = shape_text(wrong);
    refused(INTERPLAY_INVALID_ARGUMENT, {name.c_str(), expected.c_str(), found.c_str()},
            [&] { (void)assembly.finish(); });
  }
}

BOOST_AUTO_TEST_CASE(a_tensor_of_another_type_not_finite_or_unknown_is_refused) {
  const Source source;
  Assembly doubles = with_values();
  add_tensors(doubles, source, "output/1");
  doubles.add_tensor("output/1", std::vector<double>(16, 0.0), Ints{4, 4});
  refused(INTERPLAY_INVALID_ARGUMENT, {"output/1", "type"}, [&] { (void)doubles.finish(); });

  Assembly infinite = with_values();
  add_tensors(infinite, source, "output/1");
  infinite.add_tensor("output/1", Floats(16, beyond), Ints{4, 4});
  refused(INTERPLAY_INVALID_ARGUMENT, {"output/1", "finite"}, [&] { (void)infinite.finish(); });

  Assembly more = with_values();
  add_tensors(more, source);
  more.add_tensor("outputs", Floats(16, 0.0F), Ints{4, 4});
  refused(INTERPLAY_INVALID_ARGUMENT, {"outputs", "none of that name"}, [&] { (void)more.finish(); });
}

BOOST_AUTO_TEST_CASE(values_are_given_once_for_each_field_and_each_is_there_once) {
  Assembly assembly("autoint", params, description);
  refused(INTERPLAY_BAD_DATA, {"user_id", "row 2", "70", "twice"}, [&] {
    assembly.add_values("user_id", values_table(Ints{70, 80, 70}));
  });
  refused(INTERPLAY_BAD_DATA, {"user_id", "row 1", "null"}, [&] {
    assembly.add_values("user_id", take(Table(2).add("value", Ints{1, 2}, Bools{1, 0})));
  });
  refused(INTERPLAY_BAD_DATA, {"user_id", "float"}, [&] {
    assembly.add_values("user_id", take(Table(2).add("value", Floats{1, 2})));
  });
  refused(INTERPLAY_NOT_FOUND, {"user", "did you mean \"user_id\""},
          [&] { assembly.add_values("user_ids", values_table(Ints{1})); });
  refused(INTERPLAY_NOT_FOUND, {"value"},
          [&] { assembly.add_values("user_id", take(Table(1).add("id", Ints{1}))); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"hour", "number"},
          [&] { assembly.add_values("hour", values_table(Ints{1})); });
  assembly.add_values("user_id", values_table(Ints{70, 80, 90}));
  refused(INTERPLAY_INVALID_ARGUMENT, {"user_id", "already"}, [&] {
    assembly.add_values("user_id", values_table(Ints{70, 80, 90}));
  });
  refused(INTERPLAY_INVALID_ARGUMENT, {"genres", "no values"}, [&] { (void)assembly.finish(); });
}

BOOST_AUTO_TEST_CASE(a_tensor_that_cannot_be_one_is_refused) {
  Assembly assembly("autoint", params, description);
  const Floats numbers(6, 0.0F);
  const auto add = [&](const char* name, int32_t type, const void* data, int32_t rank, const Ints& shape,
                       Words words) {
    call_fails(INTERPLAY_INVALID_ARGUMENT, words, interplay_assembly_add_tensor, assembly.get(), name, type,
               data, rank, shape.data());
  };
  assembly.add_tensor("output", numbers, Ints{2, 3});
  add("output", INTERPLAY_FLOAT32, numbers.data(), 2, {2, 3}, {"output", "already"});
  add("", INTERPLAY_FLOAT32, numbers.data(), 2, {2, 3}, {"name"});
  add("Output", INTERPLAY_FLOAT32, numbers.data(), 2, {2, 3}, {"Output"});
  add("state", INTERPLAY_FLOAT32, numbers.data(), 2, {2, 3}, {"state"});
  add("a", INTERPLAY_STRING, numbers.data(), 2, {2, 3}, {"type 6"});
  add("a", INTERPLAY_FLOAT32, numbers.data(), 5, {1, 1, 1, 1, 1}, {"4 dimensions"});
  add("a", INTERPLAY_FLOAT32, numbers.data(), 2, {-2, 3}, {"-2"});
  add("a", INTERPLAY_FLOAT32, numbers.data(), 2, {int64_t{1} << 40, int64_t{1} << 40}, {"length"});
  add("a", INTERPLAY_FLOAT32, nullptr, 2, {2, 3}, {"NULL"});
}

BOOST_AUTO_TEST_CASE(a_description_that_contradicts_itself_is_refused) {
  const auto refuse = [](const char* text, Words words) {
    refused(INTERPLAY_INVALID_ARGUMENT, words, [&] { (void)Assembly("autoint", params, text); });
  };
  refuse("{}", {"schema"});
  refuse(R"({"schema": {}, "fields": [], "objective": {"kind": "binary"}})", {"fields"});
  refuse(R"({"schema": {"user": "u"}, "fields": [{"name": "a"}], "objective": {"kind": "binary"}})",
         {"\"u\""});
  refuse(
      R"({"schema": {"user": "u"}, "fields": [{"name": "u", "of": "item"}], "objective": {"kind": "binary"}})",
      {"\"u\"", "role"});
  refuse(
      R"({"schema": {"user": "u"}, "fields": [{"name": "u", "kind": "number"}], "objective": {"kind": "binary"}})",
      {"\"u\"", "category"});
  refuse(R"({"schema": {"label": "y"}, "fields": [{"name": "y"}], "objective": {"kind": "binary"}})",
         {"\"y\""});
  refuse(R"({"schema": {}, "fields": [{"name": "a"}, {"name": "a"}], "objective": {"kind": "binary"}})",
         {"\"a\"", "twice"});
  refuse(R"({"schema": {}, "fields": [{"name": "a", "shift": 1}], "objective": {"kind": "binary"}})",
         {"shift"});
  for (const char* options :
       {R"({"kind": "number"})", R"({"transform": "log"})", R"({"transform": {"buckets": 4}})"})
    refuse((R"({"schema": {"fields": {"a": )" + std::string(options) +
            R"(}}, "fields": [{"name": "a"}], "objective": {"kind": "binary"}})")
               .c_str(),
           {"\"a\"", "differs"});
  refuse(R"({"schema": {}, "fields": [{"name": "a"}], "objective": {"kind": "rating"}})", {"low", "high"});
  refuse(R"({"schema": {}, "fields": [{"name": "a"}], "objective": {"kind": "rating", "low": 5, "high": 1}})",
         {"low"});
  refuse(R"({"schema": {}, "fields": [{"name": "a"}], "objective": {}})", {"kind"});
  refuse(R"({"schema": {}, "fields": [{"name": "a"}], "objective": {"kind": "ranking"}})", {"rating"});
  refused(INTERPLAY_NOT_FOUND, {"autoint"}, [] { (void)Assembly("autoinit", params, description); });
  make_fails<interplay_assembly>(INTERPLAY_INVALID_ARGUMENT, {"description_json"}, interplay_assembly_new,
                                 "autoint", params, nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
