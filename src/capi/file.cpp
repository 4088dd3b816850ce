// files: save, load, dump, parse, info
#include <cstring>

#include "base/error.hpp"
#include "capi/guard.hpp"
#include "model/container.hpp"

using namespace interplay::core;

namespace {

struct LoadOptions {
  bool mmap = false, prefault = false, verify = true;
  std::uint64_t max_bytes = 0;
};

LoadOptions parse_load_options(const char* json, const char* what) {
  const Json parsed = parse_json(json, what);
  ObjectReader reader(parsed, what);
  LoadOptions options;
  options.mmap = reader.boolean("mmap", false);
  options.prefault = reader.boolean("prefault", false);
  if (options.prefault && !options.mmap)
    fail(INTERPLAY_INVALID_ARGUMENT,
         std::string(what) + ": \"prefault\" is about a mapped file; give \"mmap\": true with it",
         R"({"key":"prefault"})");
  options.verify = reader.boolean("verify", !options.mmap);
  options.max_bytes = static_cast<std::uint64_t>(reader.integer("max_bytes", 0, 0, std::int64_t{1} << 62));
  reader.finish();
  return options;
}

/// Errors about what is in a file name the file, in words and as "path" in the detail.
template <class Body>
auto naming(const char* path, const Body& body) {
  try {
    return body();
  } catch (const interplay::Error& e) {
    Json detail = parse_json(e.detail(), "detail");
    if (e.status() == INTERPLAY_IO || detail.contains("path"))
      throw;  // refusals of the system say it already
    detail["path"] = path;
    fail(e.status(), "\"" + std::string(path) + "\": " + e.what(), dump_json(detail));
  }
}

}  // namespace

extern "C" {

interplay_status interplay_model_save(const interplay_model* model, const char* utf8_path,
                                      const char* options_json, interplay_error** error) {
  return guard(error, [&] {
    require(model, "model");
    require(utf8_path, "utf8_path");
    ContainerWriter writer;
    write_model(model->model, parse_save_options(options_json, "options of save"), writer);
    replace_file(utf8_path, writer.pieces());
  });
}

interplay_status interplay_model_load(const char* utf8_path, const char* options_json,
                                      interplay_model** out_model, interplay_error** error) {
  clear(out_model);
  return guard(error, [&] {
    require(utf8_path, "utf8_path");
    require(out_model, "out_model");
    const LoadOptions options = parse_load_options(options_json, "options of load");
    Bytes bytes = options.mmap ? map_file(utf8_path, options.max_bytes, options.prefault)
                               : read_file(utf8_path, options.max_bytes);
    *out_model = new_model(naming(utf8_path, [&] {
      return read_model(ContainerReader(std::move(bytes), options.verify), options.verify);
    }));
  });
}

interplay_status interplay_model_dump(const interplay_model* model, const char* options_json,
                                      interplay_text** out_bytes, interplay_error** error) {
  clear(out_bytes);
  return guard(error, [&] {
    require(model, "model");
    require(out_bytes, "out_bytes");
    ContainerWriter writer;
    write_model(model->model, parse_save_options(options_json, "options of dump"), writer);
    std::string bytes;
    for (const auto piece : writer.pieces())
      bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    *out_bytes = new_text(std::move(bytes));
  });
}

interplay_status interplay_model_parse(const void* bytes, size_t size, const char* options_json,
                                       interplay_model** out_model, interplay_error** error) {
  clear(out_model);
  return guard(error, [&] {
    if (size > 0) require(bytes, "bytes");
    require(out_model, "out_model");
    const LoadOptions options = parse_load_options(options_json, "options of parse");
    if (options.max_bytes != 0 && size > options.max_bytes)
      fail(INTERPLAY_INVALID_ARGUMENT, "parse: " + std::to_string(size) +
                                           " bytes are more than max_bytes allows (" +
                                           std::to_string(options.max_bytes) + ")");
    Buffer copy(size);
    if (size > 0) std::memcpy(copy.data, bytes, size);
    *out_model = new_model(read_model(ContainerReader(std::move(copy).freeze(), true), true));
  });
}

interplay_status interplay_file_info(const char* utf8_path, interplay_text** out_json,
                                     interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(utf8_path, "utf8_path");
    require(out_json, "out_json");
    *out_json = new_text(naming(utf8_path, [&] { return file_info(utf8_path); }));
  });
}

}  // extern "C"
