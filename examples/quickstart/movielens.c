/* See movielens.h: the arrays. The files are read in movielens_read.c. */
#include "movielens.h"

#include <stdlib.h>
#include <string.h>

/* ---- arrays that grow ---- */

/* Room for one more element behind `count`. The room is a function of the count (the next power of two), so
 * that no array needs a capacity beside it. */
static int grow(void** array, size_t element, int64_t count) {
  void* larger;
  if (count & (count - 1)) return 1; /* neither zero nor a power of two: there is room */
  larger = realloc(*array, (size_t)(count ? 2 * count : 1) * element);
  if (!larger) return 0;
  *array = larger;
  return 1;
}

static int push_int(int64_t** array, int64_t count, int64_t value) {
  void* grown = *array;
  if (!grow(&grown, sizeof(int64_t), count)) return 0;
  *array = grown;
  (*array)[count] = value;
  return 1;
}

static int push_string(struct strings* list, const char* text, size_t size) {
  const int64_t end = list->n_bytes + (int64_t)size;
  if (end >= list->room) { /* also at the very first string, even an empty one: a list never points to NULL */
    char* larger = realloc(list->bytes, (size_t)(2 * end + 64));
    if (!larger) return 0;
    list->bytes = larger;
    list->room = 2 * end + 64;
  }
  if (list->count == 0 && !push_int(&list->offsets, 0, 0)) return 0;
  if (!push_int(&list->offsets, list->count + 1, end)) return 0;
  memcpy(list->bytes + list->n_bytes, text, size);
  list->n_bytes = end;
  list->count++;
  return 1;
}

static void free_strings(struct strings* list) {
  free(list->bytes);
  free(list->offsets);
}

/* ---- rows ---- */

int movielens_add_rating(struct movielens* data, int64_t user, int64_t item, float rating) {
  void* grown = data->rating;
  if (!grow(&grown, sizeof(float), data->n_ratings)) return 0;
  data->rating = grown;
  if (!push_int(&data->rating_user, data->n_ratings, user)) return 0;
  if (!push_int(&data->rating_item, data->n_ratings, item)) return 0;
  data->rating[data->n_ratings++] = rating;
  return 1;
}

int movielens_add_user(struct movielens* data, int64_t user, const char* gender, int64_t age,
                       const char* occupation) {
  if (!push_int(&data->user, data->n_users, user) || !push_int(&data->age, data->n_users, age) ||
      !push_string(&data->gender, gender, strlen(gender)) ||
      !push_string(&data->occupation, occupation, strlen(occupation)))
    return 0;
  data->n_users++;
  return 1;
}

static int push_genres(struct strings* list, const char* genres) {
  while (*genres) {
    const size_t size = strcspn(genres, "|");
    if (!push_string(list, genres, size)) return 0;
    genres += size + (genres[size] == '|');
  }
  return 1;
}

int movielens_add_item(struct movielens* data, int64_t item, const char* title, int64_t year,
                       const char* genres) {
  void* known = data->year_known;
  if (!grow(&known, 1, data->n_items)) return 0;
  data->year_known = known;
  data->year_known[data->n_items] = year != 0;
  if (data->n_items == 0 && !push_int(&data->genre_offsets, 0, 0)) return 0;
  if (!push_int(&data->item, data->n_items, item) || !push_int(&data->year, data->n_items, year) ||
      !push_string(&data->title, title, strlen(title)) || !push_genres(&data->genres, genres) ||
      !push_int(&data->genre_offsets, data->n_items + 1, data->genres.count))
    return 0;
  data->n_items++;
  return 1;
}

int64_t movielens_find_item(const struct movielens* data, int64_t item) {
  int64_t i;
  for (i = 0; i < data->n_items; ++i)
    if (data->item[i] == item) return i;
  return -1;
}

void movielens_free(struct movielens* data) {
  static const struct movielens none;
  free(data->rating_user);
  free(data->rating_item);
  free(data->rating);
  free(data->user);
  free(data->age);
  free_strings(&data->gender);
  free_strings(&data->occupation);
  free(data->item);
  free(data->year);
  free(data->year_known);
  free_strings(&data->title);
  free_strings(&data->genres);
  free(data->genre_offsets);
  *data = none;
}
