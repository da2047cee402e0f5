/**
 * Sources in the control database. Times are epoch ms; statements for people name the project, which the router has checked.
 * @module
 */
import {
  and,
  desc,
  eq,
  getTableColumns,
  isNotNull,
  isNull,
  lte,
  max,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { alias } from "drizzle-orm/sqlite-core";
import { projects } from "../../../schema/tables/control";
import { qualityResults, sources, syncRuns } from "../../../schema/tables/sources";
import type { Source, SourceStatus } from "../../../schema/wire/source";
import type { Sealed } from "../../lib/key-ring";
import { inJson } from "../../lib/sql";

type SourceRow = typeof sources.$inferSelect;

/** A stored source. `sealed` is decrypted with the key ring and the source's id. */
export interface StoredSource
  extends Omit<SourceRow, "secret" | "secret_key" | "updated_at" | "deleted_at">,
    Pick<Source, "running" | "quality"> {
  sealed: Sealed | null;
}

const newer = alias(qualityResults, "newer");

/** The condition for quality results of which there is no newer one of the same check. */
export const isNewestResult = (db: DrizzleD1Database): SQL =>
  eq(
    qualityResults.checked_at,
    db
      .select({ at: max(newer.checked_at) })
      .from(newer)
      .where(and(eq(newer.source_id, qualityResults.source_id), eq(newer.name, qualityResults.name))),
  );

/** Selects sources that are not deleted, of projects that are not. `quality` counts the newest result of each check. */
function selectSources(control: D1Database, condition: SQL | undefined) {
  const db = drizzle(control);
  const { updated_at, deleted_at, ...columns } = getTableColumns(sources);
  const running = db
    .select({ id: syncRuns.id })
    .from(syncRuns)
    .where(and(eq(syncRuns.source_id, sources.id), isNull(syncRuns.ended_at)))
    .orderBy(desc(syncRuns.started_at))
    .limit(1);
  const quality = db
    .select({ share: sql`avg(${eq(qualityResults.outcome, "passed")})` })
    .from(qualityResults)
    .where(
      and(
        eq(qualityResults.source_id, sources.id),
        ne(qualityResults.outcome, "unknown"),
        isNewestResult(db),
      ),
    );
  return db
    .select({ ...columns, running: sql<string | null>`${running}`, quality: sql<number | null>`${quality}` })
    .from(sources)
    .innerJoin(
      projects,
      and(eq(projects.id, sources.project_id), isNull(projects.deleted_at), isNull(deleted_at)),
    )
    .where(condition);
}

type SelectedRow = Awaited<ReturnType<typeof selectSources>>[number];

const toSource = ({ secret, secret_key, ...row }: SelectedRow): StoredSource => ({
  ...row,
  sealed: secret !== null && secret_key !== null ? { text: secret, key: secret_key } : null,
});

/** Returns a source of any project; null when unknown or its project is deleted. */
export async function findSource(control: D1Database, id: string): Promise<StoredSource | null> {
  const [row] = await selectSources(control, eq(sources.id, id));
  return row ? toSource(row) : null;
}

/** A source of the project. */
export async function readSource(
  control: D1Database,
  project: string,
  id: string,
): Promise<StoredSource | null> {
  const source = await findSource(control, id);
  return source?.project_id === project ? source : null;
}

/** The sources of the projects, oldest first. */
export async function listSources(
  control: D1Database,
  projectIds: readonly string[],
): Promise<StoredSource[]> {
  const rows = await selectSources(control, inJson(sources.project_id, projectIds)).orderBy(sources.id);
  return rows.map(toSource);
}

/** Inserts a source that is not connected yet. */
export async function insertSource(
  control: D1Database,
  source: Pick<
    StoredSource,
    "id" | "project_id" | "driver" | "name" | "settings" | "interval_ms" | "created_by" | "created_at"
  >,
): Promise<void> {
  await drizzle(control)
    .insert(sources)
    .values({ ...source, status: "connecting", updated_at: source.created_at });
}

/** Columns that users and checks change. */
export type SourceChange = Partial<
  Pick<StoredSource, "name" | "settings" | "accounts" | "interval_ms" | "next_sync_at" | "error"> & {
    status: SourceStatus;
  }
>;

/** Updates the given columns. */
export async function changeSource(
  control: D1Database,
  id: string,
  change: SourceChange,
  now: number,
): Promise<void> {
  await drizzle(control)
    .update(sources)
    .set({ ...change, updated_at: now })
    .where(eq(sources.id, id));
}

/**
 * Marks a source as deleted and removes its secret; its records are deleted later. Returns false when it was already deleted.
 */
export async function markDeleted(control: D1Database, id: string, now: number): Promise<boolean> {
  const cleared = { secret: null, secret_key: null, next_sync_at: null, lease: null, lease_until: null };
  const { meta } = await drizzle(control)
    .update(sources)
    .set({ deleted_at: now, ...cleared })
    .where(and(eq(sources.id, id), isNull(sources.deleted_at)));
  return meta.changes > 0;
}

/** Deletes the sources of a project. */
export async function deleteProjectSources(control: D1Database, project: string, now: number): Promise<void> {
  for (const { id } of await listSources(control, [project])) await markDeleted(control, id, now);
}

/** Returns up to `limit` deleted sources, whose records may still exist. */
export async function deletedSources(
  control: D1Database,
  limit: number,
): Promise<{ id: string; project_id: string }[]> {
  return drizzle(control)
    .select({ id: sources.id, project_id: sources.project_id })
    .from(sources)
    .where(isNotNull(sources.deleted_at))
    .orderBy(sources.deleted_at)
    .limit(limit);
}

/** Removes a deleted source with its runs. */
export async function removeSource(control: D1Database, id: string): Promise<void> {
  await drizzle(control)
    .delete(sources)
    .where(and(eq(sources.id, id), isNotNull(sources.deleted_at)));
}

/** Returns due sources and those whose run lost its lease, most overdue first. */
export async function dueSources(control: D1Database, now: number, limit: number): Promise<StoredSource[]> {
  const isDue = and(lte(sources.next_sync_at, now), isNull(sources.lease));
  const rows = await selectSources(
    control,
    and(eq(sources.status, "active"), or(isDue, lte(sources.lease_until, now))),
  )
    .orderBy(sources.next_sync_at)
    .limit(limit);
  return rows.map(toSource);
}

/** Makes an active source due. */
export async function scheduleSoon(control: D1Database, id: string, now: number): Promise<void> {
  await drizzle(control)
    .update(sources)
    .set({ next_sync_at: now })
    .where(and(eq(sources.id, id), eq(sources.status, "active")));
}
