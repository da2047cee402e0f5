/**
 * OpenAPI 3.1 from the app's own routes and their zod schemas.
 * @module
 */
import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi";
import { ZodType } from "zod";
import { PROBLEMS, problemSchema } from "../../../schema/wire/error";
import type { Role } from "../../../schema/wire/organization";
import { type Access, isUnnamed } from "../auth";
import type { AppEnv } from "../context";
import { accessOf } from "../route";
import { exampleOf } from "./example";
import { Components, type JsonSchema } from "./schema";

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: JsonSchema;
}
type Content = Record<string, { schema: JsonSchema; example?: unknown }>;
export interface Operation {
  tags: string[];
  summary: string;
  description?: string;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
  security: Record<string, string[]>[];
  "x-access": Access;
  /** Minimum role in the organization of the route; absent when there is none. */
  "x-role"?: Role;
}
/** The document. Methods are in lower case. */
export interface OpenApi {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, object> };
}

const SECURITY_SCHEMES = {
  session: { type: "apiKey", in: "cookie", name: "selvedge_session", description: "Set by signing in." },
  access_token: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "From signing in; 1 hour.",
  },
  api_token: { type: "http", scheme: "bearer", description: "A personal token (`sel_…`) with scopes." },
  write_key: { type: "apiKey", in: "header", name: "X-API-Key", description: "A project's public key." },
  operator_token: { type: "http", scheme: "bearer", description: "The deployment's `OPERATOR_TOKEN`." },
};

/** Describes every route of `app`. */
export function describe(app: OpenAPIHono<AppEnv>): OpenApi {
  const components = new Components();
  components.schemas.Problem = components.convert(problemSchema, "output");
  const paths: OpenApi["paths"] = {};
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { method, path } = definition.route;
    paths[path] = { ...paths[path], [method]: operation(definition.route, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Selvedge API",
      version: "1",
      description: "Errors are RFC 9457 problem details; clients may switch on their `code`.",
    },
    paths,
    components: { schemas: components.schemas, securitySchemes: SECURITY_SCHEMES },
  };
}

function operation(route: RouteConfig, components: Components): Operation {
  const { params, query, headers, body } = route.request ?? {};
  const access = accessOf(route);
  return {
    tags: route.tags ?? [],
    summary: route.summary ?? "",
    description: route.description,
    parameters: [
      ...parameters("path", params, components),
      ...parameters("query", query, components),
      ...parameters("header", Array.isArray(headers) ? undefined : headers, components),
    ],
    requestBody: body && {
      required: body.required ?? true,
      content: content(body.content, "input", components),
    },
    responses: responses(route, components),
    security: security(access),
    "x-access": access,
    ...(typeof access === "object" && access.role && { "x-role": access.role }),
  };
}

function parameters(place: Parameter["in"], schema: unknown, components: Components): Parameter[] {
  if (!(schema instanceof ZodType)) return [];
  // A coerced number accepts any input; its output type is what a caller should send.
  const { properties = {} } = components.convert(schema, "output");
  const { required = [] } = components.convert(schema, "input");
  return Object.entries(properties).map(([name, part]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: part,
  }));
}

function content(media: Record<string, unknown>, io: "input" | "output", components: Components): Content {
  const entries = Object.entries(media).map(([type, value]) => {
    const { schema } = Object(value);
    const converted = schema instanceof ZodType ? components.convert(schema, io) : {};
    return [type, { schema: converted, example: exampleOf(converted) }] as const;
  });
  return Object.fromEntries(entries);
}

function responses(route: RouteConfig, components: Components): Operation["responses"] {
  const answers = Object.entries(route.responses).map(([status, answer]) => {
    const media =
      "content" in answer && answer.content ? content(answer.content, "output", components) : undefined;
    return [
      status,
      { description: "description" in answer ? answer.description : "", content: media },
    ] as const;
  });
  const refused = {
    description: `A problem; \`code\` is one of ${Object.keys(PROBLEMS).join(", ")}`,
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  return { ...Object.fromEntries(answers), default: refused };
}

function security(access: Access): Operation["security"] {
  if (access === "write-key") return [{ write_key: [] }];
  if (access === "operator") return [{ operator_token: [] }];
  if (isUnnamed(access)) return [];
  const signedIn: Operation["security"] = [{ session: [] }, { access_token: [] }];
  return access === "account" || access.scope === "session"
    ? signedIn
    : [...signedIn, { api_token: [access.scope] }];
}
