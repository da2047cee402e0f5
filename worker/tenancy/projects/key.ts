/**
 * Resolves write keys to projects for the ingest path.
 * @module
 */
import { and, eq, gt, isNull, lte, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { projectKeys, projects } from "../../../schema/tables/control";
import type { ProjectConfig } from "../../../schema/wire/project";
import { Lru } from "../../lib/lru";
import { randomSecret } from "../../lib/secret";
import { readSettings } from "./settings";

/** A new write key: 32 bytes of entropy, though it is public. */
export function newKey(): string {
  return `proj_${randomSecret(32)}`;
}

/** The condition that a key works at `now`: it is current, or its time of grace is not over. */
export const isKeyValid = (now: number) =>
  or(isNull(projectKeys.expires_at), gt(projectKeys.expires_at, now));

/** The project of a current key, or of a rotated one still in grace at `now` (epoch ms). One read, uncached. */
export async function findProjectByKey(
  control: D1Database,
  key: string,
  now: number,
): Promise<ProjectConfig | null> {
  const { id, timezone, domain, settings } = projects;
  const row = await drizzle(control)
    .select({ id, timezone, domain, settings })
    .from(projectKeys)
    .innerJoin(projects, eq(id, projectKeys.project))
    .where(and(eq(projectKeys.api_key, key), isKeyValid(now), isNull(projects.deleted_at)))
    .get();
  return row ? { ...row, settings: readSettings(row.settings) } : null;
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

/** Gives the project a new key; the current one works for `graceMs` more, older ones no longer than they had. */
export async function rotateKey(
  control: D1Database,
  id: string,
  graceMs: number,
  now: number,
): Promise<void> {
  const db = drizzle(control);
  const own = eq(projectKeys.project, id);
  await db.batch([
    db.delete(projectKeys).where(and(own, lte(projectKeys.expires_at, now))),
    db
      .update(projectKeys)
      .set({ expires_at: now + graceMs })
      .where(and(own, isNull(projectKeys.expires_at))),
    db.insert(projectKeys).values({ api_key: newKey(), project: id, created_at: now }),
  ]);
  forgetProject(id);
}
