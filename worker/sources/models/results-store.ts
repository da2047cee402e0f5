/**
 * What tests of models last found, in the control database.
 * @module
 */
import type { TestOutcome } from "./evaluate-tests";

/** A kept result. */
export interface TestResult extends TestOutcome {
  /** Epoch ms. */
  checked_at: number;
}

/** Keeps results in the place of all there were. */
export async function saveTestResults(
  control: D1Database,
  project: string,
  results: readonly TestOutcome[],
  now: number,
): Promise<void> {
  await control.batch([
    control.prepare("DELETE FROM model_results WHERE project_id = ?1").bind(project),
    control
      .prepare(
        `INSERT INTO model_results (project_id, model, test, checked_at, rows, failures, examples)
         SELECT ?1, j.value->>'model', j.value->>'test', ?2, j.value->>'rows', j.value->>'failures', j.value->>'examples'
         FROM json_each(?3) j`,
      )
      .bind(project, now, JSON.stringify(results)),
  ]);
}

/** The results of a project. */
export async function readTestResults(control: D1Database, project: string): Promise<TestResult[]> {
  const { results } = await control
    .prepare(
      "SELECT model, test, checked_at, rows, failures, examples FROM model_results WHERE project_id = ?1",
    )
    .bind(project)
    .all<Omit<TestResult, "examples"> & { examples: string }>();
  return results.map((row) => ({ ...row, examples: JSON.parse(row.examples) }));
}

/** Projects with sources whose models were last tested before `before`, or never; longest ago first. */
export async function untestedProjects(
  control: D1Database,
  before: number,
  limit: number,
): Promise<string[]> {
  const { results } = await control
    .prepare(
      `SELECT s.project_id AS id, max(r.checked_at) AS checked_at FROM sources s
         JOIN projects p ON p.id = s.project_id AND p.deleted_at IS NULL
         LEFT JOIN model_results r ON r.project_id = s.project_id
       WHERE s.synced_at IS NOT NULL GROUP BY s.project_id HAVING checked_at IS NULL OR checked_at < ?1
       ORDER BY checked_at LIMIT ?2`,
    )
    .bind(before, limit)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
