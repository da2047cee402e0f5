/**
 * What the queue's consumers read from the shard's D1.
 * @module
 */
import {
  type AppliedKeys,
  type KeyState,
  keyStateOf,
  keysOf,
  selectApplied,
  selectKeyState,
} from "../commits";
import type { Watch } from "../live";

/** Returns which of `keys` are applied, and which of the projects are watched. */
export async function readCommitState(
  db: D1Database,
  tables: readonly string[],
  keys: readonly string[],
  projects: readonly string[],
  now: number,
): Promise<{ applied: AppliedKeys; before: KeyState; watches: Watch[] }> {
  const [applied, watches, ...state] = await db.batch([
    selectApplied(db, tables, keys),
    db
      .prepare(
        `SELECT w.project, w.keep_1_in FROM json_each(?1) j JOIN watches w ON w.project = j.value WHERE w.until > ?2`,
      )
      .bind(JSON.stringify(projects), now),
    ...selectKeyState(db, keys, now),
  ]);
  return {
    applied: keysOf(applied),
    before: keyStateOf(state),
    watches: (watches?.results ?? []) as Watch[],
  };
}

/** Whether D1 can be read: parking writes to R2 first, and no message of an outage may be found there. */
export async function canRead(db: D1Database): Promise<boolean> {
  try {
    await db.prepare("SELECT 1").first();
    return true;
  } catch {
    return false;
  }
}
