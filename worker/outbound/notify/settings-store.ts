/**
 * Whom a project tells, in the control database.
 * @module
 */
import type { Sealed } from "../../sources/connections";

/** What a project has chosen. */
export interface NotifyChoice {
  /** Ids of users; null for admins. */
  people: string[] | null;
  /** URL of a webhook. */
  slack: Sealed | null;
}

/** What a project has chosen, or the defaults. */
export async function readChoice(control: D1Database, project: string): Promise<NotifyChoice> {
  const row = await control
    .prepare("SELECT people, slack, slack_key FROM notify_settings WHERE project_id = ?1")
    .bind(project)
    .first<{ people: string | null; slack: string | null; slack_key: string | null }>();
  return {
    people: row?.people == null ? null : JSON.parse(row.people),
    slack: row?.slack && row.slack_key ? { text: row.slack, key: row.slack_key } : null,
  };
}

/** Keeps what a project chooses. */
export async function saveChoice(
  control: D1Database,
  project: string,
  { people, slack }: NotifyChoice,
): Promise<void> {
  await control
    .prepare(
      `INSERT INTO notify_settings (project_id, people, slack, slack_key) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET people = excluded.people, slack = excluded.slack, slack_key = excluded.slack_key`,
    )
    .bind(project, people && JSON.stringify(people), slack?.text ?? null, slack?.key ?? null)
    .run();
}

/** Webhooks that another key than `key` has sealed. */
export async function sealedByOthers(
  control: D1Database,
  key: string,
  limit: number,
): Promise<{ project: string; sealed: Sealed }[]> {
  const { results } = await control
    .prepare(
      `SELECT project_id AS project, slack AS text, slack_key AS key FROM notify_settings
       WHERE slack IS NOT NULL AND slack_key <> ?1 LIMIT ?2`,
    )
    .bind(key, limit)
    .all<Sealed & { project: string }>();
  return results.map(({ project, ...sealed }) => ({ project, sealed }));
}

/** Puts a webhook sealed anew in the place of the one before, unless that has changed. */
export async function replaceSealed(
  control: D1Database,
  project: string,
  before: Sealed,
  after: Sealed,
): Promise<void> {
  await control
    .prepare("UPDATE notify_settings SET slack = ?3, slack_key = ?4 WHERE project_id = ?1 AND slack = ?2")
    .bind(project, before.text, after.text, after.key)
    .run();
}

/** A member who can be written to. */
export interface Reader {
  user_id: string;
  email: string;
}

/**
 * Those who are written to: the people named, as far as they are members still, or everyone who is admin or more. Only
 * confirmed addresses.
 */
export async function readersOf(
  control: D1Database,
  project: string,
  people: readonly string[] | null,
): Promise<Reader[]> {
  const { results } = await control
    .prepare(
      `SELECT u.id AS user_id, u.email FROM projects p JOIN members m ON m.organization_id = p.organization_id
         JOIN users u ON u.id = m.user_id AND u.email_verified = 1
       WHERE p.id = ?1 AND p.deleted_at IS NULL
         AND CASE WHEN ?2 IS NULL THEN m.role IN ('owner', 'admin') ELSE u.id IN (SELECT value FROM json_each(?2)) END
       ORDER BY u.email`,
    )
    .bind(project, people && JSON.stringify(people))
    .all<Reader>();
  return results;
}

/** Those of `people` who are no members of the project's organisation. */
export async function strangersAmong(
  control: D1Database,
  project: string,
  people: readonly string[],
): Promise<string[]> {
  const { results } = await control
    .prepare(
      `SELECT j.value AS id FROM json_each(?2) j WHERE NOT EXISTS (SELECT 1 FROM projects p
         JOIN members m ON m.organization_id = p.organization_id AND m.user_id = j.value WHERE p.id = ?1)`,
    )
    .bind(project, JSON.stringify(people))
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** A project with sources, and the day of its last summary. */
export interface Summarised {
  id: string;
  name: string;
  timezone: string;
  summary_day: string | null;
}

/** Every project that has connected sources. */
export async function summarisedProjects(control: D1Database): Promise<Summarised[]> {
  const { results } = await control
    .prepare(
      `SELECT p.id, p.name, p.timezone, n.summary_day FROM projects p LEFT JOIN notify_settings n ON n.project_id = p.id
       WHERE p.deleted_at IS NULL AND p.id IN (
         SELECT project_id FROM sources WHERE deleted_at IS NULL AND status IN ('active', 'broken'))`,
    )
    .all<Summarised>();
  return results;
}

/** Takes a day's summary on; false when somebody has. */
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
