/**
 * Syncs of a source: starting, canceling, listing them.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { type SyncRun, syncRunListSchema, syncRunSchema } from "../../../schema/wire/source";
import { listRuns, readRun, resetStream, type StoredSource } from "../../sources/connections";
import { storesOf } from "../../tenancy/projects";
import { beginSync, cancelRunning } from "../actions";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { answers, idParameter, route } from "../route";
import { sourceOf } from "./sources";

const tags = ["Sources"];
const path = "/projects/{project}/sources/{source}";
const one = z.object({ project: idParameter, source: idParameter });
const reading = { scope: "content:read", role: "viewer" } as const;
const running = { scope: "content:write", role: "editor" } as const;

const sync = route({
  method: "post",
  path: `${path}/sync`,
  access: running,
  tags,
  summary: "Sync now",
  description: "If a sync is already running, that one is returned.",
  request: { params: one },
  responses: answers(202, syncRunSchema, "The sync"),
});

const cancel = route({
  method: "post",
  path: `${path}/cancel`,
  access: running,
  tags,
  summary: "Cancel the running sync",
  description: "Records that it has read are preserved.",
  request: { params: one },
  responses: answers(200, syncRunSchema, "The canceled sync"),
});

const reset = route({
  method: "post",
  path: `${path}/streams/{stream}/reset`,
  access: running,
  tags,
  summary: "Read a stream again",
  description: "The current data stays in use until everything has been read.",
  request: { params: one.extend({ stream: idParameter }) },
  responses: answers(202, syncRunSchema, "The sync that reads it"),
});

const runs = route({
  method: "get",
  path: `${path}/runs`,
  access: reading,
  tags,
  summary: "Syncs of the last 90 days",
  request: {
    params: one,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.string().max(64).optional(),
    }),
  },
  responses: answers(200, syncRunListSchema, "Newest first"),
});

/** The run that has started, or the one that is running. */
async function startRun(env: Env, source: StoredSource, trigger: "manual" | "reset"): Promise<SyncRun> {
  if (source.status !== "active")
    problem("source_not_active", `The source is ${source.status}: only active sources can be synced`);
  const id = (await beginSync(env, source, trigger)) ?? source.running;
  const run = id === null ? null : await readRun(env.CONTROL, source.id, id);
  return run ?? problem("sync_state_changed", "A sync has just started or ended: load the source again");
}

/** Everything about runs. */
export const sourceRunRoutes = new OpenAPIHono<AppEnv>()
  .openapi(sync, async (c) => {
    const source = await sourceOf(c, c.req.valid("param").source);
    return c.json(await startRun(c.env, source, "manual"), 202);
  })
  .openapi(cancel, async (c) => {
    const source = await sourceOf(c, c.req.valid("param").source);
    if (source.running === null) return problem("sync_not_running", "No sync is running");
    await cancelRunning(c.env, source);
    const run = await readRun(c.env.CONTROL, source.id, source.running);
    return c.json(run ?? problem("not_found"), 200);
  })
  .openapi(reset, async (c) => {
    const { source: id, stream } = c.req.valid("param");
    const source = await sourceOf(c, id);
    if (source.status !== "active")
      problem("source_not_active", `The source is ${source.status}: only active sources can be synced`);
    const { db } = await storesOf(c.env, source.project_id);
    if (!(await resetStream(db, source, stream, Date.now())))
      return problem("stream_not_found", `The source has no stream ${stream}`);
    return c.json(await startRun(c.env, source, "reset"), 202);
  })
  .openapi(runs, async (c) => {
    const source = await sourceOf(c, c.req.valid("param").source);
    const { limit, cursor } = c.req.valid("query");
    const page = await listRuns(c.env.CONTROL, source.id, { before: cursor ?? null, limit: limit + 1 });
    const data = page.slice(0, limit);
    return c.json({ data, next_cursor: page.length > limit ? (data.at(-1)?.id ?? null) : null }, 200);
  });

/** The routes above as types, for the app's client. */
export type SourceRunRoute = typeof sync | typeof cancel | typeof reset | typeof runs;
