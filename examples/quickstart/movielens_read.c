/* The files of MovieLens, original or CSV: which columns they have and what these mean. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "movielens.h"
#include "textfile.h"

static int no_memory(struct textfile* t) { return textfile_complain(t, "memory for another row", "none"); }

static int need_column(struct textfile* t, const char* name, const char* other_name, int* out) {
  char expected[96];
  *out = textfile_find(t, name, other_name);
  if (*out >= 0) return 1;
  if (strcmp(name, other_name) == 0)
    snprintf(expected, sizeof expected, "a column %s", name);
  else
    snprintf(expected, sizeof expected, "a column %s or %s", name, other_name);
  return textfile_complain(t, expected, "none of that name");
}

static int need_file(struct textfile* t, const char* folder, const char* stems, const char* dat_names) {
  char expected[128];
  const int got = textfile_open(t, folder, stems, dat_names);
  if (got) return got > 0;
  snprintf(t->path, sizeof t->path, "%s", folder);
  snprintf(expected, sizeof expected, "a file %.32s, as .dat or .csv", stems);
  return textfile_complain(t, expected, "none");
}

static int read_ratings(struct movielens* data, struct textfile* t) {
  int user, item, rating, got;
  if (!need_column(t, "user_id", "user_id", &user) || !need_column(t, "movie_id", "item_id", &item) ||
      !need_column(t, "rating", "rating", &rating))
    return 0;
  while ((got = textfile_next(t)) > 0) {
    int64_t user_id, item_id;
    float value;
    if (!textfile_int(t, user, &user_id) || !textfile_int(t, item, &item_id) ||
        !textfile_float(t, rating, &value))
      return 0;
    if (!movielens_add_rating(data, user_id, item_id, value)) return no_memory(t);
  }
  if (got == 0 && data->n_ratings == 0) return textfile_complain(t, "at least one rating", "none");
  return got == 0;
}

static int read_users(struct movielens* data, struct textfile* t) {
  int user, gender, age, occupation, got;
  if (!need_column(t, "user_id", "user_id", &user) || !need_column(t, "gender", "gender", &gender) ||
      !need_column(t, "age", "age", &age) || !need_column(t, "occupation", "occupation", &occupation))
    return 0;
  while ((got = textfile_next(t)) > 0) {
    int64_t user_id, years;
    if (!textfile_int(t, user, &user_id) || !textfile_int(t, age, &years)) return 0;
    if (!movielens_add_user(data, user_id, t->field[gender], years, t->field[occupation]))
      return no_memory(t);
  }
  return got == 0;
}

/* The original titles end with the year, "Toy Story (1995)": cuts it off. Returns 0 where there is none. */
static int64_t cut_year(char* title) {
  const size_t size = strlen(title);
  char* open = title + size - 6;
  if (size < 7 || open[0] != '(' || open[5] != ')' || strspn(open + 1, "0123456789") != 4) return 0;
  while (open > title && open[-1] == ' ') --open;
  *open = '\0';
  return strtol(title + size - 5, NULL, 10);
}

static int read_items(struct movielens* data, struct textfile* t) {
  int item, title, genres, got;
  const int year = textfile_find(t, "year", "year");
  if (!need_column(t, "movie_id", "item_id", &item) || !need_column(t, "title", "title", &title) ||
      !need_column(t, "genres", "genres", &genres))
    return 0;
  while ((got = textfile_next(t)) > 0) {
    int64_t item_id, made;
    if (!textfile_int(t, item, &item_id)) return 0;
    made = year < 0 ? cut_year(t->field[title]) : strtol(t->field[year], NULL, 10); /* no number: unknown */
    if (!movielens_add_item(data, item_id, t->field[title], made, t->field[genres])) return no_memory(t);
  }
  return got == 0;
}

/* One file of the folder: opened, handed to `read` and closed. */
static int read_file(struct movielens* data, struct textfile* t, const char* folder, const char* stems,
                     const char* dat_names, int (*read)(struct movielens*, struct textfile*)) {
  int fine = 0;
  t->file = NULL;
  if (need_file(t, folder, stems, dat_names)) fine = read(data, t);
  if (t->file) fclose(t->file);
  return fine;
}

static int has_items(struct textfile* t, const char* folder) {
  const int got = textfile_open(t, folder, "movies|items", "movie_id");
  if (t->file) fclose(t->file);
  return got != 0;
}

int movielens_read(struct movielens* data, const char* folder, int ids_only, char* why, size_t why_size) {
  struct textfile* t = calloc(1, sizeof *t); /* too large for a small stack */
  int fine;
  if (!t) {
    snprintf(why, why_size, "%s: expected memory for the reader, found none", folder);
    return 0;
  }
  t->why = why;
  t->why_size = why_size;
  fine = read_file(data, t, folder, "ratings", "user_id,movie_id,rating,timestamp", read_ratings);
  if (fine && !ids_only)
    fine = read_file(data, t, folder, "users", "user_id,gender,age,occupation,zip", read_users);
  if (fine && (!ids_only || has_items(t, folder)))
    fine = read_file(data, t, folder, "movies|items", "movie_id,title,genres", read_items);
  free(t);
  return fine;
}
