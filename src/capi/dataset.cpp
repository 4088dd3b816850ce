// datasets
#include "capi/guard.hpp"
#include "data/arrow.hpp"

using namespace interplay::core;

extern "C" {

interplay_status interplay_dataset_new(const char* schema_json, interplay_dataset** out_dataset,
                                       interplay_error** error) {
  clear(out_dataset);
  return guard(error, [&] {
    require(out_dataset, "out_dataset");
    *out_dataset = new interplay_dataset{Dataset(Schema::parse(parse_json(schema_json, "schema")))};
  });
}

interplay_status interplay_dataset_append(interplay_dataset* dataset, const char* part,
                                          const interplay_table* table, interplay_error** error) {
  return guard(error, [&] {
    require(dataset, "dataset");
    require(part, "part");
    require(table, "table");
    dataset->dataset.append(parse_part(part), *table->table);
  });
}

interplay_status interplay_dataset_append_arrow(interplay_dataset* dataset, const char* part,
                                                struct ArrowArrayStream* moved_in, interplay_error** error) {
  return guard(error, [&] {
    require(moved_in, "moved_in");
    const Table table = table_from_arrow(moved_in);  // first: the stream is released in every case
    require(dataset, "dataset");
    require(part, "part");
    dataset->dataset.append(parse_part(part), table);
  });
}

interplay_status interplay_dataset_seal(interplay_dataset* dataset, interplay_error** error) {
  return guard(error, [&] {
    require(dataset, "dataset");
    dataset->dataset.seal();
  });
}

interplay_status interplay_dataset_split(const interplay_dataset* dataset, const char* options_json,
                                         interplay_dataset** out_first, interplay_dataset** out_second,
                                         interplay_error** error) {
  clear(out_first);
  clear(out_second);
  return guard(error, [&] {
    require(dataset, "dataset");
    require(out_first, "out_first");
    require(out_second, "out_second");
    auto [first, second] = split(dataset->dataset, parse_json(options_json, "options of split"));
    auto holder = std::make_unique<interplay_dataset>(interplay_dataset{std::move(first)});
    *out_second = new interplay_dataset{std::move(second)};
    *out_first = holder.release();
  });
}

interplay_status interplay_dataset_info(const interplay_dataset* dataset, interplay_text** out_json,
                                        interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(dataset, "dataset");
    require(out_json, "out_json");
    *out_json = new_text(dataset->dataset.info());
  });
}

void interplay_dataset_free(interplay_dataset* dataset) { delete dataset; }

}  // extern "C"
