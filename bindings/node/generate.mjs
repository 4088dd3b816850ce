#!/usr/bin/env node
// Writes src/engines.ts from the parameters that the library's engines publish. Usage: generate [--print]
// Needs the package built (npm run build), or installed where this runs. tests/engines.test.mjs fails when the file is old.
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const CLASSES = { autoint: "AutoInt", fm: "FM", popularity: "Popularity" };
const TYPES = { integer: "number", number: "number", string: "string", boolean: "boolean", array: "readonly number[]" };
const HEAD = `// The engines as classes. Written by bindings/node/generate from what the library publishes: do not edit.
import type { LoadOptions, Model } from "./model.js";
import { type Named, opened, Recommender } from "./recommender.js";
`;

function wrapped(text, indent) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (indent.length + lines.at(-1).length + word.length > 136) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) && " ") + word;
  }
  return lines.length === 1
    ? `${indent}/** ${lines[0]} */`
    : [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`].join("\n");
}

function typeOf(schema) {
  if (schema.type === "string" && schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  return TYPES[schema.type];
}

function property(name, schema) {
  const bounds = schema.minimum !== undefined && schema.maximum !== undefined ? ` ${schema.minimum} to ${schema.maximum}.` : "";
  const text = `${schema.description.replace(/\.$/, "")}.${bounds} Default: ${JSON.stringify(schema.default)}.`;
  return `${wrapped(text, "  ")}\n  ${name}?: ${typeOf(schema)} | undefined;`;
}

function oneEngine(info) {
  const name = CLASSES[info.name];
  const properties = Object.entries(info.parameters.properties).map(([key, schema]) => property(key, schema));
  return `
/** Parameters of ${name}; what is not given has the engine's default, or the preset's where there is one. */
export interface ${name}Params {
${properties.join("\n")}
}

${wrapped(info.summary, "")}
export class ${name} extends Recommender<${name}Params> {
  /** A wrong parameter is refused by the library, with the nearest right one. With a model, one around it instead of a new one. */
  constructor(params: ${name}Params & Named = {}, model?: Model) {
    super("${info.name}", params, model);
  }

  /** One from a file of save. */
  static override async load(path: string | URL, options: LoadOptions & Named = {}): Promise<${name}> {
    const [name, model] = await opened(path, options);
    return new ${name}({ name }, model);
  }
}
`;
}

/** The text of src/engines.ts. */
export function source({ engine, engines }) {
  const known = engines().filter(({ name }) => name in CLASSES);
  return HEAD + known.map(({ name }) => oneEngine(engine(name))).join("");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = source(await import("./dist/index.js"));
  if (process.argv.includes("--print")) process.stdout.write(text);
  else writeFileSync(new URL("src/engines.ts", import.meta.url), text);
}
