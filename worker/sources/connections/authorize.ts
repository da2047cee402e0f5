/**
 * Connecting a source by keys or through the vendor's consent page. Secrets are stored only if they can read accounts.
 * @module
 */
import { type Refusal, refuse } from "../../lib/refusal";
import { type OAuthClient, oauthClientOf } from "../oauth/access";
import { consentUrl, consumeState, exchangeCode } from "../oauth/flow";
import { configOf } from "../vendor/config";
import { type Secrets, SourceError } from "../vendor/driver";
import { type ClientOverrides, driverOf, ringOf, type SourceBindings, sealSecrets } from "./bindings";
import { fetchAccounts } from "./check";
import { storeSecrets } from "./secret-store";
import { changeSource, findSource, type StoredSource } from "./store";
import { isRefused } from "./validate-input";

/**
 * Tests secrets by fetching the accounts. On success the secrets are stored and the source becomes active.
 */
export async function connect(
  bindings: SourceBindings,
  id: string,
  secrets: Secrets,
  now: number,
  overrides: ClientOverrides,
): Promise<Refusal | null> {
  const source = await findSource(bindings.CONTROL, id);
  if (!source) return refuse("not_found");
  const before = source.sealed;
  await sealSecrets(bindings, id, secrets, now);
  try {
    await fetchAccounts(bindings, (await findSource(bindings.CONTROL, id)) ?? source, now, overrides);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    await storeSecrets(bindings.CONTROL, id, before, source.access_expires_at, now);
    return vendorRefusal(error);
  }
  const status = source.status === "paused" ? "paused" : "active";
  const next_sync_at = status === "paused" ? null : now;
  await changeSource(bindings.CONTROL, id, { status, error: null, next_sync_at }, now);
  return null;
}

/** Returns the URL of the vendor's consent page. */
export async function startConsent(
  bindings: SourceBindings,
  source: StoredSource,
  who: { user: string; redirect_uri: string },
  now: number,
): Promise<string | Refusal> {
  const client = requireOAuthClient(bindings, source);
  if (isRefused(client)) return client;
  const deps = { control: bindings.CONTROL, ring: ringOf(bindings), now };
  return consentUrl(deps, client, { source: source.id, ...who });
}

/** Result of a consent page. `source` is null for a state that is unknown or used. */
export interface ConsentResult {
  source: StoredSource | null;
  outcome: "connected" | "denied" | "expired" | "other_user" | "failed";
}

/** Handles the return from a consent page; with a code the source is connected. */
export async function completeConsent(
  bindings: SourceBindings,
  given: { state: string; code?: string; user: string; redirect_uri: string },
  mayConnect: (source: StoredSource) => Promise<boolean>,
  now: number,
  overrides: ClientOverrides = {},
): Promise<ConsentResult> {
  const deps = { control: bindings.CONTROL, ring: ringOf(bindings), now, ...overrides };
  const back = await consumeState(deps, given);
  const source = back && (await findSource(bindings.CONTROL, back.source));
  if (!back || !source || !(await mayConnect(source))) return { source: null, outcome: "failed" };
  if ("refusal" in back) return { source, outcome: back.refusal };
  if (given.code === undefined) return { source, outcome: "denied" };
  const client = requireOAuthClient(bindings, source);
  if (isRefused(client)) return { source, outcome: "failed" };
  try {
    const { code, redirect_uri } = given;
    const secrets = await exchangeCode(deps, client, { code, redirect_uri, verifier: back.verifier });
    const refusal = await connect(bindings, source.id, secrets, now, overrides);
    return { source, outcome: refusal ? "failed" : "connected" };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { source, outcome: "failed" };
  }
}

/** Fetches the accounts from the vendor again. */
export async function refreshAccounts(
  bindings: SourceBindings,
  source: StoredSource,
  now: number,
  overrides: ClientOverrides = {},
): Promise<StoredSource | Refusal> {
  try {
    await fetchAccounts(bindings, source, now, overrides);
  } catch (error) {
    if (error instanceof SourceError) return vendorRefusal(error);
    throw error;
  }
  return (await findSource(bindings.CONTROL, source.id)) ?? refuse("not_found");
}

function requireOAuthClient(bindings: SourceBindings, source: StoredSource): OAuthClient | Refusal {
  const driver = driverOf(source);
  const client = oauthClientOf(driver, configOf(bindings, driver));
  return (
    client ??
    refuse(
      "oauth_client_missing",
      `This deployment has no OAuth client at ${driver.label}: set its client id and secret`,
    )
  );
}

/** Returns the refusal for a failed request to the vendor. */
export function vendorRefusal({ code, message }: SourceError): Refusal {
  const isTemporary = code === "rate_limited" || code === "unavailable" || code === "breaker_open";
  return refuse(isTemporary ? "vendor_unavailable" : "vendor_refused", message);
}
