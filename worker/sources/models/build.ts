/**
 * Builds the marts of a project from records that are not in them yet, partition by partition; each is replaced in one
 * transaction. Can be killed at any point and run concurrently: the slower build of a partition is rejected.
 */
import { ulid } from "ulid";
import { runGuardedBatch } from "../../lib/guard";
import { type RowOf, type SegmentInfo, writeSegment } from "../../pipeline/lake";
import {
  clearPending,
  type PendingRecords,
  readCursors,
  readPending,
  type StreamCursor,
  spreadPending,
} from "../records";
import { orphanedParts, type PartTask, splitPartition, tasksOf } from "./build-plan";
import { MODELS_OF } from "./drivers";
import { loadFingerprints } from "./fingerprint";
import type { Tables } from "./partition";
import {
  dropParts,
  type MartCompleteness,
  type MartDataset,
  type ModelSource,
  type ModelStores,
  martParts,
  readScope,
  type Swap,
  saveCompleteUntil,
  swapParts,
} from "./store";

/** Budget of a call: it ends after the first partition that exceeds it. */
export interface BuildBudget {
  /** Epoch ms. */
  now: number;
  budgetMs: number;
}

/** Pending changes of a project that one call processes. */
const MARKS = 5_000;

/** Builds pending partitions, newest month first. `done`: nothing that was pending at the start is left. */
export async function buildMarts(
  stores: ModelStores,
  project: string,
  { now, budgetMs }: BuildBudget,
): Promise<{ done: boolean }> {
  const { control, db } = stores;
  const scope = await readScope(control, project);
  if (!scope) return { done: true };
  const { sources, currency } = scope;
  // Cursors are read before pending changes, so that everything up to them is either pending or built.
  const read = await readCursors(db, project);
  const parts = await martParts(db, project);
  const orphans = orphanedParts(parts, sources);
  if (orphans.length > 0) await db.batch(dropParts(db, project, orphans, now));
  const marks = await readMarks(stores, project, sources, now);
  const months = [
    ...marks.map(({ month }) => month),
    ...parts.map((part) => splitPartition(part.partition).month),
  ];
  const basisOf = await loadFingerprints(control, sources, currency, months, now);
  const endsAt = Date.now() + budgetMs;
  let isDone = true;
  for (const task of tasksOf(sources, marks, parts, basisOf)) {
    if (Date.now() >= endsAt) return { done: false };
    if (!(await buildPart(stores, project, task, currency, now))) isDone = false;
  }
  await saveCompleteUntil(db, project, completenessOf(sources, read), now);
  return { done: isDone };
}

/**
 * Returns pending changes, after deleting those that no mart uses and converting changes of objects to changes of their
 * months.
 */
async function readMarks(
  { db }: ModelStores,
  project: string,
  sources: readonly ModelSource[],
  now: number,
): Promise<PendingRecords[]> {
  const marks = await readPending(db, MARKS, project);
  const statements = sources.flatMap(({ id, driver }) => {
    const models = MODELS_OF[driver];
    const own = marks.filter(({ source }) => source === id);
    const idle = own.filter(({ stream }) => !models?.streams.includes(stream));
    const objects = own.filter(
      ({ stream, month }) => models?.monthly && month === "" && models.streams.includes(stream),
    );
    return [
      ...(idle.length > 0 ? [clearPending(db, idle)] : []),
      ...(objects.length > 0 ? spreadPending(db, project, id, objects, now) : []),
    ];
  });
  if (statements.length === 0) return marks;
  await db.batch(statements);
  return readPending(db, MARKS, project);
}

/** Builds one partition. Returns false when a concurrent build was faster. */
async function buildPart(
  stores: ModelStores,
  project: string,
  task: PartTask,
  currency: string,
  now: number,
): Promise<boolean> {
  const { control, db, lake } = stores;
  const { source, month, models, before, partition, basis, marks } = task;
  const tables = await models.build({ control, db, project, source, month, currency });
  const swaps: Swap[] = [];
  for (const dataset of models.datasets) {
    const segment = await writeTable(lake, dataset, tables, now);
    swaps.push({ dataset, before: before.find((part) => part.dataset === dataset), segment });
  }
  return runGuardedBatch(db, [
    ...swapParts(db, project, partition, swaps, { basis, now }),
    ...(marks.length > 0 ? [clearPending(db, marks)] : []),
  ]);
}

/** A segment with the rows of a dataset; null without rows. */
async function writeTable(
  lake: R2Bucket,
  dataset: MartDataset,
  tables: Tables,
  now: number,
): Promise<SegmentInfo | null> {
  const rows: readonly RowOf<MartDataset>[] = tables[dataset] ?? [];
  if (rows.length === 0) return null;
  return writeSegment<MartDataset>(lake, dataset, rows, { id: ulid(now), level: 0, seq: 0, now });
}

/** How far each mart is complete: the oldest `complete_until` of all streams it is built from. */
function completenessOf(sources: readonly ModelSource[], read: readonly StreamCursor[]): MartCompleteness[] {
  const reaches = new Map<MartDataset, { sources: string[]; untils: (number | null)[] }>();
  for (const { id, driver, accounts, mapping } of sources) {
    const models = MODELS_OF[driver];
    const selected = accounts.filter(({ selected }) => selected);
    if (!models || selected.length === 0) continue;
    // Tables without a mapping are not read and do not hold back others.
    if (mapping === null && models.datasets.includes("tables")) continue;
    const untils = selected.flatMap((account) =>
      models.streams.map(
        (stream) =>
          read.find((own) => own.source === id && own.stream === stream && own.account === account.id)
            ?.complete_until ?? null,
      ),
    );
    for (const dataset of models.datasets) {
      const reach = reaches.get(dataset) ?? { sources: [], untils: [] };
      reaches.set(dataset, { sources: [...reach.sources, id], untils: [...reach.untils, ...untils] });
    }
  }
  return [...reaches].flatMap(([dataset, { sources, untils }]) => {
    const known = untils.filter((until) => until !== null);
    return known.length < untils.length ? [] : [{ dataset, sources, complete_until: Math.min(...known) }];
  });
}
