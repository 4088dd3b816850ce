// What is learned: an embedding table for each entry of the graph's list, and the dense weights.
#pragma once

#include "kit/graph.hpp"

#include <interplay/sdk/host.hpp>

namespace interplay::kit {

struct Model {
  std::shared_ptr<const Graph> graph;
  std::vector<std::int32_t> kinds;  // INTERPLAY_CATEGORY ..., one a field
  std::vector<Table> tables;        // by graph->tables
  Floats dense;                     // by the offsets of graph->parameters
  /// By operation: its product with each row of the tables that it reads, where project() was called; else empty.
  std::vector<std::vector<Table>> projected;
  const Kernels* kernels = nullptr;

  /// Learned numbers, padding not counted.
  std::size_t parameters() const;
  /// Learned numbers outside the tables.
  std::size_t dense_parameters() const;
};

std::size_t table_rows(const interplay_field& field, const TableSpec& spec);
bool all_finite(std::span<const float> numbers);

/// First values: embeddings normal, dense weights by their Init, the output bias at the prior. Each row is a function of
/// (seed, table, id) alone: growing a table step by step or at once gives the same rows.
Model make_model(std::shared_ptr<const Graph> graph, std::span<const interplay_field> fields,
                 std::uint64_t seed, float bias, const Kernels& kernels);
/// A copy to train, with the rows that `fields` has and `from` lacks. Throws INVALID_ARGUMENT if it is another model.
Model grow_model(const Model& from, std::shared_ptr<const Graph> graph,
                 std::span<const interplay_field> fields, std::uint64_t seed);

/// Computes what the first linear layers make of every table row, for good: scoring then looks it up instead. Changes no bit
/// of categories' scores. Memory: rows times the layer's width.
void project(Model& model);

}  // namespace interplay::kit
