/**
 * Runs the tests of models on a project's marts, and describes models with their test results.
 * @module
 */
import type { Model } from "../../../schema/wire/model";
import { DAY_MS } from "../../lib/time";
import { liveSegments, type RowOf, readRows, type SegmentInfo } from "../../pipeline/lake";
import { daysOf, readPending } from "../records";
import { splitPartition } from "./build-plan";
import { MODELS } from "./catalog";
import { describeTest, testName } from "./catalog/model";
import { AD_PLATFORMS } from "./drivers";
import { evaluatePart, type MartRow, type PartRows, type TestOutcome } from "./evaluate-tests";
import { readTestResults, saveTestResults, untestedProjects } from "./results-store";
import {
  type MartDataset,
  type MartPart,
  type ModelSource,
  type ModelStores,
  martParts,
  readScope,
} from "./store";

const MARKS = 5_000;

/** Runs every test on every part and stores the results. Returns the failed ones. */
export async function testModels(stores: ModelStores, project: string, now: number): Promise<TestOutcome[]> {
  const { control, db } = stores;
  const parts = (await martParts(db, project)).filter(({ partition }) => partition !== "");
  const scope = await readScope(control, project);
  // Sources with records that are not built yet are left out: their rows would fail the tests.
  const marked = new Set((await readPending(db, MARKS, project)).map(({ source }) => source));
  const settled = (scope?.sources ?? []).filter(({ id }) => !marked.has(id));
  const segments = new Map<string, SegmentInfo>();
  for (const dataset of new Set(parts.map((part) => part.dataset)))
    for (const segment of await liveSegments(db, dataset, { project })) segments.set(segment.id, segment);
  const found = new Map(MODELS.map(({ name }) => [name, new Map<string, TestOutcome>()]));
  for (const own of Map.groupBy(parts, ({ partition }) => partition).values()) {
    const rows = await rowsOf(stores, project, own, segments, settled);
    for (const model of MODELS)
      if (model.dataset && rows[model.dataset]) evaluatePart(model, rows, found.get(model.name) ?? new Map());
  }
  const results = [...found.values()].flatMap((tests) => [...tests.values()]);
  await saveTestResults(control, project, results, now);
  return results.filter(({ failures }) => failures > 0);
}

/** Tests the models of up to `limit` projects that were not tested for a day. */
export async function testDue(
  storesOf: (project: string) => Promise<ModelStores>,
  control: D1Database,
  now: number,
  limit: number,
): Promise<void> {
  for (const project of await untestedProjects(control, now - DAY_MS, limit))
    await testModels(await storesOf(project), project, now);
}

/** Returns every model with its columns, lineage, completeness and latest test results. */
export async function describeModels({ control, db }: ModelStores, project: string): Promise<Model[]> {
  const [results, parts] = [await readTestResults(control, project), await martParts(db, project)];
  return MODELS.map(({ dataset, tests, ...model }) => ({
    ...model,
    tests: tests.map((test) => {
      const name = testName(test);
      const last = results.find((own) => own.model === model.name && own.test === name);
      const { checked_at = null, rows = 0, failures = 0, examples = [] } = last ?? {};
      return { name, description: describeTest(test), checked_at, rows, failures, examples };
    }),
    complete_until:
      parts.find((part) => part.dataset === dataset && part.partition === "")?.complete_until ?? null,
  }));
}

/** Rows of all datasets of one partition. Segments that a build has replaced meanwhile are left out. */
async function rowsOf(
  stores: ModelStores,
  project: string,
  parts: readonly MartPart[],
  segments: ReadonlyMap<string, SegmentInfo>,
  sources: readonly ModelSource[],
): Promise<PartRows> {
  const rows: PartRows = {};
  for (const { dataset, segment } of parts) {
    const known = segment === null ? undefined : segments.get(segment);
    if (segment !== null && !known) continue;
    rows[dataset] = known ? plain(await readRows<MartDataset>(stores.lake, known, { dataset, project })) : [];
  }
  const { source, month } = splitPartition(parts[0]?.partition ?? "");
  const own = sources.find(({ id }) => id === source);
  const records = own && month ? await recordRows(stores.db, project, own, month) : undefined;
  return records ? { ...rows, records } : rows;
}

/** Every row of a mart is a plain object of cells. */
const plain = (rows: readonly RowOf<MartDataset>[]): readonly MartRow[] => rows.map((row) => ({ ...row }));

/** The days of a month as read, for sources of ad platforms. */
async function recordRows(
  db: D1Database,
  project: string,
  { id: source, driver, accounts }: ModelSource,
  month: string,
): Promise<MartRow[] | undefined> {
  const ads = AD_PLATFORMS[driver]?.ads;
  if (!ads) return undefined;
  const currencyOf = (account: string) => accounts.find(({ id }) => id === account)?.currency ?? "EUR";
  const rows: MartRow[] = [];
  for await (const pages of daysOf(db, { project, source, stream: ads.stream }, month)) {
    for (const { records } of pages) {
      for (const record of records) {
        const { day, ...own } = ads.stage(record, currencyOf);
        rows.push({ ...own, date: Date.parse(day) });
      }
    }
  }
  return rows;
}
