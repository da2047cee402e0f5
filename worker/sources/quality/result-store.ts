/**
 * Results of checks in the control database.
 * @module
 */
import {
  and,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNull,
  lt,
  notExists,
  type SQL,
  sql,
} from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { projects } from "../../../schema/tables/control";
import { qualityResults, sources } from "../../../schema/tables/sources";
import type { QualityResult } from "../../../schema/wire/source";
import { DAY_MS } from "../../lib/time";
import { isNewestResult } from "../connections";
import type { Finding } from "./check";
import type { PreviousResult } from "./facts";

/** A finding of a check. */
export interface Result {
  name: string;
  finding: Finding;
  /** Whether the check no longer applies to the source. */
  isGone?: boolean;
}

/** A stored result. */
export type StoredResult = Omit<QualityResult, "label">;

const RETENTION_MS = 90 * DAY_MS;

/**
 * Stores the results of a source and deletes old ones. A result with the outcome and score of the previous one of the same
 * day replaces it, so that a check without changes has one row a day.
 */
export async function saveResults(
  control: D1Database,
  { project, source }: { project: string; source: string },
  results: readonly Result[],
  now: number,
): Promise<void> {
  const db = drizzle(control);
  const json = JSON.stringify(
    results.map(({ name, finding: { detail, ...rest } }) => ({
      name,
      ...rest,
      detail: JSON.stringify(detail),
    })),
  );
  const startOfDay = now - (now % DAY_MS);
  await db.batch([
    db.delete(qualityResults).where(isRepeated(db, source, json, startOfDay)),
    insertResults(db, { project, source }, json, now),
    db
      .delete(qualityResults)
      .where(and(eq(qualityResults.source_id, source), lt(qualityResults.checked_at, now - RETENTION_MS))),
  ]);
}

/** The condition for the newest stored results since `since` that have the outcome and score of the given ones. */
function isRepeated(db: DrizzleD1Database, source: string, json: string, since: number): SQL | undefined {
  const { source_id, name, checked_at, outcome, score } = qualityResults;
  const isAmongThem = sql`(${name}, ${outcome}, ${score}) IN (
    SELECT value ->> 'name', value ->> 'outcome', value ->> 'score' FROM json_each(${json}))`;
  return and(eq(source_id, source), gte(checked_at, since), isAmongThem, isNewestResult(db));
}

/** The statement that inserts results if the source still exists, and replaces those of the same time. */
function insertResults(
  db: DrizzleD1Database,
  { project, source }: { project: string; source: string },
  json: string,
  now: number,
) {
  const { source_id, name, checked_at } = qualityResults;
  return db
    .insert(qualityResults)
    .select(
      sql`SELECT ${source}, value ->> 'name', ${now}, ${project}, value ->> 'outcome', value ->> 'score',
        value ->> 'summary', value ->> 'detail'
      FROM json_each(${json}) JOIN ${sources} ON ${eq(sources.id, source)} WHERE true`,
    )
    .onConflictDoUpdate({
      target: [source_id, name, checked_at],
      set: {
        outcome: sql`excluded.outcome`,
        score: sql`excluded.score`,
        summary: sql`excluded.summary`,
        detail: sql`excluded.detail`,
      },
    });
}

/** Returns the newest result of each check. */
export async function latestResults(control: D1Database, source: string): Promise<StoredResult[]> {
  const db = drizzle(control);
  const { project_id, ...columns } = getTableColumns(qualityResults);
  return db
    .select(columns)
    .from(qualityResults)
    .where(and(eq(qualityResults.source_id, source), isNewestResult(db)));
}

/** Returns the newest results by name, for the checks that follow. */
export async function previousResults(
  control: D1Database,
  source: string,
): Promise<Map<string, PreviousResult>> {
  const latest = await latestResults(control, source);
  return new Map(latest.map((result) => [result.name, result]));
}

/** Returns active and broken sources without a result of freshness since `before`, epoch ms. */
export async function uncheckedSources(
  control: D1Database,
  before: number,
  limit: number,
): Promise<string[]> {
  const db = drizzle(control);
  const { source_id, name, checked_at } = qualityResults;
  const fresh = db
    .select({ name })
    .from(qualityResults)
    .where(and(eq(source_id, sources.id), eq(name, "freshness"), gt(checked_at, before)));
  const rows = await db
    .select({ id: sources.id })
    .from(sources)
    .innerJoin(projects, and(eq(projects.id, sources.project_id), isNull(projects.deleted_at)))
    .where(and(isNull(sources.deleted_at), inArray(sources.status, ["active", "broken"]), notExists(fresh)))
    .orderBy(sources.id)
    .limit(limit);
  return rows.map(({ id }) => id);
}
