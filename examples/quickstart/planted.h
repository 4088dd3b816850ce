/* The quick start's own data: ratings in the shape of MovieLens whose truth is known, because it was planted.
 *
 * A rating is a number of stars, rounded and clipped to 1..5, with this expectation before rounding:
 *     mean + bias(user) + bias(item) + taste(user) . taste(item)        the low-rank liking of ids
 *          + gender x genres + age x genres + age x year                the planted interactions of features
 * plus noise. `occupation` is a decoy: it is random and means nothing, alone or beside another field.
 * Everything is integer arithmetic on counters (no state, no libm), so every machine makes the same ratings
 * to the last one. */
#ifndef QUICKSTART_PLANTED_H
#define QUICKSTART_PLANTED_H

#include "movielens.h"

/** Two fields that act together, and how much: the standard deviation of their effect over all ratings, in
 * stars. None of them has an effect of its own: the tables are centred over both fields. */
struct planted_pair {
  const char *a, *b;
  double effect;
};
enum { PLANTED_PAIRS = 3 };

/** About 100,000 ratings by 1,000 people of 1,700 films. Returns 0 when memory is short. */
int planted_make(struct movielens* data);

/** Which pairs were planted, strongest first. `data` comes from planted_make. */
void planted_pairs(const struct movielens* data, struct planted_pair out_pairs[PLANTED_PAIRS]);

/** For each rating the variance that noise and rounding leave even to one who knows everything above. Exact:
 * the noise has finitely many values, which are counted. The root of the mean is the lowest RMSE that can be
 * hoped for. */
void planted_variances(const struct movielens* data, float* out_variances);

#endif
