/* Step 1 of the quick start: plain arrays become interplay's tables, tables become a dataset. */
#ifndef QUICKSTART_DATASET_H
#define QUICKSTART_DATASET_H

#include <interplay/interplay.h>

#include "movielens.h"

/** A table with the columns user_id and movie_id. */
int make_pairs(const int64_t* users, const int64_t* items, int64_t n, interplay_table** out_table);

/** A sealed dataset: the ratings and, unless ids_only, what is known of users and items. */
int make_dataset(const struct movielens* data, int ids_only, interplay_dataset** out_dataset);

#endif
