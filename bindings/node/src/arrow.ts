// Tables of apache-arrow, known by what they look like: this package does not depend on it.
import type { Cells, Column, Columns } from "./columns.js";

interface ArrowType {
  readonly typeId: number;
  readonly children?: readonly { readonly type: ArrowType }[] | null;
}

interface ArrowVector extends Iterable<unknown> {
  readonly type: ArrowType;
  readonly nullCount: number;
  toArray(): unknown;
}

/** What this package uses of apache-arrow's Table and RecordBatch. */
export interface ArrowTable {
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChild(name: string): ArrowVector | null;
}

// Of Arrow's format, where they are fixed.
const FLOAT = 3;
const LISTS = new Set([12, 16]); // List, FixedSizeList

export function isArrowTable(data: object): data is ArrowTable {
  return "getChild" in data && typeof data.getChild === "function" && "schema" in data;
}

/** Its columns; numbers without nulls as the typed arrays that they are. */
export function arrowColumns(table: ArrowTable): Columns {
  const columns = table.schema.fields.map(({ name }) => [name, columnOf(table.getChild(name) as ArrowVector)] as const);
  return Object.fromEntries(columns);
}

function columnOf(vector: ArrowVector): Column {
  const lists = LISTS.has(vector.type.typeId);
  const inner = lists ? vector.type.children?.[0]?.type : vector.type;
  const array = lists || vector.nullCount > 0 ? undefined : vector.toArray();
  if (ArrayBuffer.isView(array)) return array as Cells & ArrayBufferView;
  const cells = Array.from(vector, (cell) => (lists && cell !== null ? Array.from(cell as Iterable<unknown>) : cell)) as Cells;
  return inner?.typeId === FLOAT ? { type: "float64", values: cells } : cells;
}
