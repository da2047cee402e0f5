/**
 * Notices of checks, and which projects get a summary, in the control database.
 * @module
 */

/** Returns the key of the notice about a failed check of a source. */
export const noticeKeyOf = (source: string, check: string): string => `quality:${source}:${check}`;

/** Resolves the notices of sources that are deleted or paused. */
export async function resolveOrphans(control: D1Database, now: number): Promise<void> {
  await control
    .prepare(
      `UPDATE notices SET resolved_at = ?1 WHERE resolved_at IS NULL AND key LIKE 'quality:%' AND NOT EXISTS (
         SELECT 1 FROM sources s WHERE s.id = substr(key, 9, instr(substr(key, 9), ':') - 1)
           AND s.deleted_at IS NULL AND s.status IN ('active', 'broken'))`,
    )
    .bind(now)
    .run();
}

/** A project with sources, and the day of its last summary. */
export interface SummarizedProject {
  id: string;
  name: string;
  timezone: string;
  summary_day: string | null;
}

/** Returns every project that has connected sources. */
export async function summarizedProjects(control: D1Database): Promise<SummarizedProject[]> {
  const { results } = await control
    .prepare(
      `SELECT p.id, p.name, p.timezone, n.summary_day FROM projects p LEFT JOIN notify_settings n ON n.project_id = p.id
       WHERE p.deleted_at IS NULL AND p.id IN (
         SELECT project_id FROM sources WHERE deleted_at IS NULL AND status IN ('active', 'broken'))`,
    )
    .all<SummarizedProject>();
  return results;
}

/** Marks a day's summary as sent; false when it was marked already. */
export async function claimSummary(control: D1Database, project: string, day: string): Promise<boolean> {
  const { meta } = await control
    .prepare(
      `INSERT INTO notify_settings (project_id, summary_day) VALUES (?1, ?2)
       ON CONFLICT DO UPDATE SET summary_day = excluded.summary_day WHERE summary_day IS NOT excluded.summary_day`,
    )
    .bind(project, day)
    .run();
  return meta.changes > 0;
}
