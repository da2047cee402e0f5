/**
 * An example value of a JSON Schema: the schema's own example or default, else the simplest valid value.
 * @module
 */
import type { JsonSchema } from "./schema";

const FORMATS: Record<string, string> = {
  email: "ada@example.com",
  "date-time": "2026-11-20T12:00:00Z",
  uri: "https://example.com/",
};

/** Examples for property names that are more specific than their type. */
const NAMES: Record<string, unknown> = {
  id: "p01m7xjd1tbbxa3t4rskxqqkrjn",
  project: "p01m7xjd1tbbxa3t4rskxqqkrjn",
  organization: "o01m7xjd1tc2vkq0z6b0w4jv1n8",
  organization_id: "o01m7xjd1tc2vkq0z6b0w4jv1n8",
  api_key: "proj_…",
  access_token: "eyJ…",
  token: "sel_…",
  email: "ada@example.com",
  password: "correct horse battery staple",
  name: "My site",
  domain: "example.com",
  timezone: "Europe/Paris",
  event: "signup",
  event_id: "01m7xjd1tbbxa3t4rskxqqkrjn",
  distinct_id: "user-42",
  page_url: "https://example.com/pricing?utm_source=news",
  timestamp: "2026-11-20T12:00:00Z",
};

/** A value that the schema accepts, shallow where it recurses. `name` is its property. */
export function exampleOf(schema: JsonSchema | undefined, name = "", depth = 0): unknown {
  if (!schema || depth > 5) return null;
  if (schema.examples?.length) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = (schema.anyOf ?? schema.oneOf)?.find((part) => part.type !== "null");
  if (choice) return exampleOf(choice, name, depth);
  const type = Array.isArray(schema.type) ? schema.type.find((t) => t !== "null") : schema.type;
  if (name in NAMES && (type === "string" || type === undefined)) return NAMES[name];
  return byType(schema, type, name, depth);
}

function byType(schema: JsonSchema, type: string | undefined, name: string, depth: number): unknown {
  switch (type) {
    case "object":
      return objectExample(schema, depth);
    case "array":
      return [exampleOf(schema.items, name, depth + 1)];
    case "integer":
    case "number":
      return name.endsWith("_at") ? 1795176000000 : 1;
    case "boolean":
      return true;
    case "string":
      return FORMATS[schema.format ?? ""] ?? "text";
    default:
      return {};
  }
}

function objectExample(schema: JsonSchema, depth: number): Record<string, unknown> {
  const entries = Object.entries(schema.properties ?? {});
  return Object.fromEntries(entries.map(([key, part]) => [key, exampleOf(part, key, depth + 1)]));
}
