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
import { connect } from "./authorize";
import { type ClientOverrides, driverOf, type SourceBindings } from "./bindings";
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
  surroundings: ClientOverrides = {},
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
    const refusal = await connect(bindings, source.id, secrets, now, surroundings);
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
  surroundings: ClientOverrides = {},
): Promise<StoredSource | Refusal> {
  const driver = driverOf(source);
  const { CONTROL } = bindings;
  const changed: SourceChange = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.interval_minutes !== undefined && { interval_ms: change.interval_minutes * MINUTE_MS }),
  };
  if (change.settings) {
    // A change without a mapping does not remove it.
    const { mapping } = source.settings;
    const given = { ...(mapping !== undefined && { mapping }), ...change.settings };
    const settings = settingsOf(bindings, driver, given);
    if (isRefused(settings)) return settings;
    changed.settings = settings;
  }
  if (change.accounts) {
    const chosen = new Set(change.accounts);
    const unknown = change.accounts.find((id) => !source.accounts.some((account) => account.id === id));
    if (unknown !== undefined)
      return refuseAt(
        "unknown_name",
        "accounts",
        `Account ${unknown} is not available through this connection`,
      );
    changed.accounts = source.accounts.map((account) => ({ ...account, selected: chosen.has(account.id) }));
  }
  const standing = change.paused === undefined ? {} : pauseChange(source, change.paused, now);
  if (isRefused(standing)) return standing;
  Object.assign(changed, standing);
  if ((changed.status ?? source.status) === "active") {
    // Newly selected accounts are read now instead of at the next scheduled sync.
    if (change.settings || change.accounts) changed.next_sync_at = now;
    else if (changed.interval_ms !== undefined && source.next_sync_at !== null)
      changed.next_sync_at ??= Math.min(source.next_sync_at, now + changed.interval_ms);
  }
  const secrets = change.keys && vendorKeysOf(driver, change.keys);
  if (secrets && isRefused(secrets)) return secrets;
  await changeSource(CONTROL, source.id, changed, now);
  if (secrets) {
    const refusal = await connect(bindings, source.id, secrets, now, surroundings);
    if (refusal) return refusal;
  }
  return (await findSource(CONTROL, source.id)) ?? refuse("not_found");
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
