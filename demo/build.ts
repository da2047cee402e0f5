/**
 * `npm run build`: the tracker and the demo page into the static assets, then the Worker with its pages.
 * @module
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { buildSdk } from "../sdk/build.ts";
import { ROOT, stampBuild } from "./fresh-build.ts";
import { buildDemo } from "./site/build.ts";

console.table(await buildSdk());
await buildDemo();
const vite = path.join(ROOT, "node_modules/vite/bin/vite.js");
const { status } = spawnSync(process.execPath, [vite, "build", "--config", "app/vite.config.ts"], {
  cwd: ROOT,
  stdio: "inherit",
});
if (status === 0) stampBuild();
process.exitCode = status ?? 1;
