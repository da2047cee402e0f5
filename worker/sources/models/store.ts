/**
 * What the models read and write besides records: sources and settings of a project, marts and their parts.
 * @module
 */
import { type Mapping, mappingSchema } from "../../../schema/wire/mapping";
import type { VendorAccount } from "../../../schema/wire/source";
import type { DriverName } from "../../../schema/wire/vendors";
import { guardStatement } from "../../lib/guard";
import type { Stores } from "../../lib/stores";
import { addSegment, type Dataset, type SegmentInfo } from "../../pipeline/lake";
import { findProject } from "../../tenancy/projects";

/** The stores of the project's shard, and the control database. */
export interface ModelStores extends Stores {
  control: D1Database;
}

/** Datasets that models build. */
export const MART_DATASETS = [
  "ads_campaigns",
  "ads_ads",
  "ads_keywords",
  "deals",
  "subscriptions",
  "contacts",
  "tables",
] as const satisfies readonly Dataset[];
export type MartDataset = (typeof MART_DATASETS)[number];

/** A source as models see it. */
export interface ModelSource {
  id: string;
  driver: DriverName;
  accounts: VendorAccount[];
  /** Of sources that people describe themselves, once they have; null of others. */
  mapping: Mapping | null;
}

/** The sources of a project that are not deleted, and the currency that money is reported in. Null: no such project. */
export async function readScope(
  control: D1Database,
  project: string,
): Promise<{ sources: ModelSource[]; currency: string } | null> {
  const [found, { results }] = await Promise.all([
    findProject(control, project),
    control
      .prepare(
        `SELECT id, driver, accounts, settings->'mapping' AS mapping FROM sources
         WHERE project_id = ?1 AND deleted_at IS NULL ORDER BY id`,
      )
      .bind(project)
      .all<{ id: string; driver: DriverName; accounts: string; mapping: string | null }>(),
  ]);
  if (!found) return null;
  const sources = results.map(({ mapping, ...row }) => ({
    ...row,
    accounts: JSON.parse(row.accounts),
    mapping: mappingSchema.nullable().parse(JSON.parse(mapping ?? "null")),
  }));
  return { sources, currency: found.settings.currency };
}

/** A part of a mart, or with an empty `partition` the mart's own standing. */
export interface MartPart {
  dataset: MartDataset;
  /** `<source>` or `<source>/<YYYY-MM>`. */
  partition: string;
  segment: string | null;
  complete_until: number | null;
  basis: string;
  built_at: number;
}

/** All marts of a project. */
export async function martParts(db: D1Database, project: string): Promise<MartPart[]> {
  const { results } = await db
    .prepare(
      `SELECT dataset, partition, segment, complete_until, basis, built_at FROM marts WHERE project = ?1
       ORDER BY dataset, partition`,
    )
    .bind(project)
    .all<MartPart>();
  return results;
}

/** A part that takes the place of another. */
export interface Swap {
  dataset: MartDataset;
  /** The part as it was when its records were read; undefined when there was none. */
  before: MartPart | undefined;
  /** Null for a part without rows. */
  segment: SegmentInfo | null;
}

/**
 * The statements that put parts of one partition in place of those before; belong in one batch with what takes the marks
 * away. The first aborts it, writing nothing, when another builder has been there since: `json('')` is malformed JSON.
 */
export function swapParts(
  db: D1Database,
  project: string,
  partition: string,
  swaps: readonly Swap[],
  { basis, now }: { basis: string; now: number },
): D1PreparedStatement[] {
  const states = swaps.map(({ dataset, before, segment }) => ({
    dataset,
    before: before?.built_at ?? null,
    old: before?.segment ?? null,
    segment: segment?.id ?? null,
    built_at: Math.max(now, (before?.built_at ?? 0) + 1),
  }));
  const json = JSON.stringify(states);
  return [
    guard(db, project, partition, json),
    retireSegments(db, json, now),
    ...swaps.flatMap(({ segment }) => (segment ? [addSegment(db, segment)] : [])),
    db
      .prepare(
        `INSERT INTO marts (project, dataset, partition, segment, basis, built_at)
         SELECT ?1, j.value->>'dataset', ?2, j.value->>'segment', ?4, j.value->>'built_at' FROM json_each(?3) j
         WHERE true ON CONFLICT DO UPDATE SET segment = excluded.segment, basis = excluded.basis, built_at = excluded.built_at`,
      )
      .bind(project, partition, json, basis),
  ];
}

/** The statements that take the parts of one partition away. */
export function dropParts(
  db: D1Database,
  project: string,
  parts: readonly MartPart[],
  now: number,
): D1PreparedStatement[] {
  const json = JSON.stringify(
    parts.map(({ dataset, partition, segment }) => ({ dataset, partition, old: segment })),
  );
  return [
    // Only what is there still: a part that another builder has swapped stays, and is dropped the next time.
    retireSegments(db, json, now),
    db
      .prepare(
        `DELETE FROM marts WHERE project = ?1 AND (dataset, partition, coalesce(segment, '')) IN (
           SELECT j.value->>'dataset', j.value->>'partition', coalesce(j.value->>'old', '') FROM json_each(?2) j)`,
      )
      .bind(project, json),
  ];
}

/** Aborts a batch unless the parts are as they were read; `json` lists them. */
function guard(db: D1Database, project: string, partition: string, json: string): D1PreparedStatement {
  const isUnchanged = `NOT EXISTS (
    SELECT 1 FROM json_each(?3) j LEFT JOIN marts m
      ON m.project = ?1 AND m.dataset = j.value->>'dataset' AND m.partition = ?2
    WHERE m.built_at IS NOT j.value->>'before')`;
  return guardStatement(db, isUnchanged, project, partition, json);
}

/** The lake deletes what is dead after an hour. */
function retireSegments(db: D1Database, json: string, now: number): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE segments SET dead_at = ?2 WHERE dead_at IS NULL AND (dataset, id) IN (
         SELECT j.value->>'dataset', j.value->>'old' FROM json_each(?1) j WHERE j.value->>'old' IS NOT NULL)`,
    )
    .bind(json, now);
}

/** How far a mart reaches: everything its sources had said until then is in it, once none of them has marks. */
export interface MartCompleteness {
  dataset: MartDataset;
  sources: string[];
  complete_until: number;
}

/** Says how far marts reach. One does not move while a source of it has what is not built, and never back. */
export async function saveCompleteUntil(
  db: D1Database,
  project: string,
  reaches: readonly MartCompleteness[],
  now: number,
): Promise<void> {
  if (reaches.length === 0) return;
  await db
    .prepare(
      `INSERT INTO marts (project, dataset, partition, complete_until, built_at)
       SELECT ?1, j.value->>'dataset', '', j.value->>'complete_until', ?3 FROM json_each(?2) j
       WHERE NOT EXISTS (SELECT 1 FROM json_each(j.value->'sources') s CROSS JOIN dirty_records d
         ON d.project = ?1 AND d.source = s.value)
       ON CONFLICT DO UPDATE SET complete_until = excluded.complete_until, built_at = excluded.built_at
         WHERE excluded.complete_until > coalesce(complete_until, -1)`,
    )
    .bind(project, JSON.stringify(reaches), now)
    .run();
}
