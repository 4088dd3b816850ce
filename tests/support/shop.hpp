// A shop in miniature with every kind of field, and models that learned it.
#pragma once

#include <interplay/interplay.hpp>
#include <interplay/scorer.hpp>

namespace interplay::test {

enum class Ids { integers, strings };

/// Users 1 .. 6, items 10 .. 17 (or "1" .. and "10" ..); a country a user, tags with weights an item, hour and device a row.
Dataset shop(Ids ids);
/// An engine that learned it in an instant.
Model learned(const char* engine, Ids ids);
/// Users 1, 2 and 3 with items 10, 11 and 12: all there is in the smallest files.
Model learned_pairs(const char* engine);
/// The ids that any of them know or do not.
Table some_rows(Ids ids);

}  // namespace interplay::test
