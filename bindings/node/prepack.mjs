// Before npm pack: a package without the library for this platform would be one that nobody can import.
import { copyFileSync, existsSync } from "node:fs";

for (const path of ["dist/index.js", `native/${process.platform}-${process.arch}/interplay.node`]) {
  if (existsSync(path)) continue;
  console.error(`interplay: expected ${path}, found none: npm run build makes it, from a clone whose library is built`);
  process.exit(1);
}
copyFileSync("../../LICENSE", "LICENSE");
