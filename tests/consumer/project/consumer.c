/* A stranger's C program: fits, saves, loads and predicts. Usage: consumer_c MODEL_FILE */
#include <interplay/engine.h>
#include <interplay/interplay.h>
#include <stdio.h>

enum { n = 60 };

static int failed(interplay_error* error) {
  fprintf(stderr, "consumer: %s\n", interplay_error_message(error));
  interplay_error_free(error);
  return 1;
}

int main(int argc, char** argv) {
  int64_t users[n], items[n];
  float ratings[n], before[n], after[n];
  interplay_model *model = NULL, *loaded = NULL;
  interplay_error* error = NULL;
  int i;
  if (argc != 2) return 2;
  for (i = 0; i < n; ++i) {
    users[i] = i % 6;
    items[i] = i / 6;
    ratings[i] = (float)(1 + (users[i] + items[i]) % 5);
  }
  if (interplay_fit_pairs("autoint", "{\"epochs\": 1}", n, users, items, ratings, &model, &error) ||
      interplay_predict_pairs(model, n, users, items, before, &error) ||
      interplay_model_save(model, argv[1], NULL, &error) ||
      interplay_model_load(argv[1], NULL, &loaded, &error) ||
      interplay_predict_pairs(loaded, n, users, items, after, &error))
    return failed(error);
  for (i = 0; i < n; ++i)
    if (before[i] != after[i] || !(before[i] >= 1 && before[i] <= 5)) {
      fprintf(stderr, "consumer: pair %d scored %g, after loading %g\n", i, (double)before[i],
              (double)after[i]);
      return 1;
    }
  interplay_model_free(loaded);
  interplay_model_free(model);
  printf("interplay %s\n", interplay_version());
  return 0;
}
