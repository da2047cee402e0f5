/**
 * Ingest: the public endpoint that pages call with a write key, and the import that programs call with a token.
 * @module
 */
import { waitUntil } from "cloudflare:workers";
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { HonoRequest, MiddlewareHandler } from "hono";
import {
  importEventSchema,
  ingestAnswerSchema,
  ingestBodySchema,
  MAX_EVENTS,
  rawEventSchema,
} from "../../../schema/wire/event";
import { dropReasonSchema } from "../../../schema/wire/row";
import {
  type Accepted,
  type AcceptRequest,
  accept,
  countRefused,
  edgeContext,
  importContext,
  isReused,
  type KeyUse,
  parseBody,
  readBody,
  recordUse,
  requestKeyOf,
  saltDay,
  senderOf,
  sendTogether,
  spacedKeyOf,
  writePoints,
} from "../../pipeline/ingest";
import { pushAccepted } from "../../pipeline/live";
import { cachedProjectByKey, originAllowed, saltsFor, storesOf } from "../../tenancy/projects";
import type { AppEnv } from "../context";
import { problem, unwrap } from "../errors";
import { mayIngest } from "../limit";
import { idParameter, route } from "../route";

/** Period of `LIMIT_INGEST` in wrangler.toml, in seconds. */
const LIMIT_PERIOD = "10";
/** Most characters of a write key and of an idempotency key in a header. */
const MAX_WRITE_KEY = 1024;
const MAX_IDEMPOTENCY_KEY = 255;
/** Seconds after which a sender may try again when the queue refuses. */
const QUEUE_PAUSE = "5";

/** The endpoint has no secrets and reads no cookies, so any page may read its responses; the key decides access. */
const cors: MiddlewareHandler<AppEnv> = async (c, next) => {
  const started = Date.now();
  await next();
  // The clock of a Worker advances only during I/O (Workers › Web standards › Performance): here, the queue.
  c.res.headers.set("server-timing", `ingest;dur=${Date.now() - started}`);
  c.res.headers.set("access-control-allow-origin", "*");
  c.res.headers.set("access-control-expose-headers", "Retry-After");
};

/**
 * Described, not validated by the router: the handler reads the body itself and checks its events one by one. Any
 * content type is accepted, because `text/plain` avoids a preflight.
 */
const bodyOf = (event: z.ZodType) => ({
  required: true,
  content: { "*/*": { schema: ingestBodySchema.extend({ events: z.array(event).min(1).max(MAX_EVENTS) }) } },
});

const ingest = route({
  method: "post",
  path: "/events/ingest",
  access: "write-key",
  tags: ["Events"],
  summary: "Send events with a project's write key",
  description:
    "The key is in `X-API-Key`, `?key=` or the body's `api_key`. Idempotent by `Idempotency-Key` or `batch_id`: with " +
    "other events than before they are refused, by 409 when this data center knows them, else as a dead letter of the " +
    "project. Keys that state their time (ULID, UUID version 7, epoch ms and a hyphen) are cheaper to store. An `event_id` counts once in its project and day, whatever requests repeat it. 202 means that the accepted " +
    "events are durable; events that violate the contract are listed in `rejected` and do not affect the others, even " +
    "when all are rejected.",
  request: {
    headers: z.object({
      "x-api-key": z.string().max(MAX_WRITE_KEY).optional(),
      "idempotency-key": z.string().max(MAX_IDEMPOTENCY_KEY).optional(),
    }),
    query: z.object({ key: z.string().max(MAX_WRITE_KEY).optional() }),
    body: bodyOf(rawEventSchema),
  },
  responses: {
    202: { description: "Accepted", content: { "application/json": { schema: ingestAnswerSchema } } },
  },
});

const preflight = route({
  method: "options",
  path: "/events/ingest",
  access: "anyone",
  tags: ["Events"],
  summary: "CORS preflight, for every origin",
  responses: { 204: { description: "The headers that may be sent, for a day" } },
});

const importAnswerSchema = ingestAnswerSchema.extend({
  /** Accepted events that are excluded from the statistics, by reason. */
  dropped: z.partialRecord(dropReasonSchema, z.number().int()),
});

const importRoute = route({
  method: "post",
  path: "/projects/{id}/import",
  access: { scope: "events:write", role: "admin" },
  tags: ["Events"],
  summary: "Send events of any past time, each with its own context",
  request: {
    params: z.object({ id: idParameter }),
    headers: z.object({ "idempotency-key": z.string().max(MAX_IDEMPOTENCY_KEY).optional() }),
    body: bodyOf(importEventSchema),
  },
  responses: {
    202: { description: "Accepted", content: { "application/json": { schema: importAnswerSchema } } },
  },
});

/** The part of the context that the handlers use. */
interface Call {
  req: HonoRequest;
  env: Env;
}

async function bodyFrom(c: Call) {
  const length = c.req.header("content-length");
  const text = await readBody(c.req.raw, {
    encoding: c.req.header("content-encoding") ?? null,
    length: length === undefined ? null : Number(length),
  });
  return unwrap(parseBody(unwrap(text)));
}

async function projectOf(c: Call, key: string, now: number) {
  const project = key.length <= MAX_WRITE_KEY && (await cachedProjectByKey(c.env.CONTROL, key, now));
  return project || problem("invalid_key", "No project has this write key");
}

/** The `Idempotency-Key` header; null without it. */
function idempotencyKeyOf(c: Call): string | null {
  const key = c.req.header("idempotency-key") ?? null;
  if (key && key.length > MAX_IDEMPOTENCY_KEY)
    problem("invalid_request", `Idempotency-Key may have at most ${MAX_IDEMPOTENCY_KEY} characters`);
  return key;
}

/** The use of a key that the sender chose; null for a generated key. */
function useOf(c: Call, { key, sender, project }: AcceptRequest): KeyUse | null {
  const isShared = sender === null || c.req.header("idempotency-key") !== undefined;
  if (key.content === null) return null;
  return { project: project.id, key: spacedKeyOf({ key, sender }), content: key.content, isShared };
}

/** Accepts the events of a request and stores them; the response may be 202 only after this. */
async function acceptAndStore(c: Call, request: AcceptRequest): Promise<Accepted> {
  const use = useOf(c, request);
  if (use && (await isReused(use)))
    problem("idempotency_key_reused", "Send other events with another Idempotency-Key or batch_id");
  const accepted = accept(request);
  await store(c, accepted);
  if (use) waitUntil(recordUse(use));
  return accepted;
}

async function store(c: Call, { messages }: Accepted): Promise<void> {
  if (!(await sendTogether(c.env.EVENTS, messages, waitUntil))) {
    problem("unavailable", "The events could not be stored; send them again", undefined, {
      "retry-after": QUEUE_PAUSE,
    });
  }
  writePoints(c.env.ANALYTICS, messages, c.env.ANALYTICS_POINTS);
}

async function ingestHandler(c: Call) {
  const now = Date.now();
  const statedKey = c.req.header("x-api-key") ?? c.req.query("key");
  // A wrong key is refused before its body is read.
  if (statedKey !== undefined) await projectOf(c, statedKey, now);
  const body = await bodyFrom(c);
  const writeKey =
    statedKey ?? body.api_key ?? problem("invalid_key", "Send the project's write key as X-API-Key");
  // The body may have taken long: by now the key may be revoked.
  const project = await projectOf(c, writeKey, Date.now());
  if (!(await mayIngest(c.env.LIMIT_INGEST, writeKey, now))) {
    problem("rate_limited", undefined, undefined, { "retry-after": LIMIT_PERIOD });
  }

  const header = idempotencyKeyOf(c);
  const key = requestKeyOf({ header, batch_id: body.batch_id, events: body.events, now });
  if (!originAllowed(project.domain, c.req.header("origin") ?? null)) {
    const refused = {
      project: project.id,
      reason: "origin" as const,
      count: body.events.length,
      key: key.key,
    };
    await countRefused(c.env.EVENTS, refused, waitUntil);
    problem("origin_not_allowed", "Add the page's host to the project's domain");
  }
  const sender = senderOf(c.req.raw.headers, c.req.raw.cf);
  const salts = await saltsFor(c.env.CONTROL, saltDay(now, project.timezone));
  const contextOf = edgeContext(sender, salts, project.id, project.timezone, now);
  const accepted = await acceptAndStore(c, { events: body.events, key, sender, contextOf, project, now });
  waitUntil(
    storesOf(c.env, project.id).then(({ db }) => pushAccepted(c.env.ROOM, db, accepted.messages, now)),
  );
  return accepted;
}

/** `POST /events/ingest` with its preflight, and `POST /projects/{id}/import`. */
export const ingestRoutes = new OpenAPIHono<AppEnv>();
ingestRoutes.use("/events/ingest", cors);
// Not by openapi(): its validators would copy all headers and parse them, a fifth of the work of a request.
ingestRoutes.openAPIRegistry.registerPath(ingest);
ingestRoutes.post("/events/ingest", async (c) => {
  const { answer } = await ingestHandler(c);
  return c.json(answer, 202);
});

ingestRoutes
  .openapi(preflight, (c) =>
    c.body(null, 204, {
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "Content-Type, Content-Encoding, X-API-Key, Idempotency-Key",
      // Browsers cap it at two hours (Chrome) or a day (Firefox).
      "access-control-max-age": "86400",
    }),
  )
  .openapi(importRoute, async (c) => {
    const now = Date.now();
    const { project } = c.var;
    const body = await bodyFrom(c);
    const header = c.req.header("idempotency-key") ?? null;
    const key = requestKeyOf({ header, batch_id: body.batch_id, events: body.events, now });
    const contextOf = importContext(c.env.AUTH_SECRET, project.id, project.timezone);
    const request = { events: body.events, key, sender: null, contextOf, project, now };
    const accepted = await acceptAndStore(c, request);
    return c.json({ ...accepted.answer, dropped: accepted.dropped }, 202);
  });
