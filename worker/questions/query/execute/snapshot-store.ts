/**
 * What queries read in a shard's D1: one small read to know how the project stands, one batch for all the rest.
 * @module
 */

import { chunked } from "../../../lib/json-params";
import {
  type Dataset as LakeDataset,
  type SegmentFilter,
  type SegmentInfo,
  segmentsOf,
  selectSegments,
} from "../../../pipeline/lake";
import {
  bucketsOf,
  latestSessions,
  type RollupRow,
  type RollupSpan,
  rowsOf,
  type Session,
  type SessionPage,
  selectBuckets,
  selectSpans,
} from "../../../pipeline/rollup";

/** How a project stands. */
export interface ProjectState {
  /** Largest commit that is folded. */
  seq: number;
  /** Raised by everything that rewrites what was folded. */
  epoch: number;
  /** Zone in which buckets are cut. */
  timezone: string;
  /** Days that end before this epoch ms are sealed. */
  sealed_until: number;
  /** Everything accepted before this epoch ms is in the answers; null before the first fold. */
  complete_until: number | null;
  /** Moves whenever a part of a mart is built or goes: the sum of the times at which they were built. */
  marts: number;
}

const selectStanding = (db: D1Database, project: string) =>
  db
    .prepare(
      `SELECT seq, epoch, timezone, sealed_until, complete_until,
              (SELECT coalesce(sum(built_at), 0) FROM marts WHERE project = ?1) AS marts
       FROM fold_state WHERE project = ?1`,
    )
    .bind(project);

/** The standing of a project; of one that has never been folded, the beginning. */
export async function readProjectState(
  db: D1Database,
  project: string,
  timezone: string,
): Promise<ProjectState> {
  const found = await selectStanding(db, project).first<ProjectState>();
  return found ?? { seq: 0, epoch: 0, timezone, sealed_until: 0, complete_until: null, marts: 0 };
}

/** What one moment of the shard has to hold for a set of plans. */
export interface SnapshotRequest {
  spans: readonly RollupSpan[];
  events: Pick<SegmentFilter, "from" | "to"> | null;
  sessions: Pick<SegmentFilter, "from" | "to"> | null;
  /** Sessions of a stretch in which no open one can start; instead of `sessions`. */
  endedSessions?: Pick<SegmentFilter, "from" | "to"> | null;
  /** Rollups that have been sealed into the lake. */
  rollups: Pick<SegmentFilter, "from" | "to"> | null;
  /** Levels of marts. */
  marts?: readonly (Required<Pick<SegmentFilter, "from" | "to">> & { level: LakeDataset })[];
  /** Whether events count that are committed and not yet folded. */
  unfolded?: boolean;
}

/** A level of a mart as it is now. */
interface MartState {
  segments: SegmentInfo[];
  /** Everything that sources had said until then is in it; null before it was first built. */
  complete_until: number | null;
}

/** Rows and manifest of one moment. */
export interface Snapshot {
  standing: ProjectState;
  rollupRows: RollupRow[];
  rollupBytes: number;
  events: SegmentInfo[];
  sessions: SegmentInfo[];
  rollups: SegmentInfo[];
  marts: ReadonlyMap<LakeDataset, MartState>;
  openSessions: Session[];
  /** Start of a day → smallest epoch of rows that are alive. */
  derived: ReadonlyMap<number, number>;
}

/** Reads everything in one batch, so that a session that is sealed meanwhile is seen once. */
export async function readSnapshot(
  db: D1Database,
  project: string,
  planned: ProjectState,
  wanted: SnapshotRequest,
): Promise<Snapshot> {
  const filterOf = (range: Pick<SegmentFilter, "from" | "to"> | null) => ({ ...range, project });
  const nothing = db.prepare("SELECT 1 WHERE 0");
  const segments = (dataset: "events" | "sessions" | "rollups") =>
    wanted[dataset] ? selectSegments(db, dataset, filterOf(wanted[dataset])) : nothing;
  const ended = wanted.endedSessions ?? null;
  const derivedFrom = wanted.events || wanted.sessions || ended || wanted.rollups;
  const listed = wanted.spans.filter(({ depth }) => depth === "key");
  const read = wanted.spans.filter(({ depth }) => depth !== "key");
  const { marts = [] } = wanted;
  const [state, spans, buckets, events, sessions, rollups, pages, derived, until, ...built] = await db.batch([
    selectStanding(db, project),
    read.length ? selectSpans(db, project, read) : nothing,
    listed.length ? selectBuckets(db, project, listed) : nothing,
    segments("events"),
    ended ? selectSegments(db, "sessions", filterOf(ended)) : segments("sessions"),
    segments("rollups"),
    wanted.sessions
      ? db.prepare("SELECT page, body FROM open_sessions WHERE project = ?1").bind(project)
      : nothing,
    derivedFrom
      ? db.prepare("SELECT day, epoch FROM derived_days WHERE project = ?1").bind(project)
      : nothing,
    marts.length ? selectComplete(db, project) : nothing,
    ...marts.map((mart) => selectMart(db, project, mart)),
  ]);
  if (!state || !spans || !buckets || !events || !sessions || !rollups || !pages || !derived || !until)
    throw new Error("query: a batch lost results");
  const rollupRows = [...rowsOf(spans), ...bucketsOf(buckets)];
  const [standing = planned] = state.results as unknown as ProjectState[];
  return {
    standing,
    rollupRows,
    rollupBytes: rollupRows.reduce((sum, row) => sum + row.body.length, 0),
    // Merged segments hold only what every project has folded; of the others, those up to the project's own commit.
    events: segmentsOf(events, { project }).filter(
      ({ level, seq }) => wanted.unfolded || level > 0 || seq <= standing.seq,
    ),
    sessions: segmentsOf(sessions, { project }),
    rollups: segmentsOf(rollups, { project }),
    marts: new Map(
      marts.map(({ level }, i) => [
        level,
        {
          segments: segmentsOf(built[i]!, { project }),
          complete_until: completeOf(until, level),
        },
      ]),
    ),
    openSessions: latestSessions(pages.results as unknown as SessionPage[]),
    derived: new Map(
      (derived.results as unknown as { day: number; epoch: number }[]).map((d) => [d.day, d.epoch]),
    ),
  };
}

/** The project's segments of a mart, found by its parts: there are as many in the shard as all projects have parts. */
function selectMart(
  db: D1Database,
  project: string,
  { level, from, to }: NonNullable<SnapshotRequest["marts"]>[number],
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT s.id, s.dataset, s.level, s.rows, s.bytes, s.seq, s.created_at, s.min_time, s.max_time,
              s.projects -> ?1 AS projects
       FROM marts m CROSS JOIN segments s ON s.dataset = m.dataset AND s.id = m.segment
       WHERE m.project = ?1 AND m.dataset = ?2 AND s.dead_at IS NULL AND s.max_time >= ?3 AND s.min_time < ?4
         AND s.projects -> ?1 IS NOT NULL
       ORDER BY s.min_time, s.id`,
    )
    .bind(project, level, from, to);
}

const selectComplete = (db: D1Database, project: string) =>
  db.prepare("SELECT dataset, complete_until FROM marts WHERE project = ?1 AND partition = ''").bind(project);

function completeOf(result: D1Result, level: LakeDataset): number | null {
  const rows = result.results as unknown as { dataset: string; complete_until: number | null }[];
  return rows.find(({ dataset }) => dataset === level)?.complete_until ?? null;
}

/** When each of the people was first named by an identify event; those who never were are left out. */
export async function identifiedAt(
  db: D1Database,
  project: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const statements = chunked(ids.map((id) => JSON.stringify(id))).map((json) =>
    db
      .prepare(
        `SELECT p.distinct_id, p.identified_at FROM json_each(?2) j
         CROSS JOIN people p ON p.project = ?1 AND p.distinct_id = j.value`,
      )
      .bind(project, json),
  );
  const found = new Map<string, number>();
  if (!statements.length) return found;
  for (const { results } of await db.batch<{ distinct_id: string; identified_at: number }>(statements)) {
    for (const person of results) found.set(person.distinct_id, person.identified_at);
  }
  return found;
}
