/**
 * What the fold reads and writes in a shard's D1.
 * @module
 */
import { rowsKeySql } from "../../../schema/tables/generation";
import type { DirtyDayRow, FoldStateRow, PersonRow } from "../../../schema/tables/shard";
import { guardStatement, isGuardFailure } from "../../lib/guard";
import { chunked } from "../../lib/json-params";
import { retry } from "../../lib/retry";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type TimeRange } from "../../lib/time";
import type { SessionPage } from "../rollup";
import type { PagesChange } from "./pages";

/** Keys of the current and of the newest generation of a row `f` of `fold_state`. */
const CURRENT_KEY = rowsKeySql("f", "generation");
const LAST_KEY = rowsKeySql("f", "last_generation");

/** How far a project has been folded, as one of its generations: with the current one's zone or with the next one's. */
export type FoldState = FoldStateRow;

/** The generations of a project that are folded and derived: the current one, and one that is being built. */
export function generationsOf(state: FoldState): FoldState[] {
  const { next_timezone: timezone, last_generation: generation } = state;
  return timezone === null ? [state] : [state, { ...state, timezone, generation }];
}

/** Whether the state is one of a generation that is being built. */
export function isBuilding({ generation, last_generation, next_timezone }: FoldState): boolean {
  return next_timezone !== null && generation === last_generation;
}

/** The fold states of the projects that exist. */
export async function foldStates(
  db: D1Database,
  projects: Iterable<string>,
): Promise<Map<string, FoldState>> {
  const { results } = await db
    .prepare("SELECT f.* FROM json_each(?1) j CROSS JOIN fold_state f ON f.project = j.value")
    .bind(JSON.stringify([...projects]))
    .all<FoldState>();
  return new Map(results.map((state) => [state.project, state]));
}

/**
 * First statement of every batch that relies on fold states: aborts the batch, writing nothing, when a state has
 * changed or is missing.
 */
export function guard(db: D1Database, states: readonly FoldState[]): D1PreparedStatement {
  return guardStatement(
    db,
    `(SELECT count(*) FROM json_each(?1) j JOIN fold_state f ON f.project = j.value->>'p'
       AND f.seq = j.value->>'s' AND f.epoch = j.value->>'e') = json_array_length(?1)`,
    JSON.stringify(states.map((s) => ({ p: s.project, s: s.seq, e: s.epoch }))),
  );
}

/** Attempts of a step when its guard fails. */
const GUARD_ATTEMPTS = 5;

/** Runs a step that reads states and writes under their guard; retries when they changed in between. */
export function retryGuarded<T>(step: () => Promise<T>): Promise<T> {
  return retry(step, { attempts: GUARD_ATTEMPTS, isRetryable: isGuardFailure });
}

/** Moves fold states; `complete_until` never goes back and `first_event_at` never forward. */
export function moveStates(db: D1Database, states: readonly FoldState[]): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE fold_state SET seq = j.value->>'seq', epoch = j.value->>'epoch', sealed_until = j.value->>'sealed_until',
         complete_until = max(coalesce(complete_until, 0), coalesce(j.value->>'complete_until', 0)),
         first_event_at = j.value->>'first_event_at', own_ids = j.value->>'own_ids'
       FROM json_each(?1) j WHERE fold_state.project = j.value->>'project'`,
    )
    .bind(JSON.stringify(states));
}

/** Bytes of pages that are read at once, unless one page has more. */
const READ_BYTES = 6_000_000;

/**
 * Reads the open sessions of generations: by key, and of each the pages from the last to the first, some megabytes in
 * memory at a time.
 */
export async function* readPages(db: D1Database, keys: Iterable<string>): AsyncGenerator<Page> {
  const names = JSON.stringify([...keys].sort());
  let after: Pick<Page, "project" | "page"> = { project: "", page: 0 };
  for (;;) {
    const { results } = await db
      .prepare(
        `SELECT project, page, body, total FROM (
           SELECT s.project, s.page, s.body, octet_length(s.body) AS bytes,
             sum(octet_length(s.body)) OVER (ORDER BY s.project, s.page DESC) AS total
           FROM json_each(?1) j CROSS JOIN open_sessions s ON s.project = j.value
           WHERE s.project > ?2 OR (s.project = ?2 AND s.page < ?3))
         WHERE total - bytes < ?4 ORDER BY project, page DESC`,
      )
      .bind(names, after.project, after.page, READ_BYTES)
      .all<Page & { total: number }>();
    for (const { project, page, body } of results) yield { project, page, body };
    const last = results.at(-1);
    if (!last || last.total < READ_BYTES) return;
    after = last;
  }
}

/** A page of open sessions. */
export interface Page extends SessionPage {
  /** Key of the generation. */
  project: string;
}

/** Statements that write and remove pages of open sessions. */
export function changePages(
  db: D1Database,
  changes: readonly (PagesChange & { project: string })[],
): D1PreparedStatement[] {
  const written = changes.flatMap(({ project, written }) => written.map((page) => ({ project, ...page })));
  const removed = changes.flatMap(({ project, removed }) => removed.map((page) => [project, page]));
  const statements = chunked(written.map((page) => JSON.stringify(page))).map((json) =>
    db
      .prepare(
        `INSERT INTO open_sessions (project, page, body)
         SELECT j.value->>'project', j.value->>'page', j.value->>'body' FROM json_each(?1) j WHERE true
         ON CONFLICT DO UPDATE SET body = excluded.body`,
      )
      .bind(json),
  );
  if (removed.length) {
    const sql = `DELETE FROM open_sessions WHERE (project, page) IN (SELECT j.value->>0, j.value->>1 FROM json_each(?1) j)`;
    statements.push(db.prepare(sql).bind(JSON.stringify(removed)));
  }
  return statements;
}

export type Person = PersonRow;

/** Statements that read which of the people are known: rows of `Person`. */
export function selectPeople(
  db: D1Database,
  ids: readonly [project: string, distinctId: string][],
): D1PreparedStatement[] {
  return chunked(ids.map((id) => JSON.stringify(id))).map((json) =>
    db
      .prepare(
        `SELECT p.project, p.distinct_id, p.identified_at FROM json_each(?1) j
         CROSS JOIN people p ON p.project = j.value->>0 AND p.distinct_id = j.value->>1`,
      )
      .bind(json),
  );
}

/** The people in the results of `selectPeople`. */
export function peopleIn(results: readonly D1Result[]): Person[] {
  return results.flatMap(({ results }) => results as Person[]);
}

/** Statements that record people; the earliest time wins. */
export function writePeople(db: D1Database, people: readonly Person[]): D1PreparedStatement[] {
  return chunked(people.map((person) => JSON.stringify(person))).map((json) =>
    db
      .prepare(
        `INSERT INTO people (project, distinct_id, identified_at)
         SELECT j.value->>'project', j.value->>'distinct_id', j.value->>'identified_at' FROM json_each(?1) j WHERE true
         ON CONFLICT DO UPDATE SET identified_at = min(identified_at, excluded.identified_at)`,
      )
      .bind(json),
  );
}

/** Statements that mark days to be derived again: `days` are `[key of the generation, start of the day]`. */
export function markDirty(
  db: D1Database,
  days: readonly [key: string, day: number][],
  now: number,
): D1PreparedStatement[] {
  if (!days.length) return [];
  return [
    db
      .prepare(
        `INSERT OR IGNORE INTO dirty_days (project, day, since)
         SELECT j.value->>0, j.value->>1, ?2 FROM json_each(?1) j`,
      )
      .bind(JSON.stringify(days), now),
  ];
}

/**
 * The statement that marks the day after a range that is derived for the first time when that day was derived before it:
 * events folded since then continue sessions of the range that were not known.
 */
export function markFollowing(
  db: D1Database,
  key: string,
  { last, next }: { last: number; next: number },
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT OR IGNORE INTO dirty_days (project, day, since)
       SELECT project, day, ?4 FROM derived_days WHERE project = ?1 AND day = ?3
       AND NOT EXISTS (SELECT 1 FROM derived_days WHERE project = ?1 AND day = ?2)`,
    )
    .bind(key, last, next, now);
}

/** Statements that add to the counts of dropped events: `[project, start of the UTC day, reason, count]`. */
export function addDrops(
  db: D1Database,
  counts: readonly [string, number, string, number][],
): D1PreparedStatement[] {
  if (!counts.length) return [];
  return [
    db
      .prepare(
        `INSERT INTO drops (project, day, reason, count)
         SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3 FROM json_each(?1) j WHERE true
         ON CONFLICT DO UPDATE SET count = count + excluded.count`,
      )
      .bind(JSON.stringify(counts)),
  ];
}

/** A day that waits to be derived; `project` is the key of its generation. */
export type DirtyDay = Pick<DirtyDayRow, "project" | "day" | "failures">;

/** Longest wait between derivations of a day with few events. */
const MAX_REPEAT_MS = 15 * MINUTE_MS;

/**
 * When a day `d` with its last derivation `e` is due, epoch ms: after a wait of a millisecond for each of its events, and of
 * 0, 10, 30, 70 s and so on up to 15 minutes for derivations that follow one another.
 */
const DUE_AT = `max(d.retry_at, coalesce(e.derived_at
  + max(e.events, min(${MAX_REPEAT_MS}, ((1 << min(e.repeats, 10)) - 1) * ${10 * SECOND_MS})), 0))`;

/** Projects whose days are taken at once: of each, the manifest is read. */
const DUE_PROJECTS = 40;
/** Days of one project that are taken at once: an import of many years leaves time for other projects. */
const MAX_DAYS_A_PROJECT = 400;
/** Days that are taken at once. */
const MAX_DAYS = 5000;

/**
 * Days that are due: a day that late events touch repeatedly waits longer each time, so that it costs a few percent of a
 * processor and few rows written, and so does one that fails. Those of the projects that have waited longest, in order of
 * project and day.
 */
export async function dueDays(db: D1Database, now: number): Promise<DirtyDay[]> {
  const { results } = await db
    .prepare(
      `WITH due AS (
         SELECT d.project, d.day, d.failures, max(d.since, ${DUE_AT}) AS at FROM dirty_days d
         LEFT JOIN derived_days e ON e.project = d.project AND e.day = d.day WHERE ${DUE_AT} <= ?1),
       first AS (SELECT project, min(at) AS at FROM due GROUP BY project ORDER BY at, project LIMIT ${DUE_PROJECTS})
       SELECT project, day, failures FROM (
         SELECT project, day, failures, row_number() OVER (PARTITION BY project ORDER BY day) AS place
         FROM due WHERE project IN (SELECT project FROM first))
       WHERE place <= ${MAX_DAYS_A_PROJECT} ORDER BY project, day LIMIT ${MAX_DAYS}`,
    )
    .bind(now)
    .all<DirtyDay>();
  return results;
}

/** Days that wait to be derived, due or not, in order of key and day; `key`: only those of a generation. */
export async function dirtyDays(db: D1Database, limit: number, key?: string): Promise<DirtyDay[]> {
  const { results } = await db
    .prepare(
      "SELECT project, day, failures FROM dirty_days WHERE project = ?2 OR ?2 IS NULL ORDER BY project, day LIMIT ?1",
    )
    .bind(limit, key ?? null)
    .all<DirtyDay>();
  return results;
}

/** First wait after a derivation failed; doubled with each failure. */
const FIRST_WAIT_MS = 10 * SECOND_MS;
const MAX_WAIT_MS = 6 * HOUR_MS;

/** Records that the days of a range could not be derived: each waits longer before it is tried again. */
export async function postponeDays(
  db: D1Database,
  key: string,
  { from, to }: TimeRange,
  error: string,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE dirty_days SET failures = failures + 1, error = ?4,
         retry_at = ?5 + min(${MAX_WAIT_MS}, ${FIRST_WAIT_MS} * (1 << min(failures, 20)))
       WHERE project = ?1 AND day >= ?2 AND day < ?3`,
    )
    .bind(key, from, to, error.slice(0, 500), now)
    .run();
}

/** Statements that record days as derived at `epoch` and no longer dirty. */
export function finishDays(
  db: D1Database,
  key: string,
  days: readonly number[],
  { epoch, events, now }: { epoch: number; events: number; now: number },
): D1PreparedStatement[] {
  const json = JSON.stringify(days);
  return [
    db
      .prepare("DELETE FROM dirty_days WHERE project = ?1 AND day IN (SELECT value FROM json_each(?2))")
      .bind(key, json),
    db
      .prepare(
        `INSERT INTO derived_days (project, day, epoch, events, derived_at)
         SELECT ?1, j.value, ?3, ?4, ?5 FROM json_each(?2) j WHERE true
         ON CONFLICT DO UPDATE SET epoch = excluded.epoch, events = excluded.events, derived_at = excluded.derived_at,
           repeats = CASE WHEN excluded.derived_at - derived_at < ${DAY_MS} THEN repeats + 1 ELSE 0 END`,
      )
      .bind(key, json, epoch, events, now),
  ];
}

/** The state of a project's numbers. */
export interface FoldProgress {
  complete_until: number | null;
  /** Days of the current generation that wait. */
  days_to_derive: number;
  /** Days, also of a change of the time zone, that could not be derived and are tried again later; null when there are none. */
  failing_days: { days: number; since: number; retry_at: number } | null;
}

/**
 * How far a project has been folded, and how many of its days wait to be derived; null when the project is not known.
 */
export async function progressOf(db: D1Database, project: string): Promise<FoldProgress | null> {
  const row = await db
    .prepare(
      `SELECT f.complete_until, count(d.day) FILTER (WHERE d.project = ${CURRENT_KEY}) AS days_to_derive,
         count(d.day) FILTER (WHERE d.failures > 0) AS days,
         min(d.since) FILTER (WHERE d.failures > 0) AS since, min(d.retry_at) FILTER (WHERE d.failures > 0) AS retry_at
       FROM fold_state f LEFT JOIN dirty_days d ON d.project IN (${CURRENT_KEY}, ${LAST_KEY})
       WHERE f.project = ?1 GROUP BY f.project`,
    )
    .bind(project)
    .first<{
      complete_until: number | null;
      days_to_derive: number;
      days: number;
      since: number | null;
      retry_at: number | null;
    }>();
  if (!row) return null;
  const { complete_until, days_to_derive, days, since, retry_at } = row;
  const failing_days = days > 0 ? { days, since: since ?? 0, retry_at: retry_at ?? 0 } : null;
  return { complete_until, days_to_derive, failing_days };
}

/** Returns when the next day is due to be derived (epoch ms, maybe past); null when no day waits. */
export async function nextDueAt(db: D1Database): Promise<number | null> {
  const row = await db
    .prepare(
      `SELECT min(${DUE_AT}) AS due FROM dirty_days d
       LEFT JOIN derived_days e ON e.project = d.project AND e.day = d.day`,
    )
    .first<{ due: number | null }>();
  return row?.due ?? null;
}
