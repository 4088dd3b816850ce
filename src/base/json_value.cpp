#include "base/json_value.hpp"

#include <atomic>
#include <functional>

namespace interplay::core {
namespace {

struct Head {
  alignas(std::max_align_t) unsigned char bytes[32];
};
constexpr std::size_t n_heads = 64;
constinit Head heads[n_heads]{};
constinit std::atomic<bool> lent[n_heads]{};

}  // namespace

void* lend_json_head() noexcept {
  for (std::size_t i = 0; i < n_heads; ++i)
    if (!lent[i].exchange(true)) return &heads[i];
  return nullptr;
}

bool return_json_head(void* head) noexcept {
  const auto* const first = reinterpret_cast<const unsigned char*>(heads);
  const auto* const at = static_cast<const unsigned char*>(head);
  if (std::less<>()(at, first) || !std::less<>()(at, first + sizeof heads)) return false;
  lent[static_cast<std::size_t>(at - first) / sizeof(Head)].store(false);
  return true;
}

Json members(std::initializer_list<std::pair<const char*, Json>> list) {
  Json object = Json::object();
  for (const auto& [name, value] : list) object[name] = value;
  return object;
}

}  // namespace interplay::core
