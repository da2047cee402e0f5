/**
 * Results of checks in the control database.
 * @module
 */
import type { QualityResult } from "../../../schema/wire/source";
import { DAY_MS } from "../../lib/time";
import type { Finding } from "./check";
import type { PreviousResult } from "./facts";

/** A finding of a check. */
export interface Result {
  name: string;
  finding: Finding;
  /** Whether there is nothing of the kind any more. */
  isGone?: boolean;
}

/** A result as it is kept. */
export type StoredResult = Omit<QualityResult, "label">;

const RETENTION_MS = 90 * DAY_MS;

/**
 * Keeps what was found about a source, and forgets what is old. A result like the one before of the same day takes its place,
 * so that a day without events is a row a check, however often it is looked.
 */
export async function saveResults(
  control: D1Database,
  { project, source }: { project: string; source: string },
  results: readonly Result[],
  now: number,
): Promise<void> {
  const json = JSON.stringify(
    results.map(({ name, finding: { detail, ...rest } }) => ({
      name,
      ...rest,
      detail: JSON.stringify(detail),
    })),
  );
  await control.batch([
    control
      .prepare(
        `DELETE FROM quality_results WHERE source_id = ?1 AND (name, checked_at) IN (
           SELECT q.name, q.checked_at FROM json_each(?2) j CROSS JOIN quality_results q
             ON q.source_id = ?1 AND q.name = j.value->>'name' AND q.checked_at >= ?3
             AND q.outcome = j.value->>'outcome' AND q.score = j.value->>'score'
           WHERE q.checked_at = (SELECT max(n.checked_at) FROM quality_results n WHERE n.source_id = ?1 AND n.name = q.name))`,
      )
      .bind(source, json, now - (now % DAY_MS)),
    control
      .prepare(
        `INSERT INTO quality_results (source_id, name, checked_at, project_id, outcome, score, summary, detail)
         SELECT ?1, j.value->>'name', ?3, ?2, j.value->>'outcome', j.value->>'score', j.value->>'summary', j.value->>'detail'
         FROM json_each(?4) j JOIN sources s ON s.id = ?1 WHERE true
         ON CONFLICT DO UPDATE SET outcome = excluded.outcome, score = excluded.score, summary = excluded.summary,
           detail = excluded.detail`,
      )
      .bind(source, project, now, json),
    control
      .prepare("DELETE FROM quality_results WHERE source_id = ?1 AND checked_at < ?2")
      .bind(source, now - RETENTION_MS),
  ]);
}

/** The newest result of each check. */
export async function latestResults(control: D1Database, source: string): Promise<StoredResult[]> {
  const { results } = await control
    .prepare(
      `SELECT source_id, name, checked_at, outcome, score, summary, detail FROM quality_results q WHERE source_id = ?1
         AND checked_at = (SELECT max(checked_at) FROM quality_results n WHERE n.source_id = ?1 AND n.name = q.name)`,
    )
    .bind(source)
    .all<Omit<StoredResult, "detail"> & { detail: string }>();
  return results.map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
}

/** The newest results by name, for the checks that follow. */
export async function previousResults(
  control: D1Database,
  source: string,
): Promise<Map<string, PreviousResult>> {
  const latest = await latestResults(control, source);
  return new Map(latest.map((result) => [result.name, result]));
}

/** Share of checks that held all day, and how many did not, of each UTC day, oldest first. */
export async function dayScores(
  control: D1Database,
  source: string,
): Promise<{ day: string; score: number; failed: number }[]> {
  const { results } = await control
    .prepare(
      `SELECT day, avg(held) AS score, sum(1 - held) AS failed FROM (
         SELECT date(checked_at / 1000, 'unixepoch') AS day, min(outcome = 'passed') AS held FROM quality_results
         WHERE source_id = ?1 AND outcome <> 'unknown' GROUP BY day, name)
       GROUP BY day ORDER BY day`,
    )
    .bind(source)
    .all<{ day: string; score: number; failed: number }>();
  return results;
}

/** How right a source is. */
export interface SourceScore {
  source_id: string;
  name: string;
  score: number | null;
  passed: number;
  failed: number;
  unknown: number;
  checked_at: number | null;
}

/** The newest results of a project's sources added up, oldest source first. */
export async function sourceScores(control: D1Database, project: string): Promise<SourceScore[]> {
  const { results } = await control
    .prepare(
      `SELECT s.id AS source_id, s.name, avg(CASE q.outcome WHEN 'passed' THEN 1 WHEN 'failed' THEN 0 END) AS score,
         count(CASE q.outcome WHEN 'passed' THEN 1 END) AS passed, count(CASE q.outcome WHEN 'failed' THEN 1 END) AS failed,
         count(CASE q.outcome WHEN 'unknown' THEN 1 END) AS unknown, max(q.checked_at) AS checked_at
       FROM sources s LEFT JOIN quality_results q ON q.source_id = s.id AND q.checked_at =
         (SELECT max(n.checked_at) FROM quality_results n WHERE n.source_id = s.id AND n.name = q.name)
       WHERE s.project_id = ?1 AND s.deleted_at IS NULL GROUP BY s.id ORDER BY s.id`,
    )
    .bind(project)
    .all<SourceScore>();
  return results;
}

/** Sources that are read and of which nothing was found since `before`, epoch ms. */
export async function uncheckedSources(
  control: D1Database,
  before: number,
  limit: number,
): Promise<string[]> {
  const { results } = await control
    .prepare(
      `SELECT s.id FROM sources s JOIN projects p ON p.id = s.project_id AND p.deleted_at IS NULL
       WHERE s.deleted_at IS NULL AND s.status IN ('active', 'broken') AND NOT EXISTS (
         SELECT 1 FROM quality_results q WHERE q.source_id = s.id AND q.name = 'freshness' AND q.checked_at > ?1)
       ORDER BY s.id LIMIT ?2`,
    )
    .bind(before, limit)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
