/**
 * Events excluded from the statistics: counts, lists and restoring.
 * @module
 */

import { Buffer } from "node:buffer";
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { instantSchema } from "../../../schema/wire/query";
import { DROP_REASONS, dropReasonSchema, eventRowSchema } from "../../../schema/wire/row";
import { strict } from "../../../schema/wire/strict";
import { DAY_MS, instantOf } from "../../lib/time";
import { DROPS_RETENTION_MS } from "../../pipeline/commits";
import {
  countStored,
  type DropCount,
  MAX_RESTORED,
  type Position,
  readDropCounts,
  readDropped,
  restore,
  STORED_REASONS,
} from "../../pipeline/ingest";
import { readProjectState } from "../../questions/query";
import { storesOf } from "../../tenancy/projects";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { idParameter, route } from "../route";

const params = z.object({ id: idParameter });
const storedReason = z.enum(STORED_REASONS);

const dropSchema = z.object({
  reason: dropReasonSchema,
  /** Meaning of the reason. */
  description: z.string(),
  /** Events of the last 30 days. */
  count: z.number().int(),
  /** Those of them that are stored and can be restored. */
  stored: z.number().int(),
  /** `day` is the start of a UTC day, epoch ms. */
  days: z.array(z.object({ day: z.number().int(), count: z.number().int() })),
});

const list = route({
  method: "get",
  path: "/projects/{id}/drops",
  access: { scope: "analytics:read", role: "viewer" },
  tags: ["Drops"],
  summary: "Events of the last 30 days that were excluded from the statistics, by reason and day",
  request: { params },
  responses: {
    200: {
      description: "Reasons that occurred, most frequent first",
      content: { "application/json": { schema: z.object({ data: z.array(dropSchema) }) } },
    },
  },
});

/** A dropped event as returned: without hashes. */
const droppedEventSchema = eventRowSchema.omit({
  project_id: true,
  visitor_id: true,
  ip_hash: true,
  previous_anonymous_id: true,
});

const events = route({
  method: "get",
  path: "/projects/{id}/drops/events",
  access: { scope: "analytics:read", role: "viewer" },
  tags: ["Drops"],
  summary: "Dropped events, newest first",
  request: {
    params,
    query: z.object({
      reason: storedReason.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().max(1024).optional(),
    }),
  },
  responses: {
    200: {
      description: "A page; `next_cursor` is null on the last",
      content: {
        "application/json": {
          schema: z.object({ data: z.array(droppedEventSchema), next_cursor: z.string().nullable() }),
        },
      },
    },
  },
});

const restoring = route({
  method: "post",
  path: "/projects/{id}/drops/restore",
  access: { scope: "events:write", role: "admin" },
  tags: ["Drops"],
  summary: "Restore dropped events",
  description:
    `Events of one reason within a range of their own time, at most ${MAX_RESTORED} a call: repeat while \`more\` is true. ` +
    "Repeated calls count no event twice.",
  request: {
    params,
    body: {
      content: {
        "application/json": {
          schema: strict({
            reason: storedReason,
            /** ISO 8601; a bare date is the project's midnight. Default: everything that is stored. */
            from: instantSchema.optional(),
            to: instantSchema.optional(),
          }),
        },
      },
    },
  },
  responses: {
    202: {
      description: "Number of events that are being restored",
      content: {
        "application/json": { schema: z.object({ restored: z.number().int(), more: z.boolean() }) },
      },
    },
  },
});

/** Counts of each reason with its days. */
function byReason(counts: DropCount[], stored: Map<string, number>) {
  return dropReasonSchema.options
    .map((reason) => {
      const days = counts
        .filter((count) => count.reason === reason)
        .map(({ day, count }) => ({ day, count }));
      const total = days.reduce((sum, { count }) => sum + count, 0);
      const storedCount = stored.get(reason) ?? 0;
      // Counts are folded shortly after events are stored.
      return {
        reason,
        description: DROP_REASONS[reason],
        count: Math.max(total, storedCount),
        stored: storedCount,
        days,
      };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

const cursorSchema = z.tuple([z.number().int(), z.string()]);

function encodeCursor({ timestamp, event_id }: Position): string {
  return Buffer.from(JSON.stringify([timestamp, event_id])).toString("base64url");
}

function decodeCursor(cursor: string): Position {
  try {
    const [timestamp, event_id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { timestamp, event_id };
  } catch {
    return problem("invalid_request", "The cursor is not valid", [
      { path: "cursor", code: "invalid_format", message: "Use a next_cursor of this list" },
    ]);
  }
}

function instant(text: string | undefined, zone: string, path: string): number | undefined {
  if (text === undefined) return undefined;
  try {
    return instantOf(text, zone);
  } catch {
    return problem("invalid_request", undefined, [{ path, code: "invalid_format", message: "Not ISO 8601" }]);
  }
}

/** `GET /projects/{id}/drops`, `GET …/drops/events` and `POST …/drops/restore`. */
export const dropRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => {
    const { id } = c.var.project;
    const now = Date.now();
    const stores = await storesOf(c.env, id);
    const [counts, stored] = await Promise.all([
      readDropCounts(stores.db, id, now - DROPS_RETENTION_MS - DAY_MS),
      countStored(stores, id, now),
    ]);
    return c.json({ data: byReason(counts, stored) }, 200);
  })
  .openapi(events, async (c) => {
    const { id } = c.var.project;
    const { reason, limit, cursor } = c.req.valid("query");
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const stores = await storesOf(c.env, id);
    const rows = await readDropped(stores, { project: id, reason, after, limit: limit + 1, now: Date.now() });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = rows.length > limit && last ? encodeCursor(last) : null;
    return c.json({ data: page.map((row) => droppedEventSchema.parse(row)), next_cursor }, 200);
  })
  .openapi(restoring, async (c) => {
    const { id } = c.var.project;
    const body = c.req.valid("json");
    const stores = await storesOf(c.env, id);
    const { timezone } = await readProjectState(stores.db, id, c.var.project.timezone);
    const { ok, restored, more } = await restore(
      { ...stores, queue: c.env.EVENTS },
      {
        project: id,
        reason: body.reason,
        from: instant(body.from, timezone, "from"),
        to: instant(body.to, timezone, "to"),
        now: Date.now(),
      },
    );
    if (!ok) problem("unavailable", "The queue refused; try again", undefined, { "retry-after": "5" });
    return c.json({ restored, more }, 202);
  });

/** The routes above as types, for the app's client. */
export type DropRoute = typeof list | typeof events | typeof restoring;
