/* See planted.h. All effects are in thousandths of a star. */
#include "planted.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { USERS = 1000, ITEMS = 1700, RATINGS = 100000, GENRES = 18, AGES = 7, GENDERS = 2, OCCUPATIONS = 21 };

static const char* const genders[GENDERS] = {"F", "M"};
static const int gender_share[GENDERS] = {4, 6};
static const int ages[AGES] = {1, 18, 25, 35, 45, 50, 56}; /* MovieLens's codes: "under 18", "18-24", ... */
static const int age_share[AGES] = {4, 18, 35, 20, 9, 8, 6};
static const char* const genres[GENRES] = {"Drama",   "Comedy",    "Action",   "Thriller",   "Romance",
                                           "Horror",  "Adventure", "Sci-Fi",   "Children's", "Crime",
                                           "War",     "Musical",   "Mystery",  "Animation",  "Documentary",
                                           "Fantasy", "Western",   "Film-Noir"};
static const int genre_share[GENRES] = {24, 20, 9, 9, 8, 6, 5, 5, 4, 4, 3, 2, 2, 2, 2, 2, 1, 1};
static const char* const occupations[OCCUPATIONS] = {
    "artist", "baker",     "carpenter", "clerk",  "doctor",  "driver",  "engineer",
    "farmer", "gardener",  "lawyer",    "mason",  "nurse",   "plumber", "retired",
    "sailor", "scientist", "student",   "tailor", "teacher", "waiter",  "writer"};

/* ---- randomness by counting ---- */

enum purpose { GENDER = 1, AGE, OCCUPATION, YEAR, GENRE, USER, ITEM, GENDER_GENRE, AGE_GENRE, CHOICE, NOISE };

/* A bijection that scatters 64 bits (the finalizer of splitmix64). */
static uint64_t scatter(uint64_t x) {
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* The draw for (purpose, a, b): the same whenever it is asked for. 0 <= result < n. */
static int64_t draw(enum purpose purpose, int64_t a, int64_t b, int64_t n) {
  uint64_t x = scatter(UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)purpose);
  x = scatter(x + UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(a + 1));
  x = scatter(x + UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(b + 1));
  return (int64_t)((x >> 11) % (uint64_t)n);
}

/* A draw from a bell curve around 0: the sum of three uniform ones, each with a variance of (2 sd)^2 / 12. */
static int64_t bell(enum purpose purpose, int64_t a, int64_t b, int64_t sd) {
  return draw(purpose, a, 3 * b, 2 * sd) + draw(purpose, a, 3 * b + 1, 2 * sd) +
         draw(purpose, a, 3 * b + 2, 2 * sd) - 3 * sd;
}

/* A draw of 0 .. n - 1 with the given shares. */
static int pick(enum purpose purpose, int64_t a, int64_t b, const int* share, int n) {
  int64_t total = 0, left;
  int i;
  for (i = 0; i < n; ++i) total += share[i];
  left = draw(purpose, a, b, total);
  for (i = 0; left >= share[i]; ++i) left -= share[i];
  return i;
}

/* ---- what users and items are; both are numbered from 0, their ids from 1 ---- */

static int gender_of(int64_t user) { return pick(GENDER, user, 0, gender_share, GENDERS); }
static int age_of(int64_t user) { return pick(AGE, user, 0, age_share, AGES); }

/* Most films are recent: the square of a uniform draw. */
static int64_t year_of(int64_t item) {
  const int64_t x = draw(YEAR, item, 0, 1000);
  return 2000 - 80 * x * x / 1000000;
}

/* One to three different genres. Returns how many. */
static int genres_of(int64_t item, int out[3]) {
  const int wanted = 1 + (int)draw(GENRE, item, 0, 3);
  int n = 0, attempt, i;
  for (attempt = 1; n < wanted; ++attempt) {
    const int genre = pick(GENRE, item, attempt, genre_share, GENRES);
    for (i = 0; i < n && out[i] != genre; ++i) continue;
    if (i == n) out[n++] = genre;
  }
  return n;
}

/* ---- the planted interactions ---- */

/* Takes the weighted mean out of n values that lie `stride` apart. */
static void centre(int64_t* values, int n, int stride, const int* share) {
  int64_t sum = 0, total = 0, mean;
  int i;
  for (i = 0; i < n; ++i) sum += share[i] * values[i * stride], total += share[i];
  mean = sum / total;
  for (i = 0; i < n; ++i) values[i * stride] -= mean;
}

/* What each of n groups thinks of each genre, with no effect of the group or of the genre alone. */
static void plant_table(int64_t* table, enum purpose purpose, int n, const int* share, int64_t sd) {
  int group, genre;
  for (group = 0; group < n; ++group)
    for (genre = 0; genre < GENRES; ++genre) table[group * GENRES + genre] = bell(purpose, group, genre, sd);
  for (group = 0; group < n; ++group) centre(table + group * GENRES, GENRES, 1, genre_share);
  for (genre = 0; genre < GENRES; ++genre) centre(table + genre, n, GENRES, share);
}

struct world {
  int64_t gender_genre[GENDERS * GENRES], age_genre[AGES * GENRES];
};

static struct world plant_world(void) {
  struct world world;
  plant_table(world.gender_genre, GENDER_GENRE, GENDERS, gender_share, 850);
  plant_table(world.age_genre, AGE_GENRE, AGES, age_share, 600);
  return world;
}

/* The effect of a multi-valued field is the mean over its values, like its embedding. */
static int64_t mean_over_genres(const int64_t* row, int64_t item) {
  int genre[3], i;
  const int n = genres_of(item, genre);
  int64_t sum = 0;
  for (i = 0; i < n; ++i) sum += row[genre[i]];
  return sum / n;
}

/* The older the viewer, the dearer the older film. The constants are the means of age number and film age. */
static int64_t age_year(int64_t user, int64_t item) {
  return (10 * age_of(user) - 26) * (10 * (2000 - year_of(item)) - 267) * 95 / 1000;
}

/* The effects of the pairs, in the order of planted_pairs. */
static void pair_effects(const struct world* world, int64_t user, int64_t item, int64_t out[PLANTED_PAIRS]) {
  out[0] = mean_over_genres(world->gender_genre + gender_of(user) * GENRES, item);
  out[1] = mean_over_genres(world->age_genre + age_of(user) * GENRES, item);
  out[2] = age_year(user, item);
}

static int64_t expectation(const struct world* world, int64_t user, int64_t item) {
  int64_t effect[PLANTED_PAIRS], sum = 3600 + bell(USER, user, 0, 350) + bell(ITEM, item, 0, 400);
  int i;
  pair_effects(world, user, item, effect);
  for (i = 0; i < PLANTED_PAIRS; ++i) sum += effect[i];
  for (i = 1; i <= 3; ++i) sum += bell(USER, user, i, 12) * bell(ITEM, item, i, 12); /* taste */
  return sum;
}

/* ---- noise and rounding ---- */

enum { NOISE_WIDTH = 1300 }; /* of three uniform draws, as in bell: a standard deviation of 0.65 stars */

static int stars(int64_t user, int64_t item, int64_t expected) {
  const int64_t pair = user * ITEMS + item, value = expected + bell(NOISE, pair, 0, NOISE_WIDTH / 2) + 500;
  return value < 2000 ? 1 : value >= 5000 ? 5 : (int)(value / 1000);
}

/* In how many of the NOISE_WIDTH^3 cases the three draws of the noise sum to less than n: n + 2 choose 3
 * counts the triples without the upper bound of each, the other terms take out those where one, two or three
 * are too large. */
static double cases_below(int64_t n) {
  static const int64_t sign[4] = {1, -3, 3, -1};
  int64_t sum = 0;
  int k;
  for (k = 0; k < 4 && n > 0; ++k, n -= NOISE_WIDTH) sum += sign[k] * (n * (n + 1) * (n + 2) / 6);
  return (double)sum;
}

/* Of the stars given an expectation, over the noise. */
static double variance(int64_t expected) {
  const double all = cases_below(3 * NOISE_WIDTH);
  double below = 0, mean = 0, square = 0;
  int star;
  for (star = 1; star <= 5; ++star) {
    const int64_t border = 1000 * (star + 1) - 500 - expected + 3 * NOISE_WIDTH / 2; /* see stars and bell */
    const double up_to = star == 5 ? 1.0 : cases_below(border) / all;
    mean += star * (up_to - below);
    square += star * star * (up_to - below);
    below = up_to;
  }
  return square - mean * mean;
}

/* ---- who rates what ---- */

/* Each step through the numbers by a factor without a common divisor visits all: popular items and busy users
 * are scattered over the ids. */
static int64_t popularity_rank(int64_t item) { return (item * 617 + 101) % ITEMS; }
static int64_t activity_rank(int64_t user) { return (user * 379 + 57) % USERS; }

/* A hyperbola less its end: from hundreds of ratings for the first to none for some of the last, as in
 * MovieLens. */
static int64_t popularity(int64_t item) {
  return 1000000000 / (popularity_rank(item) + 30) - 1000000000 / (ITEMS + 100);
}

/* Everybody rates 20 films at least; what is left of RATINGS goes by rank. */
static int64_t activity(int64_t user) {
  int64_t total = 0, rank;
  for (rank = 0; rank < USERS; ++rank) total += 1000000000 / (rank + 50);
  return 20 + (RATINGS - 20 * USERS) * (1000000000 / (activity_rank(user) + 50)) / total;
}

/* The item in whose stretch of `ends` the point lies. */
static int64_t find(const int64_t* ends, int64_t point) {
  int64_t first = 0, last = ITEMS - 1;
  while (first < last) {
    const int64_t middle = (first + last) / 2;
    if (ends[middle] > point)
      last = middle;
    else
      first = middle + 1;
  }
  return first;
}

static int rate_films(struct movielens* data, const struct world* world, const int64_t* ends, int64_t user) {
  char rated[ITEMS] = {0};
  int64_t attempt, left = activity(user);
  for (attempt = 0; left > 0; ++attempt) {
    const int64_t item = find(ends, draw(CHOICE, user, attempt, ends[ITEMS - 1]));
    if (rated[item]) continue;
    rated[item] = 1;
    --left;
    if (!movielens_add_rating(data, user + 1, item + 1,
                              (float)stars(user, item, expectation(world, user, item))))
      return 0;
  }
  return 1;
}

/* ---- tables ---- */

static int make_user(struct movielens* data, int64_t user) {
  const int64_t occupation = draw(OCCUPATION, user, 0, OCCUPATIONS);
  return movielens_add_user(data, user + 1, genders[gender_of(user)], ages[age_of(user)],
                            occupations[occupation]);
}

static int make_item(struct movielens* data, int64_t item) {
  static const char* const of_what[] = {"Silent", "Crooked", "Golden", "Borrowed", "Distant", "Broken",
                                        "Hidden", "Frozen",  "Gentle", "Patient",  "Scarlet", "Last"};
  static const char* const what[] = {"Harbour", "Orchard", "Letter", "Stranger", "Lighthouse", "Winter",
                                     "Promise", "Mirror",  "Bridge", "Carnival", "Fortune",    "Waltz"};
  static const char* const where[] = {"at Dawn",       "in the Rain",  "of Nowhere",   "by the Sea",
                                      "without End",   "from Before",  "on the Hill",  "under Glass",
                                      "for Beginners", "after School", "behind Doors", "in Three Acts"};
  const int64_t words = item * 617 % 1728; /* 1728 = 12 * 12 * 12 titles, each at most once */
  char title[64], joined[64];
  int genre[3], n = genres_of(item, genre), i, size = 0;
  for (i = 0; i < n; ++i)
    size += snprintf(joined + size, sizeof joined - (size_t)size, "%s%s", i ? "|" : "", genres[genre[i]]);
  snprintf(title, sizeof title, "The %s %s %s", of_what[words % 12], what[words / 12 % 12],
           where[words / 144]);
  return movielens_add_item(data, item + 1, title, year_of(item), joined);
}

int planted_make(struct movielens* data) {
  const struct world world = plant_world();
  int64_t ends[ITEMS], total = 0, i;
  for (i = 0; i < ITEMS; ++i) ends[i] = total += popularity(i);
  for (i = 0; i < USERS; ++i)
    if (!make_user(data, i) || !rate_films(data, &world, ends, i)) return 0;
  for (i = 0; i < ITEMS; ++i)
    if (!make_item(data, i)) return 0;
  return 1;
}

/* ---- the truth ---- */

static int by_effect(const void* a, const void* b) {
  const double x = ((const struct planted_pair*)a)->effect, y = ((const struct planted_pair*)b)->effect;
  return (x < y) - (x > y);
}

void planted_pairs(const struct movielens* data, struct planted_pair out_pairs[PLANTED_PAIRS]) {
  static const struct planted_pair names[PLANTED_PAIRS] = {
      {"gender", "genres", 0}, {"age", "genres", 0}, {"age", "year", 0}};
  const struct world world = plant_world();
  double sum[PLANTED_PAIRS] = {0}, square[PLANTED_PAIRS] = {0};
  int64_t r, effect[PLANTED_PAIRS];
  int i;
  for (r = 0; r < data->n_ratings; ++r) {
    pair_effects(&world, data->rating_user[r] - 1, data->rating_item[r] - 1, effect);
    for (i = 0; i < PLANTED_PAIRS; ++i)
      sum[i] += (double)effect[i], square[i] += (double)effect[i] * (double)effect[i];
  }
  for (i = 0; i < PLANTED_PAIRS; ++i) {
    const double n = (double)data->n_ratings, mean = sum[i] / n;
    out_pairs[i] = names[i];
    out_pairs[i].effect = sqrt(square[i] / n - mean * mean) / 1000;
  }
  qsort(out_pairs, PLANTED_PAIRS, sizeof *out_pairs, by_effect);
}

void planted_variances(const struct movielens* data, float* out_variances) {
  const struct world world = plant_world();
  int64_t r;
  for (r = 0; r < data->n_ratings; ++r)
    out_variances[r] =
        (float)variance(expectation(&world, data->rating_user[r] - 1, data->rating_item[r] - 1));
}
