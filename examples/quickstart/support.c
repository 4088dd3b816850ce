/* See support.h. */
#include "support.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset.h"
#include "planted.h"

static const char usage[] =
    "usage: quickstart [FOLDER] [--ids-only] [--epochs N] [--seed N]\n"
    "  FOLDER      MovieLens: ratings, users and movies (or items), each as .dat with \"::\" or as .csv with "
    "a header;\n"
    "              without it, the program makes its own data\n"
    "  --ids-only  learn from user and item ids alone\n"
    "  --epochs N  passes over the training part at most (20)\n"
    "  --seed N    of the random split into training and test part (1)\n";

static int complain(const char* what, const char* found) {
  fprintf(stderr, "quickstart: %s, found \"%s\"\n%s", what, found, usage);
  return 0;
}

static int parse_number(const char* option, const char* text, long low, long* out) {
  char *end, what[96];
  errno = 0;
  if (text) *out = strtol(text, &end, 10);
  if (text && end != text && *end == '\0' && errno == 0 && *out >= low && *out <= INT_MAX) return 1;
  snprintf(what, sizeof what, "expected a number from %ld behind %s", low, option);
  return complain(what, text ? text : "");
}

int parse_options(int argc, char** argv, struct options* out_options) {
  long epochs = 20, seed = 1;
  int i;
  out_options->folder = NULL;
  out_options->ids_only = 0;
  for (i = 1; i < argc; ++i) {
    if (strcmp(argv[i], "--help") == 0) {
      fputs(usage, stderr);
      return 0;
    }
    if (strcmp(argv[i], "--ids-only") == 0) {
      out_options->ids_only = 1;
    } else if (strcmp(argv[i], "--epochs") == 0) {
      if (!parse_number("--epochs", argv[++i], 1, &epochs)) return 0;
    } else if (strcmp(argv[i], "--seed") == 0) {
      if (!parse_number("--seed", argv[++i], 0, &seed)) return 0;
    } else if (argv[i][0] == '-' || out_options->folder) {
      return complain("expected one folder and the options below", argv[i]);
    } else {
      out_options->folder = argv[i];
    }
  }
  out_options->epochs = (int)epochs;
  snprintf(out_options->split, sizeof out_options->split,
           "{\"method\": \"random\", \"fraction\": 0.2, \"seed\": %ld}", seed);
  return 1;
}

int ok(interplay_status status, interplay_error** error) {
  if (status == INTERPLAY_OK) return 1;
  fprintf(stderr, "quickstart: %s\n", interplay_error_message(*error));
  interplay_error_free(*error);
  *error = NULL;
  return 0;
}

/* What stands behind "key":, NULL where there is no such key. */
static const char* json_value(const char* json, const char* key) {
  char quoted[64];
  const char* found;
  snprintf(quoted, sizeof quoted, "\"%s\"", key);
  found = strstr(json, quoted);
  if (!found) return NULL;
  found += strlen(quoted);
  return found + strspn(found, ": \n");
}

double json_number(const char* json, const char* key) {
  const char* value = json_value(json, key);
  char* end;
  const double number = value ? strtod(value, &end) : 0;
  return value && end != value ? number : (double)NAN;
}

int json_is_true(const char* json, const char* key) {
  const char* value = json_value(json, key);
  return value && strncmp(value, "true", 4) == 0;
}

static void print_planted_pairs(const struct movielens* data) {
  struct planted_pair pair[PLANTED_PAIRS];
  int i;
  planted_pairs(data, pair);
  printf("Planted interactions:");
  for (i = 0; i < PLANTED_PAIRS; ++i)
    printf("%s %s x %s (%.2f stars)", i ? "," : "", pair[i].a, pair[i].b, pair[i].effect);
  printf("\n");
}

int load_data(const struct options* options, struct movielens* out_data) {
  char why[1400];
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* each line at once, also into a file: learning takes a while */
  if (options->folder && !movielens_read(out_data, options->folder, options->ids_only, why, sizeof why)) {
    fprintf(stderr, "quickstart: %s\n", why);
    return 0;
  }
  if (!options->folder && !planted_make(out_data)) {
    fprintf(stderr, "quickstart: expected memory for the planted data, found none\n");
    return 0;
  }
  printf("interplay %s\nData: %s, %lld ratings\n", interplay_version(),
         options->folder ? options->folder : "planted", (long long)out_data->n_ratings);
  if (!options->folder) print_planted_pairs(out_data);
  printf("\n");
  return 1;
}

void print_film(const struct movielens* data, int32_t rank, int64_t item, float score) {
  const int64_t at = movielens_find_item(data, item);
  const int64_t* title = at < 0 ? NULL : data->title.offsets + at;
  printf("%2d. %7lld  %.4f  %.*s\n", (int)rank, (long long)item, (double)score,
         title ? (int)(title[1] - title[0]) : 0, title ? data->title.bytes + title[0] : "");
}

static int mean_label(const interplay_dataset* dataset, double* out_mean) {
  interplay_text* info = NULL;
  interplay_error* error = NULL;
  const int fine = ok(interplay_dataset_info(dataset, &info, &error), &error);
  if (fine) *out_mean = json_number(interplay_text_data(info), "mean");
  interplay_text_free(info);
  return fine;
}

/* The mean of `values`, one a rating, over the test part. A part does not tell which rows it has. But a split
 * depends on the positions of the rows and on the options alone, so the same ids with our values for labels
 * are split alike, and the mean of the labels of the second part is what we want. */
static int mean_over_test(const struct options* options, const struct movielens* data, float* values,
                          double* out_mean) {
  struct movielens shadow = *data;
  interplay_dataset *all = NULL, *train = NULL, *test = NULL;
  interplay_error* error = NULL;
  int fine;
  shadow.rating = values;
  fine = make_dataset(&shadow, 1, &all) &&
         ok(interplay_dataset_split(all, options->split, &train, &test, &error), &error) &&
         mean_label(test, out_mean);
  interplay_dataset_free(test);
  interplay_dataset_free(train);
  interplay_dataset_free(all);
  return fine;
}

int print_yardsticks(const struct options* options, const struct movielens* data,
                     const interplay_dataset* test) {
  float* values = malloc((size_t)data->n_ratings * sizeof *values);
  double mean = 0, same = 0, square = 0, variance = 0;
  int64_t i;
  int fine = values != NULL && mean_label(test, &mean) && mean_over_test(options, data, data->rating, &same);
  if (fine && same != mean) {
    fprintf(stderr, "quickstart: expected two equal splits, found the mean ratings %.9g and %.9g\n", mean,
            same);
    fine = 0;
  }
  for (i = 0; fine && i < data->n_ratings; ++i) values[i] = data->rating[i] * data->rating[i];
  fine = fine && mean_over_test(options, data, values, &square);
  if (fine) printf("Global-mean RMSE: %.4f\n", sqrt(square - mean * mean));
  if (fine && !options->folder) {
    planted_variances(data, values);
    fine = mean_over_test(options, data, values, &variance);
    if (fine) printf("Noise floor RMSE: %.4f\n", sqrt(variance));
  }
  free(values);
  return fine;
}

long file_size(const char* path) {
  FILE* file = fopen(path, "rb");
  long size = -1;
  if (!file) return -1;
  if (fseek(file, 0, SEEK_END) == 0) size = ftell(file);
  fclose(file);
  return size;
}
