/** The rules of the house, read from the files themselves. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { DROP_REASONS } from "../../schema/wire/row.ts";

const ROOT = path.join(import.meta.dirname, "../..");

/** A room may import rooms of lower layers, never its own layer. */
const LAYERS: Record<string, number> = {
  lib: 0,
  metrics: 1,
  rollup: 2,
  lake: 2,
  accounts: 2,
  projects: 2,
  notify: 2,
  records: 2,
  ingest: 3,
  query: 3,
  fold: 3,
  live: 3,
  sources: 3,
  models: 3,
  discussion: 4,
  dashboards: 4,
  quality: 4,
  api: 5,
  queue: 5,
  cron: 5,
  sync: 5,
};
/** Reading queued or dead messages back is the API's business too; both rooms speak for the edge. */
const ALLOWED = new Set(["api → queue"]);

function filesOf(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function importsOf(file: string): { target: string; isType: boolean }[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+"(\.[^"]+)"|import\("(\.[^"]+)"\)/gm,
  );
  return [...found].map(([, type, from, dynamic]) => ({
    target: path.relative(ROOT, path.resolve(path.dirname(file), from ?? dynamic ?? "")),
    isType: type !== undefined,
  }));
}

const roomOf = (file: string) => path.relative(ROOT, file).split(path.sep);

describe("imports", () => {
  it("fall from layer to layer and stay out of other rooms' files", () => {
    const wrong: string[] = [];
    for (const file of filesOf("worker")) {
      const [, room = "", inside] = roomOf(file);
      if (inside === undefined) continue;
      for (const { target } of importsOf(file)) {
        const [top, other = "", deep] = target.split(path.sep);
        if (top !== "worker" || other === room) continue;
        const own = LAYERS[room];
        const theirs = LAYERS[other];
        const isAllowed =
          own !== undefined && theirs !== undefined && (theirs < own || ALLOWED.has(`${room} → ${other}`));
        if (!isAllowed) wrong.push(`${path.relative(ROOT, file)} imports ${target}`);
        if (deep !== undefined && other !== "lib" && deep !== "index.ts") {
          wrong.push(`${path.relative(ROOT, file)} reaches into ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("of the Worker by the app and the tracker are types only", () => {
    const wrong: string[] = [];
    for (const file of [...filesOf("app/src"), ...filesOf("sdk/src")]) {
      for (const { target, isType } of importsOf(file)) {
        const isServerOnly = file.endsWith(".server.ts");
        if (target.startsWith("worker") && !isType && !isServerOnly)
          wrong.push(`${path.relative(ROOT, file)} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("of the database stay in layer 2 and in stores", () => {
    const wrong = filesOf("worker").filter((file) => {
      const [, room = "", ...rest] = roomOf(file);
      if ((LAYERS[room] ?? 5) <= 2 || /(^|-)store\.ts$/.test(rest.at(-1) ?? "")) return false;
      return /\.prepare\(\s*["'`]/.test(readFileSync(file, "utf8"));
    });
    expect(wrong.map((file) => path.relative(ROOT, file))).toEqual([]);
  });
});

describe("documentation", () => {
  it("has a page in every room and a line for it in the README", () => {
    const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
    for (const room of Object.keys(LAYERS)) {
      if (room !== "lib") expect(existsSync(path.join(ROOT, "worker", room, "README.md")), room).toBe(true);
      expect(readme, room).toContain(`worker/${room}`);
    }
  });

  it("names only paths that exist", () => {
    const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
    const paths = [...readme.matchAll(/`((?:worker|app|sdk|demo|schema|test)\/[\w./-]*)`/g)].map(
      (m) => m[1] ?? "",
    );
    expect(paths.filter((p) => !existsSync(path.join(ROOT, p)))).toEqual([]);
  });

  it("explains every reason for which an event is kept out", () => {
    const page = readFileSync(path.join(ROOT, "worker/ingest/README.md"), "utf8");
    for (const reason of Object.keys(DROP_REASONS)) expect(page, reason).toContain(`\`${reason}\``);
  });

  it("starts every module with a sentence", () => {
    const bare = [...filesOf("worker"), ...filesOf("schema/wire"), ...filesOf("schema/tables")].filter(
      (file) => !readFileSync(file, "utf8").startsWith("/**"),
    );
    expect(bare.map((file) => path.relative(ROOT, file))).toEqual([]);
  });
});

describe("code", () => {
  it("keeps the platform's environment at the edge", () => {
    const wrong = filesOf("worker").filter((file) => {
      const [, room = ""] = roomOf(file);
      return (
        (LAYERS[room] ?? 5) < 5 &&
        /import \{[^}]*\benv\b[^}]*\} from "cloudflare:workers"/.test(readFileSync(file, "utf8"))
      );
    });
    expect(wrong).toEqual([]);
  });
});
