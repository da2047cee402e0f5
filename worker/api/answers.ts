/**
 * What the analytics routes share: who asks, of which stores, how answers are kept and refused.
 * @module
 */
import { z } from "@hono/zod-openapi";
import { PROBLEMS, type Problem } from "../../schema/wire/error";
import { type Filter, filterSchema } from "../../schema/wire/filter";
import type { ProjectSettings } from "../../schema/wire/project";
import { type Query, type QueryResult, querySchema } from "../../schema/wire/query";
import {
  answer,
  type Budget,
  isRefusal,
  type PresetQuery,
  type QueryContext,
  type Refusal,
  readProjectState,
} from "../questions/query";
import { type ProjectContext, shardOf } from "../tenancy/projects";
import { definitionsOf, needsOf, withRules } from "../workspace/dashboards";
import type { Caller } from "./auth";
import { cached } from "./cached";
import { problem } from "./errors";
import { answers, route } from "./route";

/** Who may ask. */
export const access = { scope: "analytics:read", role: "viewer" } as const;
/** Where the API page lists these routes. */
export const tags = ["Analytics"];
/** The path of every analytics route. */
export const params = z.object({ project: z.string() });

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

/** What every preset takes from its URL. */
export const presetQuery = z.object({
  /** ISO 8601, a date, or `24h`, `7d`, `30d`, `90d`, `12mo`, `today`, `yesterday`. */
  from: z.string().default("7d"),
  /** ISO 8601 or a date, exclusive; the end of the current hour when left out. */
  to: z.string().optional(),
  timezone: z.string().optional(),
  filters: filterText.optional(),
  compare: querySchema.shape.compare.unwrap().optional(),
});
/** What every list takes from its URL. */
export const pageQuery = presetQuery.omit({ compare: true }).extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** `next_cursor` of the page before. */
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

/** A project's route, as far as asking needs it. */
interface ProjectScope {
  env: Env;
  var: {
    project: Pick<ProjectContext, "id" | "timezone"> & { settings: Pick<ProjectSettings, "currency"> };
  };
}

/** A question's setting: the stores, who asks, how the project stands. */
export async function settingOf(c: ProjectScope) {
  const {
    id,
    timezone,
    settings: { currency },
  } = c.var.project;
  const db = shardOf(c.env, id);
  const asker: QueryContext = { project: id, timezone, currency, now: Date.now() };
  return { stores: { db, lake: c.env.LAKE }, asker, state: await readProjectState(db, id, timezone) };
}
/** See `settingOf`. */
export type Setting = Awaited<ReturnType<typeof settingOf>>;

/** Refuses the request. */
export const refuse = ({ code, detail, errors }: Refusal): never => problem(code, detail, errors);

/** The result of a question, or its refusal as the request's. */
export function resultOf(found: QueryResult | Refusal): QueryResult {
  return isRefusal(found) ? refuse(found) : found;
}

/**
 * Queries with the rules of the defined metrics that they ask for: the organisation's, below the query's own. What is asked
 * is whole then, and so is the key under which its answer is kept.
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

/** Asks with the standing already read. `budget`: what each query may read of the lake, instead of the usual. */
export async function ask<Name extends string>(
  { stores, asker, state }: Setting,
  queries: Record<Name, Query>,
  budget?: Budget,
) {
  return answer(stores, asker, queries, { state, budget });
}

/** A refusal as the problem it is, for answers that hold several. */
export function problemOf({ code, detail, errors }: Refusal): Problem {
  const [status, title] = PROBLEMS[code];
  return { type: `/api/docs#${code}`, title, status, detail, code, errors };
}

/** Answers as results and problems by name. */
export function resultsOf(
  found: Readonly<Record<string, QueryResult | Refusal>>,
): Record<string, QueryResult | Problem> {
  return Object.fromEntries(
    Object.entries(found).map(([name, one]) => [name, isRefusal(one) ? problemOf(one) : one]),
  );
}

/** Asks, and refuses the request when a question is refused. */
export async function askAll<Name extends string>(setting: Setting, queries: Record<Name, Query>) {
  const found = await ask(setting, queries);
  const results = Object.entries<QueryResult | Refusal>(found).map(([name, one]) => [name, resultOf(one)]);
  return Object.fromEntries(results) as Record<Name, QueryResult>;
}

/** The JSON answer, from the edge when the numbers have not moved. */
export async function keep<T extends object>(setting: Setting, question: unknown, make: () => Promise<T>) {
  const { asker, state } = setting;
  const { body, hit } = await cached(
    { project: asker.project, ...state },
    [asker.timezone, asker.currency, question],
    asker.now,
    make,
  );
  return [body, 200, { "cache-control": "private, no-cache", "x-answer": hit ? "kept" : "made" }] as const;
}

/** The part of a query that a URL says. */
export function presetOf({
  from,
  to,
  timezone,
  filters,
  compare,
}: z.output<typeof presetQuery>): PresetQuery {
  return { range: { from, to }, timezone, filters, compare };
}
