/**
 * The bindings that sources need, and the vendor client of a source.
 * @module
 */

import { type KeyRing, keyRing } from "../../lib/key-ring";
import { guarded } from "../drivers/generic/url-guard";
import { VENDORS } from "../drivers/registry";
import { accessExpiresAt, oauthClientOf, renewAccess } from "../oauth/access";
import { type LimiterBindings, limiterOf } from "../vendor/account-limiter";
import { openClient, type VendorClient } from "../vendor/client";
import type { Fetch } from "../vendor/client-request";
import type { Clock } from "../vendor/clock";
import { configOf, type SourceVars } from "../vendor/config";
import { type Driver, type Secrets, SourceError } from "../vendor/driver";
import type { Limiter } from "../vendor/limiter";
import { replaceSecrets, storeSecrets } from "./secret-store";
import type { StoredSource } from "./store";

/** Bindings, variables and secrets of the Worker that sources need. */
export interface SourceBindings extends LimiterBindings, SourceVars {
  CONTROL: D1Database;
  SOURCE_KEYS: string;
  /** During key rotation: the new first key of the ring. */
  SOURCE_KEYS_NEXT?: string;
  SOURCE_LOOPBACK: string;
}

/** Overrides of a vendor client's defaults. */
export interface ClientOverrides {
  fetch?: Fetch;
  clock?: Clock;
  /** Attempts of a call. */
  attempts?: number;
}

/** The deployment's keys. @throws when they are malformed. */
export function ringOf({ SOURCE_KEYS, SOURCE_KEYS_NEXT }: SourceBindings): KeyRing {
  return keyRing(SOURCE_KEYS, "SOURCE_KEYS", SOURCE_KEYS_NEXT);
}

/** Returns the driver of a source, tailored to its settings where it is generic. */
export function driverOf({ driver, settings }: Pick<StoredSource, "driver" | "settings">): Driver {
  const { driver: untailored } = VENDORS[driver];
  return untailored.tailored?.(settings) ?? untailored;
}

/**
 * Name of an account's limiter; undefined is the connection itself. Accounts of generic sources are named by the user, so
 * their limiter includes the source.
 */
export function limiterName(driver: Driver, source: string, account: string | undefined): string {
  return account === undefined || driver.category === "generic" ? `${source}/${account ?? ""}` : account;
}

/** Seals and stores secrets. */
export async function sealSecrets(
  bindings: SourceBindings,
  source: string,
  secrets: Secrets,
  now: number,
): Promise<void> {
  const sealed = await ringOf(bindings).seal(JSON.stringify(secrets), source);
  await storeSecrets(bindings.CONTROL, source, sealed, accessExpiresAt(secrets), now);
}

/** Returns the vendor client of a source, which renews and stores its access. Throws SourceError when it is not connected. */
export async function vendorClientOf(
  bindings: SourceBindings,
  source: StoredSource,
  { fetch: send, clock, attempts }: ClientOverrides = {},
): Promise<VendorClient> {
  const driver = driverOf(source);
  const config = configOf(bindings, driver);
  const client = oauthClientOf(driver, config);
  const ring = ringOf(bindings);
  let { sealed } = source;
  if (sealed === null && driver.auth.kind !== "none")
    throw new SourceError("auth", `${driver.label} is not connected.`);
  const secrets: Secrets = sealed ? JSON.parse(await ring.open(sealed, source.id)) : {};
  const limiters = new Map<string, Limiter>();
  const reach =
    driver.category === "generic"
      ? guarded({ allowLoopback: bindings.SOURCE_LOOPBACK === "true" }, send)
      : send;
  return openClient({
    driver,
    settings: source.settings,
    secrets,
    baseUrl: config.base_url,
    ...(config.version !== null && { version: config.version }),
    limiter(account) {
      const name = limiterName(driver, source.id, account);
      const known = limiters.get(name) ?? limiterOf(bindings, driver, name);
      limiters.set(name, known);
      return known;
    },
    ...(client && {
      renew: (refused) => renewAccess(client, refused, clock?.now() ?? Date.now(), send),
    }),
    async onSecrets(renewed) {
      const before = sealed;
      sealed = await ring.seal(JSON.stringify(renewed), source.id);
      // Another run or a user may have stored newer secrets: those are not replaced.
      if (before) await replaceSecrets(bindings.CONTROL, source.id, before, sealed, accessExpiresAt(renewed));
    },
    ...(reach && { fetch: reach }),
    ...(clock && { clock }),
    ...(attempts !== undefined && { attempts }),
  });
}
