/**
 * Generates the SQL migrations from the tables, then makes every table whose key is not AUTOINCREMENT
 * `WITHOUT ROWID`, which drizzle cannot express: with a rowid, a text key is a second index and D1 bills two written
 * rows for each row (D1 › Platform › Pricing).
 * @module
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

for (const database of ["control", "shard"]) {
  execFileSync("npx", ["drizzle-kit", "generate", `--config=schema/drizzle.${database}.ts`], {
    stdio: "inherit",
  });
  if (database === "control") continue;
  const folder = `schema/migrations/${database}`;
  for (const name of readdirSync(folder).filter((n) => n.endsWith(".sql"))) {
    const path = `${folder}/${name}`;
    const sql = readFileSync(path, "utf8");
    const keyed = sql.replace(/CREATE TABLE [^;]*?\n\);/g, (table) =>
      /AUTOINCREMENT/.test(table) ? table : table.replace(/\);$/, ") WITHOUT ROWID;"),
    );
    if (keyed !== sql) writeFileSync(path, keyed);
  }
}
