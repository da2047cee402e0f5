/**
 * Storage of models besides records: sources and settings of a project, marts and their partitions.
 * @module
 */
import { and, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { dirtyRecords, marts } from "../../../schema/tables/shard";
import { sources } from "../../../schema/tables/sources";
import { type Mapping, mappingSchema } from "../../../schema/wire/mapping";
import type { VendorAccount } from "../../../schema/wire/source";
import type { DriverName } from "../../../schema/wire/vendors";
import { guardStatement } from "../../lib/guard";
import type { Stores } from "../../lib/stores";
import { addSegment, type Dataset, type SegmentInfo } from "../../pipeline/lake";
import { findProject, type ShardBindings, storesOf } from "../../tenancy/projects";

/** The stores of the project's shard, and the control database. */
export interface ModelStores extends Stores {
  control: D1Database;
}

/** The stores of a project. */
export async function modelStoresOf(bindings: ShardBindings, project: string): Promise<ModelStores> {
  return { control: bindings.CONTROL, ...(await storesOf(bindings, project)) };
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

/** A source as used by models. */
export interface ModelSource {
  id: string;
  driver: DriverName;
  accounts: VendorAccount[];
  /** The mapping of generic sources; null of others and until it is set. */
  mapping: Mapping | null;
}

/** Returns the sources of a project and the currency of its amounts; null when there is no such project. */
export async function readScope(
  control: D1Database,
  project: string,
): Promise<{ sources: ModelSource[]; currency: string } | null> {
  const { id, driver, accounts, settings } = sources;
  const [found, rows] = await Promise.all([
    findProject(control, project),
    drizzle(control)
      .select({ id, driver, accounts, settings })
      .from(sources)
      .where(and(eq(sources.project_id, project), isNull(sources.deleted_at)))
      .orderBy(id),
  ]);
  if (!found) return null;
  return {
    sources: rows.map(({ settings, ...row }) => ({
      ...row,
      mapping: mappingSchema.nullable().parse(settings.mapping ?? null),
    })),
    currency: found.settings.currency,
  };
}

/** A partition of a mart; the one with an empty name stores how far the mart is complete. */
export type MartPart = Omit<typeof marts.$inferSelect, "project"> & { dataset: MartDataset };

/** Returns all partitions of the marts of a project. */
export async function martParts(db: D1Database, project: string): Promise<MartPart[]> {
  const { project: owner, dataset, ...columns } = getTableColumns(marts);
  return drizzle(db)
    .select({ ...columns, dataset: sql<MartDataset>`${dataset}` })
    .from(marts)
    .where(eq(owner, project))
    .orderBy(dataset, columns.partition);
}

/** A part that replaces another. */
export interface Swap {
  dataset: MartDataset;
  /** The part when its records were read; undefined when there was none. */
  before: MartPart | undefined;
  /** Null for a part without rows. */
  segment: SegmentInfo | null;
}

/**
 * Returns the statements that replace the parts of one partition, for one batch with those that clear its pending records.
 * The first is a guard: it aborts the batch when another builder has replaced a part since. SQL, because the lake's and the
 * records' statements of the batch are not built with drizzle.
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

/** Returns the statements that delete parts. */
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
    // Only parts that have not changed: one replaced by another build is deleted the next time.
    retireSegments(db, json, now),
    db
      .prepare(
        `DELETE FROM marts WHERE project = ?1 AND (dataset, partition, coalesce(segment, '')) IN (
           SELECT j.value->>'dataset', j.value->>'partition', coalesce(j.value->>'old', '') FROM json_each(?2) j)`,
      )
      .bind(project, json),
  ];
}

/** Returns the guard that aborts its batch unless the parts are as read; `json` lists them. */
function guard(db: D1Database, project: string, partition: string, json: string): D1PreparedStatement {
  const isUnchanged = `NOT EXISTS (
    SELECT 1 FROM json_each(?3) j LEFT JOIN marts m
      ON m.project = ?1 AND m.dataset = j.value->>'dataset' AND m.partition = ?2
    WHERE m.built_at IS NOT j.value->>'before')`;
  return guardStatement(db, isUnchanged, project, partition, json);
}

/** The lake deletes unreferenced segments after an hour. */
function retireSegments(db: D1Database, json: string, now: number): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE segments SET dead_at = ?2 WHERE dead_at IS NULL AND (dataset, id) IN (
         SELECT j.value->>'dataset', j.value->>'old' FROM json_each(?1) j WHERE j.value->>'old' IS NOT NULL)`,
    )
    .bind(json, now);
}

/** How far a mart is complete: it contains everything read until then, once none of its sources has pending records. */
export interface MartCompleteness {
  dataset: MartDataset;
  sources: string[];
  complete_until: number;
}

/**
 * Stores how far marts are complete. A mart does not change while one of its sources has records that are not built, and never
 * goes back.
 */
export async function saveCompleteUntil(
  db: D1Database,
  project: string,
  reaches: readonly MartCompleteness[],
  now: number,
): Promise<void> {
  if (reaches.length === 0) return;
  const { dataset, partition, complete_until } = marts;
  await drizzle(db)
    .insert(marts)
    .select(
      sql`SELECT ${project}, j.value ->> 'dataset', '', NULL, j.value ->> 'complete_until', '', ${now}
        FROM json_each(${JSON.stringify(reaches)}) j
        WHERE NOT EXISTS (SELECT 1 FROM json_each(j.value -> 'sources') s CROSS JOIN ${dirtyRecords}
          ON ${dirtyRecords.project} = ${project} AND ${dirtyRecords.source} = s.value)`,
    )
    .onConflictDoUpdate({
      target: [marts.project, dataset, partition],
      set: { complete_until: sql`excluded.complete_until`, built_at: sql`excluded.built_at` },
      setWhere: sql`excluded.complete_until > coalesce(${complete_until}, -1)`,
    });
}
