/**
 * Run by wrangler before it bundles: passes when the Worker is built, else prints what to run.
 * @module
 */
import { existsSync } from "node:fs";
import path from "node:path";

if (!existsSync(path.join(import.meta.dirname, "../dist/server/wrangler.json"))) {
  console.log(
    "\nThe Worker is not built yet. Run `npm run build` first (`npm run deploy` does everything).\n",
  );
  process.exit(1);
}
