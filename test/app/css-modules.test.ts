/**
 * CSS modules match the components that import them: no class is missing or unused.
 * @module
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const SRC = path.join(import.meta.dirname, "../../app/src");
const read = (file: string) => readFileSync(path.join(SRC, file), "utf8");
const modules = globSync("**/*.module.css", { cwd: SRC });
const components = globSync("**/*.{ts,tsx}", { cwd: SRC }).map((file) => ({ file, text: read(file) }));

const GLOBAL = /:global\(\.([\w-]+)\)/g;
const CLASS = /\.([a-zA-Z_][\w-]*)/g;
const names = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name]) => name));
const selectors = (css: string) =>
  [...css.replaceAll(/\/\*.*?\*\//gs, "").matchAll(/([^{};]+)\{/g)].map(([, selector]) => selector).join(" ");

/** Classes that components take from a module, by `styles.name`. */
function usedOf(module: string): Set<string | undefined> {
  const used = new Set<string | undefined>();
  for (const { file, text } of components) {
    for (const [, binding, target] of text.matchAll(/import (\w+) from "(\.[^"]+\.module\.css)"/g)) {
      if (path.join(path.dirname(file), target ?? "") !== module) continue;
      for (const name of names(text, new RegExp(`\\b${binding}\\.(\\w+)`, "g"))) used.add(name);
    }
  }
  return used;
}

const globals = names(
  selectors(
    globSync("{styles,views}/**/*.css", { cwd: SRC, exclude: ["**/*.module.css"] })
      .map(read)
      .join("\n"),
  ),
  CLASS,
);

describe.each(modules)("%s", (module) => {
  const text = selectors(read(module));
  const defined = names(text.replaceAll(GLOBAL, ""), CLASS);

  it("defines the classes that components use, and no others", () => {
    const used = usedOf(module);
    expect([...used].filter((name) => !defined.has(name)).map((name) => `missing: ${name}`)).toEqual([]);
    expect([...defined].filter((name) => !used.has(name)).map((name) => `unused: ${name}`)).toEqual([]);
  });

  it("names only classes of global sheets as :global", () => {
    expect([...names(text, GLOBAL)].filter((name) => !globals.has(name))).toEqual([]);
  });
});

it("every route has an `export default` statement, without which SolidStart does not link its sheets", () => {
  const routes = components.filter(({ file }) => file.startsWith("routes/"));
  expect(routes.filter(({ text }) => !/^export default /m.test(text)).map(({ file }) => file)).toEqual([]);
});
