/**
 * Latest results of the tests of models, in the control database.
 * @module
 */
import { and, eq, getTableColumns, isNotNull, isNull, lt, max, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { projects } from "../../../schema/tables/control";
import { modelResults, sources } from "../../../schema/tables/sources";
import type { TestOutcome } from "./evaluate-tests";

/** A stored result. */
export type TestResult = Omit<typeof modelResults.$inferSelect, "project_id">;

/** Replaces all results of a project. */
export async function saveTestResults(
  control: D1Database,
  project: string,
  results: readonly TestOutcome[],
  now: number,
): Promise<void> {
  const db = drizzle(control);
  await db.batch([
    db.delete(modelResults).where(eq(modelResults.project_id, project)),
    db.insert(modelResults).select(
      sql`SELECT ${project}, value ->> 'model', value ->> 'test', ${now}, value ->> 'rows', value ->> 'failures',
        value ->> 'examples'
      FROM json_each(${JSON.stringify(results)})`,
    ),
  ]);
}

/** Returns the results of a project. */
export async function readTestResults(control: D1Database, project: string): Promise<TestResult[]> {
  const { project_id, ...columns } = getTableColumns(modelResults);
  return drizzle(control).select(columns).from(modelResults).where(eq(project_id, project));
}

/** Returns projects with sources whose models were last tested before `before`, or never; longest ago first. */
export async function untestedProjects(
  control: D1Database,
  before: number,
  limit: number,
): Promise<string[]> {
  const checkedAt = max(modelResults.checked_at);
  const rows = await drizzle(control)
    .select({ id: sources.project_id })
    .from(sources)
    .innerJoin(projects, and(eq(projects.id, sources.project_id), isNull(projects.deleted_at)))
    .leftJoin(modelResults, eq(modelResults.project_id, sources.project_id))
    .where(isNotNull(sources.synced_at))
    .groupBy(sources.project_id)
    .having(or(isNull(checkedAt), lt(checkedAt, before)))
    .orderBy(checkedAt)
    .limit(limit);
  return rows.map(({ id }) => id);
}
