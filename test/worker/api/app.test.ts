import { env } from "cloudflare:workers";
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { describe, expect, test } from "vitest";
import { api } from "../../../worker/api/app";
import type { AppEnv } from "../../../worker/api/context";
import { onError, problem, refuseInvalid } from "../../../worker/api/errors";
import { assertRules, listRoutes, route } from "../../../worker/api/route";

const ok = {
  200: {
    description: "Yes",
    content: { "application/json": { schema: z.object({ ok: z.boolean() }) } },
  },
};

function makeApp() {
  return new OpenAPIHono<AppEnv>({ strict: false, defaultHook: refuseInvalid });
}

describe("the app", () => {
  test("answers with and without a trailing slash", async () => {
    for (const path of ["/api/v1/health", "/api/v1/health/"]) {
      const response = await api.request(path, {}, env);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: "ok" });
    }
  });

  test("refuses unknown paths and methods as problems", async () => {
    const missing = await api.request("/api/v1/nowhere", {}, env);
    expect(missing.status).toBe(404);
    expect(missing.headers.get("content-type")).toBe("application/problem+json");
    expect(await missing.json()).toMatchObject({
      code: "not_found",
      status: 404,
    });
    const wrong = await api.request("/api/v1/health", { method: "DELETE" }, env);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("GET");
  });

  test("describes every route", async () => {
    const document = (await (await api.request("/api/v1/openapi.json", {}, env)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    for (const { method, path } of listRoutes(api)) expect(document.paths[path]?.[method]).toBeDefined();
  });
});

describe("rules", () => {
  test("the app does not start with a route without a rule", () => {
    const bare = makeApp();
    bare.get("/bare", (c) => c.text("open"));
    expect(() => assertRules(bare)).toThrow("no access rule");
    const all = makeApp();
    all.all("/bare", (c) => c.text("open"));
    expect(() => assertRules(all)).toThrow("no access rule");
  });

  test("a project rule needs a project in the path", () => {
    const app = makeApp().openapi(
      route({
        method: "get",
        path: "/all",
        access: { scope: "analytics:read", role: "viewer" },
        responses: ok,
      }),
      (c) => c.json({ ok: c.var.project.id !== "" }, 200),
    );
    expect(() => assertRules(app)).toThrow("no {project} or {id}");
  });

  test("validation failures name path and code; bodies must be JSON", async () => {
    const body = {
      content: {
        "application/json": { schema: z.object({ name: z.string() }) },
      },
    };
    const app = makeApp().openapi(
      route({
        method: "post",
        path: "/x",
        access: "anyone",
        request: { body },
        responses: ok,
      }),
      (c) => c.json({ ok: c.req.valid("json").name !== "" }, 200),
    );
    app.onError(onError);
    const post = (text: string, type: string | null = "application/json") =>
      app.request("/x", {
        method: "POST",
        body: text,
        headers: type ? { "content-type": type } : {},
      });
    const invalid = await post('{"name":1}');
    expect(invalid.status).toBe(400);
    expect(await invalid.json()).toMatchObject({
      code: "invalid_request",
      errors: [{ path: "name", code: "invalid_type" }],
    });
    expect(await (await post("{")).json()).toMatchObject({
      code: "invalid_json",
      status: 400,
    });
    expect((await post("a=b", "application/x-www-form-urlencoded")).status).toBe(415);
    expect((await post('{"name":"x"}')).status).toBe(200);
  });

  test("internal errors are answered without their message", async () => {
    const app = makeApp().openapi(
      route({
        method: "get",
        path: "/broken",
        access: "anyone",
        responses: ok,
      }),
      (): never => {
        throw new Error("secret table");
      },
    );
    app.onError(onError);
    const response = await app.request("/broken");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
  });

  test("a refusal may carry headers", async () => {
    const app = makeApp().openapi(
      route({ method: "get", path: "/slow", access: "anyone", responses: ok }),
      (): never => problem("rate_limited", "Wait", undefined, { "retry-after": "60" }),
    );
    app.onError(onError);
    const response = await app.request("/slow");
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("60");
  });
});
