/**
 * A project with a source whose records a test commits itself, as the source reader would.
 * @module
 */
import { env } from "cloudflare:workers";
import type { VendorAccount } from "../../schema/wire/source";
import type { DriverName } from "../../schema/wire/vendors";
import { type Dataset, liveSegments, type RowOf, readRows } from "../../worker/pipeline/lake";
import { commitRead, readCursors } from "../../worker/sources/records";
import { LAKE } from "./lake";
import { storeProject } from "./make-event";

export interface Stage {
  project: string;
  source: string;
}

/** An account as returned by a connection. */
export const makeVendorAccount = (id: string, currency: string | null): VendorAccount => ({
  id,
  name: `Account ${id}`,
  currency,
  timezone: "UTC",
  selected: true,
});

/** Makes a project. */
export async function makeStageProject(): Promise<string> {
  return (await storeProject(env)).id;
}

/** Makes a source of a project. */
export async function addSource(
  project: string,
  driver: DriverName,
  accounts: VendorAccount[],
): Promise<Stage> {
  const source = `s${crypto.randomUUID()}`;
  await env.CONTROL.prepare(
    `INSERT INTO sources (id, project_id, driver, name, settings, accounts, status, interval_ms, created_by, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?3, '{}', ?4, 'active', 900000, 'u', 0, 0)`,
  )
    .bind(source, project, driver, JSON.stringify(accounts))
    .run();
  return { project, source };
}

/** Euro reference rates. */
export async function addRates(rates: [day: string, currency: string, perEuro: number][]): Promise<void> {
  await env.CONTROL.prepare(
    `INSERT OR REPLACE INTO currency_rates (day, currency, per_euro)
     SELECT value->>0, value->>1, value->>2 FROM json_each(?1)`,
  )
    .bind(JSON.stringify(rates))
    .run();
}

/** Records of a stream by key, or its days. */
export interface StreamContents {
  records?: Record<string, object>;
  removed?: string[];
  days?: Record<string, object[]>;
  completeUntil?: number;
}

/** Commits records of a stream of an account. */
export async function commitContents(
  { project, source }: Stage,
  stream: string,
  account: string,
  contents: StreamContents,
  now: number,
): Promise<void> {
  const key = { project, source, stream, account };
  const known = await readCursors(env.SHARD_0, project, source);
  const from = known.find((own) => own.stream === stream && own.account === account) ?? null;
  const records = Object.entries(contents.records ?? {}).map(([id, body]) => ({
    key: id,
    body: JSON.stringify(body),
  }));
  const days = Object.entries(contents.days ?? {}).map(([day, rows]) => ({
    day,
    parts: rows.length > 0 ? [{ body: JSON.stringify(rows), rows: rows.length }] : [],
  }));
  const { removed = [], completeUntil = null } = contents;
  const read = { key, from, records, removed, days, state: null, completeUntil, now };
  if (!(await commitRead(env.SHARD_0, read))) throw new Error("refused");
}

/** The rows of a mart in the lake. */
export async function martRows<D extends Dataset>(project: string, dataset: D): Promise<RowOf<D>[]> {
  const segments = await liveSegments(env.SHARD_0, dataset, { project });
  const rows = await Promise.all(segments.map((segment) => readRows(LAKE, segment, { dataset, project })));
  return rows.flat();
}
