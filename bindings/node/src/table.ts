// Named columns of equal length, going in or coming out.
import { type ArrowTable, arrowColumns, isArrowTable } from "./arrow.js";
import { shown } from "./checks.js";
import type { Column, Columns, OutColumn } from "./columns.js";
import { addColumn, columnOf, isNumberArray, lengthOf } from "./columns.js";
import type { External } from "./native.js";
import { addon, Handle, here, isExternal, parsed } from "./native.js";

/** What the library says of a table. */
export interface TableInfo {
  rows: number;
  columns: { name: string; type: string; multi_valued: boolean; nulls: number }[];
}

/** A row as an object, as JSON and database drivers give it; a key that is missing is a null. */
export type Row = { readonly [name: string]: unknown };

/** Columns by name, an array of rows, a table of apache-arrow, or a Table. */
export type Data = Table | Columns | readonly Row[] | ArrowTable;

/**
 * Named columns of equal length, copied into the library.
 *
 * A column is a typed array, or an array of numbers, strings or booleans with null for what is missing, or an array of such arrays (a
 * multi-valued column). Whole numbers are int64, which are categories; numbers with fractions, Float32Array and Float64Array are floats,
 * which are numbers. `{ type: "float64", values }` says it outright. Arrays of row objects do as well.
 */
export class Table extends Handle {
  #names: string[] | undefined;

  constructor(data: Columns | readonly Row[] | ArrowTable);
  /** @internal */
  constructor(handle: External);
  constructor(data: Columns | readonly Row[] | ArrowTable | External) {
    super(isExternal(data) ? data : tableFrom("data", data));
  }

  /** Rows, and the columns with their types. */
  get info(): TableInfo {
    return parsed(here("table_info", this.live));
  }

  get rows(): number {
    return this.info.rows;
  }

  /** The columns' names in their order. */
  get names(): string[] {
    this.#names ??= this.info.columns.map((column) => column.name);
    return this.#names;
  }

  /** A column, copied; NOT_FOUND where there is none of this name. */
  column(name: string): OutColumn {
    return columnOf(this.live, name);
  }

  /** All columns by name, copied. */
  toColumns(): Record<string, OutColumn> {
    return Object.fromEntries(this.names.map((name) => [name, this.column(name)]));
  }
}

/** Use the data, which errors call by the name, as a table, which is closed afterwards unless it was one already. */
export async function withTable<T>(name: string, data: Data, use: (table: Table) => Promise<T>): Promise<T> {
  if (data instanceof Table) return use(data);
  using table = new Table(tableFrom(name, data));
  return await use(table);
}

function tableFrom(name: string, data: Columns | readonly Row[] | ArrowTable): External {
  if (typeof data !== "object" || data === null || isNumberArray(data)) {
    throw new TypeError(`${name}: expected columns by name, an array of rows or a Table, found ${shown(data)}`);
  }
  const byName = isArrowTable(data) ? arrowColumns(data) : Array.isArray(data) ? columnsOf(data) : (data as Columns);
  const columns = Object.entries(byName);
  const handle = here<External>("table_new", columns.length === 0 ? 0 : lengthOf(...(columns[0] as [string, Column])));
  try {
    for (const [name, column] of columns) addColumn(handle, name, column);
  } catch (error) {
    addon.close(handle);
    throw error;
  }
  return handle;
}

function columnsOf(rows: readonly Row[]): Columns {
  const columns: Record<string, unknown[]> = Object.create(null); // a column may be called __proto__
  rows.forEach((row, i) => {
    if (typeof row !== "object" || row === null || Array.isArray(row))
      throw new TypeError(`row ${i}: expected an object, found ${shown(row)}`);
    for (const [name, value] of Object.entries(row)) {
      columns[name] ??= new Array(rows.length).fill(null);
      columns[name][i] = value;
    }
  });
  return columns as Columns;
}
