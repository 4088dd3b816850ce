/* Ratings, people and films as plain arrays, in the shape of MovieLens, and a reader for its files.
 * Nothing here knows interplay: it stands for the database that your product has anyway. */
#ifndef QUICKSTART_MOVIELENS_H
#define QUICKSTART_MOVIELENS_H

#include <stddef.h>
#include <stdint.h>

/** A growing list of strings, laid out as interplay_table_add_strings takes them. */
struct strings {
  char* bytes; /* all strings one behind the other, without NULs */
  int64_t n_bytes, room;
  int64_t* offsets; /* count + 1 */
  int64_t count;
};

struct movielens {
  int64_t n_ratings;
  int64_t *rating_user, *rating_item;
  float* rating;

  int64_t n_users;
  int64_t *user, *age;
  struct strings gender, occupation;

  int64_t n_items;
  int64_t *item, *year;
  uint8_t* year_known; /* a byte an item: 0 where the year is null */
  struct strings title, genres;
  int64_t*
      genre_offsets; /* n_items + 1: item i has the genres genre_offsets[i] .. genre_offsets[i + 1] - 1 */
};

/* Each returns 0 when memory is short. A year of 0 is an unknown one; genres are joined by '|'. */
int movielens_add_rating(struct movielens* data, int64_t user, int64_t item, float rating);
int movielens_add_user(struct movielens* data, int64_t user, const char* gender, int64_t age,
                       const char* occupation);
int movielens_add_item(struct movielens* data, int64_t item, const char* title, int64_t year,
                       const char* genres);

/** Read a folder with ratings, users and movies (or items), each as X.dat, the original "::" files, or as
 * X.csv with a header. With ids_only the users are not read, and the items, for their titles, only where they
 * are there. Returns 0 on failure; `why` then says where, what was expected and what was found. */
int movielens_read(struct movielens* data, const char* folder, int ids_only, char* why, size_t why_size);

/** The position of an item id, -1 where the data does not describe it. */
int64_t movielens_find_item(const struct movielens* data, int64_t item);

void movielens_free(struct movielens* data);

#endif
