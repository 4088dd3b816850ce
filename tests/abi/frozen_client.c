/* A program of the past: compiled against the frozen headers of one version of the ABI, run with the library of today.
 * Usage: frozen_client MAJOR MINOR PLUGIN      PLUGIN: an engine that was built against the same frozen headers */
#include <interplay/engine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { n = 40, users = 5, items = 8 };
static interplay_error* error;
static int64_t user_ids[n], item_ids[n];
static float labels[n];

static void ok(interplay_status status, const char* what) {
  if (status == INTERPLAY_OK) return;
  fprintf(stderr, "frozen_client: %s: %s\n", what, interplay_error_message(error));
  exit(1);
}

static void expect(int holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "frozen_client: expected %s\n", what);
  exit(1);
}

static int32_t count_events(void* user_data, const char* event_json) {
  *(int*)user_data += strstr(event_json, "\"epoch\"") != NULL;
  return 0;
}

static interplay_table* pairs(int with_labels) {
  interplay_table* table = NULL;
  ok(interplay_table_new(n, &table, &error), "table_new");
  ok(interplay_table_add(table, "user_id", INTERPLAY_INT64, user_ids, n, NULL, NULL, &error), "users");
  ok(interplay_table_add(table, "item_id", INTERPLAY_INT64, item_ids, n, NULL, NULL, &error), "items");
  if (with_labels)
    ok(interplay_table_add(table, "rating", INTERPLAY_FLOAT32, labels, n, NULL, NULL, &error), "labels");
  return table;
}

static interplay_model* fit(void) {
  interplay_dataset* data = NULL;
  interplay_model *created = NULL, *fitted = NULL;
  interplay_monitor* monitor = NULL;
  interplay_table* table = pairs(1);
  int events = 0;
  const char* schema = "{\"user\": \"user_id\", \"item\": \"item_id\", \"label\": \"rating\"}";
  ok(interplay_dataset_new(schema, &data, &error), "dataset_new");
  ok(interplay_dataset_append(data, "interactions", table, &error), "append");
  ok(interplay_dataset_seal(data, &error), "seal");
  ok(interplay_monitor_new(count_events, &events, &monitor, &error), "monitor_new");
  ok(interplay_model_create("autoint", "{\"epochs\": 2}", &created, &error), "create");
  ok(interplay_model_fit(created, data, NULL, NULL, monitor, NULL, &fitted, &error), "fit");
  expect(events > 0, "events of progress, found none");
  interplay_table_free(table);
  interplay_dataset_free(data);
  interplay_monitor_free(monitor);
  interplay_model_free(created);
  return fitted;
}

/* The structs that cross the border: a column that the library fills, cells that it reads. */
static void score(const interplay_model* model) {
  static const char* const names[] = {"user_id", "item_id"};
  interplay_table *rows = pairs(0), *predicted = NULL;
  interplay_column column;
  interplay_scorer* scorer = NULL;
  float scores[items];
  interplay_cell user, cells[items];
  ok(interplay_model_predict(model, rows, NULL, &predicted, &error), "predict");
  ok(interplay_table_column(predicted, "score", &column, &error), "column");
  expect(column.type == INTERPLAY_FLOAT32 && column.rows == n && column.valid == NULL,
         "40 scores as float32, found another column");
  ok(interplay_scorer_open(model, names, 1, 1, NULL, &scorer, &error), "scorer_open");
  memset(&user, 0, sizeof user);
  memset(cells, 0, sizeof cells);
  user.type = INTERPLAY_CELL_INT64;
  user.value = (uint64_t)user_ids[0];
  for (int i = 0; i < items; ++i) {
    cells[i].type = INTERPLAY_CELL_INT64;
    cells[i].value = (uint64_t)i;
  }
  ok(interplay_scorer_score(scorer, &user, cells, items, NULL, 0, scores, &error), "scorer_score");
  expect(scores[item_ids[0]] == ((const float*)column.values)[0],
         "the scorer's score of a pair to be predict's");
  interplay_scorer_free(scorer);
  interplay_table_free(rows);
  interplay_table_free(predicted);
}

static void travel(const interplay_model* model) {
  interplay_text* bytes = NULL;
  interplay_model* parsed = NULL;
  int64_t best[2];
  size_t found = 0;
  ok(interplay_model_dump(model, NULL, &bytes, &error), "dump");
  ok(interplay_model_parse(interplay_text_data(bytes), interplay_text_size(bytes), NULL, &parsed, &error),
     "parse");
  ok(interplay_recommend_user(parsed, 99, 2, best, NULL, &found, &error), "recommend");
  expect(found == 2, "two items for an unknown user");
  expect(interplay_model_parse("no", 2, NULL, &parsed, &error) == INTERPLAY_CORRUPT && parsed == NULL &&
             interplay_error_status(error) == INTERPLAY_CORRUPT,
         "CORRUPT for two bytes");
  interplay_error_free(error);
  interplay_text_free(bytes);
}

/* The plug-in of the same age is an engine like any other. */
static void use_plugin(const char* path) {
  const char* name = NULL;
  interplay_model *model = NULL, *parsed = NULL;
  interplay_text* bytes = NULL;
  float scores[1];
  ok(interplay_engine_load(path, &name, &error), "engine_load");
  expect(strcmp(name, "frozen_mean") == 0, "the engine's name");
  ok(interplay_fit_pairs(name, NULL, n, user_ids, item_ids, labels, &model, &error), "fit_pairs");
  ok(interplay_model_dump(model, NULL, &bytes, &error), "dump");
  ok(interplay_model_parse(interplay_text_data(bytes), interplay_text_size(bytes), NULL, &parsed, &error),
     "parse");
  ok(interplay_predict_pairs(parsed, 1, user_ids, item_ids, scores, &error), "predict_pairs");
  expect(scores[0] > 1 && scores[0] < 5, "the mean of ratings from 1 to 5");
  interplay_model_free(model);
  interplay_model_free(parsed);
  interplay_text_free(bytes);
}

int main(int argc, char** argv) {
  uint32_t abi = interplay_abi_version();
  interplay_model* model;
  expect(argc == 4, "MAJOR MINOR PLUGIN");
  expect(abi / 65536 == (uint32_t)atoi(argv[1]) && abi % 65536 >= (uint32_t)atoi(argv[2]),
         "a library of the same major and at least this minor; tests/abi/freeze freezes the headers of a new "
         "one");
  for (int i = 0; i < n; ++i) {
    user_ids[i] = i % users;
    item_ids[i] = i / users;
    labels[i] = (float)(1 + (user_ids[i] * item_ids[i]) % 5);
  }
  model = fit();
  score(model);
  travel(model);
  use_plugin(argv[3]);
  interplay_model_free(model);
  return 0;
}
