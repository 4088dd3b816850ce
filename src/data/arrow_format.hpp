// What a schema of Arrow's means here. Everything that has no meaning is refused before a value is read.
#pragma once

#include <string>
#include <string_view>

#include <interplay/interplay.h>

#include "data/arrow_structs.hpp"
#include "data/table.hpp"

namespace interplay::core {

struct ArrowFormat {
  enum class Shape { null, boolean, number, text32, text64, text_view, list32, list64, fixed_list };
  Shape shape = Shape::null;
  Type type = Type::float64;   // of the column that it becomes; of the values for a dictionary or a list
  char physical = 0;           // number: c C s S i I l L f g, the letter of its memory layout
  std::int64_t list_size = 0;  // fixed_list
  bool weighted = false;       // list of struct<value, weight>

  bool is_list() const { return shape >= Shape::list32; }
  bool is_integer() const { return shape == Shape::number && physical != 'f' && physical != 'g'; }
};

/// UNSUPPORTED or BAD_DATA, naming the column.
ArrowFormat parse_format(const ArrowSchema& schema, const std::string& column);

/// `column "x": <text>`; with the row when it is >= 0
[[noreturn]] void fail_arrow(interplay_status status, const std::string& column, const std::string& text,
                             std::int64_t row = -1);

}  // namespace interplay::core
