/** Bodies are bounded before they are parsed, on every route; what costs more than linearly is bounded too. */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { nearest } from "../../../schema/wire/nearest";
import { api } from "../../../worker/api/app";
import { describe as describeApp } from "../../../worker/api/describe/document";
import type { JsonSchema } from "../../../worker/api/describe/schema";
import { listRoutes, type RouteRule } from "../../../worker/api/route";
import { guardJson, MAX_JSON_DEPTH, MAX_JSON_VALUES } from "../../../worker/lib/json-guard";
import { parseCsv } from "../../../worker/sources/drivers/csv/parse";
import { readFile } from "../../../worker/workspace/dashboards/content/text";
import { makeAccount } from "../../support/client";

const document = describeApp(api);
/** More than any route takes. */
const LARGE = JSON.stringify({ text: "x".repeat(9_000_000) });
const DEEP = `{"filters":${"[".repeat(5000)}${"]".repeat(5000)}}`;
/** The operator's routes refuse everybody else before they read a body. */
const withJson = listRoutes(api).filter(
  ({ method, path, access }) =>
    access !== "operator" && document.paths[path]?.[method]?.requestBody?.content["application/json"],
);
let token: string;
let [project, organization, key] = ["", "", ""];

beforeAll(async () => {
  const owner = await makeAccount();
  token = owner.token;
  const body = { name: "Bounds", timezone: "UTC" };
  ({
    id: project,
    organization_id: organization,
    api_key: key,
  } = (await owner.call("POST", "/api/v1/projects", { token, body })).data);
});

async function send({ method, path }: RouteRule, body: string): Promise<{ status: number; code: string }> {
  const names: Record<string, string> = { organization, project, id: project };
  const url = path.replaceAll(/{(\w+)}/g, (_, name) => names[name] ?? "x");
  const headers = {
    authorization: `Bearer ${token}`,
    origin: "http://localhost",
    "content-type": "application/json",
  };
  const response = await api.request(url, { method: method.toUpperCase(), headers, body }, env);
  const { code } = await response.json<{ code: string }>();
  return { status: response.status, code };
}

describe("every route with a JSON body", () => {
  it("is tried", () => {
    expect(withJson.length).toBeGreaterThan(40);
  });

  for (const rule of withJson) {
    const name = `${rule.method.toUpperCase()} ${rule.path}`;
    it(`${name} refuses a large and a deep body before reading it`, async () => {
      expect(await send(rule, LARGE)).toEqual({ status: 413, code: "body_too_large" });
      expect(await send(rule, DEEP)).toEqual({ status: 400, code: "json_too_complex" });
    });
  }
});

describe("JSON", () => {
  it("is bounded by depth and values, outside of strings", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(guardJson(nested(MAX_JSON_DEPTH)).ok).toBe(true);
    expect(guardJson(nested(MAX_JSON_DEPTH + 1)).ok).toBe(false);
    expect(guardJson(JSON.stringify({ text: `\\"${nested(500)}` })).ok).toBe(true);
    expect(guardJson(`[${Array(MAX_JSON_VALUES).fill(1).join()}]`).ok).toBe(true);
    expect(
      guardJson(
        `[${Array(MAX_JSON_VALUES + 1)
          .fill(1)
          .join()}]`,
      ).ok,
    ).toBe(false);
  });

  it("is measured like one that was parsed, whatever its strings contain", () => {
    const text = fc.array(fc.constantFrom('"', "\\", "[", "{", "]", ",", "a", "\u2028"), { maxLength: 12 });
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        text.map((parts) => parts.join("")),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(
          text.map((parts) => parts.join("")),
          tie("value"),
          { maxKeys: 4 },
        ),
      ),
    }));
    const depthOf = (json: unknown): number =>
      typeof json === "object" && json !== null ? 1 + Math.max(0, ...Object.values(json).map(depthOf)) : 0;
    fc.assert(
      fc.property(value, fc.nat({ max: 3 }), (json, missing) => {
        const around = MAX_JSON_DEPTH - depthOf(json) + 1 - missing;
        const deep = `${"[".repeat(around)}${JSON.stringify(json)}${"]".repeat(around)}`;
        expect(guardJson(deep).ok).toBe(missing > 0);
      }),
      { numRuns: 300 },
    );
  });

  it("of events nested 2,000 deep is refused", async () => {
    const deep = `${'{"a":'.repeat(2000)}1${"}".repeat(2000)}`;
    const response = await api.request(
      `/api/v1/events/ingest?key=${key}`,
      { method: "POST", body: `{"events":[{"event":"x","properties":${deep}}]}` },
      env,
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "json_too_complex" });
  });
});

describe("other parsers", () => {
  it("YAML with 40,000 keys is read in one pass, and a repeated key is found", async () => {
    const text = Array.from({ length: 40_000 }, (_, i) => `key${i}: 1`).join("\n");
    const { faults } = await readFile({ path: "a.yaml", text });
    expect(faults.length).toBeGreaterThan(0);
    const twice = await readFile({ path: "b.yaml", text: "kind: metric\nname: a\nname: b\n" });
    expect(twice.faults).toMatchObject([{ line: 3, column: 1 }]);
  });

  it("CSV has at most 1,000 columns", () => {
    expect(parseCsv(Array.from({ length: 1001 }, (_, i) => `c${i}`).join())).toMatchObject({ line: 1 });
  });

  it("no name is suggested for a text of a million characters", () => {
    expect(nearest("x".repeat(1_000_000), ["visit:source"])).toBeUndefined();
    expect(nearest("visit:sorce", ["visit:source"])).toBe("visit:source");
  });
});

/** The document's schemas that have no bound, as `path: what`. */
function unbounded(root: JsonSchema, path: string): string[] {
  const seen = new Set<string>();
  const visit = (schema: JsonSchema, at: string): string[] => {
    if (schema.$ref) {
      if (seen.has(schema.$ref)) return [];
      seen.add(schema.$ref);
      return visit(document.components.schemas[schema.$ref.split("/").at(-1)!]!, at);
    }
    const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = schema;
    if (isFreeJson(schema)) return [];
    const record = typeof additionalProperties === "object" ? additionalProperties : null;
    return [
      ...faultsOf(schema).map((fault) => `${at}: ${fault}`),
      ...Object.entries(properties).flatMap(([name, part]) => visit(part, `${at}.${name}`)),
      ...(record ? visit(record, `${at}.*`) : []),
      ...(items ? visit(items, `${at}[]`) : []),
      ...[...anyOf, ...oneOf].flatMap((part) => visit(part, at)),
    ];
  };
  return visit(root, path);
}

/** Any JSON value: bounded by the bytes, the depth and the number of values of a body, as tested above. */
function isFreeJson({ anyOf }: JsonSchema): boolean {
  return (
    anyOf?.some(({ type, items }) => type === "array" && items?.$ref !== undefined && anyOf.length === 6) ??
    false
  );
}

function faultsOf(schema: JsonSchema): string[] {
  if (schema.enum || schema.const !== undefined) return [];
  const { maxLength, maxItems, maxProperties, pattern, minimum, exclusiveMinimum, maximum } = schema;
  const types = [schema.type].flat();
  const isLong = maxLength === undefined && schema.format !== "date" && !isShortPattern(pattern);
  const isLow = minimum === undefined && exclusiveMinimum === undefined;
  const values = schema.additionalProperties;
  const isOpen = typeof values === "object" && Object.keys(values).length > 0 && !refersToJson(values);
  return [
    ...(types.includes("string") && isLong ? ["text"] : []),
    ...(types.includes("array") && maxItems === undefined && !schema.prefixItems ? ["list"] : []),
    ...(types.includes("object") && isOpen && maxProperties === undefined ? ["record"] : []),
    ...(types.some((type) => type === "number" || type === "integer") && (isLow || maximum === undefined)
      ? ["number"]
      : []),
  ];
}

const refersToJson = ({ $ref }: JsonSchema) =>
  $ref !== undefined && isFreeJson(document.components.schemas[$ref.split("/").at(-1)!] ?? {});

/** Whether a pattern has no repetition without an end. */
const isShortPattern = (pattern: unknown) =>
  typeof pattern === "string" && pattern.startsWith("^") && !/[^\\][*+]|,}/.test(pattern);

describe("the API's description", () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );

  it("bounds every text, list, record and number of a request", () => {
    const found = operations.flatMap(({ name, operation }) => [
      ...operation.parameters.flatMap(({ name: parameter, schema }) =>
        unbounded(schema, `${name} ${parameter}`),
      ),
      // Other bodies are limited where they are read.
      ...unbounded(operation.requestBody?.content["application/json"]?.schema ?? {}, `${name} body`),
    ]);
    expect(found).toEqual([]);
  });

  it("is searched completely: bounds that are missing are found", () => {
    const schema = z.object({
      text: z.string(),
      list: z.array(z.object({ number: z.number() })),
      record: z.record(z.string(), z.string().max(3)),
      long: z.string().regex(/^a+$/),
      choice: z.union([z.literal("a"), z.object({ inner: z.string() })]),
      short: z.string().regex(/^[A-Z]{3}$/),
    });
    expect(unbounded(z.toJSONSchema(schema) as JsonSchema, "body")).toEqual([
      "body.text: text",
      "body.list: list",
      "body.list[].number: number",
      "body.record: record",
      "body.long: text",
      "body.choice.inner: text",
    ]);
  });
});
