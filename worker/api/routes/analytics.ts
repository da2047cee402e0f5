/**
 * Asking for numbers: queries, the presets of a dashboard, lists of events, sessions and people, the catalogue.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type SessionRow, sessionRowSchema } from "../../../schema/wire/derived";
import { PROBLEMS, type Problem, problemSchema } from "../../../schema/wire/error";
import {
  type Filter,
  filterSchema,
  granularitySchema,
  metaSchema,
  type Query,
  querySchema,
  type Result,
  resultSchema,
} from "../../../schema/wire/query";
import { type EventRow, eventRowSchema } from "../../../schema/wire/row";
import { catalogue, catalogueSchema } from "../../metrics";
import { type ProjectContext, shardOf } from "../../projects";
import {
  type Answer,
  type Asker,
  answer,
  isRefusal,
  joinMeta,
  type ListPage,
  type ListRequest,
  listEvents,
  listPeople,
  listSessions,
  overviewOf,
  overviewQueries,
  type PresetQuery,
  parse,
  pointsOf,
  type Refusal,
  rangesOf,
  seriesQuery,
  standingOf,
  topEventsOf,
  topEventsQuery,
  type UserRow,
} from "../../query";
import type { AppEnv } from "../auth";
import { cached } from "../cached";
import { problem } from "../errors";
import { answers, json, route } from "../route";

const access = { scope: "analytics:read" } as const;
const tags = ["Analytics"];
const params = z.object({ project: z.string() });

/** Queries that one batch may hold. */
const MAX_QUERIES = 50;

/** `filters` of a URL: the filter tree of a query as JSON text. */
const filterText = z
  .string()
  .max(16_384)
  .transform((text, c): Filter => {
    try {
      const parsed = filterSchema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      c.addIssue({ code: "custom", message: "Not a filter: see the body of POST /query/{project}" });
    } catch {
      c.addIssue({ code: "custom", message: "Not JSON" });
    }
    return z.NEVER;
  });

const presetQuery = z.object({
  /** ISO 8601, a date, or `24h`, `7d`, `30d`, `90d`, `12mo`, `today`, `yesterday`. */
  from: z.string().default("7d"),
  /** ISO 8601 or a date, exclusive; the end of the current hour when left out. */
  to: z.string().optional(),
  timezone: z.string().optional(),
  filters: filterText.optional(),
  compare: querySchema.shape.compare.unwrap().optional(),
});
const pageQuery = presetQuery.omit({ compare: true }).extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** `next_cursor` of the page before. */
  cursor: z.string().max(1024).optional(),
});

const rangeSchema = z.object({ from: z.number().int(), to: z.number().int() });
const measuredSchema = z.object({
  value: z.number().nullable(),
  previous: z.number().nullable(),
  /** Ratio: 0.1 is ten per cent more. */
  change: z.number().nullable(),
});

const queryRoute = route({
  method: "post",
  path: "/query/{project}",
  access,
  tags,
  summary: "Ask a question",
  request: { params, ...json(querySchema) },
  responses: answers(200, resultSchema, "Columns, rows and what they rest on"),
});

const batchRoute = route({
  method: "post",
  path: "/query/{project}/batch",
  access,
  tags,
  summary: "Ask many questions at once",
  description:
    "Reads that they share are done once. A question that is refused does not keep the others back.",
  request: { params, ...json(z.object({ queries: z.record(z.string().max(64), querySchema) })) },
  responses: answers(
    200,
    z.object({ results: z.record(z.string(), z.union([resultSchema, problemSchema])) }),
    "An answer or a problem for each question",
  ),
});

const datasetsRoute = route({
  method: "get",
  path: "/datasets",
  access: { ...access, over: "organization" },
  tags,
  summary: "What can be asked: datasets, dimensions, metrics",
  responses: answers(200, catalogueSchema, "The catalogue"),
});

const preset = <P extends string, Q extends z.ZodObject, S extends z.ZodType>(
  path: P,
  summary: string,
  query: Q,
  schema: S,
) =>
  route({
    method: "get",
    path: `/analytics/{project}/${path}`,
    access,
    tags,
    summary,
    request: { params, query },
    responses: answers(200, schema, summary),
  });

const overviewRoute = preset(
  "overview",
  "The numbers of a range beside those of the range before",
  presetQuery,
  z.object({
    range: rangeSchema,
    previous: rangeSchema.nullable(),
    metrics: z.object({
      events: measuredSchema,
      sessions: measuredSchema,
      visitors: measuredSchema,
      users: measuredSchema,
      pageviews: measuredSchema,
      bounce_rate: measuredSchema,
      session_duration_ms: measuredSchema,
      top_event: z.object({ name: z.string(), value: z.number() }).nullable(),
    }),
    meta: metaSchema,
  }),
);

const timeseriesRoute = preset(
  "timeseries",
  "A metric over time, every bucket present",
  presetQuery.extend({
    granularity: granularitySchema.default("day"),
    metric: z.string().max(64).default("events"),
  }),
  z.object({
    granularity: granularitySchema,
    timezone: z.string(),
    data: z.array(
      z.object({
        /** Start of the bucket, epoch ms. */
        bucket: z.number().int(),
        value: z.number().nullable(),
        previous: z.number().nullable().optional(),
        /** True while the bucket is open. */
        partial: z.boolean(),
      }),
    ),
    meta: metaSchema,
  }),
);

const topEventsRoute = preset(
  "top-events",
  "Events by name, most frequent first",
  presetQuery.extend({ limit: z.coerce.number().int().min(1).max(1000).default(10) }),
  z.object({
    data: z.array(
      z.object({
        event: z.string(),
        count: z.number().int(),
        visitors: z.number().int().nullable(),
        /** Of all events, 0 to 1. */
        share: z.number(),
        previous: z.number().nullable().optional(),
      }),
    ),
    meta: metaSchema,
  }),
);

const listSchema = <S extends z.ZodType>(row: S) =>
  z.object({
    data: z.array(row),
    next_cursor: z.string().nullable(),
    /** Of all pages. */
    total: z.number().int().nullable(),
    meta: metaSchema,
  });
/** An event as senders and live feeds name its fields. */
const listedEventSchema = eventRowSchema
  .omit({
    project_id: true,
    drop_reason: true,
    event_name: true,
    properties: true,
    previous_anonymous_id: true,
  })
  .extend({ event: z.string(), properties: z.record(z.string(), z.unknown()).nullable() });
const listedSessionSchema = sessionRowSchema
  .omit({ project_id: true, epoch: true })
  .extend({ duration_ms: z.number().int() });

const eventsRoute = preset("events", "Raw events, newest first", pageQuery, listSchema(listedEventSchema));
const sessionsRoute = preset(
  "sessions",
  "Sessions that start in the range, newest first",
  pageQuery,
  listSchema(listedSessionSchema),
);
const usersRoute = preset(
  "users",
  "People seen in the range, last seen first",
  pageQuery,
  listSchema(
    z.object({
      distinct_id: z.string(),
      first_seen: z.number().int(),
      last_seen: z.number().int(),
      events: z.number().int(),
      pageviews: z.number().int(),
      sessions: z.number().int(),
    }),
  ),
);

type ProjectScope = Context<AppEnv & { Variables: { project: ProjectContext } }>;

/** A question's setting: the stores, who asks, how the project stands. */
async function settingOf(c: Pick<ProjectScope, "env" | "var">) {
  const { id, timezone } = c.var.project;
  const db = shardOf(c.env, id);
  const asker: Asker = { project: id, timezone, now: Date.now() };
  return { stores: { db, lake: c.env.LAKE }, asker, standing: await standingOf(db, id, timezone) };
}
type Setting = Awaited<ReturnType<typeof settingOf>>;

const refuse = ({ code, detail, errors }: Refusal): never => problem(code, detail, errors);

function resultOf(found: Answer): Result {
  return "refusal" in found ? refuse(found.refusal) : found.result;
}

function problemOf({ code, detail, errors }: Refusal): Problem {
  const [status, title] = PROBLEMS[code];
  return { type: `/api/docs#${code}`, title, status, detail, code, errors };
}

async function ask<Name extends string>({ stores, asker, standing }: Setting, queries: Record<Name, Query>) {
  return answer(stores, asker, queries, { standing });
}

async function askAll<Name extends string>(setting: Setting, queries: Record<Name, Query>) {
  const found = await ask(setting, queries);
  const results = Object.entries<Answer>(found).map(([name, one]) => [name, resultOf(one)]);
  return Object.fromEntries(results) as Record<Name, Result>;
}

/** The JSON answer, from the edge when the numbers have not moved. */
async function keep<T extends object>(setting: Setting, question: unknown, make: () => Promise<T>) {
  const { asker, standing } = setting;
  const { body, hit } = await cached({ project: asker.project, ...standing }, question, asker.now, make);
  return [body, 200, { "cache-control": "private, no-cache", "x-answer": hit ? "kept" : "made" }] as const;
}

function presetOf({ from, to, timezone, filters, compare }: z.output<typeof presetQuery>): PresetQuery {
  return { range: { from, to }, timezone, filters, compare };
}

type List<Row> = (
  stores: Setting["stores"],
  asker: Asker,
  standing: Setting["standing"],
  request: ListRequest,
) => Promise<ListPage<Row> | Refusal>;

/** Reads a list, beside it the total where the list does not count it: the metric of that name. */
async function listOf<Row, Out>(
  setting: Setting,
  asked: z.output<typeof pageQuery>,
  list: List<Row>,
  shape: (row: Row) => Out,
  counted: string | null,
) {
  const { from, to, timezone, filters, limit, cursor } = asked;
  const query = { range: { from, to }, timezone, filters };
  const started = performance.now();
  const [page, totals] = await Promise.all([
    list(setting.stores, setting.asker, setting.standing, { query, limit, cursor }),
    counted ? ask(setting, { total: { ...query, dataset: counted, metrics: [counted] } }) : null,
  ]);
  if (isRefusal(page)) return refuse(page);
  const { rows, next_cursor, total, rows_scanned, bytes_scanned, complete_until } = page;
  const counts = totals && "result" in totals.total ? (totals.total.result.totals ?? {}) : {};
  const meta = { source: "lake", complete_until, rows_scanned, bytes_scanned, approximate: false } as const;
  return {
    data: rows.map(shape),
    next_cursor,
    total: counted ? (counts[counted] ?? null) : total,
    meta: { ...meta, elapsed_ms: Math.round((performance.now() - started) * 10) / 10 },
  };
}

function listedEvent(row: EventRow): z.output<typeof listedEventSchema> {
  const { project_id: _p, drop_reason: _d, previous_anonymous_id: _i, event_name, properties, ...rest } = row;
  return { ...rest, event: event_name, properties: properties === null ? null : JSON.parse(properties) };
}

function listedSession({
  project_id: _p,
  epoch: _e,
  ...row
}: SessionRow): z.output<typeof listedSessionSchema> {
  return { ...row, duration_ms: row.ended_at - row.started_at };
}

/** `/query`, `/analytics` and `/datasets`. */
export const analyticsRoutes = new OpenAPIHono<AppEnv>()
  .openapi(queryRoute, async (c) => {
    const setting = await settingOf(c);
    const query: Query = c.req.valid("json");
    const make = async () => resultOf((await ask(setting, { query })).query);
    return c.json(...(await keep(setting, ["query", query], make)));
  })
  .openapi(batchRoute, async (c) => {
    const setting = await settingOf(c);
    const { queries } = c.req.valid("json");
    if (Object.keys(queries).length > MAX_QUERIES) {
      problem("invalid_request", `At most ${MAX_QUERIES} queries at once`);
    }
    const make = async () => {
      const found = Object.entries(await ask<string>(setting, queries));
      const results = found.map(([name, one]) => [
        name,
        "result" in one ? one.result : problemOf(one.refusal),
      ]);
      return { results: Object.fromEntries(results) as Record<string, Result | Problem> };
    };
    return c.json(...(await keep(setting, ["batch", queries], make)));
  })
  .openapi(datasetsRoute, (c) => c.json(catalogue(), 200, { "cache-control": "max-age=300" }))
  .openapi(overviewRoute, async (c) => {
    const setting = await settingOf(c);
    const asked = presetOf({ compare: "previous", ...c.req.valid("query") });
    const make = async () => {
      const queries = overviewQueries(asked);
      const question = parse(queries.events, setting.asker);
      if (isRefusal(question)) return refuse(question);
      const results = await askAll(setting, queries);
      const { metrics, top_event } = overviewOf(results);
      const meta = joinMeta(Object.values(results).map((result) => result.meta));
      return { ...rangesOf(question), metrics: { ...metrics, top_event }, meta };
    };
    return c.json(...(await keep(setting, ["overview", asked], make)));
  })
  .openapi(timeseriesRoute, async (c) => {
    const setting = await settingOf(c);
    const { granularity, metric, ...given } = c.req.valid("query");
    const query = seriesQuery(presetOf(given), metric, granularity);
    if (isRefusal(query)) return refuse(query);
    const make = async () => {
      const { series } = await askAll(setting, { series: query });
      const timezone = given.timezone ?? setting.asker.timezone;
      const data = pointsOf(series, granularity, timezone, setting.asker.now);
      return { granularity, timezone, data, meta: series.meta };
    };
    return c.json(...(await keep(setting, ["timeseries", query], make)));
  })
  .openapi(topEventsRoute, async (c) => {
    const setting = await settingOf(c);
    const { limit, ...given } = c.req.valid("query");
    const query = topEventsQuery(presetOf(given), limit);
    const make = async () => {
      const { top } = await askAll(setting, { top: query });
      return { data: topEventsOf(top), meta: top.meta };
    };
    return c.json(...(await keep(setting, ["top-events", query], make)));
  })
  .openapi(eventsRoute, async (c) => {
    const page = await listOf(await settingOf(c), c.req.valid("query"), listEvents, listedEvent, "events");
    return c.json(page, 200, { "cache-control": "no-store" });
  })
  .openapi(sessionsRoute, async (c) => {
    const page = await listOf(
      await settingOf(c),
      c.req.valid("query"),
      listSessions,
      listedSession,
      "sessions",
    );
    return c.json(page, 200, { "cache-control": "no-store" });
  })
  .openapi(usersRoute, async (c) => {
    const page = await listOf(
      await settingOf(c),
      c.req.valid("query"),
      listPeople,
      (row: UserRow) => row,
      null,
    );
    return c.json(page, 200, { "cache-control": "no-store" });
  });
