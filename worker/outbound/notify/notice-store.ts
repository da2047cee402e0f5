/**
 * Notices: what people of a project are told in the app, once for each matter.
 * @module
 */
import { ulid } from "ulid";
import type { Notice } from "../../../schema/wire/source";
import { DAY_MS } from "../../lib/time";

/** Something that people should know of. */
export interface Matter extends Pick<Notice, "severity" | "title" | "body" | "link"> {
  /** While a notice of the key is open, none is raised. */
  key: string;
}

/** Resolved ones are shown so long, and then forgotten. */
const SHOWN_MS = 30 * DAY_MS;
const MOST = 100;

/** Raises notices of matters that have none open; what the others say is renewed. Answers those that were raised. */
export async function raise(
  control: D1Database,
  project: string,
  matters: readonly Matter[],
  now: number,
): Promise<Matter[]> {
  if (matters.length === 0) return [];
  const json = JSON.stringify(matters.map((matter) => ({ id: ulid(now), ...matter })));
  const isOpen = "n.project_id = ?1 AND n.key = j.value->>'key' AND n.resolved_at IS NULL";
  const [, inserted] = await control.batch<{ key: string }>([
    control
      .prepare(
        `UPDATE notices AS n SET title = j.value->>'title', body = j.value->>'body', severity = j.value->>'severity'
         FROM json_each(?2) j WHERE ${isOpen}`,
      )
      .bind(project, json),
    control
      .prepare(
        `INSERT INTO notices (id, project_id, key, severity, title, body, link, raised_at)
         SELECT j.value->>'id', ?1, j.value->>'key', j.value->>'severity', j.value->>'title', j.value->>'body',
           j.value->>'link', ?2
         FROM json_each(?3) j WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE ${isOpen}) RETURNING key`,
      )
      .bind(project, now, json),
  ]);
  const raised = new Set(inserted?.results.map(({ key }) => key));
  return matters.filter(({ key }) => raised.has(key));
}

/** Resolves the open notices of matters that are settled. */
export async function resolve(
  control: D1Database,
  project: string,
  keys: readonly string[],
  now: number,
): Promise<void> {
  if (keys.length === 0) return;
  await control
    .prepare(
      `UPDATE notices SET resolved_at = ?2 WHERE project_id = ?1 AND resolved_at IS NULL
         AND key IN (SELECT value FROM json_each(?3))`,
    )
    .bind(project, now, JSON.stringify(keys))
    .run();
}

/** Open notices of a project and those resolved lately, newest first. */
export async function listNotices(control: D1Database, project: string, now: number): Promise<Notice[]> {
  const { results } = await control
    .prepare(
      `SELECT id, severity, title, body, link, raised_at, resolved_at FROM notices
       WHERE project_id = ?1 AND (resolved_at IS NULL OR resolved_at > ?2)
       ORDER BY resolved_at IS NULL DESC, raised_at DESC, id DESC LIMIT ?3`,
    )
    .bind(project, now - SHOWN_MS, MOST)
    .all<Notice>();
  return results;
}

/** Key of what a check found about a source. */
export const keyOf = (source: string, check: string): string => `quality:${source}:${check}`;

/** Resolves the notices of sources that are gone or paused, and forgets what is shown no more. */
export async function tidyNotices(control: D1Database, now: number): Promise<void> {
  await control.batch([
    control
      .prepare(
        `UPDATE notices SET resolved_at = ?1 WHERE resolved_at IS NULL AND key LIKE 'quality:%' AND NOT EXISTS (
           SELECT 1 FROM sources s WHERE s.id = substr(key, 9, instr(substr(key, 9), ':') - 1)
             AND s.deleted_at IS NULL AND s.status IN ('active', 'broken'))`,
      )
      .bind(now),
    control.prepare("DELETE FROM notices WHERE resolved_at < ?1").bind(now - SHOWN_MS),
  ]);
}
