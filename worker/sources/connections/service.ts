/**
 * Creating and updating sources. Refusals are values.
 * @module
 */
import { ulid } from "ulid";
import type { z } from "zod";
import type { sourceNewSchema, sourceUpdateSchema } from "../../../schema/wire/source";
import { type Refusal, refuse, refuseAt } from "../../lib/refusal";
import { MINUTE_MS } from "../../lib/time";
import { VENDORS } from "../drivers/registry";
import { resetState } from "../engine/units";
import { beginGeneration } from "../records";
import type { Driver, Json } from "../vendor/driver";
import { connect } from "./authorize";
import { type ClientOverrides, driverOf, type SourceBindings } from "./bindings";
import { storeSecrets } from "./secret-store";
import {
  changeSource,
  findSource,
  insertSource,
  listSources,
  markDeleted,
  type SourceChange,
  type StoredSource,
} from "./store";
import { isRefused, settingsOf, vendorKeysOf } from "./validate-input";

/** Sources that a project may have. */
const MAX_SOURCES = 50;
const DEFAULT_INTERVAL_MS = 15 * MINUTE_MS;

/** Creates a source. With keys, or where none are needed, it is connected at once or not created. */
export async function createSource(
  bindings: SourceBindings,
  { project, user }: { project: string; user: string },
  wanted: z.output<typeof sourceNewSchema>,
  now: number,
  overrides: ClientOverrides = {},
): Promise<StoredSource | Refusal> {
  const { driver } = VENDORS[wanted.driver];
  const settings = settingsOf(bindings, driver, wanted.settings);
  if (isRefused(settings)) return settings;
  const secrets = wanted.keys ? vendorKeysOf(driver, wanted.keys) : {};
  if (isRefused(secrets)) return secrets;
  if ((await listSources(bindings.CONTROL, [project])).length >= MAX_SOURCES)
    return refuse("source_limit_reached", `A project can have at most ${MAX_SOURCES} sources`);
  const source = {
    id: `s${ulid(now).toLowerCase()}`,
    project_id: project,
    driver: wanted.driver,
    name: wanted.name ?? driver.label,
    settings,
    interval_ms: DEFAULT_INTERVAL_MS,
    created_by: user,
    created_at: now,
  };
  await insertSource(bindings.CONTROL, source);
  if (wanted.keys || driver.auth.kind === "none") {
    const refusal = await connect(bindings, source.id, secrets, now, overrides);
    if (refusal) {
      await markDeleted(bindings.CONTROL, source.id, now);
      return refusal;
    }
  }
  return (await findSource(bindings.CONTROL, source.id)) ?? refuse("not_found");
}

/** Updates the given fields of a source. */
export async function updateSource(
  bindings: SourceBindings,
  source: StoredSource,
  change: z.output<typeof sourceUpdateSchema>,
  now: number,
  overrides: ClientOverrides = {},
): Promise<StoredSource | Refusal> {
  const driver = driverOf(source);
  const settings = change.settings ? settingsChange(bindings, source, change.settings) : {};
  if (isRefused(settings)) return settings;
  const accounts = change.accounts ? accountsChange(source, change.accounts) : {};
  if (isRefused(accounts)) return accounts;
  const status = change.paused === undefined ? {} : pauseChange(source, change.paused, now);
  if (isRefused(status)) return status;
  const changed = withNextSync(source, { ...plainChange(change), ...settings, ...accounts, ...status }, now);
  const secrets = change.keys && vendorKeysOf(driver, change.keys);
  if (secrets && isRefused(secrets)) return secrets;
  if (source.sealed && settings.settings && isRedirected(driver, source.settings, settings.settings)) {
    if (!secrets)
      return refuseAt("source_key_missing", "keys", "The key would be sent elsewhere: enter it again");
    await storeSecrets(bindings.CONTROL, source.id, null, null, now);
  }
  await changeSource(bindings.CONTROL, source.id, changed, now);
  if (secrets) {
    const refusal = await connect(bindings, source.id, secrets, now, overrides);
    if (refusal) return refusal;
  }
  return (await findSource(bindings.CONTROL, source.id)) ?? refuse("not_found");
}

/**
 * Whether new settings send the stored secret to another origin, or in another header. Somebody who may change settings
 * must not receive a secret that somebody else entered.
 */
function isRedirected(driver: Driver, before: Record<string, Json>, after: Record<string, Json>): boolean {
  const destination = (settings: Record<string, Json>) => {
    const { baseUrl, sign, version } = driver.tailored?.(settings) ?? driver;
    return [baseUrl, ...Object.keys(sign({ token: "any" }, { settings, version: version ?? "" }))].join();
  };
  return driver.tailored !== undefined && destination(before) !== destination(after);
}

/** The changes that need no check. */
const plainChange = ({ name, interval_minutes }: z.output<typeof sourceUpdateSchema>): SourceChange => ({
  ...(name !== undefined && { name }),
  ...(interval_minutes !== undefined && { interval_ms: interval_minutes * MINUTE_MS }),
});

function settingsChange(
  bindings: SourceBindings,
  source: StoredSource,
  change: Record<string, Json>,
): SourceChange | Refusal {
  // A change without a mapping does not remove it.
  const { mapping } = source.settings;
  const given = { ...(mapping !== undefined && { mapping }), ...change };
  const settings = settingsOf(bindings, driverOf(source), given);
  return isRefused(settings) ? settings : { settings };
}

function accountsChange({ accounts }: StoredSource, ids: readonly string[]): SourceChange | Refusal {
  const unknown = ids.find((id) => !accounts.some((account) => account.id === id));
  if (unknown !== undefined)
    return refuseAt(
      "unknown_name",
      "accounts",
      `Account ${unknown} is not available through this connection`,
    );
  return { accounts: accounts.map((account) => ({ ...account, selected: ids.includes(account.id) })) };
}

/** Schedules the next sync: newly selected accounts are read now instead of at the next scheduled sync. */
function withNextSync(source: StoredSource, change: SourceChange, now: number): SourceChange {
  const { settings, accounts, interval_ms, next_sync_at, status = source.status } = change;
  if (status !== "active") return change;
  if (settings || accounts) return { ...change, next_sync_at: now };
  if (interval_ms === undefined || source.next_sync_at === null) return change;
  return { ...change, next_sync_at: next_sync_at ?? Math.min(source.next_sync_at, now + interval_ms) };
}

function pauseChange({ status }: StoredSource, paused: boolean, now: number): SourceChange | Refusal {
  if (status !== "active" && status !== "paused")
    return refuse("source_not_connected", "The source must be connected before it can be paused or resumed");
  return paused ? { status: "paused", next_sync_at: null } : { status: "active", next_sync_at: now };
}

/** Starts a full re-sync of a stream at the next sync. Returns false when the driver has no such stream. */
export async function resetStream(
  shard: D1Database,
  source: StoredSource,
  stream: string,
  now: number,
): Promise<boolean> {
  if (!driverOf(source).streams.some(({ name }) => name === stream)) return false;
  const name = { project: source.project_id, source: source.id, stream };
  await beginGeneration(shard, name, now, resetState);
  return true;
}
