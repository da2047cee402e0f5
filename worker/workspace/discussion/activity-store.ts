/**
 * What people did, in the control database. An id begins with its time, so that the oldest rows are found by key.
 * @module
 */
import { encodeTime, ulid } from "ulid";
import { ACTIVITY_DAYS, type Activity, type ActivityKind } from "../../../schema/wire/discussion";
import { DAY_MS, MINUTE_MS } from "../../lib/time";
import { pageOf, positionOf } from "./position";

/** Something that somebody did. */
export interface Deed {
  organization: string;
  /** Null for what concerns the whole organisation. */
  project: string | null;
  user: string;
  kind: ActivityKind;
  /** Name of what it happened to. */
  subject: string;
  subject_id: string;
}

/** A page saves as one works: changes of one thing by one person within this time are one line of the list. */
const ONE_SITTING_MS = 15 * MINUTE_MS;
const MAX_SUBJECT = 200;
/** Rows that one pruning removes at most; the next one goes on. */
const PRUNED_AT_ONCE = 10_000;

/** Writes down what somebody did. What is private is not for this list. */
export async function record(control: D1Database, deed: Deed, now: number): Promise<void> {
  const { organization, project, user, kind, subject, subject_id } = deed;
  const isChange = kind === "dashboard_changed" || kind === "metric_changed";
  await control.batch([
    ...(isChange
      ? [
          control
            .prepare(
              `DELETE FROM activity WHERE organization_id = ?1 AND at > ?2 AND user_id = ?3 AND kind = ?4
               AND subject_id = ?5`,
            )
            .bind(organization, now - ONE_SITTING_MS, user, kind, subject_id),
        ]
      : []),
    control
      .prepare(
        `INSERT INTO activity (id, organization_id, project_id, at, user_id, kind, subject, subject_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
      )
      .bind(
        ulid(now).toLowerCase(),
        organization,
        project,
        now,
        user,
        kind,
        subject.slice(0, MAX_SUBJECT),
        subject_id,
      ),
  ]);
}

type ActivityRow = Omit<Activity, "person"> & { user_id: string; name: string | null };

/** What was done in the project and in its organisation as a whole, newest first. */
export async function listActivity(
  control: D1Database,
  { organization, project }: { organization: string; project: string },
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ data: Activity[]; next_cursor: string | null }> {
  const before = positionOf(cursor);
  const { results } = await control
    .prepare(
      `SELECT a.id, a.at, a.user_id, u.name, a.kind, a.subject, a.subject_id
       FROM activity a LEFT JOIN users u ON u.id = a.user_id
       WHERE a.organization_id = ?1 AND (a.project_id = ?2 OR a.project_id IS NULL) AND (a.at, a.id) < (?3, ?4)
       ORDER BY a.at DESC, a.id DESC LIMIT ?5`,
    )
    .bind(organization, project, before.at, before.id, limit + 1)
    .all<ActivityRow>();
  const rows = results.map(({ user_id, name, ...row }) => ({
    ...row,
    person: name === null ? null : { user_id, name },
  }));
  return pageOf(rows, limit, ({ at, id }) => ({ at, id }));
}

/** Forgets what is older than the list goes back. */
export async function pruneActivity(control: D1Database, now: number): Promise<void> {
  const oldest = encodeTime(now - ACTIVITY_DAYS * DAY_MS).toLowerCase();
  await control
    .prepare("DELETE FROM activity WHERE id IN (SELECT id FROM activity WHERE id < ?1 ORDER BY id LIMIT ?2)")
    .bind(oldest, PRUNED_AT_ONCE)
    .run();
}

/** Removes what was done in a project that is being deleted, and its annotations; comments go with their dashboards. */
export async function forgetDiscussion(
  control: D1Database,
  { id, organization_id }: { id: string; organization_id: string },
): Promise<void> {
  await control.batch([
    control
      .prepare("DELETE FROM activity WHERE organization_id = ?1 AND project_id = ?2")
      .bind(organization_id, id),
    control.prepare("DELETE FROM annotations WHERE project_id = ?1").bind(id),
  ]);
}
