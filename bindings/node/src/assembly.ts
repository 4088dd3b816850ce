// A model from tensors that were trained elsewhere.
import { listIn } from "./checks.js";
import type { Column, NumberArray } from "./columns.js";
import { filled, present, Type, type TypeName, wholes } from "./columns.js";
import { type Model, weighed } from "./model.js";
import type { External } from "./native.js";
import { Handle, here, json, pool } from "./native.js";
import { Table } from "./table.js";

/** The fields in the order of the tensors, and the objective: see interplay_assembly_new in interplay.h. */
export interface AssemblyDescription {
  schema: { user?: string; item?: string; label?: string };
  fields: {
    name: string;
    of: "user" | "item" | "context";
    kind: "category" | "categories" | "number";
    transform?: string;
    shift?: number;
    scale?: number;
  }[];
  objective: { kind: "binary" | "rating" | "regression"; low?: number; high?: number; mean?: number };
}

/**
 * Describe the fields, hand over their values and the tensors, finish. Names and shapes of the tensors are the engine's; Model.tensors()
 * of a fitted model shows them.
 */
export class Assembly extends Handle {
  constructor(engine: string, params: object | undefined, description: AssemblyDescription) {
    super(here<External>("assembly_new", engine, json(params, "params"), json(description, "description")));
  }

  /** The values of a category field, in the order of their rows in the field's tensor (value i has row i + 1). */
  addValues(field: string, values: Column): void {
    using table = new Table({ value: values });
    here("assembly_add_values", this.live, field, table.live);
  }

  /** A tensor, row-major, copied. */
  addTensor(
    name: string,
    data: NumberArray | readonly number[],
    shape: readonly number[],
    type: Exclude<TypeName, "string"> = "float32",
  ): void {
    listIn(name, data);
    listIn(`${name}: shape`, shape);
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== data.length)
      throw new TypeError(`${name}: expected ${size} numbers for the shape [${shape.join(", ")}], found ${data.length}`);
    const code = Type[type.toUpperCase() as keyof typeof Type];
    const lengths = wholes(`${name}: shape`, present(`${name}: shape`, shape));
    here("assembly_add_tensor", this.live, name, code, filled(name, present(name, data), code), shape.length, lengths);
  }

  /** The fitted model. The assembly stays as it is: mend it after a failure, finish it again. */
  async finish(): Promise<Model> {
    return weighed(await pool<External>("assembly_finish", this.live));
  }
}
