// What every engine promises, as checks that run through interplay.h on data that they make themselves.
#pragma once

#include <interplay/interplay.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "json.hpp"

namespace interplay::cli {

/// The engine under test, by its registered name.
struct Subject {
  std::string engine;
  Json params;  // for every model of it
};

/// A promise that is not kept: what was expected and what was found.
struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Check {
  const char* promise;  // a sentence without a full stop
  const char* advice;   // what to do when it does not hold
  void (*run)(const Subject&);
};

/// In the order in which failures are best read: what fails first is often why later ones fail.
std::vector<Check> contract();

// Its parts, one file each.
void learns_every_kind_of_label(const Subject& subject);
void same_seed_same_bytes(const Subject& subject);
void threads_change_no_byte(const Subject& subject);
void cancels(const Subject& subject);
void goes_on(const Subject& subject);
void rows_do_not_depend_on_their_batch(const Subject& subject);
void shared_fields_score_alike(const Subject& subject);
void threads_score_alike(const Subject& subject);
void unknown_values_score(const Subject& subject);
void travels(const Subject& subject);
void refuses_damage(const Subject& subject);

}  // namespace interplay::cli
