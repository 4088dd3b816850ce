/* A model from tensors, built and explained by a plain C program over the library as shipped. The engine is autoint without
 * a layer: its logit is bias + w . [e_user; e_item], which can be added up by hand. */
#include <interplay/interplay.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static interplay_error* error;

static int ok(interplay_status status, const char* what) {
  if (status == INTERPLAY_OK) return 1;
  fprintf(stderr, "abi_assembly: %s: %s\n", what, interplay_error_message(error));
  interplay_error_free(error);
  return 0;
}

static int add_values(interplay_assembly* assembly, const char* field, const int64_t* ids, int64_t n) {
  interplay_table* table = NULL;
  const int fine =
      ok(interplay_table_new(n, &table, &error), "table") &&
      ok(interplay_table_add(table, "value", INTERPLAY_INT64, ids, n, NULL, NULL, &error), "column") &&
      ok(interplay_assembly_add_values(assembly, field, table, &error), "values");
  interplay_table_free(table);
  return fine;
}

static int add(interplay_assembly* assembly, const char* name, const float* numbers, int64_t rows,
               int64_t columns) {
  const int64_t shape[2] = {rows, columns};
  return ok(interplay_assembly_add_tensor(assembly, name, INTERPLAY_FLOAT32, numbers, 2, shape, &error),
            name);
}

/* The number behind "key": where it stands first. */
static double number_of(const char* json, const char* key) {
  double value = NAN;
  const char* at = strstr(json, key);
  if (at != NULL) (void)sscanf(at + strlen(key), "\": %lf", &value);
  return value;
}

static int check(const interplay_model* model) {
  const int64_t users[2] = {20, 30}, items[2] = {7, 999}; /* 30 and 999 are unknown */
  /* 0.5 + (1, 0) . (1, 2) + (0, 1) . (3, 4);  0.5 + (1, 0) . (0.1, 0) + (0, 1) . (0, 0.2) */
  const double expected[2] = {5.5, 0.8};
  float scores[2];
  interplay_table* rows = NULL;
  interplay_text* why = NULL;
  int fine = ok(interplay_predict_pairs(model, 2, users, items, scores, &error), "predict");
  if (fine &&
      (fabs((double)scores[0] - expected[0]) > 1e-6 || fabs((double)scores[1] - expected[1]) > 1e-6)) {
    fprintf(stderr, "abi_assembly: expected %g and %g, found %g and %g\n", expected[0], expected[1],
            (double)scores[0], (double)scores[1]);
    fine = 0;
  }
  fine = fine && ok(interplay_table_new(1, &rows, &error), "table") &&
         ok(interplay_table_add(rows, "user", INTERPLAY_INT64, users, 1, NULL, NULL, &error), "user") &&
         ok(interplay_table_add(rows, "item", INTERPLAY_INT64, items, 1, NULL, NULL, &error), "item") &&
         ok(interplay_model_explain(model, rows, "{\"what\": [\"fields\", \"pairs\"]}", NULL, &why, &error),
            "explain");
  /* Without the known user: 1 becomes 0.1. Nothing is together, since everything is added up. */
  if (fine && (fabs(number_of(interplay_text_data(why), "mean_abs") - 0.9) > 1e-6 ||
               fabs(number_of(interplay_text_data(why), "strength")) > 1e-6)) {
    fprintf(stderr, "abi_assembly: expected a contribution of 0.9 and no pair, found %s\n",
            interplay_text_data(why));
    fine = 0;
  }
  interplay_text_free(why);
  interplay_table_free(rows);
  return fine;
}

int main(void) {
  static const char description[] =
      "{\"schema\": {\"user\": \"user\", \"item\": \"item\", \"label\": \"rating\"},"
      " \"fields\": [{\"name\": \"user\"}, {\"name\": \"item\"}], \"objective\": {\"kind\": \"regression\"}}";
  static const char params[] =
      "{\"embedding_dim\": 2, \"attention_dim\": 2, \"num_heads\": 1, \"num_layers\": 0}";
  const int64_t user_ids[2] = {10, 20}, item_ids[1] = {7};
  const float users[] = {0.1F, 0, 5, 5, 1, 2}, items[] = {0, 0.2F, 3, 4}, output[] = {1, 0, 0, 1},
              bias = 0.5F;
  interplay_assembly* assembly = NULL;
  interplay_model *model = NULL, *none = NULL;
  int fine = ok(interplay_assembly_new("autoint", params, description, &assembly, &error), "new") &&
             add_values(assembly, "user", user_ids, 2) && add_values(assembly, "item", item_ids, 1) &&
             add(assembly, "tables/0", users, 3, 2) && add(assembly, "tables/1", items, 2, 2) &&
             add(assembly, "bias", &bias, 1, 1);
  if (fine && interplay_assembly_finish(assembly, &none, NULL) == INTERPLAY_OK) {
    fprintf(stderr, "abi_assembly: a model without its output weights was finished\n");
    fine = 0;
  }
  fine = fine && none == NULL && add(assembly, "output/0", output, 2, 2) &&
         ok(interplay_assembly_finish(assembly, &model, &error), "finish");
  interplay_assembly_free(assembly);
  fine = fine && check(model);
  interplay_model_free(model);
  return fine ? 0 : 1;
}
