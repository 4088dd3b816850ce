// A recommender that a product carries inside: AutoInt, a factorization machine and a popularity baseline.
import type { EngineInfo, EngineSummary, FileInfo } from "./documents.js";
import { addon, here, parsed, pathOf, pool } from "./native.js";

export type { ArrowTable } from "./arrow.js";
export { Assembly, type AssemblyDescription } from "./assembly.js";
export type { Cells, Column, Columns, Id, NumberArray, OutColumn, TypeName, Value } from "./columns.js";
export { Type } from "./columns.js";
export type { DatasetInfo, FieldOptions, HistoryOptions, Part, Parts, Schema, SplitOptions } from "./dataset.js";
export { Dataset } from "./dataset.js";
export type * from "./documents.js";
export * from "./engines.js";
export { type Detail, InterplayError, Status, type StatusName } from "./errors.js";
export type { FitOptions, Ids, LoadOptions, PredictOptions, RecommendOptions, SaveOptions, UpdateOptions } from "./model.js";
export { Model } from "./model.js";
export type { Named, Recommendation, TopOptions, TrainingData } from "./recommender.js";
export { Recommender } from "./recommender.js";
export { Monitor, type ProgressEvent, type Watch } from "./run.js";
export { Cell, type CellRows, type CellValue, Resolved, Scorer, type ScorerOptions, type ScorerStats } from "./scorer.js";
export { type Data, type Row, Table, type TableInfo } from "./table.js";

/** The library's release. */
export const version: string = addon.version;

/** The C ABI that the library has: major * 65536 + minor. */
export const abiVersion: number = addon.abiVersion;

/** The engines in the library. */
export function engines(): EngineSummary[] {
  return parsed(here("engine_list"));
}

/** One engine, with the JSON Schema of its parameters. */
export function engine(name: string): EngineInfo {
  return parsed(here("engine_info", name));
}

/**
 * Load an engine from a shared library (a plug-in), which then stays; its name for `Model` and `Recommender`. The path is absolute, or a
 * file: URL; the same file again changes nothing. A plug-in runs in this process with all its rights, so load what you trust.
 * Rejects with INVALID_ARGUMENT (a relative path, a name that is taken), NOT_FOUND (no such file), INCOMPATIBLE (it is no engine for
 * this library).
 */
export async function loadEngine(path: string | URL): Promise<string> {
  return pool("engine_load", pathOf(path));
}

/** What a model file says of itself; needs no engine and reads no tensors. */
export async function fileInfo(path: string | URL): Promise<FileInfo> {
  return parsed(await pool("file_info", pathOf(path)));
}
