/** The project's structural rules, checked on its files. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { DROP_REASONS } from "../../schema/wire/row.ts";

const ROOT = path.join(import.meta.dirname, "../..");

/**
 * Modules of the Worker and their layers. A module imports only modules of lower layers, through their `index.ts`;
 * modules of one area may read each other's files. The longest key that a path begins with is its module.
 */
const LAYERS: Record<string, number> = {
  lib: 0,
  "questions/metrics": 1,
  "pipeline/rollup": 2,
  "pipeline/lake": 2,
  "pipeline/commits": 2,
  "tenancy/accounts": 2,
  "tenancy/projects": 2,
  "outbound/notify": 2,
  "sources/records": 2,
  "sources/vendor": 2,
  "sources/shapes": 2,
  "pipeline/ingest": 3,
  "questions/query": 3,
  "questions/insights": 4,
  "pipeline/fold": 4,
  "pipeline/live": 3,
  "sources/drivers": 3,
  "sources/engine": 4,
  "sources/oauth": 3,
  "sources/connections": 5,
  "sources/models": 4,
  "workspace/activity": 4,
  "workspace/discussion": 4,
  "workspace/dashboards": 4,
  "sources/quality": 6,
  "pipeline/queue": 5,
  "sources/sync": 7,
  api: 8,
  cron: 8,
};
const MODULES = Object.keys(LAYERS).sort((a, b) => b.length - a.length);

/** The module of a path relative to `worker/`; undefined for `index.ts` and files outside of modules. */
function moduleOf(inside: string): string | undefined {
  return MODULES.find((name) => inside.startsWith(`${name}/`));
}

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

const areaOf = (module: string) => module.split("/")[0];
const layerOf = (file: string) => LAYERS[moduleOf(path.relative(path.join(ROOT, "worker"), file)) ?? ""] ?? 8;

describe("imports", () => {
  it("go to lower layers and only to `index.ts` of other areas", () => {
    const wrong: string[] = [];
    for (const file of filesOf("worker")) {
      const from = path.relative(path.join(ROOT, "worker"), file);
      const own = moduleOf(from);
      if (own === undefined) {
        if (from !== "index.ts") wrong.push(`worker/${from} belongs to no module`);
        continue;
      }
      for (const { target } of importsOf(file)) {
        if (!target.startsWith(`worker${path.sep}`)) continue;
        const to = target.slice("worker/".length);
        const other = moduleOf(`${to}/`);
        if (other === own) continue;
        if (other === undefined || (LAYERS[other] ?? 0) >= (LAYERS[own] ?? 0)) {
          wrong.push(`worker/${from} imports worker/${to}`);
        } else if (
          other !== "lib" &&
          to !== other &&
          to !== `${other}/index` &&
          areaOf(other) !== areaOf(own)
        ) {
          wrong.push(`worker/${from} reaches into worker/${to}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("form no cycle, type imports included", () => {
    const files = ["worker", "schema", "sdk/src", "app/src", "demo"].flatMap(filesOf);
    const isFile = new Set(files.map((file) => path.relative(ROOT, file)));
    const fileOf = (target: string) =>
      ["", ".ts", ".tsx", "/index.ts", "/index.tsx"]
        .map((end) => target + end)
        .find((name) => isFile.has(name));
    const imports = new Map(
      files.map((file) => [
        path.relative(ROOT, file),
        importsOf(file).flatMap(({ target }) => fileOf(target) ?? []),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, way: string[]): void => {
      const before = way.indexOf(file);
      if (before >= 0) circles.push([...way.slice(before), file].join(" → "));
      if (before >= 0 || done.has(file)) return;
      for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
      done.add(file);
    };
    for (const file of imports.keys()) visit(file, []);
    expect(circles).toEqual([]);
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
      if (layerOf(file) <= 2 || /(^|-)store\.ts$/.test(path.basename(file))) return false;
      return /\.prepare\(\s*["'`]/.test(readFileSync(file, "utf8"));
    });
    expect(wrong.map((file) => path.relative(ROOT, file))).toEqual([]);
  });
});

describe("documentation", () => {
  it("has a page in every module and a line for it in the README", () => {
    const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
    for (const name of Object.keys(LAYERS)) {
      const pages = [name, areaOf(name) ?? name].map((folder) =>
        path.join(ROOT, "worker", folder, "README.md"),
      );
      if (name !== "lib")
        expect(
          pages.some((page) => existsSync(page)),
          name,
        ).toBe(true);
      expect(readme, name).toContain(`worker/${areaOf(name)}`);
    }
  });

  it("names only paths that exist", () => {
    const pages = ["README.md", ".github/CONTRIBUTING.md"].map((page) =>
      readFileSync(path.join(ROOT, page), "utf8"),
    );
    const paths = [...pages.join("\n").matchAll(/`((?:worker|app|sdk|demo|schema|test)\/[\w./-]*)`/g)].map(
      (m) => m[1] ?? "",
    );
    expect(paths.filter((p) => !existsSync(path.join(ROOT, p)))).toEqual([]);
  });

  it("explains every reason for which an event is dropped", () => {
    const page = readFileSync(path.join(ROOT, "worker/pipeline/ingest/README.md"), "utf8");
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
  it("uses the platform's environment only at the edge", () => {
    const wrong = filesOf("worker").filter((file) => {
      return (
        layerOf(file) < 7 &&
        /import \{[^}]*\benv\b[^}]*\} from "cloudflare:workers"/.test(readFileSync(file, "utf8"))
      );
    });
    expect(wrong).toEqual([]);
  });
});
