#include "kit/graph.hpp"

#include <algorithm>

namespace interplay::kit {
namespace {

std::size_t padded(std::size_t n, std::size_t width) { return (n + width - 1) / width * width; }

}  // namespace

std::size_t Graph::add_slot(const Slot& slot) {
  slots.push_back(slot);
  return slots.size() - 1;
}

std::size_t Graph::add_parameter(Parameter parameter) {
  parameter.offset = dense_;
  dense_ += padded(parameter.size(), 16);  // each starts on a cache line
  parameters.push_back(std::move(parameter));
  return parameters.size() - 1;
}

std::size_t Graph::add_tables(const std::string& prefix, std::size_t fields, std::size_t width,
                              double deviation, bool shifted) {
  const std::size_t slot = add_slot({fields, {1, width}});
  for (std::size_t f = 0; f < fields; ++f)
    tables.push_back({prefix + "/" + std::to_string(f), f, width, slot, f, deviation, shifted});
  return slot;
}

std::size_t Graph::scratch_floats(std::size_t lanes) const {
  std::size_t most = 0;
  for (const auto& op : ops) most = std::max(most, op->scratch_floats(lanes));
  return most;
}

std::size_t Graph::backward_floats(std::size_t tiles, std::size_t lanes) const {
  std::size_t most = 0;
  for (const auto& op : ops) most = std::max(most, op->backward_floats(tiles, lanes));
  return most;
}

std::vector<std::size_t> Graph::buffers() const {
  std::vector<std::size_t> last(slots.size(), 0), buffer(slots.size(), no_slot), free;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    for (const std::size_t slot : ops[i]->reads()) last[slot] = i;
    last[ops[i]->writes()] = std::max(last[ops[i]->writes()], i);
  }
  last[logit] = ops.size();
  std::size_t count = 0;
  std::vector<std::size_t> sizes;
  const auto take = [&](std::size_t slot) {
    if (buffer[slot] != no_slot) return;
    const std::size_t size = slots[slot].size();
    const auto fits = std::find_if(free.begin(), free.end(), [&](std::size_t b) { return sizes[b] == size; });
    if (fits == free.end()) {
      buffer[slot] = count++;
      sizes.push_back(size);
      return;
    }
    buffer[slot] = *fits;
    free.erase(fits);
  };
  take(logit);
  for (const TableSpec& table : tables) take(table.slot);
  for (std::size_t i = 0; i < ops.size(); ++i) {
    take(ops[i]->writes());
    for (std::size_t slot = 0; slot < slots.size(); ++slot)
      if (buffer[slot] != no_slot && last[slot] == i) {
        free.push_back(buffer[slot]);
        last[slot] = ops.size();  // released once
      }
  }
  return buffer;
}

}  // namespace interplay::kit
