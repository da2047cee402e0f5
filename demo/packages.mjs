/**
 * Runs a script of the project: `node demo/packages.mjs demo/start.ts …`.
 * Works on a new clone: installs the locked packages when they are missing or older than the lockfile, then runs the
 * script under Node 24, which strips the types: the one among the packages (Linux, Windows), or the machine's. Plain
 * JavaScript, because nothing is installed yet.
 * @module
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const installed = path.join(root, "node_modules/.package-lock.json");
const major = Number(process.versions.node.split(".")[0]);

if (major < 20) {
  console.error(`Selvedge needs Node 20 or newer; this is ${process.version}.`);
  process.exit(1);
}

/** Whether every package of the lockfile is installed in its version; optional ones can be missing. */
function isInstalled() {
  if (!existsSync(installed)) return false;
  const [has, wants] = [installed, path.join(root, "package-lock.json")].map(
    (file) => JSON.parse(readFileSync(file, "utf8")).packages,
  );
  return Object.entries(wants).every(
    ([name, wanted]) =>
      name === "" || has[name]?.version === wanted.version || (wanted.optional && !has[name]),
  );
}

if (!isInstalled()) {
  console.log("Installing packages …");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}

const packaged = path.join(root, "node_modules/.bin/node");
const node = existsSync(packaged) ? packaged : process.execPath;
if (node === process.execPath && major < 24) {
  console.error(
    `On ${process.platform} ${process.arch} Selvedge needs Node 24 or newer; this is ${process.version}.`,
  );
  process.exit(1);
}
const [script = "", ...args] = process.argv.slice(2);
const child = spawn(node, ["--disable-warning=ExperimentalWarning", path.join(root, script), ...args], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    PATH: `${path.join(root, "node_modules/.bin")}${path.delimiter}${process.env.PATH}`,
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
  },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
