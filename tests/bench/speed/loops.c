/* This library's side of the benchmark in C, as a host in C would call it: from the caller's own int64 values in plain
 * arrays to scores, with a clock around each call. Ways to call are in `ways`; another one is one function and one line. */
#include <interplay/interplay.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

typedef struct bench_caller {
  const interplay_model* model;
  int64_t n_fields;
  const char* const* names;
  const int64_t* const* columns; /* the caller's values: a column a field */
  int64_t rows;                  /* of each column */
  float* scores;                 /* room for the largest batch */
  char* message;                 /* 256 bytes: why a call failed */
  interplay_scorer* scorer;      /* from bench_open, likewise */
  interplay_cell* cells;         /* (rows, n_fields) */
  const void* heap;              /* what string cells point into, borrowed; NULL without any */
  size_t heap_size;
} bench_caller;

static int failed(const bench_caller* caller, interplay_error* error) {
  snprintf(caller->message, 256, "%s", interplay_error_message(error));
  interplay_error_free(error);
  return 0;
}

/* interplay_model_predict on a table made for the call. */
static int score_tables(const void* context, int64_t begin, int64_t n) {
  const bench_caller* caller = context;
  interplay_error* error = NULL;
  interplay_table *rows = NULL, *out = NULL;
  interplay_column column;
  int good = interplay_table_new(n, &rows, &error) == INTERPLAY_OK;
  for (int64_t f = 0; good && f < caller->n_fields; ++f)
    good = interplay_table_add(rows, caller->names[f], INTERPLAY_INT64, caller->columns[f] + begin, n, NULL,
                               NULL, &error) == INTERPLAY_OK;
  good = good && interplay_model_predict(caller->model, rows, NULL, &out, &error) == INTERPLAY_OK &&
         interplay_table_column(out, "score", &column, &error) == INTERPLAY_OK;
  if (good) memcpy(caller->scores, column.values, (size_t)n * sizeof(float));
  interplay_table_free(out);
  interplay_table_free(rows);
  return good ? 1 : failed(caller, error);
}

/* interplay_predict_pairs; the model's fields are the user and the item. */
static int score_pairs(const void* context, int64_t begin, int64_t n) {
  const bench_caller* caller = context;
  interplay_error* error = NULL;
  if (interplay_predict_pairs(caller->model, (size_t)n, caller->columns[0] + begin,
                              caller->columns[1] + begin, caller->scores, &error) == INTERPLAY_OK)
    return 1;
  return failed(caller, error);
}

/* interplay_recommend_user: the n best of the catalogue for the user of the row. */
static int recommend(const void* context, int64_t begin, int64_t n) {
  const bench_caller* caller = context;
  interplay_error* error = NULL;
  int64_t items[64];
  size_t found = 0;
  if (n <= 64 && interplay_recommend_user(caller->model, caller->columns[0][begin], (size_t)n, items,
                                          caller->scores, &found, &error) == INTERPLAY_OK)
    return found == (size_t)n;
  return failed(caller, error);
}

/* interplay_scorer_score; the rows' cells were made before, as a host that keeps its rows would have them. */
static int score_cells(const void* context, int64_t begin, int64_t n) {
  const bench_caller* caller = context;
  interplay_error* error = NULL;
  if (interplay_scorer_score(caller->scorer, NULL, caller->cells + begin * caller->n_fields, (size_t)n,
                             caller->heap, caller->heap_size, caller->scores, &error) == INTERPLAY_OK)
    return 1;
  return failed(caller, error);
}

/* interplay_scorer_resolve of the first field's cells: the lookups of rows, and nothing else. */
static int resolve_cells(const void* context, int64_t begin, int64_t n) {
  const bench_caller* caller = context;
  interplay_error* error = NULL;
  interplay_cell found;
  for (int64_t row = begin; row < begin + n; ++row)
    if (interplay_scorer_resolve(caller->scorer, 0, caller->cells + row * caller->n_fields, caller->heap,
                                 caller->heap_size, &found, &error) != INTERPLAY_OK)
      return failed(caller, error);
  return 1;
}

/* interplay_scorer_top: the n best of the catalogue for the user of the row. */
static int top_cells(const void* context, int64_t begin, int64_t n) {
  const bench_caller* caller = context;
  interplay_error* error = NULL;
  int64_t items[64];
  size_t found = 0;
  if (n <= 64 && interplay_scorer_top(caller->scorer, caller->cells + begin * caller->n_fields, NULL, 0, NULL,
                                      0, (size_t)n, items, caller->scores, &found, &error) == INTERPLAY_OK)
    return found == (size_t)n;
  return failed(caller, error);
}

static const bench_way ways[] = {score_tables, score_pairs, recommend, score_cells, top_cells, resolve_cells};

/* The scorer and the cells of all rows; resolved: looked up once. shared: the first field's cell is the call's, and the other
 * fields come from the catalogue. 0 and a message on failure. */
int bench_open(bench_caller* caller, int32_t resolved, int32_t shared) {
  interplay_error* error = NULL;
  const uint32_t fields = (uint32_t)caller->n_fields;
  if (interplay_scorer_open(caller->model, caller->names, shared ? 1 : 0, shared ? 0 : fields, NULL,
                            &caller->scorer, &error) != INTERPLAY_OK)
    return failed(caller, error);
  caller->cells = calloc((size_t)(caller->rows * caller->n_fields), sizeof(interplay_cell));
  if (!caller->cells) return 0;
  for (int64_t row = 0; row < caller->rows; ++row)
    for (uint32_t f = 0; f < fields; ++f) {
      interplay_cell* cell = caller->cells + row * caller->n_fields + f;
      cell->type = INTERPLAY_CELL_INT64;
      cell->value = (uint64_t)caller->columns[f][row];
      if (resolved && !(shared && f > 0) &&
          interplay_scorer_resolve(caller->scorer, f, cell, NULL, 0, cell, &error) != INTERPLAY_OK)
        return failed(caller, error);
    }
  return 1;
}

void bench_close(bench_caller* caller) {
  interplay_scorer_free(caller->scorer);
  free(caller->cells);
  caller->scorer = NULL;
  caller->cells = NULL;
}

/* One call; 0 and a message on failure. */
int bench_call(const bench_caller* caller, int32_t number, int64_t begin, int64_t n) {
  return ways[number](caller, begin, n);
}

/* As bench_timed. */
int64_t bench_time(const bench_caller* caller, int32_t number, int64_t n, int64_t step, double seconds,
                   double* out, int64_t room) {
  return bench_timed(ways[number], caller, caller->rows, n, step, seconds, out, room);
}
