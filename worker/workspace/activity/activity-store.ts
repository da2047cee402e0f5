/**
 * The activity feed in the control database. An id begins with its time, so that the oldest rows are found by key.
 * @module
 */
import { and, desc, eq, getTableColumns, gt, inArray, isNull, lt, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { encodeTime, ulid } from "ulid";
import { activity } from "../../../schema/tables/content";
import { users } from "../../../schema/tables/control";
import { ACTIVITY_DAYS, type Activity, type ActivityKind } from "../../../schema/wire/discussion";
import { cursorCondition, pageOf, positionOf } from "../../lib/cursor";
import { DAY_MS, MINUTE_MS } from "../../lib/time";

/** An activity to record. */
export interface ActivityEntry {
  organization: string;
  /** Null for activities of the whole organization. */
  project: string | null;
  user: string;
  kind: ActivityKind;
  /** Name of the thing that was changed. */
  subject: string;
  subject_id: string;
}

/** Changes of one thing by one person within this time are one entry, because pages save continuously. */
const MERGE_MS = 15 * MINUTE_MS;
const MAX_SUBJECT = 200;
/** Maximum number of rows deleted by one call; the next one continues. */
const PRUNE_ROWS = 10_000;
const MERGED_KINDS: readonly ActivityKind[] = ["dashboard_changed", "metric_changed"];

/** Adds an entry. Callers omit private changes. */
export async function recordActivity(control: D1Database, entry: ActivityEntry, now: number): Promise<void> {
  const db = drizzle(control);
  const { organization, project, user, kind, subject, subject_id } = entry;
  const insert = db.insert(activity).values({
    id: ulid(now).toLowerCase(),
    organization_id: organization,
    project_id: project,
    at: now,
    user_id: user,
    kind,
    subject: subject.slice(0, MAX_SUBJECT),
    subject_id,
  });
  if (!MERGED_KINDS.includes(kind)) return void (await insert);
  const merged = db
    .delete(activity)
    .where(
      and(
        eq(activity.organization_id, organization),
        gt(activity.at, now - MERGE_MS),
        eq(activity.user_id, user),
        eq(activity.kind, kind),
        eq(activity.subject_id, subject_id),
      ),
    );
  await db.batch([merged, insert]);
}

/** Returns a page of the entries of the project and of its organization as a whole, newest first. */
export async function listActivity(
  control: D1Database,
  { organization, project }: { organization: string; project: string },
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ data: Activity[]; next_cursor: string | null }> {
  const { organization_id, project_id, ...columns } = getTableColumns(activity);
  const rows = await drizzle(control)
    .select({ ...columns, name: users.name })
    .from(activity)
    .leftJoin(users, eq(users.id, activity.user_id))
    .where(
      and(
        eq(organization_id, organization),
        or(eq(project_id, project), isNull(project_id)),
        cursorCondition(activity.at, activity.id, positionOf(cursor)),
      ),
    )
    .orderBy(desc(activity.at), desc(activity.id))
    .limit(limit + 1);
  const entries = rows.map(({ user_id, name, ...row }) => ({
    ...row,
    person: name === null ? null : { user_id, name },
  }));
  return pageOf(entries, limit, ({ at, id }) => ({ at, id }));
}

/** Deletes entries that are older than the feed. */
export async function pruneActivity(control: D1Database, now: number): Promise<void> {
  const db = drizzle(control);
  const oldest = encodeTime(now - ACTIVITY_DAYS * DAY_MS).toLowerCase();
  const old = db
    .select({ id: activity.id })
    .from(activity)
    .where(lt(activity.id, oldest))
    .orderBy(activity.id)
    .limit(PRUNE_ROWS);
  await db.delete(activity).where(inArray(activity.id, old));
}

/** Deletes the entries of a project. */
export async function deleteProjectActivity(
  control: D1Database,
  { id, organization_id }: { id: string; organization_id: string },
): Promise<void> {
  await drizzle(control)
    .delete(activity)
    .where(and(eq(activity.organization_id, organization_id), eq(activity.project_id, id)));
}
