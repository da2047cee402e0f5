/**
 * Resolves write keys to projects for the ingest path.
 * @module
 */
import type { ProjectConfig } from "../../../schema/wire/project";
import { Lru } from "../../lib/lru";
import { randomSecret } from "../../lib/secret";
import { readSettings } from "./settings";

/** A new write key: 32 bytes of entropy, though it is public. */
export function newKey(): string {
  return `proj_${randomSecret(32)}`;
}

interface KeyRow {
  id: string;
  timezone: string;
  domain: string | null;
  settings: string;
}

/** The project of a current key, or of a rotated one still in grace at `now` (epoch ms). One read, uncached. */
export async function findProjectByKey(
  control: D1Database,
  key: string,
  now: number,
): Promise<ProjectConfig | null> {
  const row = await control
    .prepare(
      `SELECT p.id, p.timezone, p.domain, p.settings FROM project_keys k JOIN projects p ON p.id = k.project
       WHERE k.api_key = ?1 AND (k.expires_at IS NULL OR k.expires_at > ?2) AND p.deleted_at IS NULL`,
    )
    .bind(key, now)
    .first<KeyRow>();
  return row && { ...row, settings: readSettings(row.settings) };
}

/** How long an isolate caches a known key: a rotated, changed or deleted project takes effect after this time. */
export const KNOWN_KEY_MS = 60_000;
/** How long it caches that a key is unknown. */
export const UNKNOWN_KEY_MS = 10_000;
/** Cached keys, about 1 KB each. */
const MOST_CACHED = 5_000;

const cache = new Lru<string, { project: ProjectConfig | null }>({ maxEntries: MOST_CACHED });

/** `findProjectByKey` with a cache in the isolate. */
export async function cachedProjectByKey(
  control: D1Database,
  key: string,
  now: number,
): Promise<ProjectConfig | null> {
  const cached = cache.get(key, now);
  if (cached) return cached.project;
  const project = await findProjectByKey(control, key, now);
  cache.set(key, { project }, { now, maxAgeMs: project ? KNOWN_KEY_MS : UNKNOWN_KEY_MS });
  return project;
}

/** Removes a changed, rotated or deleted project from this isolate's cache; others expire it after `KNOWN_KEY_MS`. */
export function forgetProject(id: string): void {
  cache.deleteWhere(({ project }) => project?.id === id);
}
