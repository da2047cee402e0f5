/**
 * The manifest: the live segments of the lake.
 * @module
 */
import { DAY_MS } from "../../lib/time.ts";
import type { Dataset } from "./columns.ts";
import type { SegmentInfo } from "./segment.ts";

/**
 * The statement that makes a stored segment part of the lake; it belongs in the caller's single `db.batch`.
 * `ofLatestCommit`: the batch has just inserted the commit that made the segment, whose `seq` is known only to D1.
 */
export function addSegment(
  db: D1Database,
  segment: SegmentInfo,
  ofLatestCommit = false,
): D1PreparedStatement {
  const { id, dataset, level, rows, bytes, min_time, max_time, projects, seq, created_at } = segment;
  return db
    .prepare(
      `INSERT INTO segments (id, dataset, level, rows, bytes, min_time, max_time, projects, seq, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, CASE ?11 WHEN 1 THEN (SELECT max(seq) FROM commits) ELSE ?9 END, ?10)`,
    )
    .bind(
      id,
      dataset,
      level,
      rows,
      bytes,
      min_time,
      max_time,
      JSON.stringify(projects),
      seq,
      created_at,
      ofLatestCommit ? 1 : 0,
    );
}

/** Which segments to list. Times are epoch ms, half-open. */
export interface SegmentFilter {
  /** Only segments with rows of this project; `projects` then contains only it and times are the project's. */
  project?: string;
  from?: number;
  to?: number;
  /** Largest `seq`, inclusive. */
  maxSeq?: number;
  /** Only segments with a larger `seq`. */
  afterSeq?: number;
}

type SegmentRow = Omit<SegmentInfo, "projects"> & { projects: string };

/** Live segments that may have matching rows, in the order of their ids. One D1 read. */
export async function liveSegments(
  db: D1Database,
  dataset: Dataset,
  filter: SegmentFilter = {},
): Promise<SegmentInfo[]> {
  return segmentsOf(await selectSegments(db, dataset, filter).all(), filter);
}

/** A live segment with all its projects; undefined when it is not live. */
export async function findSegment(
  db: D1Database,
  dataset: Dataset,
  id: string,
): Promise<SegmentInfo | undefined> {
  const result = await db
    .prepare("SELECT * FROM segments WHERE dataset = ?1 AND id = ?2 AND dead_at IS NULL")
    .bind(dataset, id)
    .all();
  return segmentsOf(result)[0];
}

/** The statement of `liveSegments`, for a batch that must read several tables at one moment. */
export function selectSegments(
  db: D1Database,
  dataset: Dataset,
  filter: SegmentFilter = {},
): D1PreparedStatement {
  const { project = null, from = null, to = null, maxSeq = null, afterSeq = null } = filter;
  return db
    .prepare(
      `SELECT id, dataset, level, rows, bytes, seq, created_at, projects,
              CASE WHEN ?2 IS NULL THEN min_time ELSE projects ->> '$[2]' END AS min_time,
              CASE WHEN ?2 IS NULL THEN max_time ELSE projects ->> '$[3]' END AS max_time
       FROM (SELECT id, dataset, level, rows, bytes, seq, created_at, min_time, max_time,
                    CASE WHEN ?2 IS NULL THEN projects ELSE projects -> ?2 END AS projects
             FROM segments
             WHERE dataset = ?1 AND dead_at IS NULL
               AND (?3 IS NULL OR max_time >= ?3) AND (?4 IS NULL OR min_time < ?4)
               AND (?5 IS NULL OR seq <= ?5) AND (?6 IS NULL OR seq > ?6))
       WHERE projects IS NOT NULL
         AND (?2 IS NULL OR ((?3 IS NULL OR projects ->> '$[3]' >= ?3) AND (?4 IS NULL OR projects ->> '$[2]' < ?4)))
       ORDER BY id`,
    )
    .bind(dataset, project, from, to, maxSeq, afterSeq);
}

/** The rows of `selectSegments`; pass the same filter. */
export function segmentsOf(result: D1Result, filter: SegmentFilter = {}): SegmentInfo[] {
  const project = filter.project ?? null;
  const rows = result.results as SegmentRow[];
  return rows.map(({ id, dataset, level, rows, bytes, seq, created_at, min_time, max_time, projects }) => {
    const known = { id, dataset, level, rows, bytes, seq, created_at, min_time, max_time };
    return { ...known, projects: parseRanges(projects, project) };
  });
}

function parseRanges(text: string, project: string | null): SegmentInfo["projects"] {
  const parsed = JSON.parse(text);
  return project === null ? parsed : { [project]: parsed };
}

/**
 * The first `count` live segments, in order of their ids, of the lowest level that has as many of at most `maxBytes`
 * each, with `isByDay` made on one UTC day; empty when no level has. One D1 read.
 */
export async function mergeable(
  db: D1Database,
  dataset: Dataset,
  { maxSeq, maxBytes, count, isByDay }: { maxSeq: number; maxBytes: number; count: number; isByDay: boolean },
): Promise<SegmentInfo[]> {
  const result = await db
    .prepare(
      `WITH candidates AS (SELECT *, CASE ?5 WHEN 1 THEN created_at / ${DAY_MS} ELSE 0 END AS day FROM segments
         WHERE dataset = ?1 AND dead_at IS NULL AND seq <= ?2 AND bytes <= ?3)
       SELECT * FROM candidates
       WHERE (level, day) =
         (SELECT level, day FROM candidates GROUP BY level, day HAVING count(*) >= ?4 ORDER BY level, day LIMIT 1)
       ORDER BY id LIMIT ?4`,
    )
    .bind(dataset, maxSeq, maxBytes, count, isByDay ? 1 : 0)
    .all();
  return segmentsOf(result);
}
