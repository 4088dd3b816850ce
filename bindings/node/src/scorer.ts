// The hot path: one thread's scratch for scoring one model.
import { endianness } from "node:os";
import { idIn, listIn } from "./checks.js";
import type { Id, NumberArray } from "./columns.js";
import { idOf, room, setWhole, wellFormed } from "./columns.js";
import type { External } from "./native.js";
import { Handle, here, json, parsed } from "./native.js";

/** The types of a scorer's value, by the numbers of interplay.h. */
export const Cell = { NULL: 0, INT64: 1, FLOAT64: 2, STRING: 3, LIST: 4, ID: 5 } as const;

const SIZE = 16; // of a cell: int32 type, uint32 size, 8 bytes of value
const LITTLE = endianness() === "LE";

export interface ScorerOptions {
  output?: "score" | "logit" | undefined;
  max_rows?: number | undefined;
  exclude_seen?: boolean | undefined;
}

/** A value that resolve() has looked up. */
export class Resolved {
  /** @internal */
  readonly cell: Uint8Array;

  /** @internal */
  constructor(cell: Uint8Array) {
    this.cell = cell;
  }
}

export type CellValue = number | bigint | string | null | Resolved | readonly CellValue[] | NumberArray;

/** Each an array of a row's values or, where a row has one, the value itself. */
export type CellRows = NumberArray | readonly CellValue[];

export interface ScorerStats {
  rows: number;
  unknown: Record<string, number>;
}

/**
 * Scores row after row on the calling thread, without a promise: for rankings of some hundred rows inside a request. Scores are those of
 * Model.predict. Columns are `shared`, given once a call (typically the user's), and `row`, which each row has.
 */
export class Scorer extends Handle {
  /** The columns' names: the shared ones, then those of a row. */
  readonly names: readonly string[];
  readonly #nShared: number;
  readonly #items: number;
  readonly #cells = new CellWriter();

  /** @internal */
  constructor(model: External, items: number, shared: string[], row: string[], options: ScorerOptions = {}) {
    listIn("shared", shared);
    listIn("row", row);
    super(here<External>("scorer_open", model, [...shared, ...row], shared.length, row.length, json(options)));
    this.names = [...shared, ...row];
    this.#nShared = shared.length;
    this.#items = items;
  }

  /** The scores of rows. */
  score(shared: readonly CellValue[], rows: CellRows): Float32Array {
    const cells = this.#write(shared, rows);
    const scores = new Float32Array(rows.length);
    here("scorer_score", this.live, cells.view, this.#rows(cells), rows.length, cells.heap, cells.heapSize, scores);
    return scores;
  }

  /** The k best, best first: numbers of the rows given, or without rows of the catalogue's items, which item() names. */
  top(shared: readonly CellValue[], k = 10, rows?: CellRows): { index: number[]; scores: Float32Array } {
    const cells = this.#write(shared, rows ?? []);
    const places = room(k, rows?.length ?? this.#items);
    const index = new BigInt64Array(places);
    const scores = new Float32Array(places);
    const given = rows === undefined ? null : this.#rows(cells);
    const n = here<number>(
      "scorer_top",
      this.live,
      cells.view,
      given,
      rows?.length ?? 0,
      cells.heap,
      cells.heapSize,
      places,
      index,
      scores,
    );
    return { index: Array.from(index.subarray(0, n), Number), scores: scores.subarray(0, n) };
  }

  /** The catalogue's item at an index. */
  item(index: number): Id {
    const item = here<bigint | string>("scorer_item", this.live, index);
    return typeof item === "string" ? item : idOf(item);
  }

  /** Look a value up once: what comes back may stand in its place in any scorer of the same model. */
  resolve(column: string, value: CellValue): Resolved {
    const number = this.names.indexOf(column);
    if (number < 0) throw new TypeError(`expected one of ${this.names.join(", ")}, found "${column}"`);
    const cells = this.#cells.start(1);
    cells.write(value);
    const out = new Uint8Array(SIZE);
    here("scorer_resolve", this.live, number, cells.view, cells.heap, cells.heapSize, out);
    return new Resolved(out);
  }

  /** Rows scored since it was opened, and in how many of them a column's value was unknown. */
  get stats(): ScorerStats {
    return parsed(here("scorer_stats", this.live));
  }

  #write(shared: readonly CellValue[], rows: CellRows): CellWriter {
    listIn("shared", shared);
    listIn("rows", rows);
    const nRow = this.names.length - this.#nShared;
    const cells = this.#cells.start(this.#nShared + nRow * rows.length);
    if (shared.length !== this.#nShared) {
      throw new TypeError(
        `expected ${this.#nShared} shared values (${this.names.slice(0, this.#nShared).join(", ")}), found ${shared.length}`,
      );
    }
    for (const value of shared) cells.write(value);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as CellValue;
      const values = Array.isArray(row) && !(nRow === 1 && row.length !== 1) ? row : [row];
      if (values.length !== nRow) {
        throw new TypeError(`row ${i}: expected ${nRow} values (${this.names.slice(this.#nShared).join(", ")}), found ${values.length}`);
      }
      for (const value of values) cells.write(value);
    }
    return cells;
  }

  #rows(cells: CellWriter): Uint8Array {
    return cells.view.subarray(this.#nShared * SIZE);
  }
}

/** Cells one behind the other, and the heap of their strings and lists; the memory is used again by the next call. */
class CellWriter {
  view = new Uint8Array(0);
  heap = Buffer.alloc(0);
  heapSize = 0;
  #data = new DataView(this.view.buffer);
  #next = 0;

  /** Make room for n cells, and begin anew. */
  start(n: number): this {
    if (this.view.length < n * SIZE) {
      this.view = new Uint8Array(n * SIZE);
      this.#data = new DataView(this.view.buffer);
    }
    this.#next = 0;
    this.heapSize = 0;
    return this;
  }

  write(value: CellValue): void {
    this.#put(this.#data, this.#next, value);
    this.#next += SIZE;
  }

  #put(data: DataView, at: number, value: CellValue): void {
    if (value === null || value === undefined) put(data, at, Cell.NULL, 0, 0n);
    else if (typeof value === "bigint" || Number.isSafeInteger(value)) put(data, at, Cell.INT64, 0, whole(value as number | bigint));
    else if (typeof value === "number") {
      put(data, at, Cell.FLOAT64, 0, 0n);
      data.setFloat64(at + 8, value, LITTLE);
    } else if (typeof value === "string") {
      const size = Buffer.byteLength(wellFormed("a value", value));
      const offset = this.#room(size);
      this.heap.write(value, offset);
      put(data, at, Cell.STRING, size, BigInt(offset));
    } else if (value instanceof Resolved) new Uint8Array(data.buffer, data.byteOffset + at, SIZE).set(value.cell);
    else if (Array.isArray(value) || ArrayBuffer.isView(value)) this.#putList(data, at, value as CellRows);
    else throw new TypeError(`expected a number, a bigint, a string, null or an array of these, found ${value}`);
  }

  #putList(data: DataView, at: number, list: CellRows): void {
    // Aside first: the strings of the list go to the heap before it.
    const cells = new DataView(new ArrayBuffer(list.length * SIZE));
    for (let i = 0; i < list.length; i++) this.#put(cells, i * SIZE, list[i] as CellValue);
    this.#room(-this.heapSize & 7);
    const offset = this.#room(cells.byteLength);
    this.heap.set(new Uint8Array(cells.buffer), offset);
    put(data, at, Cell.LIST, list.length, BigInt(offset));
  }

  /** Where `size` more bytes of the heap begin. */
  #room(size: number): number {
    const offset = this.heapSize;
    this.heapSize += size;
    if (this.heapSize > this.heap.length) {
      const larger = Buffer.alloc(Math.max(256, 2 * this.heapSize));
      this.heap.copy(larger);
      this.heap = larger;
    }
    return offset;
  }
}

function put(data: DataView, at: number, type: number, size: number, value: bigint): void {
  data.setInt32(at, type, LITTLE);
  data.setUint32(at + 4, size, LITTLE);
  data.setBigInt64(at + 8, value, LITTLE);
}

function whole(value: number | bigint): bigint {
  if (typeof value === "number") return BigInt(value);
  if (BigInt.asIntN(64, value) === value) return value;
  throw new TypeError(`expected a whole number of 64 bits, found ${value}`);
}

/** One user and one item after the other, with as little around the call as can be. */
export class PairScorer {
  readonly #scorer: Scorer;
  readonly #words = new Int32Array(8);
  readonly #user = new Uint8Array(this.#words.buffer, 0, SIZE);
  readonly #item = new Uint8Array(this.#words.buffer, SIZE, SIZE);
  readonly #score = new Float32Array(1);

  constructor(model: External, user: string, item: string) {
    this.#scorer = new Scorer(model, 1, [user], [item], { max_rows: 1 });
  }

  score(user: Id, item: Id): number {
    if (!Number.isSafeInteger(user) || !Number.isSafeInteger(item)) {
      return this.#scorer.score([idIn("predict: userId", user)], [idIn("predict: itemId", item)])[0] as number;
    }
    this.#set(0, user as number);
    this.#set(4, item as number);
    here("scorer_score", this.#scorer.live, this.#user, this.#item, 1, null, 0, this.#score);
    return this.#score[0] as number;
  }

  #set(at: number, id: number): void {
    this.#words[at] = Cell.INT64;
    setWhole(this.#words, at + 2, id);
  }

  close(): void {
    this.#scorer.close();
  }
}
