/**
 * The watched projects of a shard.
 * @module
 */
import type { WatchRow } from "../../../schema/tables/shard";

/** A watched project: one in `keep_1_in` of its events is pushed. */
export type Watch = Pick<WatchRow, "project" | "keep_1_in">;

/** Marks a project as watched until `until`, epoch ms. */
export async function watch(db: D1Database, project: string, until: number, keep: number): Promise<void> {
  await db
    .prepare(
      `INSERT INTO watches (project, until, keep_1_in) VALUES (?1, ?2, ?3)
       ON CONFLICT (project) DO UPDATE SET until = excluded.until, keep_1_in = excluded.keep_1_in`,
    )
    .bind(project, until, keep)
    .run();
}

/** Marks a project as no longer watched. */
export async function unwatch(db: D1Database, project: string): Promise<void> {
  await db.prepare("DELETE FROM watches WHERE project = ?1").bind(project).run();
}

/** All watched projects of a shard: few, because each has an open page. */
export async function watchesOf(db: D1Database, now: number): Promise<Watch[]> {
  const { results } = await db
    .prepare("SELECT project, keep_1_in FROM watches WHERE until > ?1")
    .bind(now)
    .all<Watch>();
  return results;
}

/** Returns which of the projects are watched after `since`, epoch ms. */
export async function watchedAmong(
  db: D1Database,
  projects: readonly string[],
  since: number,
): Promise<string[]> {
  const { results } = await db
    .prepare("SELECT project FROM watches WHERE until > ?1 AND project IN (SELECT value FROM json_each(?2))")
    .bind(since, JSON.stringify(projects))
    .all<{ project: string }>();
  return results.map(({ project }) => project);
}
