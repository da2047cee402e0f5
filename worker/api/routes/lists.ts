/**
 * Lists of a project's events, sessions and people, newest first, by cursor.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { type SessionRow, sessionRowSchema } from "../../../schema/wire/derived";
import { metaSchema, type Query } from "../../../schema/wire/query";
import { type EventRow, eventRowSchema } from "../../../schema/wire/row";
import {
  type Budget,
  isRefusal,
  type ListPage,
  type ListRequest,
  listEvents,
  listPeople,
  listSessions,
  type QueryContext,
  type Refusal,
  type UserRow,
} from "../../questions/query";
import { ROLLUPS_ONLY } from "../../workspace/dashboards";
import { ask, pageQuery, preset, type QuerySetting, refuse, settingOf, withinLimits } from "../answers";
import type { AppEnv } from "../context";

const listSchema = <S extends z.ZodType>(row: S) =>
  z.object({
    data: z.array(row),
    next_cursor: z.string().nullable(),
    /** Of all pages; null where it would take reading all rows. */
    total: z.number().int().nullable(),
    meta: metaSchema,
  });
/** An event with the field names of senders and live feeds. */
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

/** Bytes that a row of a list takes on average, for the limit of asking. */
const LISTED_BYTES = 64;

type List<Row> = (
  stores: QuerySetting["stores"],
  context: QueryContext,
  state: QuerySetting["state"],
  request: ListRequest,
) => Promise<ListPage<Row> | Refusal>;

/** One of the lists. */
interface Listing<Row, Out> {
  list: List<Row>;
  shape: (row: Row) => Out;
  /** The metric that is its total; null when the list counts itself. */
  counted: string | null;
  totalBudget?: Budget;
}

/** Reads a page of a list, and its total. */
async function listOf<Row, Out>(
  setting: QuerySetting,
  asked: z.output<typeof pageQuery>,
  { list, shape, counted, totalBudget }: Listing<Row, Out>,
) {
  const { from, to, timezone, filters, limit, cursor } = asked;
  const query = { range: { from, to }, timezone, filters };
  const started = performance.now();
  const page = await withinLimits(setting, async (charge) => {
    const found = await list(setting.stores, setting.context, setting.state, { query, limit, cursor });
    if (!isRefusal(found)) charge(found.rows_scanned * LISTED_BYTES);
    return found;
  });
  if (isRefusal(page)) return refuse(page);
  const { rows, next_cursor, rows_scanned, bytes_scanned, complete_until } = page;
  const isWhole = cursor === undefined && next_cursor === null;
  const total =
    counted && !isWhole ? await totalOf(setting, { ...query, dataset: counted }, totalBudget) : page.total;
  const meta = { source: "lake", complete_until, rows_scanned, bytes_scanned, approximate: false } as const;
  return {
    data: rows.map(shape),
    next_cursor,
    total: isWhole ? rows.length : total,
    meta: { ...meta, elapsed_ms: Math.round((performance.now() - started) * 10) / 10 },
  };
}

/** The number of rows of all pages; null when it is refused. */
async function totalOf(
  setting: QuerySetting,
  query: Omit<Query, "metrics"> & { dataset: string },
  budget?: Budget,
) {
  const { total } = await ask(setting, { total: { ...query, metrics: [query.dataset] } }, budget);
  return isRefusal(total) ? null : (total.totals?.[query.dataset] ?? null);
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

const EVENTS: Listing<EventRow, z.output<typeof listedEventSchema>> = {
  list: listEvents,
  shape: listedEvent,
  counted: "events",
  // A total that rollups cannot answer would read all events, however few fill the page.
  totalBudget: ROLLUPS_ONLY,
};
const SESSIONS: Listing<SessionRow, z.output<typeof listedSessionSchema>> = {
  list: listSessions,
  shape: listedSession,
  counted: "sessions",
};
const PEOPLE: Listing<UserRow, UserRow> = { list: listPeople, shape: (row) => row, counted: null };
const NO_STORE = { "cache-control": "no-store" };

/** The lists below `/analytics/{project}`. */
export const recordRoutes = new OpenAPIHono<AppEnv>()
  .openapi(eventsRoute, async (c) =>
    c.json(await listOf(await settingOf(c), c.req.valid("query"), EVENTS), 200, NO_STORE),
  )
  .openapi(sessionsRoute, async (c) =>
    c.json(await listOf(await settingOf(c), c.req.valid("query"), SESSIONS), 200, NO_STORE),
  )
  .openapi(usersRoute, async (c) =>
    c.json(await listOf(await settingOf(c), c.req.valid("query"), PEOPLE), 200, NO_STORE),
  );
