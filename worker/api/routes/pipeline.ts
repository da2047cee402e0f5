/**
 * The pipeline of a project: its progress, dead letters, and the command to derive days again.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { messageSchema } from "../../../schema/wire/message";
import { deadLetterSchema, pipelineSchema, rebuildSchema } from "../../../schema/wire/pipeline";
import { instantOf } from "../../lib/time";
import {
  countDeadLetters,
  deleteDeadLetter,
  findDeadLetter,
  listDeadLetters,
  markReplayed,
} from "../../pipeline/commits";
import { progressOf, rebuild, wakeFolder } from "../../pipeline/fold";
import { readProjectState } from "../../questions/query";
import { shardOf, storesOf, storesOfShard } from "../../tenancy/projects";
import { attend } from "../answers";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { limitRecompute } from "../limit";
import { defer } from "../request-context";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Pipeline"];
const params = z.object({ id: idParameter });
const letterParams = z.object({ id: idParameter, letter: idParameter });
const cursorSchema = z.tuple([z.number().int(), z.string()]);

const status = route({
  method: "get",
  path: "/projects/{id}/pipeline",
  access: { scope: "projects:read", role: "viewer" },
  tags,
  summary: "Get the progress of the pipeline",
  request: { params },
  responses: answers(200, pipelineSchema, "Progress"),
});

const derive = route({
  method: "post",
  path: "/projects/{id}/rebuild",
  access: { scope: "projects:write", role: "admin" },
  tags,
  summary: "Derive days again from the lake",
  description: "Statistics stay readable meanwhile; `days_to_derive` of the pipeline counts down.",
  request: { params, ...json(rebuildSchema) },
  responses: answers(202, z.object({ days: z.number().int() }), "How many days were marked"),
});

const letters = route({
  method: "get",
  path: "/projects/{id}/dead-letters",
  access: { scope: "projects:read", role: "viewer" },
  tags,
  summary: "Messages that could not be applied",
  request: { params, query: z.object({ cursor: z.string().max(1024).optional() }) },
  responses: answers(
    200,
    z.object({ data: z.array(deadLetterSchema), next_cursor: z.string().nullable() }),
    "Newest first",
  ),
});

const replay = route({
  method: "post",
  path: "/projects/{id}/dead-letters/{letter}/replay",
  access: { scope: "projects:write", role: "admin" },
  tags,
  summary: "Send a dead letter through the pipeline again",
  description: "A message that was applied meanwhile changes nothing.",
  request: { params: letterParams },
  responses: done("Queued", 202),
});

const remove = route({
  method: "delete",
  path: "/projects/{id}/dead-letters/{letter}",
  access: { scope: "projects:write", role: "admin" },
  tags,
  summary: "Delete a dead letter permanently",
  request: { params: letterParams },
  responses: done("Deleted"),
});

const PAGE = 50;

function readCursor(text: string | undefined): { failed_at: number; id: string } | null {
  if (text === undefined) return null;
  try {
    const [failed_at, id] = cursorSchema.parse(JSON.parse(atob(text)));
    return { failed_at, id };
  } catch {
    const message = "The cursor is not a next_cursor of this list";
    return problem("invalid_request", message, [{ path: "cursor", code: "invalid", message }]);
  }
}

/** Everything about processing events. */
export const pipelineRoutes = new OpenAPIHono<AppEnv>()
  .openapi(status, async (c) => {
    const { db } = await storesOf(c.env, c.var.project.id);
    const progress = (await progressOf(db, c.var.project.id)) ?? problem("not_found");
    defer(attend(c.env, c.var.project.id, Date.now()));
    return c.json({ ...progress, dead_letters: await countDeadLetters(db, c.var.project.id) }, 200);
  })
  .openapi(derive, async (c) => {
    const { id } = c.var.project;
    const { from, to } = c.req.valid("json");
    await limitRecompute(c, id);
    const now = Date.now();
    const shard = await shardOf(c.env, id);
    const { db } = storesOfShard(c.env, shard);
    const { timezone } = await readProjectState(db, id, c.var.project.timezone);
    const range = {
      from: from === undefined ? 0 : instantOf(from, timezone),
      to: to === undefined ? now : instantOf(to, timezone),
    };
    const days = await rebuild(db, id, range, now);
    await wakeFolder(c.env, shard);
    return c.json({ days }, 202);
  })
  .openapi(letters, async (c) => {
    const { id } = c.var.project;
    const found = await listDeadLetters(
      (await storesOf(c.env, id)).db,
      id,
      PAGE,
      readCursor(c.req.valid("query").cursor),
    );
    const last = found.at(-1);
    const next_cursor =
      last && found.length === PAGE ? btoa(JSON.stringify([last.failed_at, last.id])) : null;
    return c.json({ data: found.map(({ project: _, ...letter }) => letter), next_cursor }, 200);
  })
  .openapi(replay, async (c) => {
    const { db } = await storesOf(c.env, c.var.project.id);
    const found =
      (await findDeadLetter(db, c.var.project.id, c.req.valid("param").letter)) ?? problem("not_found");
    const message = messageSchema.safeParse(JSON.parse(found.body));
    if (!message.success)
      problem("unprocessable", "This message is malformed: it can be read or deleted, not replayed");
    await c.env.EVENTS.send(message.data, { contentType: "json" });
    await markReplayed(db, found.id, Date.now());
    return c.body(null, 202);
  })
  .openapi(remove, async (c) => {
    const { id } = c.var.project;
    const stores = await storesOf(c.env, id);
    if (!(await deleteDeadLetter(stores, id, c.req.valid("param").letter))) problem("not_found");
    return c.body(null, 204);
  });
