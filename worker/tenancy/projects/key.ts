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

/** A new write key of 32 random bytes. It is public, but cannot be guessed. */
export function newKey(): string {
  return `proj_${randomSecret(32)}`;
}

/** The condition that a key is valid at `now`: it is current, or in its grace period. */
export const isKeyValid = (now: number) =>
  or(isNull(projectKeys.expires_at), gt(projectKeys.expires_at, now));

/** The project of a key that is current or in its grace period at `now` (epoch ms). One read, uncached. */
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

/**
 * How long an isolate caches a key, known or not, and so the longest time until a rotated key or a changed or deleted
 * project takes effect everywhere. A busy key costs an isolate one read of two rows in these five seconds: 35,000 rows or
 * $0.00003 a day at D1's list price, for each isolate. At most one read a request is made for a quiet one.
 */
export const CACHED_KEY_MS = 5_000;
/** Maximum number of cached keys, about 1 KB each. */
const MOST_CACHED = 5_000;

const cache = new Lru<string, { project: ProjectConfig | null }>({
  maxEntries: MOST_CACHED,
  maxAgeMs: CACHED_KEY_MS,
});

/** `findProjectByKey` with a cache in the isolate. */
export async function cachedProjectByKey(
  control: D1Database,
  key: string,
  now: number,
): Promise<ProjectConfig | null> {
  const cached = cache.get(key, now);
  if (cached) return cached.project;
  const project = await findProjectByKey(control, key, now);
  // From before the read: what changed during it is seen in time too.
  cache.set(key, { project }, { now });
  return project;
}

/** Removes a changed, rotated or deleted project from this isolate's cache; others expire it after `CACHED_KEY_MS`. */
export function forgetProject(id: string): void {
  cache.deleteWhere(({ project }) => project?.id === id);
}

/** Gives the project a new key. The current one works for `graceMs` more; the grace period of older ones is not extended. */
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
