/**
 * Sealing: what can no longer change leaves the rows that folds rewrite. Sessions that have ended go to the lake; hours lose
 * their dimensions after 72 h; days become plain numbers; what is older than 90 days becomes Parquet in R2.
 * Each step is one guarded transaction and raises the epoch, so a fold that began before it starts again.
 * @module
 */
import { ulid } from "ulid";
import { addSegment, writeSegment } from "../lake";
import { bucketStart, DAY_MS, HOUR_MS } from "../lib/time";
import {
  DAYS_KEPT_MS,
  decodePacked,
  deleteBuckets,
  encodePacked,
  explode,
  HOURLY_FOR_LONG,
  HOURS_KEPT_MS,
  type RollupRow,
  rowsOf,
  sealPacked,
  unpackSessions,
  writeRows,
} from "../rollup";
import { SEAL_AFTER_MS, sessionRow } from "./derive";
import type { Stores } from "./fold";
import { lateBefore } from "./plan";
import { OpenSessions } from "./sessions";
import { deleteHours, type FoldState, foldStates, guard, moveStates, type Page, writePages } from "./store";

/** Projects sealed in one transaction. */
const GROUP = 20;

/** Moves sessions that no event can change any more into the lake. Answers how many. */
export async function sealSessions(stores: Stores, now: number): Promise<number> {
  let sealed = 0;
  for (let after = ""; ; ) {
    const pages = await pagesAfter(stores.db, after);
    const last = pages.at(-1);
    if (!last) return sealed;
    after = last.project;
    sealed += await sealPages(stores, pages, now);
  }
}

async function pagesAfter(db: D1Database, project: string): Promise<Page[]> {
  const { results } = await db
    .prepare(
      `SELECT s.project, s.page, s.body FROM open_sessions s WHERE s.project IN
         (SELECT DISTINCT project FROM open_sessions WHERE project > ?1 ORDER BY project LIMIT ?2) ORDER BY s.project`,
    )
    .bind(project, GROUP)
    .all<Page>();
  return results;
}

async function sealPages({ db, lake }: Stores, pages: readonly Page[], now: number): Promise<number> {
  const byProject = Map.groupBy(pages, (page) => page.project);
  const states = await foldStates(db, byProject.keys());
  const parts = [...states.values()].flatMap((state) => {
    const open = new OpenSessions(
      (byProject.get(state.project) ?? []).flatMap((page) => unpackSessions(page.body)),
      state.timezone,
    );
    const ended = open.takeEndedBefore(lateBefore(now, state.timezone));
    return ended.length
      ? [{ state, open, rows: ended.map((s) => sessionRow(state.project, s, state.epoch)) }]
      : [];
  });
  if (!parts.length) return 0;
  const rows = parts.flatMap((part) => part.rows);
  const segment = await writeSegment(lake, "sessions", rows, { id: ulid(now), level: 0, seq: 0, now });
  await db.batch([
    guard(
      db,
      parts.map((part) => part.state),
    ),
    ...writePages(
      db,
      parts.flatMap(({ state, open }) => open.pages(state.project, state.session_pages, true).changed),
    ),
    addSegment(db, segment),
    moveStates(
      db,
      parts.map(({ state }) => ({ ...state, epoch: state.epoch + 1 })),
    ),
  ]);
  return rows.length;
}

/** Seals the days and prunes the hours of projects whose day has turned since they were last looked at. */
export async function sealDays({ db }: Stores, now: number): Promise<number> {
  const { results } = await db
    .prepare("SELECT * FROM fold_state WHERE sealed_until < ?1 AND complete_until IS NOT NULL LIMIT ?2")
    .bind(now - DAY_MS - SEAL_AFTER_MS - HOUR_MS, GROUP)
    .all<FoldState>();
  for (const state of results) {
    const today = bucketStart(now - SEAL_AFTER_MS, "day", state.timezone);
    const hours = now - HOURS_KEPT_MS;
    const unsealed = rowsOf(
      await db
        .prepare(
          `SELECT grain, dimension, bucket, sealed, body FROM rollups
           WHERE project = ?1 AND sealed = 0 AND ((grain = 'day' AND bucket < ?2)
             OR (grain = 'hour' AND bucket < ?3 AND dimension IN (SELECT value FROM json_each(?4))))`,
        )
        .bind(state.project, today, hours, JSON.stringify(HOURLY_FOR_LONG))
        .all(),
    );
    await db.batch([
      guard(db, [state]),
      ...writeRows(db, state.project, unsealed.map(sealRow)),
      deleteHours(db, state.project, hours, HOURLY_FOR_LONG),
      moveStates(db, [{ ...state, epoch: state.epoch + 1, sealed_until: today }]),
    ]);
  }
  return results.length;
}

function sealRow(row: RollupRow): RollupRow {
  const packed = sealPacked(row.dimension, decodePacked(row.dimension, row.body));
  return { ...row, sealed: true, body: encodePacked(row.dimension, packed) };
}

/** Moves rollups older than 90 days into the lake. Answers how many rows. */
export async function sealRollups({ db, lake }: Stores, now: number): Promise<number> {
  const before = now - DAYS_KEPT_MS;
  const { results } = await db
    .prepare(
      `SELECT f.* FROM fold_state f WHERE EXISTS (SELECT 1 FROM rollups r WHERE r.project = f.project
         AND r.grain = 'day' AND r.dimension = '' AND r.bucket < ?1)
         AND NOT EXISTS (SELECT 1 FROM dirty_days d WHERE d.project = f.project AND d.day < ?1) LIMIT ?2`,
    )
    .bind(before - DAY_MS, GROUP)
    .all<FoldState>();
  let rows = 0;
  for (const state of results) {
    const until = bucketStart(before, "day", state.timezone);
    const old = rowsOf(
      await db
        .prepare(
          "SELECT grain, dimension, bucket, sealed, body FROM rollups WHERE project = ?1 AND bucket < ?2",
        )
        .bind(state.project, until)
        .all(),
    );
    const exploded = old.flatMap((row) =>
      explode(state.project, state.epoch, row.sealed ? row : sealRow(row)),
    );
    if (!exploded.length) continue;
    const segment = await writeSegment(lake, "rollups", exploded, { id: ulid(now), level: 0, seq: 0, now });
    await db.batch([
      guard(db, [state]),
      deleteBuckets(db, state.project, 0, until),
      addSegment(db, segment),
      moveStates(db, [{ ...state, epoch: state.epoch + 1 }]),
    ]);
    rows += exploded.length;
  }
  return rows;
}
