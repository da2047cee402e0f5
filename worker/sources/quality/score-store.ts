/**
 * Scores of sources from the results of checks in the control database.
 * @module
 */
import { and, eq, isNull, max, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { qualityResults, sources } from "../../../schema/tables/sources";
import type { Quality, QualityOverview, QualityResult } from "../../../schema/wire/source";
import { isNewestResult } from "../connections";

/** Returns the share of checks that passed all day, and how many did not, of each UTC day, oldest first. */
export async function dayScores(control: D1Database, source: string): Promise<Quality["days"]> {
  const db = drizzle(control);
  const { source_id, name, checked_at, outcome } = qualityResults;
  const daily = db
    .select({
      day: sql<string>`date(${checked_at} / 1000, 'unixepoch')`.as("day"),
      passed: sql<number>`min(${eq(outcome, "passed")})`.as("passed"),
    })
    .from(qualityResults)
    .where(and(eq(source_id, source), ne(outcome, "unknown")))
    .groupBy(sql`day`, name)
    .as("daily");
  return db
    .select({
      day: daily.day,
      score: sql<number>`avg(${daily.passed})`,
      failed: sql<number>`sum(1 - ${daily.passed})`,
    })
    .from(daily)
    .groupBy(({ day }) => day)
    .orderBy(({ day }) => day);
}

/** Counts of a source's newest results. */
export type SourceScore = QualityOverview["data"][number];

/** Returns the counted newest results of a project's sources, oldest source first. */
export async function sourceScores(control: D1Database, project: string): Promise<SourceScore[]> {
  const db = drizzle(control);
  const { outcome } = qualityResults;
  const countOf = (value: QualityResult["outcome"]) =>
    sql<number>`count(CASE ${outcome} WHEN ${value} THEN 1 END)`;
  return db
    .select({
      source_id: sources.id,
      name: sources.name,
      score: sql<number | null>`avg(CASE ${outcome} WHEN 'passed' THEN 1 WHEN 'failed' THEN 0 END)`,
      passed: countOf("passed"),
      failed: countOf("failed"),
      unknown: countOf("unknown"),
      checked_at: max(qualityResults.checked_at),
    })
    .from(sources)
    .leftJoin(qualityResults, and(eq(qualityResults.source_id, sources.id), isNewestResult(db)))
    .where(and(eq(sources.project_id, project), isNull(sources.deleted_at)))
    .groupBy(sources.id)
    .orderBy(sources.id);
}
