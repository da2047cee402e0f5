/**
 * Write key → project, as the ingest path asks it.
 * @module
 */
import type { ProjectConfig } from "../../../schema/wire/project";
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

/** How long an isolate trusts a key it knows; a rotated, changed or deleted project is heeded after this. */
export const KNOWN_KEY_MS = 60_000;
/** How long it trusts that a key is unknown. */
export const UNKNOWN_KEY_MS = 10_000;
/** Keys that an isolate remembers, about 1 KB each. */
const MOST_CACHED = 5_000;

interface Entry {
  project: ProjectConfig | null;
  until: number;
}
const cache = new Map<string, Entry>();

/** `findProjectByKey` through the isolate's memory, which drops its oldest entry when full. */
export async function cachedProjectByKey(
  control: D1Database,
  key: string,
  now: number,
): Promise<ProjectConfig | null> {
  const known = cache.get(key);
  if (known && known.until > now) return known.project;
  const project = await findProjectByKey(control, key, now);
  cache.delete(key);
  for (const oldest of cache.keys()) {
    if (cache.size < MOST_CACHED) break;
    cache.delete(oldest);
  }
  cache.set(key, {
    project,
    until: now + (project ? KNOWN_KEY_MS : UNKNOWN_KEY_MS),
  });
  return project;
}

/** Makes this isolate forget a project that was changed, rotated or deleted; others notice in `KNOWN_KEY_MS`. */
export function forgetProject(id: string): void {
  for (const [key, entry] of cache) if (entry.project?.id === id) cache.delete(key);
}
