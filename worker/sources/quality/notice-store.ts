/**
 * Notices of checks, and which projects get a summary, in the control database.
 * @module
 */
import { and, eq, inArray, isNull, like, notExists, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { projects } from "../../../schema/tables/control";
import { notices, notifySettings } from "../../../schema/tables/notify";
import { sources } from "../../../schema/tables/sources";

/** Returns the key of the notice about a failed check of a source. */
export const noticeKeyOf = (source: string, check: string): string => `quality:${source}:${check}`;

const IS_CONNECTED = and(isNull(sources.deleted_at), inArray(sources.status, ["active", "broken"]));

/** Resolves the notices of sources that are deleted or paused. */
export async function resolveOrphans(control: D1Database, now: number): Promise<void> {
  const db = drizzle(control);
  const sourceOfKey = sql`substr(${notices.key}, 9, instr(substr(${notices.key}, 9), ':') - 1)`;
  const connected = db
    .select({ id: sources.id })
    .from(sources)
    .where(and(eq(sources.id, sourceOfKey), IS_CONNECTED));
  await db
    .update(notices)
    .set({ resolved_at: now })
    .where(and(isNull(notices.resolved_at), like(notices.key, "quality:%"), notExists(connected)));
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
  const db = drizzle(control);
  const { id, name, timezone, deleted_at } = projects;
  const connected = db.select({ project: sources.project_id }).from(sources).where(IS_CONNECTED);
  return db
    .select({ id, name, timezone, summary_day: notifySettings.summary_day })
    .from(projects)
    .leftJoin(notifySettings, eq(notifySettings.project_id, id))
    .where(and(isNull(deleted_at), inArray(id, connected)));
}

/** Marks a day's summary as sent. Returns false when it was marked already. */
export async function claimSummary(
  control: D1Database,
  project_id: string,
  summary_day: string,
): Promise<boolean> {
  const { meta } = await drizzle(control)
    .insert(notifySettings)
    .values({ project_id, summary_day })
    .onConflictDoUpdate({
      target: notifySettings.project_id,
      set: { summary_day },
      setWhere: sql`${notifySettings.summary_day} IS NOT ${summary_day}`,
    });
  return meta.changes > 0;
}
