/** Every JSON body refuses unknown keys with the nearest known one: walks the OpenAPI document. */
import { describe, expect, test } from "vitest";
import { api } from "../../../worker/api/app";
import { describe as describeApp } from "../../../worker/api/describe/document";
import { makeOwner } from "../workspace/dashboards/make-content";

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  [rule: string]: unknown;
}

const document = describeApp(api);
const components = (document.components?.schemas ?? {}) as Record<string, Schema>;

/** Bodies that accept unknown keys, and why. */
const OPEN = {
  "post /api/v1/events/ingest": "older servers accept the events of newer trackers",
  "post /api/v1/projects/{id}/import": "the same events",
  "post /api/mcp": "the protocol lets clients add members",
  "patch /api/v1/projects/{project}/notify": "its keys are channels, which the handler checks",
};

/** Where objects are open. Records, whose keys are the caller's names, have a schema for their values. */
function openIn(schema: Schema, at: string, seen: readonly string[] = []): string[] {
  const { $ref, properties = {}, additionalProperties, items } = schema;
  if ($ref !== undefined) {
    const name = $ref.split("/").at(-1)!;
    return seen.includes(name) ? [] : openIn(components[name]!, at, [...seen, name]);
  }
  const isObject = schema.type === "object" || schema.properties !== undefined;
  const values = typeof additionalProperties === "object" ? additionalProperties : null;
  const isRecord = values !== null && schema.properties === undefined;
  const own = isObject && additionalProperties !== false && !isRecord ? [at] : [];
  const choices = ["anyOf", "oneOf", "allOf", "prefixItems"].flatMap(
    (rule) => (schema[rule] ?? []) as Schema[],
  );
  return [
    ...own,
    ...Object.entries(properties).flatMap(([name, one]) => openIn(one, `${at}.${name}`, seen)),
    ...[items, values].flatMap((one) => (one ? openIn(one, `${at}[]`, seen) : [])),
    ...choices.flatMap((one) => openIn(one, at, seen)),
  ];
}

const bodies = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item ?? {}).flatMap(([method, operation]) => {
    const content = (operation as { requestBody?: { content: Record<string, { schema: Schema }> } })
      .requestBody?.content;
    return content
      ? [{ name: `${method} ${path}`, schemas: Object.values(content).map((one) => one.schema) }]
      : [];
  }),
);

test("there are bodies, and those that are open are stated", () => {
  expect(bodies.length).toBeGreaterThan(40);
  const open = bodies.filter(({ schemas }) => schemas.some((schema) => openIn(schema, "body").length > 0));
  expect(open.map(({ name }) => name).sort()).toEqual(Object.keys(OPEN).sort());
});

describe("unknown keys are refused with the nearest known one", () => {
  test.each<[string, string, object, string]>([
    ["POST", "/annotations", { at: 1, text: "x", untill: 2 }, "until"],
    ["PATCH", "/annotations/x", { txt: "x" }, "text"],
    ["POST", "/dashboards/x/comments", { body: "x", parent: "y", widget_di: "w" }, "widget_id"],
    ["PATCH", "/dashboards/x/comments/y", { resolvd: true }, "resolved"],
    ["PATCH", "", { timezon: "UTC" }, "timezone"],
    ["PATCH", "", { settings: { filter_bot: false } }, "filter_bots"],
    ["POST", "/drops/restore", { reason: "bot", form: "2026-01-01" }, "from"],
    ["POST", "/rebuild", { form: "2026-01-01" }, "from"],
    ["POST", "/content/diff", { files: [{ path: "a", txt: "" }], prune: false }, "text"],
    ["POST", "/sources", { driver: "csv", setting: {} }, "settings"],
  ])("%s %s %j", async (method, path, body, meant) => {
    const { status, data } = await (await makeOwner()).inProject(method, path, body);
    expect([status, data.code]).toEqual([400, "invalid_request"]);
    const messages = data.errors.map((one: { message: string }) => one.message).join();
    expect(messages).toContain(`Did you mean \`${meant}\`?`);
  });
});
