// JavaScript's columns as the plain arrays that the library copies, and back.
import { endianness } from "node:os";
import { shown } from "./checks.js";
import { InterplayError } from "./errors.js";
import type { External } from "./native.js";
import { here } from "./native.js";

/** The types of a column, by the numbers of interplay.h. */
export const Type = { INT64: 1, INT32: 2, FLOAT32: 3, FLOAT64: 4, BOOL8: 5, STRING: 6 } as const;
export type TypeName = "int64" | "int32" | "float32" | "float64" | "bool8" | "string";

/** An id of a user or an item: a whole number (a bigint from 2^53 on) or a text. */
export type Id = number | bigint | string;
export type Value = number | bigint | string | boolean;
export type NumberArray =
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Float32Array
  | Float64Array;

/** One value a row, or a list of values a row (a multi-valued column); null or undefined is a null. */
export type Cells = NumberArray | readonly (Value | readonly Value[] | NumberArray | null | undefined)[];

/** Cells, or cells with the type that they shall have: for columns of nulls alone, or to make numbers categories. */
export type Column = Cells | { readonly type: TypeName; readonly values: Cells };

/** Named columns of one length. */
export type Columns = { readonly [name: string]: Column };

type Filled = BigInt64Array | Int32Array | Float32Array | Float64Array | Uint8Array;

const ARRAYS = { 1: BigInt64Array, 2: Int32Array, 3: Float32Array, 4: Float64Array, 5: Uint8Array } as const;

/** The number of rows in a column. */
export function lengthOf(name: string, column: Column): number {
  return cellsOf(`column "${name}"`, column).length;
}

/** A column's cells; the name is what an error calls it. */
export function cellsOf(name: string, column: Column): Cells {
  const typed = typeof column === "object" && column !== null && "values" in column && typeof column.values !== "function";
  const cells: unknown = typed ? column.values : column;
  if (isNumberArray(cells) || Array.isArray(cells)) return cells;
  throw new TypeError(`${name}: expected an array or a typed array, or { type, values }, found ${shown(cells)}`);
}

/** Whether this is a typed array of numbers. */
export function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Add a column to a table, copied. */
export function addColumn(table: External, name: string, column: Column): void {
  const cells = cellsOf(`column "${name}"`, column);
  const type = "type" in column && typeof column.type === "string" ? typeOf(name, column.type) : undefined;
  if (isNumberArray(cells)) {
    addValues(table, name, cells, type, null, null);
    return;
  }
  const valid = cells.some(isNull) ? Uint8Array.from(cells, (cell) => (isNull(cell) ? 0 : 1)) : null;
  if (!cells.some(isList)) {
    addValues(table, name, cells as readonly (Value | null | undefined)[], type, null, valid);
    return;
  }
  const values: (Value | null)[] = [];
  const offsets = new BigInt64Array(cells.length + 1);
  cells.forEach((cell, row) => {
    if (!isNull(cell) && !isList(cell)) throw new TypeError(`column "${name}", row ${row}: expected a list or null, found ${shown(cell)}`);
    for (const value of (cell ?? []) as Iterable<Value>) {
      // Only rows have nulls: it would be a 0 or an empty text.
      if (isNull(value)) throw new TypeError(`column "${name}", row ${row}: expected a list without nulls, found ${value} in it`);
      values.push(value);
    }
    offsets[row + 1] = BigInt(values.length);
  });
  addValues(table, name, values, type, offsets, valid);
}

function addValues(
  table: External,
  name: string,
  values: NumberArray | readonly (Value | null | undefined)[],
  given: number | undefined,
  offsets: BigInt64Array | null,
  valid: Uint8Array | null,
): void {
  const type = given ?? (isNumberArray(values) ? typeOfArray(values) : guessed(name, values));
  if (type === Type.STRING) {
    const { bytes, starts } = encoded(name, values as readonly unknown[]);
    here("table_add_strings", table, name, bytes, bytes.length, starts, values.length, offsets, valid);
  } else {
    here("table_add", table, name, type, filled(`column "${name}"`, values, type), values.length, offsets, valid);
  }
}

function nameOf(type: number): string {
  return (
    Object.entries(Type)
      .find(([, code]) => code === type)?.[0]
      .toLowerCase() ?? ""
  );
}

function typeOf(name: string, type: string): number {
  const found = (Type as Record<string, number>)[type.toUpperCase()];
  if (found === undefined) {
    throw new TypeError(`column "${name}": expected a type out of ${Object.keys(Type).join(", ").toLowerCase()}, found "${type}"`);
  }
  return found;
}

function typeOfArray(values: NumberArray): number {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array || values instanceof Uint32Array) return Type.INT64;
  if (values instanceof Float32Array) return Type.FLOAT32;
  return values instanceof Float64Array ? Type.FLOAT64 : Type.INT32;
}

/** Texts are strings, booleans bools; numbers are int64 if all of them are whole, otherwise float64. */
function guessed(name: string, values: readonly (Value | null | undefined)[]): number {
  const kinds: string[] = [];
  let whole = true;
  let last = "";
  for (const value of values) {
    if (isNull(value)) continue;
    const kind = typeof value === "bigint" ? "number" : typeof value;
    if (kind !== last && !kinds.includes(kind)) kinds.push(kind);
    last = kind;
    if (typeof value === "number" && !Number.isInteger(value)) whole = false;
  }
  const [kind = "number", another] = kinds;
  if (another !== undefined) throw new TypeError(`column "${name}": expected values of one kind, found ${kinds.join(" and ")}`);
  if (kind === "string") return Type.STRING;
  if (kind === "boolean") return Type.BOOL8;
  if (kind !== "number") throw new TypeError(`column "${name}": expected numbers, strings or booleans, found ${kind}`);
  return whole ? Type.INT64 : Type.FLOAT64;
}

/** The values in the array of their type, which may be the one given; nulls are 0, NaN for floats. */
export function filled(name: string, values: NumberArray | readonly (Value | null | undefined)[], type: number): Filled {
  const Kind = ARRAYS[type as keyof typeof ARRAYS];
  if (values instanceof Kind) return values as Filled;
  if (type === Type.INT64) return wholes(name, values);
  const out = new Kind(values.length) as Exclude<Filled, BigInt64Array>;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const floats = type === Type.FLOAT32 || type === Type.FLOAT64;
    const number = isNull(value) ? (floats ? Number.NaN : 0) : typeof value === "string" ? undefined : Number(value);
    if (number !== undefined) out[i] = number;
    if (number === undefined || (!floats && out[i] !== number) || (Number.isFinite(number) && !Number.isFinite(out[i]))) {
      throw new TypeError(`${name}, row ${i}: expected a number that ${nameOf(type)} can hold, found ${shown(value)}`);
    }
  }
  return out;
}

/** Values none of which is null, for arrays that have no place for one: it would be a 0. */
export function present<T extends NumberArray | readonly unknown[]>(name: string, values: T): T {
  const row = isNumberArray(values) ? -1 : values.findIndex(isNull);
  if (row < 0) return values;
  throw new TypeError(`${name}, row ${row}: expected a number, found ${shown(values[row])}`);
}

/** Whole numbers as int64; a number that has lost its last digits is refused rather than taken for another. */
export function wholes(name: string, values: NumberArray | readonly (Value | null | undefined)[]): BigInt64Array {
  const out = new BigInt64Array(values.length);
  const halves = new Int32Array(out.buffer); // three times as fast as a bigint for each number
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === "number" && Number.isSafeInteger(value)) setWhole(halves, 2 * i, value);
    else if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) out[i] = value;
    else if (!isNull(value)) {
      throw new TypeError(`${name}, row ${i}: expected a whole number below 2^53, or a bigint of 64 bits, found ${shown(value)}`);
    }
  }
  return out;
}

const LITTLE = endianness() === "LE";

/** A safe integer as the int64 whose first half is at `at`. */
export function setWhole(halves: Int32Array, at: number, value: number): void {
  const high = Math.floor(value / 4294967296);
  const low = value - high * 4294967296;
  halves[at] = LITTLE ? low : high;
  halves[at + 1] = LITTLE ? high : low;
}

function encoded(name: string, values: readonly unknown[]): { bytes: Uint8Array; starts: BigInt64Array } {
  const starts = new BigInt64Array(values.length + 1);
  const texts = Array.from(values, (value, i) => {
    if (typeof value !== "string" && !isNull(value)) {
      throw new TypeError(`column "${name}", row ${i}: expected a string, found ${shown(value)}`);
    }
    return wellFormed(`column "${name}", row ${i}`, value ?? "");
  });
  const bytes = Buffer.alloc(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0));
  let end = 0;
  texts.forEach((text, i) => {
    end += bytes.write(text, end);
    starts[i + 1] = BigInt(end);
  });
  return { bytes, starts };
}

/** A text that UTF-8 has: half a surrogate pair would become U+FFFD, as every other such text, and two ids one. */
export function wellFormed(name: string, text: string): string {
  if (text.isWellFormed()) return text;
  throw new TypeError(`${name}: expected text without half a surrogate pair, found ${shown(text)}`);
}

function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || isNumberArray(value);
}

/** A column that came out: float32, float64 and int32 in their arrays, int64 as ids; with nulls, or lists, as an array. */
export type OutColumn = Float32Array | Float64Array | Int32Array | (Value | null)[] | (Value[] | null)[];

interface RawColumn {
  type: number;
  values: ArrayBuffer;
  stringOffsets: ArrayBuffer | null;
  rowOffsets: ArrayBuffer | null;
  valid: ArrayBuffer | null;
}

export function columnOf(table: External, name: string): OutColumn {
  const raw = here<RawColumn>("table_column", table, name);
  const values = valuesOf(raw);
  const valid = raw.valid === null ? null : new Uint8Array(raw.valid);
  if (raw.rowOffsets !== null) {
    const offsets = new BigInt64Array(raw.rowOffsets);
    const lists: (Value[] | null)[] = [];
    for (let row = 0; row + 1 < offsets.length; row++) {
      const list = Array.from(values.slice(Number(offsets[row]), Number(offsets[row + 1]))) as Value[];
      lists.push(valid === null || valid[row] === 1 ? list : null);
    }
    return lists;
  }
  return valid === null ? (values as OutColumn) : Array.from(values as ArrayLike<Value>, (value, row) => (valid[row] === 1 ? value : null));
}

function valuesOf(raw: RawColumn): Float32Array | Float64Array | Int32Array | Value[] {
  if (raw.type === Type.INT64) return idsOf(new BigInt64Array(raw.values));
  if (raw.type === Type.INT32) return new Int32Array(raw.values);
  if (raw.type === Type.FLOAT32) return new Float32Array(raw.values);
  if (raw.type === Type.FLOAT64) return new Float64Array(raw.values);
  if (raw.type === Type.BOOL8) return Array.from(new Uint8Array(raw.values), (value) => value !== 0);
  const bytes = Buffer.from(raw.values);
  const offsets = new BigInt64Array(raw.stringOffsets as ArrayBuffer);
  return Array.from({ length: offsets.length - 1 }, (_, i) => bytes.toString("utf8", Number(offsets[i]), Number(offsets[i + 1])));
}

/** How many places a ranking gets: k, but no more than there are. Less than 1 becomes 0, which is the library's to refuse. */
export function room(k: number, most: number): number {
  if (Number.isInteger(k)) return Math.max(0, Math.min(k, Math.max(most, 1)));
  throw new InterplayError("INVALID_ARGUMENT", `k: expected a whole number, found ${shown(k)}`, { key: "k" });
}

/** int64 as numbers where these are exact, else as bigints: what went in as a number comes out as one. */
export function idsOf(values: BigInt64Array): (number | bigint)[] {
  const ids = new Array<number | bigint>(values.length);
  for (let i = 0; i < ids.length; i++) ids[i] = idOf(values[i] as bigint);
  return ids;
}

export function idOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
