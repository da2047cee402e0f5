/**
 * `demo.json` in the state folder: credentials of the demo.
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Contents of the file. */
export interface Demo {
  email: string;
  password: string;
  project_id: string;
  api_key: string;
}

/** The state folder in use: `SELVEDGE_STATE`, else `.wrangler/state`. */
export function stateFolder(): string {
  return path.resolve(import.meta.dirname, "..", process.env.SELVEDGE_STATE ?? ".wrangler/state");
}

/** The demo of a state folder, or null when it has none yet. */
export function readDemo(state: string): Demo | null {
  const file = path.join(state, "demo.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

/** Stores the demo's credentials for the next start and for the commands. */
export function writeDemo(state: string, demo: Demo): void {
  writeFileSync(path.join(state, "demo.json"), `${JSON.stringify(demo, null, 2)}\n`);
}
