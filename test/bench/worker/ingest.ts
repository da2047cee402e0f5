/**
 * The API with storage as stubs, and two baselines: parse and respond; parse, queue and respond.
 * @module
 */
import { api } from "../../../worker/api/app";

interface FloorEnv {
  EVENTS: Queue;
}

/** The rows that a statement reads. The clock of a Worker is 0 until a request comes. */
function rowsOf(sql: string): Record<string, unknown>[] {
  if (sql.includes("project_keys")) return [{ id: "p1", timezone: "UTC", domain: null, settings: "{}" }];
  if (!/from "?salts/i.test(sql)) return [];
  return [0, 1].map((days) => ({
    day: new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10),
    salt: "c2FsdHNhbHRzYWx0c2FsdA==",
  }));
}

const statement = (sql: string) => {
  const results = rowsOf(sql);
  const self = {
    results,
    bind: () => self,
    first: async () => results[0] ?? null,
    all: async () => ({ results }),
    run: async () => ({ results }),
    raw: async () => results.map((row) => Object.values(row)),
  };
  return self;
};
const database = { prepare: statement, batch: async (all: unknown[]) => all };
const stubs = {
  CONTROL: database,
  SHARD_0: database,
  LAKE: {},
  ANALYTICS: { writeDataPoint() {} },
  ANALYTICS_POINTS: "event",
  LIMIT_INGEST: { limit: async () => ({ success: true }) },
};

/** A queue without cost: what is spent in the Worker, serializing, has been spent before. */
const silent = { sendBatch: async () => {} };

const handler: ExportedHandler<FloorEnv> = {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/api/")) {
      const EVENTS = request.headers.has("x-bench-queue") ? env.EVENTS : silent;
      return api.fetch(request, { ...stubs, EVENTS } as never, ctx);
    }
    const body = JSON.parse(await request.text());
    if (pathname === "/floor-queue") await env.EVENTS.sendBatch([{ body, contentType: "json" }]);
    return Response.json({ accepted: body.events?.length ?? 0, rejected: [] }, { status: 202 });
  },
};
export default handler;
