import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import type { SourceErrorInfo } from "../../../../schema/wire/source";
import {
  beginRun,
  endRun,
  LEASE_MS,
  listRuns,
  pruneRuns,
  readRun,
  renewLease,
  updateRun,
} from "../../../../worker/sources/connections/run-store";
import {
  changeSource,
  dueSources,
  findSource,
  insertSource,
} from "../../../../worker/sources/connections/store";
import { makeAccount } from "../../../support/client";

const { CONTROL } = env;
const NOW = 1_790_000_000_000;
const HOUR_MS = 3_600_000;
let project: string;
let source: string;
let count = 0;
const runOf = (id = `run-${++count}`) => ({ id, source, project, trigger: "manual" as const });
const error: SourceErrorInfo = { code: "auth", message: "No.", stream: null, at: NOW };

beforeEach(async () => {
  const owner = await makeAccount();
  const body = { name: "Shop", timezone: "UTC" };
  project = (await owner.call("POST", "/api/v1/projects", { token: owner.token, body })).data.id;
  source = `s-${crypto.randomUUID()}`;
  const plain = { id: source, project_id: project, driver: "stripe" as const, name: "Stripe", settings: {} };
  await insertSource(CONTROL, { ...plain, interval_ms: HOUR_MS, created_by: owner.user.id, created_at: NOW });
  await changeSource(CONTROL, source, { status: "active", next_sync_at: NOW }, NOW);
});

const isDue = async (now: number) => (await dueSources(CONTROL, now, 1000)).some(({ id }) => id === source);

describe("the lease", () => {
  test("is granted to one of many concurrent callers", async () => {
    const wanted = Array.from({ length: 8 }, () => runOf());
    const got = await Promise.all(wanted.map((run) => beginRun(CONTROL, run, NOW)));
    expect(got.filter(Boolean)).toHaveLength(1);
    const runs = await listRuns(CONTROL, source, { before: null, limit: 10 });
    expect(runs.map(({ id }) => id)).toEqual([wanted[got.indexOf(true)]?.id]);
    expect((await findSource(CONTROL, source))?.running).toBe(runs[0]?.id);
  });

  test("is extended by renewing, and taken over when it is not renewed", async () => {
    const [one, two] = [runOf(), runOf()];
    await beginRun(CONTROL, one, NOW);
    expect(await isDue(NOW + HOUR_MS)).toBe(true);
    expect(await renewLease(CONTROL, source, one.id, NOW + 2 * HOUR_MS)).toBe(true);
    expect(await isDue(NOW + HOUR_MS)).toBe(false);
    expect(await beginRun(CONTROL, two, NOW + 2 * HOUR_MS - 1)).toBe(false);
    expect(await beginRun(CONTROL, two, NOW + 2 * HOUR_MS)).toBe(true);
    expect(await renewLease(CONTROL, source, one.id, NOW + 9 * HOUR_MS)).toBe(false);
    expect(await readRun(CONTROL, source, one.id)).toMatchObject({
      status: "failed",
      ended_at: NOW + 2 * HOUR_MS,
      error: { code: "internal" },
    });
    expect(await endRun(CONTROL, one, { status: "succeeded", error: null }, NOW + 3 * HOUR_MS)).toBe(false);
    expect(await findSource(CONTROL, source)).toMatchObject({ running: two.id, synced_at: null });
  });

  test("is released when the run ends, once", async () => {
    const run = runOf();
    await beginRun(CONTROL, run, NOW);
    expect(await endRun(CONTROL, run, { status: "succeeded", error: null }, NOW + 5)).toBe(true);
    expect(await endRun(CONTROL, run, { status: "failed", error }, NOW + 6)).toBe(false);
    const expected = { lease: null, running: null, synced_at: NOW + 5, next_sync_at: NOW + HOUR_MS };
    expect(await findSource(CONTROL, source)).toMatchObject({ ...expected, status: "active", error: null });
    expect(await beginRun(CONTROL, runOf(), NOW + 6)).toBe(true);
  });
});

describe("how a run ends", () => {
  test("without access it marks the source broken, and no sync is due until it is connected again", async () => {
    const run = runOf();
    await beginRun(CONTROL, run, NOW);
    await endRun(CONTROL, run, { status: "failed", error }, NOW + 5);
    expect(await findSource(CONTROL, source)).toMatchObject({ status: "broken", error, next_sync_at: null });
    expect(await isDue(NOW + 9 * HOUR_MS)).toBe(false);
  });

  test("an error of one stream does not", async () => {
    const run = runOf();
    await beginRun(CONTROL, run, NOW);
    const forbidden = { ...error, code: "forbidden" as const, stream: "charges" };
    await endRun(CONTROL, run, { status: "partial", error: forbidden }, NOW + 5);
    const expected = { status: "active", error: forbidden, next_sync_at: NOW + HOUR_MS, synced_at: null };
    expect(await findSource(CONTROL, source)).toMatchObject(expected);
  });

  test("does not resume a source that was paused meanwhile", async () => {
    const run = runOf();
    await beginRun(CONTROL, run, NOW);
    await changeSource(CONTROL, source, { status: "paused", next_sync_at: null }, NOW + 1);
    await endRun(CONTROL, run, { status: "failed", error }, NOW + 5);
    expect(await findSource(CONTROL, source)).toMatchObject({ status: "paused", next_sync_at: null });
  });
});

test("progress adds to the run's numbers and stops when it has ended", async () => {
  const run = runOf();
  await beginRun(CONTROL, run, NOW);
  const news = { status: "waiting" as const, records: 7, progress: [], next_attempt_at: NOW + 9 };
  const counted = { requests: 2, bytes: 10, throttled: 1 };
  await updateRun(CONTROL, run.id, { ...news, ...counted });
  await updateRun(CONTROL, run.id, { ...news, ...counted, records: 9 });
  const stored = {
    status: "waiting",
    records: 9,
    requests: 4,
    bytes: 20,
    throttled: 2,
    next_attempt_at: NOW + 9,
  };
  expect(await readRun(CONTROL, source, run.id)).toMatchObject(stored);
  await endRun(CONTROL, run, { status: "succeeded", error: null }, NOW + 5);
  await updateRun(CONTROL, run.id, { ...news, ...counted });
  expect(await readRun(CONTROL, source, run.id)).toMatchObject({
    status: "succeeded",
    requests: 4,
    next_attempt_at: null,
  });
});

test("runs are listed newest first, page by page, and deleted after their retention", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const run = runOf();
    ids.unshift(run.id);
    await beginRun(CONTROL, run, NOW + i);
    await endRun(CONTROL, run, { status: "succeeded", error: null }, NOW + i);
  }
  const first = await listRuns(CONTROL, source, { before: null, limit: 2 });
  const second = await listRuns(CONTROL, source, { before: first.at(-1)?.id ?? null, limit: 10 });
  expect([...first, ...second].map(({ id }) => id)).toEqual(ids);
  await beginRun(CONTROL, runOf(), NOW + 9);
  await pruneRuns(CONTROL, NOW + 4);
  expect(await listRuns(CONTROL, source, { before: null, limit: 10 })).toHaveLength(2);
  expect(LEASE_MS).toBeGreaterThan(60_000);
});
