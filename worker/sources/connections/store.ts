/**
 * Sources in the control database. Times are epoch ms; statements for people name the project, which the router has checked.
 * @module
 */
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

type Row = Omit<StoredSource, "settings" | "accounts" | "error" | "sealed"> & {
  settings: string;
  accounts: string;
  error: string | null;
  secret: string | null;
  secret_key: string | null;
};

/** `quality` counts the newest result of each check. */
const SELECT = `SELECT s.id, s.project_id, s.driver, s.name, s.settings, s.accounts, s.secret, s.secret_key, s.status, s.error,
  s.interval_ms, s.next_sync_at, s.lease, s.lease_until, s.access_expires_at, s.synced_at, s.created_by, s.created_at,
  (SELECT r.id FROM sync_runs r WHERE r.source_id = s.id AND r.ended_at IS NULL ORDER BY r.started_at DESC LIMIT 1) AS running,
  (SELECT avg(q.outcome = 'passed') FROM quality_results q WHERE q.source_id = s.id AND q.outcome <> 'unknown'
     AND q.checked_at = (SELECT max(n.checked_at) FROM quality_results n WHERE n.source_id = q.source_id AND n.name = q.name)
  ) AS quality
  FROM sources s JOIN projects p ON p.id = s.project_id AND p.deleted_at IS NULL AND s.deleted_at IS NULL`;

function toSource({ secret, secret_key, ...row }: Row): StoredSource {
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
  const row = await control.prepare(`${SELECT} WHERE s.id = ?1`).bind(id).first<Row>();
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
    .all<Row>();
  return results.map(toSource);
}

/** Writes a new source that nobody has connected yet. */
export async function insertSource(
  control: D1Database,
  source: Pick<
    StoredSource,
    "id" | "project_id" | "driver" | "name" | "settings" | "interval_ms" | "created_by" | "created_at"
  >,
): Promise<void> {
  await control
    .prepare(
      `INSERT INTO sources (id, project_id, driver, name, settings, status, interval_ms, created_by, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, 'connecting', ?6, ?7, ?8, ?8)`,
    )
    .bind(
      source.id,
      source.project_id,
      source.driver,
      source.name,
      JSON.stringify(source.settings),
      source.interval_ms,
      source.created_by,
      source.created_at,
    )
    .run();
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
  const values = Object.entries({
    ...plain,
    ...(settings && { settings: JSON.stringify(settings) }),
    ...(accounts && { accounts: JSON.stringify(accounts) }),
    ...(error !== undefined && { error: error && JSON.stringify(error) }),
    updated_at: now,
  }).filter(([, value]) => value !== undefined);
  const sets = values.map(([name], i) => `${name} = ?${i + 2}`).join(", ");
  await control
    .prepare(`UPDATE sources SET ${sets} WHERE id = ?1`)
    .bind(id, ...values.map(([, value]) => value))
    .run();
}

/**
 * Marks a source as deleted and removes its secret; its records are deleted later. Returns false when it was already deleted.
 */
export async function markDeleted(control: D1Database, id: string, now: number): Promise<boolean> {
  const { meta } = await control
    .prepare(
      `UPDATE sources SET deleted_at = ?2, secret = NULL, secret_key = NULL, next_sync_at = NULL, lease = NULL, lease_until = NULL
       WHERE id = ?1 AND deleted_at IS NULL`,
    )
    .bind(id, now)
    .run();
  return meta.changes > 0;
}

/** Deletes the sources of a project. */
export async function deleteProjectSources(control: D1Database, project: string, now: number): Promise<void> {
  for (const { id } of await listSources(control, [project])) await markDeleted(control, id, now);
}

/** Up to `limit` sources that were deleted and whose records may still be there. */
export async function deletedSources(
  control: D1Database,
  limit: number,
): Promise<{ id: string; project_id: string }[]> {
  const { results } = await control
    .prepare("SELECT id, project_id FROM sources WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT ?1")
    .bind(limit)
    .all<{ id: string; project_id: string }>();
  return results;
}

/** Removes a deleted source with its runs. */
export async function removeSource(control: D1Database, id: string): Promise<void> {
  await control.prepare("DELETE FROM sources WHERE id = ?1 AND deleted_at IS NOT NULL").bind(id).run();
}

/** Stores sealed tokens or keys, or null, and when their access expires. */
export async function storeSecrets(
  control: D1Database,
  id: string,
  sealed: Sealed | null,
  access_expires_at: number | null,
  now: number,
): Promise<void> {
  await control
    .prepare(
      "UPDATE sources SET secret = ?2, secret_key = ?3, access_expires_at = ?4, updated_at = ?5 WHERE id = ?1",
    )
    .bind(id, sealed?.text ?? null, sealed?.key ?? null, access_expires_at, now)
    .run();
}

/**
 * Puts newly sealed secrets in the place of `before`. False when others have stood there: whoever renews or seals again at
 * the same time must not bring back what has been replaced.
 */
export async function replaceSecrets(
  control: D1Database,
  id: string,
  before: Sealed,
  sealed: Sealed,
  access_expires_at: number | null,
): Promise<boolean> {
  const { meta } = await control
    .prepare(
      `UPDATE sources SET secret = ?2, secret_key = ?3, access_expires_at = ?4 WHERE id = ?1 AND secret = ?5`,
    )
    .bind(id, sealed.text, sealed.key, access_expires_at, before.text)
    .run();
  return meta.changes > 0;
}

/** Up to `limit` secrets that another key than `current` has sealed, also of deleted projects. */
export async function secretsWithOldKeys(
  control: D1Database,
  current: string,
  limit: number,
): Promise<{ id: string; sealed: Sealed; access_expires_at: number | null }[]> {
  const { results } = await control
    .prepare(
      `SELECT id, secret, secret_key, access_expires_at FROM sources
       WHERE secret IS NOT NULL AND secret_key <> ?1 ORDER BY id LIMIT ?2`,
    )
    .bind(current, limit)
    .all<{ id: string; secret: string; secret_key: string; access_expires_at: number | null }>();
  return results.map(({ id, secret, secret_key, access_expires_at }) => ({
    id,
    sealed: { text: secret, key: secret_key },
    access_expires_at,
  }));
}

/**
 * Sources whose time has come and those that a run took and let go of without a word, most overdue first.
 */
export async function dueSources(control: D1Database, now: number, limit: number): Promise<StoredSource[]> {
  const { results } = await control
    .prepare(
      `${SELECT} WHERE s.status = 'active'
         AND ((s.next_sync_at <= ?1 AND s.lease IS NULL) OR s.lease_until <= ?1)
       ORDER BY s.next_sync_at LIMIT ?2`,
    )
    .bind(now, limit)
    .all<Row>();
  return results.map(toSource);
}

/** Makes an active source due. */
export async function scheduleSoon(control: D1Database, id: string, now: number): Promise<void> {
  await control
    .prepare("UPDATE sources SET next_sync_at = ?2 WHERE id = ?1 AND status = 'active'")
    .bind(id, now)
    .run();
}
