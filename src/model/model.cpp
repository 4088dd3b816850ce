#include "model/model.hpp"

#include "base/error.hpp"

namespace interplay::core {

const Fitted& Model::require_fitted(const char* verb) const {
  if (!fitted)
    fail(INTERPLAY_INVALID_STATE,
         std::string(verb) + ": this model of engine \"" + engine->name() +
             "\" was created but not fitted; call fit first and use the model that it returns");
  return *fitted;
}

std::shared_ptr<const void> own_state(const Engine& engine, void* state) {
  return {state, [destroy = engine.table().destroy](void* p) { destroy(p); }};
}

void load_state(const Model& model, interplay_reader& reader, std::shared_ptr<const void> tensors,
                Fitted& fitted) {
  const std::vector<interplay_field> fields = describe(fitted.fields);
  void* state = nullptr;
  call_engine(*model.engine, "load", [&](interplay_error** error) {
    return model.engine->table().load(&reader, model.params.get(), fields.data(),
                                      static_cast<std::uint32_t>(fields.size()), &state, error);
  });
  struct Both {  // the state is the first to go
    std::shared_ptr<const void> tensors, state;
  };
  auto both = std::make_shared<Both>(Both{std::move(tensors), own_state(*model.engine, state)});
  fitted.state = std::shared_ptr<const void>(both, state);
}

Model create(const std::string& engine, const Json& params) {
  const Engine& found = find_engine(engine);
  return {&found, found.params(params), nullptr};
}

std::vector<std::size_t> feature_fields(const std::vector<Field>& fields, Part of) {
  std::vector<std::size_t> chosen;
  for (std::size_t f = 0; f < fields.size(); ++f)
    if (fields[f].of == of && !fields[f].is_id && !fields[f].history) chosen.push_back(f);
  return chosen;
}

std::vector<Kind> kinds_of(const std::vector<Field>& fields, const std::vector<std::size_t>& chosen) {
  std::vector<Kind> kinds;
  for (const std::size_t f : chosen) kinds.push_back(fields[f].kind);
  return kinds;
}

const Field* id_field(const std::vector<Field>& fields, Part of) {
  for (const Field& field : fields)
    if (field.is_id && field.of == of) return &field;
  return nullptr;
}

const Field* history_ids(const std::vector<Field>& fields, const Field& history) {
  return id_field(fields, history.of == Part::user ? Part::item : Part::user);
}

}  // namespace interplay::core
