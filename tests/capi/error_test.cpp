// What is wrong with a call itself: names, parameters, options, null pointers.
#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr auto bad_argument = INTERPLAY_INVALID_ARGUMENT;

void bad_parameter(Words words, const char* json) {
  make_fails<interplay_model>(bad_argument, words, interplay_model_create, "autoint", json);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_error)

BOOST_AUTO_TEST_CASE(an_unknown_engine_is_not_found_and_the_nearest_is_named) {
  make_fails<interplay_model>(INTERPLAY_NOT_FOUND, {"autoitn", "\"nearest\": \"autoint\"", "accepted"},
                              interplay_model_create, "autoitn", "{}");
  make_fails<interplay_text>(INTERPLAY_NOT_FOUND, {"\"\""}, interplay_engine_info, "");
  refused(INTERPLAY_NOT_FOUND, {"patch"}, [] {
    (void)Model::fit_pairs("patch", "{}", Ints{1, 2}, Ints{1, 2});
  });
}

BOOST_AUTO_TEST_CASE(an_unknown_parameter_is_named_with_the_nearest) {
  bad_parameter({"epoch", "\"key\": \"epoch\"", "\"nearest\": \"epochs\""}, R"({"epoch": 3})");
  bad_parameter({"num_head", "\"nearest\": \"num_heads\""}, R"({"num_head": 2})");
  bad_parameter({"zzzzzzzz", "accepted"}, R"({"zzzzzzzz": 2})");
}

BOOST_AUTO_TEST_CASE(a_parameter_of_another_type_or_out_of_range_is_named) {
  bad_parameter({"epochs", "integer", "2.5"}, R"({"epochs": 2.5})");
  bad_parameter({"epochs", "\"3\""}, R"({"epochs": "3"})");
  bad_parameter({"epochs", "0"}, R"({"epochs": 0})");
  bad_parameter({"dropout", "1.5"}, R"({"dropout": 1.5})");
  bad_parameter({"dropout"}, R"({"dropout": null})");
  bad_parameter({"seed", "-1"}, R"({"seed": -1})");
  bad_parameter({"objective", "binary", "rating", "bianry"}, R"({"objective": "bianry"})");
  bad_parameter({"validation_fraction"}, R"({"validation_fraction": 1})");
  bad_parameter({"parameters", "1e999"}, R"({"learning_rate": 1e999})");
  bad_parameter({"restore_best"}, R"({"restore_best": 1})");
}

BOOST_AUTO_TEST_CASE(heads_that_do_not_divide_the_attention_are_refused) {
  bad_parameter({"num_heads", "attention_dim", "32", "5", "4"}, R"({"num_heads": 5})");
}

BOOST_AUTO_TEST_CASE(parameters_that_are_no_json_object_are_refused) {
  for (const char* json :
       {"nonsense", "[]", "3", "{", "{} {}", R"({"epochs": 1,})", R"({"epochs": NaN})", R"({'epochs': 1})"})
    bad_parameter({"parameters"}, json);
  bad_parameter({"epochs"}, R"({"epochs": 1, "epochs": 2})");
  bad_parameter({"parameters"}, "{\"caf\xe9\": 1}");
}

BOOST_AUTO_TEST_CASE(json_that_is_nested_without_end_is_refused) {
  const std::string deep = R"({"epochs": )" + std::string(1000000, '[');
  bad_parameter({"parameters"}, deep.c_str());
}

BOOST_AUTO_TEST_CASE(json_that_is_null_means_the_defaults) {
  BOOST_TEST(info(Model::create("autoint"))["parameters"]["epochs"] == 20);
  BOOST_TEST(info(Model::create("autoint", "{}"))["parameters"] ==
             info(Model::create("autoint"))["parameters"]);
}

BOOST_AUTO_TEST_CASE(an_unknown_option_is_named_with_the_nearest) {
  const Model& model = fitted();
  const Table rows = everything();
  refused(bad_argument, {"thraeds", "\"nearest\": \"threads\""},
          [&] { (void)model.predict(rows, R"({"thraeds": 1})"); });
  refused(bad_argument, {"output", "logit", "logits"},
          [&] { (void)model.predict(rows, R"({"output": "logits"})"); });
  refused(bad_argument, {"threads", "-1"}, [&] { (void)model.predict(rows, R"({"threads": -1})"); });
  refused(bad_argument, {"thread", "\"nearest\": \"threads\""},
          [&] { (void)model.fit(shop(), nullptr, R"({"thread": 1})"); });
  refused(bad_argument, {"exclude_sene", "exclude_seen"},
          [&] { (void)model.recommend(rows, nullptr, R"({"exclude_sene": true})"); });
  refused(bad_argument, {"\"k\"", "0"}, [&] { (void)model.recommend(rows, nullptr, R"({"k": 0})"); });
  refused(bad_argument, {"exclude_seen", "1"},
          [&] { (void)model.recommend(rows, nullptr, R"({"exclude_seen": 1})"); });
  refused(bad_argument, {"relevent", "relevant"},
          [&] { (void)model.evaluate(shop(), R"({"relevent": 1})"); });
  refused(bad_argument, {"action", "upsret", "upsert"},
          [&] { (void)model.update("items", item_table({1}), R"({"action": "upsret"})"); });
  refused(bad_argument, {"itmes", "\"nearest\": \"items\""},
          [&] { (void)model.update("itmes", item_table({1})); });
  refused(bad_argument, {"optimiser", "optimizer"}, [&] { (void)model.dump(R"({"optimiser": true})"); });
  refused(bad_argument, {"sene", "seen"}, [&] { model.save("never", R"({"sene": true})"); });
  refused(bad_argument, {"mmpa", "mmap"}, [&] { (void)Model::load("never", R"({"mmpa": true})"); });
  refused(bad_argument, {"verfy", "verify"}, [&] { (void)Model::parse("x", R"({"verfy": true})"); });
}

BOOST_AUTO_TEST_CASE(a_null_argument_is_refused_by_its_name) {
  const Model& model = fitted();
  Dataset data = shop();
  const Table rows = everything();
  Table filled(1);
  const interplay_model* const m = model.get();
  const interplay_dataset* const d = data.get();
  const interplay_table* const t = rows.get();
  const int64_t id = 1, offsets[] = {0, 1};
  const float label = 1;
  float score = 5;
  int64_t item = 5;
  std::size_t n = 5;
  const auto null = [](Words words, auto function, auto... arguments) {
    call_fails(bad_argument, words, function, arguments...);
  };
  const auto no_model = [](Words words, auto f, auto... a) {
    make_fails<interplay_model>(bad_argument, words, f, a...);
  };
  const auto no_table = [](Words words, auto f, auto... a) {
    make_fails<interplay_table>(bad_argument, words, f, a...);
  };
  const auto no_text = [](Words words, auto f, auto... a) {
    make_fails<interplay_text>(bad_argument, words, f, a...);
  };

  no_model({"engine"}, interplay_fit_pairs, nullptr, "{}", 1U, &id, &id, &label);
  no_model({"users"}, interplay_fit_pairs, "autoint", "{}", 1U, nullptr, &id, &label);
  no_model({"items"}, interplay_fit_pairs, "autoint", "{}", 1U, &id, nullptr, &label);
  null({"out_model"}, interplay_fit_pairs, "autoint", "{}", 1U, &id, &id, &label, nullptr);
  null({"model"}, interplay_predict_pairs, nullptr, 1U, &id, &id, &score);
  null({"users"}, interplay_predict_pairs, m, 1U, nullptr, &id, &score);
  null({"items"}, interplay_predict_pairs, m, 1U, &id, nullptr, &score);
  null({"out_scores"}, interplay_predict_pairs, m, 1U, &id, &id, nullptr);
  null({"model"}, interplay_recommend_user, nullptr, id, 1U, &item, &score, &n);
  BOOST_TEST(n == 0U);
  null({"out_items"}, interplay_recommend_user, m, id, 1U, nullptr, &score, &n);
  null({"out_n"}, interplay_recommend_user, m, id, 1U, &item, &score, nullptr);
  null({"k"}, interplay_recommend_user, m, id, 0U, &item, &score, &n);

  null({"out_table"}, interplay_table_new, int64_t{1}, nullptr);
  null({"table"}, interplay_table_add, nullptr, "a", INTERPLAY_INT64, &id, int64_t{1}, nullptr, nullptr);
  null({"name"}, interplay_table_add, filled.get(), nullptr, INTERPLAY_INT64, &id, int64_t{1}, nullptr,
       nullptr);
  null({"values"}, interplay_table_add, filled.get(), "a", INTERPLAY_INT64, nullptr, int64_t{1}, nullptr,
       nullptr);
  null({"table"}, interplay_table_add_strings, nullptr, "a", "x", int64_t{1}, offsets, int64_t{1}, nullptr,
       nullptr);
  null({"name"}, interplay_table_add_strings, filled.get(), nullptr, "x", int64_t{1}, offsets, int64_t{1},
       nullptr, nullptr);
  null({"bytes"}, interplay_table_add_strings, filled.get(), "a", nullptr, int64_t{1}, offsets, int64_t{1},
       nullptr, nullptr);
  null({"offsets"}, interplay_table_add_strings, filled.get(), "a", "x", int64_t{1}, nullptr, int64_t{1},
       nullptr, nullptr);
  interplay_column column{};
  null({"table"}, interplay_table_column, nullptr, "a", &column);
  null({"name"}, interplay_table_column, t, nullptr, &column);
  null({"out_column"}, interplay_table_column, t, "user_id", nullptr);
  no_text({"table"}, interplay_table_info, nullptr);
  null({"out_json"}, interplay_table_info, t, nullptr);
  no_table({"moved_in"}, interplay_table_from_arrow, nullptr);
  null({"out_stream"}, interplay_table_to_arrow, t, nullptr);

  null({"out_dataset"}, interplay_dataset_new, "{}", nullptr);
  null({"dataset"}, interplay_dataset_append, nullptr, "users", t);
  null({"part"}, interplay_dataset_append, data.get(), nullptr, t);
  null({"table"}, interplay_dataset_append, data.get(), "users", nullptr);
  null({"moved_in"}, interplay_dataset_append_arrow, data.get(), "users", nullptr);
  null({"dataset"}, interplay_dataset_seal, nullptr);
  interplay_dataset *first = nullptr, *second = nullptr;
  null({"dataset"}, interplay_dataset_split, nullptr, "{}", &first, &second);
  null({"out_first"}, interplay_dataset_split, d, "{}", nullptr, &second);
  null({"out_second"}, interplay_dataset_split, d, "{}", &first, nullptr);
  no_text({"dataset"}, interplay_dataset_info, nullptr);
  null({"out_json"}, interplay_dataset_info, d, nullptr);

  null({"out_monitor"}, interplay_monitor_new, nullptr, nullptr, nullptr);
  no_text({"monitor"}, interplay_monitor_read, nullptr);

  null({"utf8_path"}, interplay_engine_load, nullptr, nullptr);
  null({"entry"}, interplay_engine_register, nullptr, nullptr);
  null({"out_json"}, interplay_engine_list, nullptr);
  no_text({"name"}, interplay_engine_info, nullptr);
  null({"out_json"}, interplay_engine_info, "autoint", nullptr);
  no_model({"engine"}, interplay_model_create, nullptr, "{}");
  null({"out_model"}, interplay_model_create, "autoint", "{}", nullptr);
  no_model({"from"}, interplay_model_fit, nullptr, d, nullptr, "{}", nullptr, nullptr);
  no_model({"train"}, interplay_model_fit, m, nullptr, nullptr, "{}", nullptr, nullptr);
  null({"out_model"}, interplay_model_fit, m, d, nullptr, "{}", nullptr, nullptr, nullptr);
  no_table({"model"}, interplay_model_predict, nullptr, t, "{}");
  no_table({"rows"}, interplay_model_predict, m, nullptr, "{}");
  null({"out_table"}, interplay_model_predict, m, t, "{}", nullptr);
  no_table({"model"}, interplay_model_recommend, nullptr, t, nullptr, "{}", nullptr);
  no_table({"users"}, interplay_model_recommend, m, nullptr, nullptr, "{}", nullptr);
  null({"out_table"}, interplay_model_recommend, m, t, nullptr, "{}", nullptr, nullptr);
  no_text({"model"}, interplay_model_evaluate, nullptr, d, "{}", nullptr);
  no_text({"dataset"}, interplay_model_evaluate, m, nullptr, "{}", nullptr);
  null({"out_json"}, interplay_model_evaluate, m, d, "{}", nullptr, nullptr);
  no_model({"model"}, interplay_model_update, nullptr, "users", t, "{}");
  no_model({"part"}, interplay_model_update, m, nullptr, t, "{}");
  no_model({"table"}, interplay_model_update, m, "users", nullptr, "{}");
  null({"out_model"}, interplay_model_update, m, "users", t, "{}", nullptr);
  no_text({"model"}, interplay_model_info, nullptr);
  null({"out_json"}, interplay_model_info, m, nullptr);

  null({"model"}, interplay_model_save, nullptr, "never", "{}");
  null({"utf8_path"}, interplay_model_save, m, nullptr, "{}");
  no_model({"utf8_path"}, interplay_model_load, nullptr, "{}");
  null({"out_model"}, interplay_model_load, "never", "{}", nullptr);
  no_text({"model"}, interplay_model_dump, nullptr, "{}");
  null({"out_bytes"}, interplay_model_dump, m, "{}", nullptr);
  no_model({"bytes"}, interplay_model_parse, nullptr, 1U, "{}");
  null({"out_model"}, interplay_model_parse, "x", 1U, "{}", nullptr);
  no_text({"utf8_path"}, interplay_file_info, nullptr);
  null({"out_json"}, interplay_file_info, "never", nullptr);
}

BOOST_AUTO_TEST_CASE(a_handle_that_is_null_may_be_freed_read_and_retained) {
  interplay_error_free(nullptr);
  interplay_text_free(nullptr);
  interplay_table_free(nullptr);
  interplay_dataset_free(nullptr);
  interplay_monitor_free(nullptr);
  interplay_model_free(nullptr);
  interplay_monitor_cancel(nullptr);
  BOOST_TEST(interplay_model_retain(nullptr) == nullptr);
  BOOST_TEST(interplay_error_status(nullptr) == INTERPLAY_OK);
  BOOST_TEST(std::string(interplay_error_message(nullptr)).empty());
  BOOST_TEST(interplay_error_detail(nullptr) == std::string("{}"));
  BOOST_TEST(std::string(interplay_text_data(nullptr)).empty());
  BOOST_TEST(interplay_text_size(nullptr) == 0U);
}

BOOST_AUTO_TEST_CASE(success_writes_null_to_the_error) {
  int something = 0;
  auto* error = reinterpret_cast<interplay_error*>(&something);
  interplay_text* text = nullptr;
  BOOST_TEST(interplay_engine_list(&text, &error) == INTERPLAY_OK);
  BOOST_TEST(error == nullptr);
  interplay_text_free(text);
}

BOOST_AUTO_TEST_CASE(scores_are_written_when_a_prediction_fails) {
  const Model created = Model::create("autoint");
  const int64_t id = 1;
  float score = 5;
  call_fails(INTERPLAY_INVALID_STATE, {"fit"}, interplay_predict_pairs, created.get(), 1U, &id, &id, &score);
  BOOST_TEST(score == 0.0F);
  score = 5;
  call_fails(bad_argument, {"users"}, interplay_predict_pairs, created.get(), 1U, nullptr, &id, &score);
  BOOST_TEST(score == 0.0F);
  score = 5;
  call_fails(bad_argument, {"model"}, interplay_predict_pairs, nullptr, 1U, &id, &id, &score);
  BOOST_TEST(score == 0.0F);
}

BOOST_AUTO_TEST_CASE(a_recommendation_that_fails_writes_that_there_is_none) {
  int64_t item = 5;
  float score = 5;
  std::size_t n = 5;
  const Model created = Model::create("autoint");
  call_fails(INTERPLAY_INVALID_STATE, {"fit"}, interplay_recommend_user, created.get(), int64_t{1}, 1U, &item,
             &score, &n);
  BOOST_TEST(n == 0U);
}

BOOST_AUTO_TEST_CASE(what_was_created_only_can_neither_predict_nor_save) {
  const Model created = Model::create("autoint", quick);
  const Table rows = everything();
  constexpr auto state = INTERPLAY_INVALID_STATE;
  refused(state, {"predict", "fit"}, [&] { (void)created.predict(rows); });
  refused(state, {"recommend", "fit"}, [&] { (void)created.recommend(rows); });
  refused(state, {"evaluate", "fit"}, [&] { (void)created.evaluate(shop()); });
  refused(state, {"update", "fit"}, [&] { (void)created.update("items", item_table({1})); });
  refused(state, {"save", "fit"}, [&] { created.save("never"); });
  refused(state, {"fit"}, [&] { (void)created.dump(); });
  BOOST_TEST(info(created)["fitted"] == false);
  BOOST_TEST(info(created)["id"].is_null());
}

BOOST_AUTO_TEST_CASE(the_reserved_comm_must_be_null) {
  int something = 0;
  const Dataset data = shop();
  make_fails<interplay_model>(INTERPLAY_UNSUPPORTED, {"comm"}, interplay_model_fit, fitted().get(),
                              static_cast<const interplay_dataset*>(data.get()), nullptr, "{}", nullptr,
                              reinterpret_cast<const interplay_comm*>(&something));
}

BOOST_AUTO_TEST_CASE(an_engine_tells_its_parameters) {
  const Json list = Json::parse(engine_list().view());
  BOOST_TEST(list.size() >= 1U);
  BOOST_TEST(list[0]["name"] == "autoint");
  const Json parameters = Json::parse(engine_info("autoint").view())["parameters"]["properties"];
  for (const auto& [name, property] : parameters.items()) {
    BOOST_TEST(property.contains("default"), name);
    BOOST_TEST(property.contains("description"), name);
  }
  BOOST_TEST(parameters.contains("num_heads"));
  BOOST_TEST(parameters.contains("validation_fraction"));
}

BOOST_AUTO_TEST_SUITE_END()
