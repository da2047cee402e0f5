/**
 * The paths of the Worker that need the most memory. Each prepares its stored data and returns the work to measure.
 * @module
 */
import { sized } from "../size.ts";
import { QUESTIONS } from "./questions.ts";
import { addRows, DAY_MS, HOUR_MS, makeStores, NOW, PROJECT, propertiesOf, TODAY, viewOf } from "./shard.ts";

const { deriveMarked, foldAll } = await import("../../../worker/pipeline/fold/run.ts");
const { changeTimeZone } = await import("../../../worker/pipeline/fold/zone-change.ts");
const { merge } = await import("../../../worker/pipeline/fold/tidy.ts");
const { OpenCache } = await import("../../../worker/pipeline/fold/open-cache.ts");
const { liveSegments } = await import("../../../worker/pipeline/lake/index.ts");
const { readColumns } = await import("../../../worker/pipeline/lake/read.ts");

type Work = () => Promise<unknown>;

/** Rows of a segment while data is prepared. */
const SEGMENT_ROWS = 10_000;

/** A fold of 10,000 events of as many open sessions; with `isChanging`, into both generations of a change of the time zone. */
async function fold(sessions: number, isChanging = false): Promise<Work> {
  const stores = { ...(await makeStores()), open: new OpenCache() };
  let serial = 0;
  let seq = 0;
  const commit = async (count: number, timeOf: (i: number) => number, visitorOf: (i: number) => number) => {
    const rows = Array.from({ length: count }, (_, i) => viewOf(visitorOf(i), timeOf(i), serial++));
    await addRows(stores, rows, ++seq, true);
  };
  for (let at = 0; at < sessions; at += SEGMENT_ROWS) {
    const timeOf = (i: number) => NOW - 2 * HOUR_MS + ((at + i) / sessions) * 1.9 * HOUR_MS;
    await commit(
      Math.min(SEGMENT_ROWS, sessions - at),
      (i) => Math.floor(timeOf(i)),
      (i) => at + i,
    );
    await foldAll(stores, seq - 1, NOW);
    if (isChanging && at === 0) await changeTimeZone(stores.db, PROJECT, "Asia/Kolkata", NOW);
  }
  const stride = Math.max(1, Math.floor(sessions / SEGMENT_ROWS));
  await commit(
    SEGMENT_ROWS,
    (i) => NOW - 60_000 + i,
    (i) => (i * stride) % sessions,
  );
  return () => foldAll(stores, seq - 1, NOW);
}

/** A fold of a few events of sites whose rollups have megabytes: paths of 1,000 characters. */
async function foldLarge(sites: number, paths: number): Promise<Work> {
  const projects = Array.from({ length: sites }, (_, i) => `large-${String(i).padStart(3, "0")}`);
  const stores = { ...(await makeStores(0, projects)), open: new OpenCache() };
  let serial = 0;
  let seq = 0;
  const commit = async (own: readonly string[], each: number) => {
    const rows = own.flatMap((project_id) =>
      Array.from({ length: each }, (_, i) => {
        const path = `/${i}/${"long-path-".repeat(100)}`;
        return { ...viewOf(i, NOW - 60_000 + i, serial++), project_id, path };
      }),
    );
    await addRows(stores, rows, ++seq, true);
  };
  for (const project of projects) await commit([project], paths);
  await foldAll(stores, 0, NOW);
  await commit(projects, 20);
  return () => foldAll(stores, seq - 1, NOW);
}

/** Deriving yesterday, with sessions of `views` page views each. */
async function derive(sessions: number, views: number): Promise<Work> {
  const stores = await makeStores(1_000_000);
  const total = sessions * views;
  const day = TODAY - DAY_MS;
  // A session's views are a minute apart.
  const lanes = Math.max(1, Math.ceil(total / ((DAY_MS - HOUR_MS) / 60_000)));
  for (let at = 0, seq = 1; at < total; at += SEGMENT_ROWS, seq++) {
    const rows = Array.from({ length: Math.min(SEGMENT_ROWS, total - at) }, (_, i) => {
      const minute = Math.floor((at + i) / lanes);
      const visitor = Math.floor(minute / views) * lanes + ((at + i) % lanes);
      return viewOf(visitor, day + minute * 60_000 + (i % 60_000), at + i);
    });
    await addRows(stores, rows, seq, false);
  }
  await stores.db
    .prepare("INSERT INTO dirty_days (project, day, since) VALUES (?1, ?2, 0)")
    .bind(PROJECT, day)
    .run();
  return () => deriveMarked(stores, NOW);
}

/** Merging eight segments of 10,000 rows. */
async function mergeEight(propertyBytes: number): Promise<Work> {
  const stores = await makeStores(8);
  for (let seq = 1; seq <= 8; seq++) await addRows(stores, rowsWith(propertyBytes, seq), seq, true);
  return async () => {
    if ((await merge(stores, 8, NOW)) === 0) throw new Error("nothing was merged");
  };
}

function rowsWith(propertyBytes: number, seq: number) {
  return Array.from({ length: sized(SEGMENT_ROWS, 500) }, (_, i) => {
    const row = viewOf(i, NOW - HOUR_MS + i, seq * SEGMENT_ROWS + i);
    return { ...row, properties: propertiesOf(seq * SEGMENT_ROWS + i, propertyBytes) };
  });
}

/** Reading the properties of a merged segment, as a query does: a batch at a time. */
async function scan(propertyBytes: number): Promise<Work> {
  const stores = await makeStores(8);
  for (let seq = 1; seq <= 8; seq++) await addRows(stores, rowsWith(propertyBytes, seq), seq, true);
  await merge(stores, 8, NOW);
  const [segment] = await liveSegments(stores.db, "events");
  return async () => {
    let rows = 0;
    for await (const batch of readColumns(stores.lake, segment!, {
      columns: ["properties"],
      project: PROJECT,
    })) {
      rows += batch.length;
      JSON.stringify(rows);
    }
  };
}

export const CASES: Record<string, () => Promise<Work>> = {
  "fold, 50,000 open sessions": () => fold(sized(50_000, 2_000)),
  "fold, 200,000 open sessions": () => fold(sized(200_000, 4_000)),
  "fold, 200,000 open sessions in two time zones": () => fold(sized(200_000, 4_000), true),
  "fold, 50 sites with long paths": () => foldLarge(sized(50, 4), sized(1_000, 100)),
  "derive a day of 100,000 sessions": () => derive(sized(100_000, 2_000), 1),
  "derive a day of 300,000 sessions": () => derive(sized(300_000, 4_000), 1),
  "derive a day of 3,000,000 events": () => derive(sized(600_000, 1_000), 5),
  "merge 8 × 10,000 rows, properties of 600 B": () => mergeEight(600),
  "merge 8 × 10,000 rows, properties of 3 KB": () => mergeEight(3_000),
  "read row groups, properties of 3 KB": () => scan(3_000),
  ...QUESTIONS,
};
