/**
 * Sources and drivers as the API returns them. Fields are listed one by one, so that no secret is included.
 * @module
 */
import type {
  Source,
  SourceDetail,
  SourceDriver,
  SourceStream,
  VendorAccount,
} from "../../../schema/wire/source";
import { MINUTE_MS } from "../../lib/time";
import { VENDORS } from "../drivers/registry";
import { oauthClientOf } from "../oauth/access";
import { readCursors, rowCounts, type StreamCursor } from "../records";
import { accountLimits } from "../vendor/account-limiter";
import { configOf } from "../vendor/config";
import type { Driver, StreamSpec } from "../vendor/driver";
import { driverOf, limiterName, type SourceBindings } from "./bindings";
import type { StoredSource } from "./store";

/** Returns a source as in lists. */
export function sourceView(source: StoredSource): Source {
  const { id, project_id, driver, name, settings, accounts, status, error, next_sync_at, running } = source;
  const { synced_at, access_expires_at, quality, created_at, interval_ms } = source;
  return {
    id,
    project_id,
    driver,
    name,
    settings,
    accounts,
    status,
    error,
    interval_minutes: Math.round(interval_ms / MINUTE_MS),
    next_sync_at,
    running,
    synced_at,
    access_expires_at,
    quality,
    created_at,
  };
}

/** Returns a source with its streams and limits. */
export async function sourceDetail(
  bindings: SourceBindings,
  shard: D1Database,
  source: StoredSource,
  now: number,
): Promise<SourceDetail> {
  const driver = driverOf(source);
  const selected = source.accounts.filter((account) => account.selected);
  const [streamCursors, rows, limits] = await Promise.all([
    readCursors(shard, source.project_id, source.id),
    rowCounts(shard, source.project_id, source.id),
    accountLimits(
      bindings,
      driver,
      selected.map(({ id }) => limiterName(driver, source.id, id)),
      now,
    ),
  ]);
  return {
    ...sourceView(source),
    streams: driver.streams.map((stream) =>
      streamView(stream, selected, streamCursors, rows.get(stream.name) ?? 0),
    ),
    limits: limits.map((limit, i) => ({ ...limit, account: selected[i]?.id ?? limit.account })),
  };
}

function streamView(
  stream: StreamSpec,
  selected: readonly VendorAccount[],
  streamCursors: readonly StreamCursor[],
  rows: number,
): SourceStream {
  const own = selected.map(({ id }) =>
    streamCursors.find(({ stream: name, account }) => name === stream.name && account === id),
  );
  const ends = own.map((streamCursor) => streamCursor?.complete_until ?? null);
  const days = own.flatMap((streamCursor) => firstCoveredDays(streamCursor?.state));
  return {
    name: stream.name,
    label: stream.label,
    description: stream.description,
    mode: stream.mode,
    primary_key: [...stream.primaryKey],
    restate_days: stream.restateDays ?? null,
    complete_until: ends.length === 0 || ends.includes(null) ? null : Math.min(...ends.map(Number)),
    read_from: days.sort()[0] ?? null,
    rows,
  };
}

/** Returns the first covered day of a daily stream's state. */
function firstCoveredDays(state: unknown): string[] {
  const { covered }: { covered?: unknown } = Object(state);
  if (!Array.isArray(covered)) return [];
  return covered.flatMap(({ from }: { from?: unknown }) => (typeof from === "string" ? [from] : []));
}

/** Returns the drivers that can be connected. */
export function driverViews(bindings: SourceBindings): SourceDriver[] {
  return Object.values(VENDORS).map(({ driver, badge }) => {
    const config = configOf(bindings, driver);
    return {
      name: driver.name,
      label: driver.label,
      category: driver.category,
      badge,
      description: driver.description,
      auth: authView(driver, oauthClientOf(driver, config) !== null),
      settings: [...driver.settingFields],
      version: config.version,
      sunset: config.sunset,
      streams: driver.streams.map(({ name, label, description }) => ({ name, label, description })),
    };
  });
}

function authView({ auth }: Driver, configured: boolean): SourceDriver["auth"] {
  if (auth.kind === "none") return { kind: "none" };
  if (auth.kind === "keys") return { kind: "keys", keys: [...auth.keys] };
  return { kind: "oauth", scopes: [...auth.scopes], configured, keys: [...(auth.keys ?? [])] };
}
