/* What the quick start needs beside interplay: its arguments, a check of every call, numbers out of JSON. */
#ifndef QUICKSTART_SUPPORT_H
#define QUICKSTART_SUPPORT_H

#include <interplay/interplay.h>

#include "movielens.h"

struct options {
  const char* folder; /* NULL: the planted data */
  int ids_only, epochs;
  char split[96]; /* for interplay_dataset_split */
};

/** Reads the arguments. Returns 1, or 0 after it has said what is wrong (or, for --help, what there is). */
int parse_options(int argc, char** argv, struct options* out_options);

/** Every call of interplay passes through here: whether it succeeded. If not, says why and frees. */
int ok(interplay_status status, interplay_error** error);

/** The number behind "key": in a JSON document, NAN where there is none. A real program has a library. */
double json_number(const char* json, const char* key);
int json_is_true(const char* json, const char* key);

/** Reads the folder, or makes the planted data, and says what it has. */
int load_data(const struct options* options, struct movielens* out_data);

/** One line of a list of recommendations, with the title where it is known. */
void print_film(const struct movielens* data, int32_t rank, int64_t item, float score);

/** The RMSE of two predictors that bracket every useful model on the test part: the mean of its ratings and,
 * with the planted data, the true expectation of each rating. */
int print_yardsticks(const struct options* options, const struct movielens* data,
                     const interplay_dataset* test);

/** The size of a file in bytes, -1 where it cannot be read. */
long file_size(const char* path);

#endif
