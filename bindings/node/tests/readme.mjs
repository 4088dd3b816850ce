// Runs every block of JavaScript in a README, in their order, as one program in an empty folder. Usage: node readme.mjs README.md
// The data are MovieLens where INTERPLAY_TEST_DATA has ml-100k, else planted ratings in the same files.
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const blocks = [...readFileSync(process.argv[2], "utf8").matchAll(/^```js\n(.*?)^```/gms)].map((match) => match[1]);
const folder = mkdtempSync(join(tmpdir(), "interplay-readme-"));
const data = join(process.env.INTERPLAY_TEST_DATA ?? "/nowhere", "ml-100k");

/** The files of ml-100k, or the same columns, drawn. */
function files() {
  if (existsSync(data)) {
    const text = (name) => readFileSync(join(data, name), "utf8");
    return { "ratings.csv": text("ratings.csv").replace("item_id", "movie_id"), "users.csv": text("users.csv") };
  }
  let seed = 1;
  const below = (n) => {
    seed = (seed * 48271) % 2147483647;
    return seed % n;
  };
  const ratings = Array.from({ length: 8000 }, (_, time) => `${1 + below(300)},${1 + below(200)},${1 + below(5)},${time}`);
  const users = Array.from({ length: 300 }, (_, i) => `${i + 1},${15 + below(60)},${"FM"[below(2)]},writer,12345`);
  return {
    "ratings.csv": `user_id,movie_id,rating,timestamp\n${ratings.join("\n")}\n`,
    "users.csv": `user_id,age,gender,occupation,zip\n${users.join("\n")}\n`,
  };
}

try {
  for (const [name, text] of Object.entries(files())) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "readme.mjs"), blocks.join("\n"));
  symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
  process.chdir(folder);
  await import(pathToFileURL(join(folder, "readme.mjs")));
} finally {
  process.chdir("/");
  rmSync(folder, { recursive: true });
}
console.log(`readme: ${blocks.length} blocks of README.md ran with ${existsSync(data) ? "MovieLens-100K" : "planted ratings"}`);
