/**
 * Sources in the control database. Times are epoch ms; statements for people name the project, which the router has checked.
 * @module
 */
import { and, eq, isNotNull, isNull, ne } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { sources } from "../../../schema/tables/sources";
import type { Source, SourceErrorInfo, SourceStatus, VendorAccount } from "../../../schema/wire/source";
import type { Sealed } from "../../lib/key-ring";
import type { Json } from "../vendor/driver";

/** A source as stored. `sealed` opens with the key ring and the source's id. */
export interface StoredSource
  extends Omit<Source, "interval_minutes" | "settings" | "access_expires_at" | "created_at"> {
  settings: Record<string, Json>;
  sealed: Sealed | null;
  interval_ms: number;
  access_expires_at: number | null;
  lease: string | null;
  lease_until: number | null;
  created_by: string;
  created_at: number;
}

type SourceRow = Omit<typeof sources.$inferSelect, "updated_at" | "deleted_at"> &
  Pick<StoredSource, "running" | "quality">;

/** `quality` counts the newest result of each check. */
const SELECT = `SELECT s.id, s.project_id, s.driver, s.name, s.settings, s.accounts, s.secret, s.secret_key, s.status, s.error,
  s.interval_ms, s.next_sync_at, s.lease, s.lease_until, s.access_expires_at, s.synced_at, s.created_by, s.created_at,
  (SELECT r.id FROM sync_runs r WHERE r.source_id = s.id AND r.ended_at IS NULL ORDER BY r.started_at DESC LIMIT 1) AS running,
  (SELECT avg(q.outcome = 'passed') FROM quality_results q WHERE q.source_id = s.id AND q.outcome <> 'unknown'
     AND q.checked_at = (SELECT max(n.checked_at) FROM quality_results n WHERE n.source_id = q.source_id AND n.name = q.name)
  ) AS quality
  FROM sources s JOIN projects p ON p.id = s.project_id AND p.deleted_at IS NULL AND s.deleted_at IS NULL`;

function toSource({ secret, secret_key, ...row }: SourceRow): StoredSource {
  const accounts: VendorAccount[] = JSON.parse(row.accounts);
  const error: SourceErrorInfo | null = row.error === null ? null : JSON.parse(row.error);
  return {
    ...row,
    settings: JSON.parse(row.settings),
    accounts,
    error,
    sealed: secret !== null && secret_key !== null ? { text: secret, key: secret_key } : null,
  };
}

/** A source of any project; null when unknown or its project is deleted. */
export async function findSource(control: D1Database, id: string): Promise<StoredSource | null> {
  const row = await control.prepare(`${SELECT} WHERE s.id = ?1`).bind(id).first<SourceRow>();
  return row && toSource(row);
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
export async function listSources(control: D1Database, projects: readonly string[]): Promise<StoredSource[]> {
  const { results } = await control
    .prepare(`${SELECT} WHERE s.project_id IN (SELECT value FROM json_each(?1)) ORDER BY s.id`)
    .bind(JSON.stringify(projects))
    .all<SourceRow>();
  return results.map(toSource);
}

/** Inserts a source that is not connected yet. */
export async function insertSource(
  control: D1Database,
  source: Pick<
    StoredSource,
    "id" | "project_id" | "driver" | "name" | "settings" | "interval_ms" | "created_by" | "created_at"
  >,
): Promise<void> {
  const settings = JSON.stringify(source.settings);
  await drizzle(control)
    .insert(sources)
    .values({ ...source, settings, status: "connecting", updated_at: source.created_at });
}

/** What people and checks change. */
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
  const { settings, accounts, error, ...plain } = change;
  await drizzle(control)
    .update(sources)
    .set({
      ...plain,
      ...(settings && { settings: JSON.stringify(settings) }),
      ...(accounts && { accounts: JSON.stringify(accounts) }),
      ...(error !== undefined && { error: error && JSON.stringify(error) }),
      updated_at: now,
    })
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

/** Stores sealed tokens or keys, or null, and when their access expires (epoch ms). */
export async function storeSecrets(
  control: D1Database,
  id: string,
  sealed: Sealed | null,
  access_expires_at: number | null,
  now: number,
): Promise<void> {
  const secret = { secret: sealed?.text ?? null, secret_key: sealed?.key ?? null };
  await drizzle(control)
    .update(sources)
    .set({ ...secret, access_expires_at, updated_at: now })
    .where(eq(sources.id, id));
}

/**
 * Replaces the secrets `before`. Returns false when they have changed: a concurrent renewal or resealing must not bring
 * back replaced secrets.
 */
export async function replaceSecrets(
  control: D1Database,
  id: string,
  before: Sealed,
  sealed: Sealed,
  access_expires_at: number | null,
): Promise<boolean> {
  const { meta } = await drizzle(control)
    .update(sources)
    .set({ secret: sealed.text, secret_key: sealed.key, access_expires_at })
    .where(and(eq(sources.id, id), eq(sources.secret, before.text)));
  return meta.changes > 0;
}

/** Returns up to `limit` secrets that were sealed with another key than `current`, including those of deleted projects. */
export async function secretsWithOldKeys(
  control: D1Database,
  current: string,
  limit: number,
): Promise<{ id: string; sealed: Sealed; access_expires_at: number | null }[]> {
  const rows = await drizzle(control)
    .select()
    .from(sources)
    .where(and(isNotNull(sources.secret), ne(sources.secret_key, current)))
    .orderBy(sources.id)
    .limit(limit);
  return rows.map(({ id, secret, secret_key, access_expires_at }) => ({
    id,
    sealed: { text: secret ?? "", key: secret_key ?? "" },
    access_expires_at,
  }));
}

/**
 * Returns due sources and those whose run lost its lease, most overdue first.
 */
export async function dueSources(control: D1Database, now: number, limit: number): Promise<StoredSource[]> {
  const { results } = await control
    .prepare(
      `${SELECT} WHERE s.status = 'active'
         AND ((s.next_sync_at <= ?1 AND s.lease IS NULL) OR s.lease_until <= ?1)
       ORDER BY s.next_sync_at LIMIT ?2`,
    )
    .bind(now, limit)
    .all<SourceRow>();
  return results.map(toSource);
}

/** Makes an active source due. */
export async function scheduleSoon(control: D1Database, id: string, now: number): Promise<void> {
  await drizzle(control)
    .update(sources)
    .set({ next_sync_at: now })
    .where(and(eq(sources.id, id), eq(sources.status, "active")));
}
