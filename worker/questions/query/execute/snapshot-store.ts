/**
 * What queries read from a shard's D1: the project's state in one small read, everything else in one batch.
 * @module
 */
import { rowsKey } from "../../../../schema/tables/generation";
import type { derivedDays, marts as martsTable } from "../../../../schema/tables/shard";
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
  OpenPages,
  type RollupRow,
  type RollupSpan,
  type SessionPage,
  selectBuckets,
  selectSpans,
  spanRowsOf,
} from "../../../pipeline/rollup";

/** How far a project is folded and sealed. */
export interface ProjectState {
  /** Largest folded commit. */
  seq: number;
  /** Raised by everything that rewrites folded rows. */
  epoch: number;
  /** Generation of the derived rows that are read. */
  generation: number;
  /** Time zone of the rollup buckets. */
  timezone: string;
  /** Days that end before this epoch ms are sealed. */
  sealed_until: number;
  /** Everything accepted before this epoch ms is included; null before the first fold. */
  complete_until: number | null;
  /** Sum of the build times of all mart parts: it changes whenever one is built or removed. */
  marts: number;
}

const selectState = (db: D1Database, project: string) =>
  db
    .prepare(
      `SELECT seq, epoch, generation, timezone, sealed_until, complete_until,
              (SELECT coalesce(sum(built_at), 0) FROM marts WHERE project = ?1) AS marts
       FROM fold_state WHERE project = ?1`,
    )
    .bind(project);

/** Returns the state of a project; the initial one when it was never folded. */
export async function readProjectState(
  db: D1Database,
  project: string,
  timezone: string,
): Promise<ProjectState> {
  const found = await selectState(db, project).first<ProjectState>();
  const initial = { seq: 0, epoch: 0, generation: 0, sealed_until: 0, complete_until: null, marts: 0 };
  return found ?? { ...initial, timezone };
}

/** What to read for a set of plans. */
export interface SnapshotRequest {
  spans: readonly RollupSpan[];
  events: Pick<SegmentFilter, "from" | "to"> | null;
  sessions: Pick<SegmentFilter, "from" | "to"> | null;
  /** Instead of `sessions`: those of a range in which no open session can start. */
  endedSessions?: Pick<SegmentFilter, "from" | "to"> | null;
  /** Rollup rows that were sealed into the lake. */
  rollups: Pick<SegmentFilter, "from" | "to"> | null;
  /** Levels of marts. */
  marts?: readonly (Required<Pick<SegmentFilter, "from" | "to">> & { level: LakeDataset })[];
  /** Whether events that are committed but not yet folded are included. */
  unfolded?: boolean;
}

/** A level of a mart. */
interface MartState {
  segments: SegmentInfo[];
  /** Epoch ms until which all source records are included; null before the first build. */
  complete_until: number | null;
}

/** Rows and manifest at one point in time. */
export interface Snapshot {
  project: ProjectState;
  rollupRows: RollupRow[];
  rollupBytes: number;
  events: SegmentInfo[];
  sessions: SegmentInfo[];
  rollups: SegmentInfo[];
  marts: ReadonlyMap<LakeDataset, MartState>;
  openSessions: OpenPages;
  /** Start of a day → smallest epoch of its current rows. */
  derived: ReadonlyMap<number, number>;
}

/** The rows of one statement of a batch; their type follows from its SQL. */
const resultsOf = <Row>(result: D1Result): Row[] => (result as D1Result<Row>).results;

/**
 * Reads everything in one batch, so that a session that is sealed meanwhile is read once. Derived rows are read of the
 * generation that was planned: its rows stay for a while when the time zone changes meanwhile.
 */
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
  const key = rowsKey({ project, generation: planned.generation });
  const [stateRow, spans, buckets, events, sessions, rollups, pages, derived, until, ...built] =
    await db.batch([
      selectState(db, project),
      read.length ? selectSpans(db, key, read) : nothing,
      listed.length ? selectBuckets(db, key, listed) : nothing,
      segments("events"),
      ended ? selectSegments(db, "sessions", filterOf(ended)) : segments("sessions"),
      segments("rollups"),
      wanted.sessions
        ? db.prepare("SELECT page, body FROM open_sessions WHERE project = ?1").bind(key)
        : nothing,
      derivedFrom ? db.prepare("SELECT day, epoch FROM derived_days WHERE project = ?1").bind(key) : nothing,
      marts.length ? selectComplete(db, project) : nothing,
      ...marts.map((mart) => selectMart(db, project, mart)),
    ]);
  if (!stateRow || !spans || !buckets || !events || !sessions || !rollups || !pages || !derived || !until)
    throw new Error("query: a batch lost results");
  const rollupRows = [...spanRowsOf(spans, read), ...bucketsOf(buckets, listed)];
  const [found = planned] = resultsOf<ProjectState>(stateRow);
  const state = found.generation === planned.generation ? found : planned;
  return {
    project: state,
    rollupRows,
    rollupBytes: rollupRows.reduce((sum, row) => sum + row.body.length, 0),
    // Merged segments have only events that every project has folded; of the others, those up to the project's own commit.
    events: segmentsOf(events, { project }).filter(
      ({ level, seq }) => wanted.unfolded || level > 0 || seq <= state.seq,
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
    openSessions: new OpenPages(resultsOf<SessionPage>(pages)),
    derived: new Map(
      resultsOf<typeof derivedDays.$inferSelect>(derived).map(({ day, epoch }) => [day, epoch]),
    ),
  };
}

/** Selects the project's segments of a mart by its parts: the manifest has the segments of all projects. */
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
  const rows = resultsOf<Pick<typeof martsTable.$inferSelect, "dataset" | "complete_until">>(result);
  return rows.find(({ dataset }) => dataset === level)?.complete_until ?? null;
}

/** Returns when each person was first identified (epoch ms); people who never were are omitted. */
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
