/**
 * Notices: messages in the app about a condition, one per condition while it lasts.
 * @module
 */
import { and, desc, eq, getTableColumns, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import { notices } from "../../../schema/tables/notify";
import type { Notice } from "../../../schema/wire/notify";
import { hasRow, insertSelect } from "../../lib/sql";
import { DAY_MS } from "../../lib/time";

/** A condition to notify people of. */
export interface Condition extends Pick<Notice, "severity" | "title" | "body" | "link"> {
  /** While a notice with the key is open, no second one is raised. */
  key: string;
}

/** Resolved notices are shown for this long and then deleted. */
const SHOWN_MS = 30 * DAY_MS;
const MAX_NOTICES = 100;

/** Raises notices of new conditions and updates the open ones. Returns the new conditions. */
export async function raiseNotices(
  control: D1Database,
  project: string,
  conditions: readonly Condition[],
  now: number,
): Promise<Condition[]> {
  if (conditions.length === 0) return [];
  const json = JSON.stringify(conditions.map((condition) => ({ id: ulid(now), ...condition })));
  const each = sql`json_each(${json}) j`;
  const field = (name: "id" | keyof Condition) => sql.raw(`j.value->>'${name}'`);
  const key = field("key");
  const content = { severity: field("severity"), title: field("title"), body: field("body") };
  const isOpen = and(eq(notices.project_id, project), eq(notices.key, key), isNull(notices.resolved_at));
  const row = { id: field("id"), project_id: project, key, ...content, link: field("link"), raised_at: now };
  const db = drizzle(control);
  const [, inserted] = await db.batch([
    db.update(notices).set(content).from(each).where(isOpen),
    insertSelect(db, notices, row, sql`FROM ${each} WHERE NOT ${hasRow(notices, isOpen)}`).returning({
      key: notices.key,
    }),
  ]);
  const raised = new Set(inserted.map(({ key }) => key));
  return conditions.filter(({ key }) => raised.has(key));
}

/** Resolves the open notices with the keys. */
export async function resolveNotices(
  control: D1Database,
  project: string,
  keys: readonly string[],
  now: number,
): Promise<void> {
  if (keys.length === 0) return;
  await drizzle(control)
    .update(notices)
    .set({ resolved_at: now })
    .where(
      and(eq(notices.project_id, project), isNull(notices.resolved_at), inArray(notices.key, [...keys])),
    );
}

/** Returns the open notices of a project, then those resolved in the last 30 days, newest first. */
export async function listNotices(control: D1Database, project: string, now: number): Promise<Notice[]> {
  const { project_id, key, ...columns } = getTableColumns(notices);
  return drizzle(control)
    .select(columns)
    .from(notices)
    .where(
      and(
        eq(notices.project_id, project),
        or(isNull(notices.resolved_at), gt(notices.resolved_at, now - SHOWN_MS)),
      ),
    )
    .orderBy(desc(isNull(notices.resolved_at)), desc(notices.raised_at), desc(notices.id))
    .limit(MAX_NOTICES);
}

/** Deletes notices that are no longer shown. */
export async function deleteOldNotices(control: D1Database, now: number): Promise<void> {
  await drizzle(control)
    .delete(notices)
    .where(lt(notices.resolved_at, now - SHOWN_MS));
}
