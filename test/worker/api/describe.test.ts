import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { PROBLEMS } from "../../../schema/wire/error";
import { api } from "../../../worker/api/app";
import { describe as describeApp } from "../../../worker/api/describe/document";
import { listRoutes } from "../../../worker/api/route";

const document = describeApp(api);
const text = JSON.stringify(document);

test("describes every route with its rule, a summary and its responses", () => {
  for (const { method, path, access } of listRoutes(api)) {
    const operation = document.paths[path]?.[method];
    expect(operation, `${method} ${path}`).toBeDefined();
    expect(operation?.["x-access"]).toEqual(access);
    expect(operation?.summary, `${method} ${path} needs a summary`).not.toBe("");
    expect(operation?.tags, `${method} ${path} needs a tag`).toHaveLength(1);
  }
});

test("has no dangling references", () => {
  for (const [, name = ""] of text.matchAll(/"\$ref":"([^"]*)"/g)) {
    expect(name).toMatch(/^#\/components\/schemas\//);
    expect(document.components.schemas[name.split("/").at(-1) ?? ""], name).toBeDefined();
  }
});

test("path parameters are those of the path", () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const named = [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name).sort();
      const declared = operation.parameters.filter((p) => p.in === "path").map((p) => p.name);
      expect(declared.sort(), `${method} ${path}`).toEqual(named);
    }
  }
});

test("is served as JSON and as a page without further requests", async () => {
  const served = await api.request("/api/v1/openapi.json", {}, env);
  expect(await served.json()).toEqual(JSON.parse(text));
  const page = await api.request("/api/docs", {}, env);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  const html = await page.text();
  expect(html).not.toMatch(/<(script|link|img)/);
  for (const code of Object.keys(PROBLEMS)) expect(html).toContain(`id="${code}"`);
  for (const { path } of listRoutes(api)) expect(html).toContain(path);
});
