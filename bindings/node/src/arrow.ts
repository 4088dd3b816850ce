// Tables of apache-arrow, known by what they look like: this package does not depend on it.
import type { Cells, Column, Columns, TypeName } from "./columns.js";

interface ArrowType {
  readonly typeId: number;
  readonly children?: readonly { readonly type: ArrowType }[] | null;
  readonly bitWidth?: number; // of Int
  readonly isSigned?: boolean;
  readonly precision?: number; // of Float: half, single, double
  readonly dictionary?: ArrowType; // of Dictionary: its values
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

// Type ids of apache-arrow.
const Id = { DICTIONARY: -1, NULL: 1, INT: 2, FLOAT: 3, UTF8: 5, BOOL: 6, LIST: 12, FIXED_SIZE_LIST: 16, LARGE_UTF8: 20 } as const;

export function isArrowTable(data: object): data is ArrowTable {
  return "getChild" in data && typeof data.getChild === "function" && "schema" in data;
}

/** Its columns; numbers without nulls as the typed arrays that they are. */
export function arrowColumns(table: ArrowTable): Columns {
  const columns = table.schema.fields.map(({ name }) => [name, columnOf(name, table.getChild(name) as ArrowVector)] as const);
  return Object.fromEntries(columns);
}

function columnOf(name: string, vector: ArrowVector): Column {
  const { typeId, children } = vector.type;
  const lists = typeId === Id.LIST || typeId === Id.FIXED_SIZE_LIST;
  const inner = lists ? children?.[0]?.type : vector.type;
  const type = inner && typeOf(inner);
  if (type === undefined) {
    throw new TypeError(
      `column "${name}": expected integers, float32, float64, bool, utf8, a dictionary or lists of these, ` +
        `found Arrow's ${vector.type}: convert it, or leave it out`,
    );
  }
  const array = lists || vector.nullCount > 0 ? undefined : vector.toArray();
  const values = ArrayBuffer.isView(array)
    ? array
    : Array.from(vector, (cell) => (lists && cell !== null ? Array.from(cell as Iterable<unknown>) : cell));
  return { type, values: values as Cells };
}

/** The type that holds every value of an Arrow type; none where toArray() or a cell would be bits, words or objects. */
function typeOf({ typeId, bitWidth = 64, isSigned, precision, dictionary }: ArrowType): TypeName | undefined {
  if (typeId === Id.DICTIONARY) return dictionary && typeOf(dictionary);
  if (typeId === Id.INT) return bitWidth < 32 || (bitWidth === 32 && isSigned) ? "int32" : "int64";
  if (typeId === Id.FLOAT) return ([undefined, "float32", "float64"] as const)[precision ?? 0];
  if (typeId === Id.UTF8 || typeId === Id.LARGE_UTF8) return "string";
  if (typeId === Id.BOOL) return "bool8";
  return typeId === Id.NULL ? "float64" : undefined;
}
