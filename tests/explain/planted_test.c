/* The quick start's data has three planted interactions of features, and nothing else between its features. Whoever asks a
 * model that learned from it what acts together must be told these three.
 * Usage: explain_planted [ROWS [EPOCHS]] */
#include <interplay/interplay.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/quickstart/dataset.h"
#include "../../examples/quickstart/planted.h"
#include "../../examples/quickstart/support.h"

static interplay_error* error;

/* As the quick start does, on the training part of the same split. */
static int learn(const interplay_dataset* all, int epochs, interplay_model** out_model) {
  char parameters[64];
  interplay_dataset *train = NULL, *test = NULL;
  interplay_model* created = NULL;
  int fine;
  snprintf(parameters, sizeof parameters, "{\"epochs\": %d}", epochs);
  fine = ok(interplay_dataset_split(all, "{\"method\": \"random\", \"fraction\": 0.2, \"seed\": 1}", &train,
                                    &test, &error),
            &error) &&
         ok(interplay_model_create("autoint", parameters, &created, &error), &error) &&
         ok(interplay_model_fit(created, train, NULL, NULL, NULL, NULL, out_model, &error), &error);
  interplay_model_free(created);
  interplay_dataset_free(train);
  interplay_dataset_free(test);
  return fine;
}

/* Every so many-th rating, so that all people and films have their part. */
static int some_rows(const struct movielens* data, int64_t n, interplay_table** out_table) {
  int64_t *users = malloc((size_t)n * sizeof *users), *items = malloc((size_t)n * sizeof *items), i;
  int fine = users != NULL && items != NULL;
  for (i = 0; fine && i < n; ++i) {
    users[i] = data->rating_user[i * (data->n_ratings / n)];
    items[i] = data->rating_item[i * (data->n_ratings / n)];
  }
  fine = fine && make_pairs(users, items, n, out_table);
  free(users);
  free(items);
  return fine;
}

/* The position of "a", "b" among the pairs of the answer, which begin with {"fields": ["...", "..."]; -1 for none. */
static int place_of(const char* pairs, const char* a, const char* b) {
  char one[80], other[80];
  const char *p = pairs, *end;
  int place = 0;
  snprintf(one, sizeof one, "[\"%s\", \"%s\"]", a, b);
  snprintf(other, sizeof other, "[\"%s\", \"%s\"]", b, a);
  while ((p = strstr(p, "\"fields\": ")) != NULL) {
    p += strlen("\"fields\": ");
    end = p;
    if (strncmp(end, one, strlen(one)) == 0 || strncmp(end, other, strlen(other)) == 0) return place;
    ++place;
  }
  return -1;
}

static int explain(const interplay_model* model, const interplay_table* rows, const struct movielens* data,
                   const char* options, int must) {
  struct planted_pair planted[PLANTED_PAIRS];
  interplay_text* answer = NULL;
  const char* pairs;
  int i, fine = 1;
  if (!ok(interplay_model_explain(model, rows, options, NULL, &answer, &error), &error)) return 0;
  pairs = strstr(interplay_text_data(answer), "\"pairs\":");
  printf("%s\n%s\n", options, pairs);
  planted_pairs(data, planted);
  for (i = 0; i < PLANTED_PAIRS; ++i) {
    const int place = place_of(pairs, planted[i].a, planted[i].b);
    printf("  %s x %s, planted with %.2f stars: place %d\n", planted[i].a, planted[i].b, planted[i].effect,
           place + 1);
    if (place < 0 || place >= PLANTED_PAIRS) fine = 0;
  }
  interplay_text_free(answer);
  return fine || !must;
}

int main(int argc, char** argv) {
  const int64_t n = argc > 1 ? atoi(argv[1]) : 4000;
  const int epochs = argc > 2 ? atoi(argv[2]) : 20;
  struct movielens data = {0};
  interplay_dataset* all = NULL;
  interplay_model* model = NULL;
  interplay_table* rows = NULL;
  const int fine =
      planted_make(&data) && make_dataset(&data, 0, &all) && learn(all, epochs, &model) &&
      some_rows(&data, n, &rows) &&
      explain(model, rows, &data, "{\"what\": [\"pairs\"], \"threads\": 0, \"replace\": \"unknown\"}", 0) &&
      explain(model, rows, &data, "{\"what\": [\"pairs\"], \"threads\": 0, \"replace\": \"shuffle\"}", 1);
  interplay_table_free(rows);
  interplay_model_free(model);
  interplay_dataset_free(all);
  movielens_free(&data);
  return fine ? 0 : 1;
}
