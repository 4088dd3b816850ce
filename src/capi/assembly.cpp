// tensors, in and out. Assemblies: new, add_values, add_tensor, finish; models: tensors, tensor
#include "model/assembly.hpp"

#include "capi/guard.hpp"

using namespace interplay::core;

struct interplay_assembly {
  Assembly assembly;
};

extern "C" {

interplay_status interplay_assembly_new(const char* engine, const char* params_json,
                                        const char* description_json, interplay_assembly** out_assembly,
                                        interplay_error** error) {
  clear(out_assembly);
  return guard(error, [&] {
    require(engine, "engine");
    require(description_json, "description_json");
    require(out_assembly, "out_assembly");
    *out_assembly = new interplay_assembly{
        Assembly(engine, parse_json(params_json, "parameters"), parse_json(description_json, "description"))};
  });
}

interplay_status interplay_assembly_add_values(interplay_assembly* assembly, const char* field,
                                               const interplay_table* values, interplay_error** error) {
  return guard(error, [&] {
    require(assembly, "assembly");
    require(field, "field");
    require(values, "values");
    assembly->assembly.add_values(field, *values->table);
  });
}

interplay_status interplay_assembly_add_tensor(interplay_assembly* assembly, const char* name, int32_t type,
                                               const void* data, int32_t rank, const int64_t* shape,
                                               interplay_error** error) {
  return guard(error, [&] {
    require(assembly, "assembly");
    require(name, "name");
    assembly->assembly.add_tensor(name, type, data, rank, shape);
  });
}

interplay_status interplay_assembly_finish(const interplay_assembly* assembly, interplay_model** out_model,
                                           interplay_error** error) {
  clear(out_model);
  return guard(error, [&] {
    require(assembly, "assembly");
    require(out_model, "out_model");
    *out_model = new_model(assembly->assembly.finish());
  });
}

void interplay_assembly_free(interplay_assembly* assembly) { delete assembly; }

interplay_status interplay_model_tensors(const interplay_model* model, interplay_text** out_json,
                                         interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(model, "model");
    require(out_json, "out_json");
    *out_json = new_text(tensors(model->model));
  });
}

interplay_status interplay_model_tensor(const interplay_model* model, const char* name,
                                        interplay_text** out_bytes, interplay_error** error) {
  clear(out_bytes);
  return guard(error, [&] {
    require(model, "model");
    require(name, "name");
    require(out_bytes, "out_bytes");
    *out_bytes = new_text(tensor(model->model, name));
  });
}

}  // extern "C"
