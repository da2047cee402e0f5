/**
 * Reads the rows of single buckets of many projects: the shared rows first, then the others of those dimensions that the
 * shared rows do not have. To compare one key of the table, SQLite reads bodies of kilobytes, and most dimensions of most
 * sites are shared.
 * @module
 */
import type { PlacedRow, RollupKey, StoredRow } from "./row";
import { SHARED, unpackRows } from "./shared";

/** Names of rows of one project. */
export interface ProjectKeys {
  project: string;
  keys: readonly RollupKey[];
}

/** The rows that are stored under a project's keys, and those of the shared rows of their buckets. */
export interface KeyedRows {
  project: string;
  /** Of the shared rows. */
  shared: readonly PlacedRow[];
  /** Keys of the others, which `readOwn` reads. */
  own: readonly RollupKey[];
  /** Bytes of the others. */
  ownBytes: number;
}

type ProjectRow = StoredRow & { project: string };
type ProjectKey = RollupKey & { project: string };

/** Looks for the rows of keys. Reads the shared rows, some kilobytes each. */
export async function findKeys(db: D1Database, wanted: readonly ProjectKeys[]): Promise<KeyedRows[]> {
  const sharedOf = await readShared(db, wanted);
  const missing = wanted.flatMap(({ project, keys }) => {
    const shared = new Set((sharedOf.get(project) ?? []).map(nameOf));
    return keys.filter((key) => !shared.has(nameOf(key))).map((key) => ({ project, ...key }));
  });
  const ownOf = await listOwn(db, missing);
  return wanted.map(({ project }) => {
    const own = ownOf.get(project) ?? [];
    const ownBytes = own.reduce((sum, { bytes }) => sum + bytes, 0);
    return { project, shared: sharedOf.get(project) ?? [], own, ownBytes };
  });
}

const nameOf = ({ grain, dimension, bucket }: RollupKey) => `${grain} ${dimension} ${bucket}`;

async function readShared(db: D1Database, wanted: readonly ProjectKeys[]): Promise<Map<string, PlacedRow[]>> {
  const buckets = wanted.flatMap(({ project, keys }) => {
    const named = new Map(keys.map(({ grain, bucket }) => [`${grain} ${bucket}`, [project, grain, bucket]]));
    return [...named.values()];
  });
  const { results } = await db
    .prepare(
      `SELECT r.project, r.grain, r.dimension, r.bucket, r.sealed, r.body FROM json_each(?1) j
       CROSS JOIN rollups r ON r.project = j.value->>0 AND r.grain = j.value->>1 AND r.dimension = ?2
         AND r.bucket = j.value->>2`,
    )
    .bind(JSON.stringify(buckets), SHARED)
    .all<ProjectRow>();
  return byProject(results);
}

async function listOwn(
  db: D1Database,
  keys: readonly ProjectKey[],
): Promise<Map<string, (RollupKey & { bytes: number })[]>> {
  if (!keys.length) return new Map();
  const { results } = await selectOwn(db, "octet_length(r.body) AS bytes", keys).all<
    ProjectKey & { bytes: number }
  >();
  return Map.groupBy(results, ({ project }) => project);
}

/** Reads the rows that `findKeys` found besides the shared ones, by project. */
export async function readOwn(
  db: D1Database,
  found: readonly KeyedRows[],
): Promise<Map<string, PlacedRow[]>> {
  const keys = found.flatMap(({ project, own }) => own.map((key) => ({ project, ...key })));
  if (!keys.length) return new Map();
  const { results } = await selectOwn(db, "r.sealed, r.body", keys).all<ProjectRow>();
  return byProject(results);
}

function selectOwn(db: D1Database, columns: string, keys: readonly ProjectKey[]): D1PreparedStatement {
  const named = keys.map(({ project, grain, dimension, bucket }) => [project, grain, dimension, bucket]);
  return db
    .prepare(
      `SELECT r.project, r.grain, r.dimension, r.bucket, ${columns} FROM json_each(?1) j
       CROSS JOIN rollups r ON r.project = j.value->>0 AND r.grain = j.value->>1 AND r.dimension = j.value->>2
         AND r.bucket = j.value->>3`,
    )
    .bind(JSON.stringify(named));
}

function byProject(rows: readonly ProjectRow[]): Map<string, PlacedRow[]> {
  const stored = Map.groupBy(rows, ({ project }) => project);
  return new Map([...stored].map(([project, own]) => [project, unpackRows(own)]));
}
