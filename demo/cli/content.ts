/**
 * Metrics and dashboards as files: `npm run content -- pull|push|diff [FOLDER]`.
 * @module
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { ContentDiff, ContentFault, ContentFile } from "../../schema/wire/content.ts";
import { command } from "./command.ts";
import { call, TARGET_OPTIONS, type Target, targetOf, UsageError } from "./target.ts";

const HELP = `npm run content -- pull|push|diff [FOLDER] [--prune] [--project P --token T] [--url U]

FOLDER is "content" when left out: metrics/<name>.yaml and dashboards/<id>.yaml, one a file. What is private is in none.
  pull      writes what is shared into the folder and takes away files of what is there no more
  diff      says what push would create, change and delete
  push      makes it so, all of it or nothing
  --prune   diff and push: delete what is in no file

The token needs the scope content:read, for push content:write too. Faults end with exit code 1.`;

/** Files that pull may write. */
const OURS = /^(metrics|dashboards)\/[a-z0-9][a-z0-9_-]*\.yaml$/;

function namesIn(folder: string, pattern: RegExp): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names.map((name) => name.replaceAll(path.sep, "/")).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

function filesIn(folder: string): ContentFile[] {
  return namesIn(folder, /\.(ya?ml|json)$/)
    .sort()
    .map((name) => ({ path: name, text: readFileSync(path.join(folder, name), "utf8") }));
}

async function pull(target: Target, folder: string): Promise<void> {
  const { files } = await call<{ files: ContentFile[] }>(target, "GET", "content?format=files");
  const written = files.filter((file) => OURS.test(file.path));
  for (const { path: name, text } of written) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const known = new Set(written.map((file) => file.path));
  const stale = namesIn(folder, OURS).filter((name) => !known.has(name));
  for (const name of stale) rmSync(path.join(folder, name));
  console.log(`${written.length} files written to ${folder}, ${stale.length} deleted.`);
}

function show(faults: readonly ContentFault[]): void {
  for (const { file, line, column, message } of faults) console.error(`${file}:${line}:${column} ${message}`);
  if (faults.length) process.exitCode = 1;
}

function report({ changes, faults }: ContentDiff, nothing: string): void {
  show(faults);
  for (const { kind, id, change, fields } of changes) {
    console.log(`${change.padEnd(8)} ${kind} ${id}${fields.length ? `: ${fields.join(", ")}` : ""}`);
  }
  if (!changes.length && !faults.length) console.log(nothing);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...TARGET_OPTIONS, prune: { type: "boolean", default: false } },
  });
  const [verb, folder = "content"] = positionals;
  if (values.help) return console.log(HELP);
  const target = targetOf(values);
  if (verb === "pull") return pull(target, folder);
  if (verb !== "push" && verb !== "diff") throw new UsageError(HELP);
  const files = filesIn(folder);
  if (!files.length) throw new UsageError(`There are no .yaml, .yml or .json files in ${folder}.`);
  const request = { files, prune: values.prune };
  if (verb === "diff") return report(await call(target, "POST", "content/diff", request), "No differences.");
  report(await call(target, "POST", "content/apply", request), "No changes.");
}

await command(import.meta.url, main);
