/* See dataset.h. A table copies what it is given; the arrays are yours again when the call returns. */
#include "dataset.h"

#include "support.h"

static const char schema[] = "{\"user\": \"user_id\", \"item\": \"movie_id\", \"label\": \"rating\"}";

static int add_ints(interplay_table* table, const char* name, const int64_t* values, int64_t n) {
  interplay_error* error = NULL;
  return ok(interplay_table_add(table, name, INTERPLAY_INT64, values, n, NULL, NULL, &error), &error);
}

/* Strings; with row_offsets a list of them in each row. */
static int add_strings(interplay_table* table, const char* name, const struct strings* list,
                       const int64_t* row_offsets) {
  interplay_error* error = NULL;
  return ok(interplay_table_add_strings(table, name, list->bytes, list->n_bytes, list->offsets, list->count,
                                        row_offsets, NULL, &error),
            &error);
}

int make_pairs(const int64_t* users, const int64_t* items, int64_t n, interplay_table** out_table) {
  interplay_error* error = NULL;
  return ok(interplay_table_new(n, out_table, &error), &error) && add_ints(*out_table, "user_id", users, n) &&
         add_ints(*out_table, "movie_id", items, n);
}

static int append_ratings(interplay_dataset* dataset, const struct movielens* data) {
  const int64_t n = data->n_ratings;
  interplay_table* table = NULL;
  interplay_error* error = NULL;
  const int fine =
      make_pairs(data->rating_user, data->rating_item, n, &table) &&
      ok(interplay_table_add(table, "rating", INTERPLAY_FLOAT32, data->rating, n, NULL, NULL, &error),
         &error) &&
      ok(interplay_dataset_append(dataset, "interactions", table, &error), &error);
  interplay_table_free(table);
  return fine;
}

/* Whole numbers and strings are categories; a column of floats would be a number. */
static int append_users(interplay_dataset* dataset, const struct movielens* data) {
  interplay_table* table = NULL;
  interplay_error* error = NULL;
  const int fine = ok(interplay_table_new(data->n_users, &table, &error), &error) &&
                   add_ints(table, "user_id", data->user, data->n_users) &&
                   add_ints(table, "age", data->age, data->n_users) &&
                   add_strings(table, "gender", &data->gender, NULL) &&
                   add_strings(table, "occupation", &data->occupation, NULL) &&
                   ok(interplay_dataset_append(dataset, "users", table, &error), &error);
  interplay_table_free(table);
  return fine;
}

/* A year may be null; genres are a list. */
static int append_items(interplay_dataset* dataset, const struct movielens* data) {
  const int64_t n = data->n_items;
  interplay_table* table = NULL;
  interplay_error* error = NULL;
  const int fine =
      ok(interplay_table_new(n, &table, &error), &error) && add_ints(table, "movie_id", data->item, n) &&
      ok(interplay_table_add(table, "year", INTERPLAY_INT64, data->year, n, NULL, data->year_known, &error),
         &error) &&
      add_strings(table, "genres", &data->genres, data->genre_offsets) &&
      ok(interplay_dataset_append(dataset, "items", table, &error), &error);
  interplay_table_free(table);
  return fine;
}

int make_dataset(const struct movielens* data, int ids_only, interplay_dataset** out_dataset) {
  interplay_error* error = NULL;
  return ok(interplay_dataset_new(schema, out_dataset, &error), &error) &&
         append_ratings(*out_dataset, data) &&
         (ids_only || (append_users(*out_dataset, data) && append_items(*out_dataset, data))) &&
         ok(interplay_dataset_seal(*out_dataset, &error), &error);
}
