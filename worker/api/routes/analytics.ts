/**
 * Queries, the presets of a dashboard, and the catalog.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { problemSchema } from "../../../schema/wire/error";
import {
  granularitySchema,
  MAX_QUERIES,
  metaSchema,
  querySchema,
  resultSchema,
} from "../../../schema/wire/query";
import { strict } from "../../../schema/wire/strict";
import { catalog, catalogSchema } from "../../questions/metrics";
import {
  isRefusal,
  joinMeta,
  overviewOf,
  overviewQueries,
  parse,
  pointsOf,
  rangesOf,
  seriesQuery,
  topEventsOf,
  topEventsQuery,
} from "../../questions/query";
import {
  access,
  ask,
  askAll,
  cachedJson,
  defined,
  params,
  preset,
  presetOf,
  presetQuery,
  refuse,
  resultOf,
  resultsOf,
  settingOf,
  tags,
} from "../answers";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { answers, json, route } from "../route";

const rangeSchema = z.object({ from: z.number().int(), to: z.number().int() });
const measuredSchema = z.object({
  value: z.number().nullable(),
  previous: z.number().nullable(),
  /** Ratio: 0.1 is ten percent more. */
  change: z.number().nullable(),
});

const queryRoute = route({
  method: "post",
  path: "/query/{project}",
  access,
  tags,
  summary: "Run a query",
  request: { params, ...json(querySchema) },
  responses: answers(200, resultSchema, "Columns, rows and metadata"),
});

/** Up to a page of queries. */
const MAX_BATCH_BODY = 256_000;

const batchRoute = route({
  method: "post",
  path: "/query/{project}/batch",
  access,
  tags,
  summary: "Run many queries",
  description: "Reads that queries share are done once. A refused query does not affect the others.",
  maxBody: MAX_BATCH_BODY,
  request: {
    params,
    ...json(
      strict({ queries: z.record(z.string().max(64), querySchema).meta({ maxProperties: MAX_QUERIES }) }),
    ),
  },
  responses: answers(
    200,
    z.object({ results: z.record(z.string(), z.union([resultSchema, problemSchema])) }),
    "A result or a problem for each query",
  ),
});

const datasetsRoute = route({
  method: "get",
  path: "/datasets",
  access: { scope: access.scope, over: "account" },
  tags,
  summary: "List datasets, dimensions and metrics",
  responses: answers(200, catalogSchema, "The catalog"),
});

const overviewRoute = preset(
  "overview",
  "Metrics of a range and of the previous one",
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

/** `/query`, `/analytics` and `/datasets`. */
export const analyticsRoutes = new OpenAPIHono<AppEnv>()
  .openapi(queryRoute, async (c) => {
    const setting = await settingOf(c);
    const { query } = await defined(c, { query: c.req.valid("json") });
    const make = async () => resultOf((await ask(setting, { query })).query);
    return c.json(...(await cachedJson(setting, ["query", query], make)));
  })
  .openapi(batchRoute, async (c) => {
    const setting = await settingOf(c);
    const asked = c.req.valid("json").queries;
    if (Object.keys(asked).length > MAX_QUERIES) {
      problem("too_many_queries", `A batch can have at most ${MAX_QUERIES} queries`);
    }
    const queries = await defined<string>(c, asked);
    const make = async () => ({ results: resultsOf(await ask(setting, queries)) });
    return c.json(...(await cachedJson(setting, ["batch", queries], make)));
  })
  .openapi(datasetsRoute, (c) => c.json(catalog(), 200, { "cache-control": "max-age=300" }))
  .openapi(overviewRoute, async (c) => {
    const setting = await settingOf(c);
    const asked = presetOf({ compare: "previous", ...c.req.valid("query") });
    const make = async () => {
      const queries = overviewQueries(asked);
      const question = parse(queries.events, setting.context);
      if (isRefusal(question)) return refuse(question);
      const results = await askAll(setting, queries);
      const { metrics, top_event } = overviewOf(results);
      const meta = joinMeta(Object.values(results).map((result) => result.meta));
      return { ...rangesOf(question), metrics: { ...metrics, top_event }, meta };
    };
    return c.json(...(await cachedJson(setting, ["overview", asked], make)));
  })
  .openapi(timeseriesRoute, async (c) => {
    const setting = await settingOf(c);
    const { granularity, metric, ...given } = c.req.valid("query");
    const query = seriesQuery(presetOf(given), metric, granularity);
    if (isRefusal(query)) return refuse(query);
    const make = async () => {
      const { series } = await askAll(setting, { series: query });
      const timezone = given.timezone ?? setting.context.timezone;
      const data = pointsOf(series, granularity, timezone, setting.context.now);
      return { granularity, timezone, data, meta: series.meta };
    };
    return c.json(...(await cachedJson(setting, ["timeseries", query], make)));
  })
  .openapi(topEventsRoute, async (c) => {
    const setting = await settingOf(c);
    const { limit, ...given } = c.req.valid("query");
    const query = topEventsQuery(presetOf(given), limit);
    const make = async () => {
      const { top } = await askAll(setting, { top: query });
      return { data: topEventsOf(top), meta: top.meta };
    };
    return c.json(...(await cachedJson(setting, ["top-events", query], make)));
  });

/** The routes above as types, for the app's client. */
export type AnalyticsRoute =
  | typeof queryRoute
  | typeof batchRoute
  | typeof datasetsRoute
  | typeof overviewRoute
  | typeof timeseriesRoute
  | typeof topEventsRoute;
