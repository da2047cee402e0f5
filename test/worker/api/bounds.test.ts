/** Bodies are bounded before they are parsed, on every route; what costs more than linearly is bounded too. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { nearest } from "../../../schema/wire/nearest";
import { api } from "../../../worker/api/app";
import { describe as describeApp } from "../../../worker/api/describe/document";
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
