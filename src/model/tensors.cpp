// A fitted model's tensors by name: the engine's own save, into a writer that lists them or keeps one.
#include <cstring>

#include "base/error.hpp"
#include "model/container.hpp"
#include "registry/sections.hpp"

namespace interplay::core {
namespace {

/// What the kit's archive writes its counts to: bytes of its own, which an assembly does not take.
constexpr const char* blob = "state";

class Collector final : public interplay_writer {
 public:
  /// wanted: the tensor to keep, or null for none
  explicit Collector(const std::string* wanted) : wanted_(wanted) { table_type = INTERPLAY_FLOAT32; }

  void put(const std::string& name, const interplay_tensor& tensor) override {
    if (name == blob) return;
    const std::size_t size = tensor_size(tensor);
    if (size == SIZE_MAX || (size > 0 && tensor.data == nullptr))
      fail(INTERPLAY_INVALID_ARGUMENT, "tensor \"" + name + "\" has an impossible type, rank or shape");
    directory.push_back(describe_tensor(name, tensor));
    names.push_back(name);
    if (wanted_ == nullptr || name != *wanted_) return;
    bytes.assign(static_cast<const char*>(tensor.data), size);
    found = true;
  }

  Json directory = Json::array();
  std::vector<std::string> names;
  std::string bytes;
  bool found = false;

 private:
  const std::string* wanted_;
};

Collector collect(const Model& model, const char* verb, const std::string* wanted) {
  const Fitted& fitted = model.require_fitted(verb);
  Collector collector(wanted);
  call_engine(*model.engine, "save", [&](interplay_error** error) {
    return model.engine->table().save(fitted.state.get(), &collector, error);
  });
  return collector;
}

}  // namespace

Json tensors(const Model& model) { return collect(model, "tensors", nullptr).directory; }

std::string tensor(const Model& model, const std::string& name) {
  Collector collector = collect(model, "tensor", &name);
  if (!collector.found) fail_unknown(INTERPLAY_NOT_FOUND, "tensor", name, collector.names, "model");
  return std::move(collector.bytes);
}

}  // namespace interplay::core
