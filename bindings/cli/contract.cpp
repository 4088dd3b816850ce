#include "contract.hpp"

namespace interplay::cli {

std::vector<Check> contract() {
  return {
      {"it learns from ratings, clicks, other numbers and rows without labels",
       "fit must cope with every kind of field and objective that engine.h describes, and score must write a "
       "finite "
       "number for every row",
       learns_every_kind_of_label},
      {"the same data and seed give the same bytes",
       "take every random draw from the parameter \"seed\", and nothing from clocks, addresses or memory "
       "that was "
       "not written",
       same_seed_same_bytes},
      {"any number of threads gives the same bytes",
       "cut the work into shards by row, never by worker, and add up what they found in the order of the "
       "shards",
       threads_change_no_byte},
      {"a cancelled fit stops",
       "call host->report at least once a pass over the data, and when it returns CANCELLED free everything "
       "and "
       "return CANCELLED at once",
       cancels},
      {"training goes on from a fitted model",
       "begin with what `from` has: its fields have the same order and at most as many ids as the new ones, "
       "whose first ids are the same; it is read only",
       goes_on},
      {"a row's score does not depend on the rows around it",
       "score a row from its own values alone; write out[0] to out[rows - 1] and nothing else; start no sum "
       "from "
       "what an earlier row left in the scratch",
       rows_do_not_depend_on_their_batch},
      {"a field that a whole batch shares scores as the same value in every row",
       "a field whose `rows` is 1 has one value for all rows of the batch: read its index 0",
       shared_fields_score_alike},
      {"four threads score as one",
       "the state is const while scoring: whatever score writes to belongs into the scratch",
       threads_score_alike},
      {"unknown and missing values score",
       "id 0 is a value like any other, a missing number is NaN, a list may be empty; none may make a score "
       "that is "
       "not finite",
       unknown_values_score},
      {"a model that was saved and loaded scores the same and saves the same bytes",
       "put everything that score reads, and read it back with the type in which it was written; "
       "\"golden row\" means that a loaded model scores other than the one that was saved",
       travels},
      {"a damaged file is refused, and the reason told",
       "load must compare every tensor's type and shape with what fields and parameters ask for, look for "
       "numbers that "
       "are not finite, and give host->fail a sentence",
       refuses_damage},
  };
}

}  // namespace interplay::cli
