// A model's tensors by name: what comes out is what an assembly takes.
#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr const char* params =
    R"({"embedding_dim": 4, "attention_dim": 6, "num_heads": 2, "num_layers": 2, "epochs": 2,
  "deep_layers": [5], "deep_batch_norm": true, "norm": "post", "validation_fraction": 0})";
constexpr const char* description = R"({
  "schema": {"user": "user_id", "item": "item_id", "label": "rating"},
  "fields": [{"name": "user_id"}, {"name": "item_id"}, {"name": "hour", "kind": "number", "shift": 12, "scale": 6}],
  "objective": {"kind": "rating", "low": 1, "high": 5, "mean": 3}})";

Table one_column(const Ints& ids) { return take(Table(static_cast<int64_t>(ids.size())).add("value", ids)); }
Assembly with_values() {
  Assembly assembly("autoint", params, description);
  assembly.add_values("user_id", one_column(all_users())).add_values("item_id", one_column(all_items()));
  return assembly;
}
Floats numbers_of(const Model& model, const std::string& name) {
  const Text bytes = model.tensor(name);
  Floats numbers(bytes.view().size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.c_str(), bytes.view().size());
  return numbers;
}
Json directory_of(const Model& model) { return Json::parse(model.tensors().view()); }

/// The tensors of `model` in an assembly.
Model rebuilt(const Model& model) {
  Assembly assembly = with_values();
  for (const Json& line : directory_of(model)) {
    BOOST_TEST(line["type"] == "float32");
    const auto name = line["name"].get<std::string>();
    assembly.add_tensor(name, numbers_of(model, name), line["shape"].get<Ints>());
  }
  return assembly.finish();
}
/// A model to take tensors from; its values are in the order in which with_values has them.
Model trained() {
  Dataset data(R"({"user": "user_id", "item": "item_id", "label": "rating"})");
  // every user and every item in the order of the values that the assembly is given
  Events e = events(), ordered;
  for (std::size_t i = 0; i < all_users().size(); ++i) {
    ordered.user.push_back(all_users()[i]);
    ordered.item.push_back(all_items()[i % all_items().size()]);
    ordered.rating.push_back(static_cast<float>(1 + i % 5));
    ordered.hour.push_back(static_cast<float>(i % 24));
  }
  data.append("interactions", interactions(ordered)).append("interactions", interactions(e)).seal();
  return Model::create("autoint", params).fit(data);
}
Table some_rows() {
  Table rows(4);
  rows.add("user_id", Ints{100, 117, 129, 7}).add("item_id", Ints{1000, 1019, 5, 1004});
  rows.add("hour", Floats{12, 0, not_a_number, 30});
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_tensors)

BOOST_AUTO_TEST_CASE(an_assembly_of_a_models_tensors_scores_the_same_bits) {
  const Model first = rebuilt(trained());  // its transform is the description's from here on
  const Model second = rebuilt(first);
  BOOST_TEST(score_bits(second, some_rows()) == score_bits(first, some_rows()), tt::per_element());
  BOOST_TEST(directory_of(second) == directory_of(first));
}

BOOST_AUTO_TEST_CASE(going_on_from_an_assembly_keeps_the_round_trip) {
  Dataset data(R"({"user": "user_id", "item": "item_id", "label": "rating"})");
  data.append("interactions", interactions(events())).seal();
  const Model model = rebuilt(trained()).fit(data);  // known ids keep their numbers, the transform stays
  BOOST_TEST(score_bits(rebuilt(model), some_rows()) == score_bits(model, some_rows()), tt::per_element());
}

BOOST_AUTO_TEST_CASE(the_directory_has_the_names_of_the_engines_readme_and_the_bytes_their_shape) {
  const Model model = trained();
  std::map<std::string, Ints> shapes;
  for (const Json& line : directory_of(model)) shapes[line["name"]] = line["shape"].get<Ints>();
  BOOST_TEST(shapes.at("tables/0") == (Ints{31, 4}), tt::per_element());
  BOOST_TEST(shapes.at("tables/2") == (Ints{2, 4}), tt::per_element());
  BOOST_TEST(shapes.at("layers/1/qkv") == (Ints{4, 18}), tt::per_element());
  BOOST_TEST(shapes.at("deep/0/norm/variance") == (Ints{1, 5}), tt::per_element());
  BOOST_TEST(shapes.at("bias") == (Ints{1, 1}), tt::per_element());
  BOOST_TEST(shapes.count("state") == 0U);
  for (const auto& [name, shape] : shapes) {
    BOOST_TEST(name.find("adam") == std::string::npos);
    BOOST_TEST(numbers_of(model, name).size() == static_cast<std::size_t>(shape[0] * shape[1]), name);
  }
}

BOOST_AUTO_TEST_CASE(the_tensors_are_those_of_the_file) {
  const Model model = trained(), again = Model::parse(dump(model));
  for (const Json& line : directory_of(model)) {
    const auto name = line["name"].get<std::string>();
    BOOST_TEST(bits(numbers_of(again, name)) == bits(numbers_of(model, name)), tt::per_element());
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_not_found_and_the_nearest_is_named) {
  const Model model = trained();
  make_fails<interplay_text>(INTERPLAY_NOT_FOUND,
                             {"layers/0/qvk", "did you mean \"layers/0/qkv\"", "nearest"},
                             interplay_model_tensor, model.get(), "layers/0/qvk");
  make_fails<interplay_text>(INTERPLAY_NOT_FOUND, {"state"}, interplay_model_tensor, model.get(), "state");
  make_fails<interplay_text>(INTERPLAY_INVALID_ARGUMENT, {"name"}, interplay_model_tensor, model.get(),
                             nullptr);
  make_fails<interplay_text>(INTERPLAY_INVALID_ARGUMENT, {"model"}, interplay_model_tensors, nullptr);
}

BOOST_AUTO_TEST_CASE(a_model_that_learned_nothing_has_no_tensors) {
  const Model model = Model::create("autoint");
  make_fails<interplay_text>(INTERPLAY_INVALID_STATE, {"fit"}, interplay_model_tensors, model.get());
  make_fails<interplay_text>(INTERPLAY_INVALID_STATE, {"fit"}, interplay_model_tensor, model.get(), "bias");
}

BOOST_AUTO_TEST_SUITE_END()
