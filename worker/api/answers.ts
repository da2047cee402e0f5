/**
 * What the analytics routes share: the query context, stores, cached answers and refusals.
 * @module
 */
import { z } from "@hono/zod-openapi";
import { PROBLEMS, type Problem } from "../../schema/wire/error";
import { type Filter, filterSchema } from "../../schema/wire/filter";
import type { ProjectSettings } from "../../schema/wire/project";
import {
  instantSchema,
  type Query,
  type QueryResult,
  querySchema,
  timezoneSchema,
} from "../../schema/wire/query";
import { strict } from "../../schema/wire/strict";
import { guardJson } from "../lib/json-guard";
import { attendFolder } from "../pipeline/fold";
import { answerInsights, type InsightQuery } from "../questions/insights";
import {
  type Budget,
  isRefusal,
  type PresetQuery,
  type QueryContext,
  type Refusal,
  readProjectState,
} from "../questions/query";
import { type ProjectContext, shardOf, storesOf } from "../tenancy/projects";
import { definitionsOf, needsOf, withRules } from "../workspace/dashboards";
import { type Asker, limitAsking } from "./ask-limit";
import { cached } from "./cached";
import type { Caller } from "./context";
import { ProblemError, problem, unwrap } from "./errors";
import { defer } from "./request-context";
import { answers, idParameter, route } from "./route";

/** Access that analytics routes require. */
export const access = { scope: "analytics:read", role: "viewer" } as const;
/** Section of the API reference. */
export const tags = ["Analytics"];
/** The path of every analytics route. */
export const params = z.object({ project: idParameter });

/** `filters` of a URL: the filter tree of a query as JSON text. */
const filterText = z
  .string()
  .max(16_384)
  .transform((text, c): Filter => {
    try {
      unwrap(guardJson(text));
      const parsed = filterSchema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      c.addIssue({
        code: "custom",
        message: "Must be a filter as in the body of POST /query/{project}",
        params: { code: "filter_invalid" },
      });
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      c.addIssue({ code: "custom", message: "Must be JSON", params: { code: "filter_not_json" } });
    }
    return z.NEVER;
  });

/** URL parameters of every preset. */
export const presetQuery = strict({
  /** ISO 8601, a date, or `24h`, `7d`, `30d`, `90d`, `12mo`, `today`, `yesterday`. */
  from: instantSchema.default("7d"),
  /** ISO 8601 or a date, exclusive; default: the end of the current hour. Not with one of the named ranges. */
  to: instantSchema.optional(),
  timezone: timezoneSchema.optional(),
  filters: filterText.optional(),
  compare: querySchema.shape.compare.unwrap().optional(),
});
/** URL parameters of every list. */
export const pageQuery = presetQuery.omit({ compare: true }).extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** `next_cursor` of the previous page. */
  cursor: z.string().max(1024).optional(),
});

/** A GET route below `/analytics/{project}`. */
export const preset = <P extends string, Q extends z.ZodObject, S extends z.ZodType>(
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

/** The part of a project route's context that queries need. */
interface ProjectScope {
  env: Env;
  var: {
    project: Pick<ProjectContext, "id" | "timezone" | "organization_id"> & {
      settings: Pick<ProjectSettings, "currency">;
    };
    /** Absent for a public link. */
    caller?: Pick<Caller, "user_id">;
  };
}

/**
 * Returns the stores, the query context, the project's state, and who asks: the caller, or a public link. Reports to the
 * folder that somebody asks.
 */
export async function settingOf(c: ProjectScope, link?: string) {
  const {
    id,
    timezone,
    organization_id: organization,
    settings: { currency },
  } = c.var.project;
  const stores = await storesOf(c.env, id);
  const now = Date.now();
  defer(attend(c.env, id, now));
  const asker: Asker = { by: link ?? c.var.caller?.user_id ?? id, organization };
  const megabytesAMinute = Number(c.env.ASK_MB_A_MINUTE);
  const state = await readProjectState(stores.db, id, timezone);
  // While the time zone changes, numbers are in the zone of the rows that answer.
  const context: QueryContext = { project: id, timezone: state.timezone, currency, now };
  return { stores, context, state, limits: { asker, megabytesAMinute } };
}

/** Folds of a quiet shard wait less while somebody asks. */
export async function attend(env: Env, project: string, now: number): Promise<void> {
  await attendFolder(env, await shardOf(env, project), now);
}

/** See `settingOf`. */
export type QuerySetting = Awaited<ReturnType<typeof settingOf>>;

/** Refuses the request. */
export const refuse = ({ code, detail, errors }: Refusal): never => problem(code, detail, errors);

/** Returns the result of a query; refuses the request when the query is refused. */
export function resultOf(found: QueryResult | Refusal): QueryResult {
  return isRefusal(found) ? refuse(found) : found;
}

/**
 * Adds the rules of the defined metrics that queries use; a query's own rules win. The query is then complete, and so
 * is the cache key of its answer.
 */
export async function defined<Name extends string>(
  { env, var: { project, caller } }: { env: Env; var: { project: ProjectContext; caller: Caller } },
  queries: Record<Name, Query>,
): Promise<Record<Name, Query>> {
  const viewer = { organization: project.organization_id, user: caller.user_id };
  const rules = await definitionsOf(env.CONTROL, viewer, needsOf(Object.values(queries)));
  const whole = Object.entries<Query>(queries).map(([name, query]) => [name, withRules(query, rules)]);
  return Object.fromEntries(whole) as Record<Name, Query>;
}

/** Runs a question of any kind within the limits of who asks. `run` reports the bytes that it reads and processes. */
export function withinLimits<T>(
  { limits: { asker, megabytesAMinute } }: QuerySetting,
  run: (charge: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  return limitAsking(asker, { megabytesAMinute, now: Date.now() }, run);
}

/** Answers queries. `budget`: the most that each query may read from the lake, instead of the default. */
export async function ask<Name extends string>(
  setting: QuerySetting,
  queries: Record<Name, InsightQuery>,
  budget?: Budget,
) {
  const { stores, context, state } = setting;
  return withinLimits(setting, (charge) =>
    answerInsights(stores, context, queries, { state, budget, charge }),
  );
}

/** Returns a refusal as a problem, for answers that contain several. */
export function problemOf({ code, detail, errors }: Refusal): Problem {
  const [status, title] = PROBLEMS[code];
  return { type: `/api/docs#${code}`, title, status, detail, code, errors };
}

/** Returns results and problems by name. */
export function resultsOf(
  found: Readonly<Record<string, QueryResult | Refusal>>,
): Record<string, QueryResult | Problem> {
  return Object.fromEntries(
    Object.entries(found).map(([name, one]) => [name, isRefusal(one) ? problemOf(one) : one]),
  );
}

/** Answers queries; refuses the request when one of them is refused. */
export async function askAll<Name extends string>(setting: QuerySetting, queries: Record<Name, Query>) {
  const found = await ask(setting, queries);
  const results = Object.entries<QueryResult | Refusal>(found).map(([name, one]) => [name, resultOf(one)]);
  return Object.fromEntries(results) as Record<Name, QueryResult>;
}

/** Returns the JSON response, from the edge cache when the project's data has not changed. */
export async function cachedJson<T extends object>(
  setting: QuerySetting,
  question: unknown,
  make: () => Promise<T>,
) {
  const { context, state } = setting;
  const { body, hit } = await cached(
    { project: context.project, ...state },
    [context.timezone, context.currency, question],
    context.now,
    make,
  );
  return [body, 200, { "cache-control": "private, no-cache", "x-answer": hit ? "kept" : "made" }] as const;
}

/** Returns the query parts of URL parameters. */
export function presetOf({
  from,
  to,
  timezone,
  filters,
  compare,
}: z.output<typeof presetQuery>): PresetQuery {
  return { range: { from, to }, timezone, filters, compare };
}
